#include "stat/changepoint.h"

#include "base/buf.h"
#include "stat/interval.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void td_changes_release(struct td_changes *changes)
{
    free(changes->at);
    changes->at = NULL;
    changes->count = 0;
}

void td_winsorise(const double *x, size_t n, size_t window, double reach,
                  double *out)
{
    double *near = td_xmalloc(window * sizeof *near);
    size_t half = window / 2;
    for (size_t i = 0; i < n; i++) {
        size_t from = i > half ? i - half : 0;
        size_t to = i + half < n ? i + half + 1 : n, m = to - from;
        double median, fence;
        memcpy(near, x + from, m * sizeof *near);
        median = td_median(near, m);
        for (size_t k = 0; k < m; k++)
            near[k] = fabs(near[k] - median);
        fence = reach * 1.4826 * td_median(near, m);
        out[i] = fmin(fmax(x[i], median - fence), median + fence);
    }
    free(near);
}

/*
 * One candidate for the last change point before the value looked at.  One
 * that a later change point beats for good is doomed; it may go as soon as
 * that later one can itself end a segment (min_segment values on).
 */
struct candidate {
    size_t at;
    size_t doomed; /* 0: not yet */
};

struct pelt {
    double *sum, *square; /* of the values before an index */
    double *inverse;      /* 1 / m; divisions take half the time */
    double *best;         /* least cost of the values before an index */
    size_t *previous;     /* the last change point in that optimum */
    struct candidate *candidates;
    double *cost; /* of each candidate */
    size_t count; /* of candidates */
    size_t min_segment;
    double penalty, var_floor;
};

/* Sums of the values less their mean, lest squares cancel. */
static void pelt_init(struct pelt *pelt, const double *x, size_t n)
{
    double centre = gsl_stats_mean(x, 1, n);
    pelt->sum = td_xcalloc(n + 1, sizeof *pelt->sum);
    pelt->square = td_xcalloc(n + 1, sizeof *pelt->square);
    pelt->inverse = td_xcalloc(n + 1, sizeof *pelt->inverse);
    pelt->best = td_xcalloc(n + 1, sizeof *pelt->best);
    pelt->previous = td_xcalloc(n + 1, sizeof *pelt->previous);
    pelt->candidates = td_xcalloc(n + 1, sizeof *pelt->candidates);
    pelt->cost = td_xcalloc(n + 1, sizeof *pelt->cost);
    pelt->count = 0;
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - centre;
        pelt->inverse[i + 1] = 1 / (double)(i + 1);
        pelt->sum[i + 1] = pelt->sum[i] + d;
        pelt->square[i + 1] = pelt->square[i] + d * d;
    }
}

static void pelt_release(struct pelt *pelt)
{
    free(pelt->sum);
    free(pelt->square);
    free(pelt->inverse);
    free(pelt->best);
    free(pelt->previous);
    free(pelt->candidates);
    free(pelt->cost);
}

/* Of the values from..to-1.  The constant part of the likelihood is the same
 * for every segmentation: left out. */
static double segment_cost(const struct pelt *pelt, size_t from, size_t to)
{
    double m = (double)(to - from), share = pelt->inverse[to - from];
    double mean = (pelt->sum[to] - pelt->sum[from]) * share;
    double var = (pelt->square[to] - pelt->square[from]) * share - mean * mean;
    return m * log(var > pelt->var_floor ? var : pelt->var_floor);
}

static void find_best(struct pelt *pelt, size_t to)
{
    double least = INFINITY;
    for (size_t i = 0; i < pelt->count; i++) {
        size_t at = pelt->candidates[i].at;
        pelt->cost[i] = pelt->best[at] + segment_cost(pelt, at, to);
        if (pelt->cost[i] < least) {
            least = pelt->cost[i];
            pelt->previous[to] = at;
        }
    }
    pelt->best[to] = least + pelt->penalty;
}

static void prune(struct pelt *pelt, size_t to)
{
    size_t kept = 0;
    for (size_t i = 0; i < pelt->count; i++) {
        struct candidate c = pelt->candidates[i];
        if (!c.doomed && pelt->cost[i] >= pelt->best[to])
            c.doomed = to;
        if (!c.doomed || to < c.doomed + pelt->min_segment)
            pelt->candidates[kept++] = c;
    }
    pelt->count = kept;
}

/* Follows the optimum back from the end. */
static void trace(const struct pelt *pelt, size_t n, struct td_changes *out)
{
    size_t i = 0;
    for (size_t at = pelt->previous[n]; at > 0; at = pelt->previous[at])
        out->count++;
    if (out->count == 0)
        return;
    out->at = td_xmalloc(out->count * sizeof *out->at);
    for (size_t at = pelt->previous[n]; at > 0; at = pelt->previous[at])
        out->at[out->count - ++i] = at;
}

void td_pelt(const double *x, size_t n, double penalty, size_t min_segment,
             double var_floor, struct td_changes *out)
{
    struct pelt pelt = {.min_segment = min_segment ? min_segment : 1,
                        .penalty = penalty,
                        .var_floor = var_floor};
    size_t least = pelt.min_segment;
    *out = (struct td_changes){NULL, 0};
    if (n < 2 * least)
        return;
    pelt_init(&pelt, x, n);
    for (size_t to = least; to <= n; to++) {
        size_t at = to - least;
        if (at == 0 || at >= least)
            pelt.candidates[pelt.count++] = (struct candidate){at, 0};
        find_best(&pelt, to);
        prune(&pelt, to);
    }
    trace(&pelt, n, out);
    pelt_release(&pelt);
}

enum {
    HISTORY_WINDOW = 15,
    HISTORY_SEGMENT = 3,
    SUSPECT_SEGMENT = 5,
    SUSPECT_PERMUTATIONS = 199,
    SUSPECT_LAST = 400 /* nights; E-divisive's cost grows with the square */
};

static void find_suspects(const double *x, size_t n, uint64_t seed,
                          struct td_changes *out)
{
    size_t skipped = n > SUSPECT_LAST ? n - SUSPECT_LAST : 0;
    td_edivisive(x + skipped, n - skipped, SUSPECT_SEGMENT,
                 SUSPECT_PERMUTATIONS, .01, seed, out);
    for (size_t i = 0; i < out->count; i++)
        out->at[i] += skipped;
}

void td_history_verdict(const double *x, size_t n, struct td_changes *out)
{
    double *drawn = td_xmalloc((n + 1) * sizeof *drawn);
    td_winsorise(x, n, HISTORY_WINDOW, 3, drawn);
    td_pelt(drawn, n, 8 * log((double)n), HISTORY_SEGMENT, 1e-8, out);
    free(drawn);
}

void td_history_analyse(const double *x, size_t n, uint64_t seed,
                        struct td_history *out)
{
    memset(out, 0, sizeof *out);
    td_history_verdict(x, n, &out->verdict);
    find_suspects(x, n, seed, &out->suspects);
}

void td_history_release(struct td_history *history)
{
    td_changes_release(&history->verdict);
    td_changes_release(&history->suspects);
}
