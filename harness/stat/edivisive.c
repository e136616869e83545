/*
 * E-divisive: hierarchical change points by energy distance (Matteson & James
 * 2014, J. Am. Stat. Assoc. 109, sec. 2-3).
 *
 * One search over a segment costs the square of its length in time and
 * memory; a division costs that once for every permutation.
 */
#include "stat/changepoint.h"

#include "base/buf.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct split {
    double statistic; /* -INFINITY: the segment is too short */
    size_t at;
};

struct divider {
    double *x;   /* the values, or a permutation of them */
    double *row; /* of one segment of m values: row[k * (m + 1) + i] is the sum
                    of |x_k - x_j| over its first i values */
    size_t n, min_segment;
    size_t *ends; /* of the segments, ascending; the last is n */
    size_t segments;
};

static void sum_distances(struct divider *d, const double *x, size_t m)
{
    for (size_t k = 0; k < m; k++) {
        double *row = d->row + k * (m + 1);
        row[0] = 0;
        for (size_t j = 0; j < m; j++)
            row[j + 1] = row[j] + fabs(x[k] - x[j]);
    }
}

static double pairs(double n)
{
    return n * (n - 1) / 2;
}

/* Sets the first `at` values apart from the next, to every possible end. */
static void search_after(const struct divider *d, size_t m, size_t at,
                         double inside_left, struct split *best)
{
    double left = (double)at, between = 0, inside_right = 0;
    for (size_t k = at; k < m; k++) {
        const double *row = d->row + k * (m + 1);
        double right = (double)(k + 1 - at), energy;
        between += row[at];
        inside_right += row[k] - row[at];
        if (k + 1 - at < d->min_segment)
            continue;
        energy = 2 * between / (left * right) - inside_left / pairs(left) -
                 inside_right / pairs(right);
        energy *= left * right / (left + right);
        if (energy > best->statistic)
            *best = (struct split){energy, at};
    }
}

/* The best split of x[from..to). */
static struct split best_within(struct divider *d, size_t from, size_t to)
{
    struct split best = {-INFINITY, 0};
    size_t m = to - from;
    double inside_left = 0;
    if (m < 2 * d->min_segment)
        return best;
    sum_distances(d, d->x + from, m);
    for (size_t at = 1; at + d->min_segment <= m; at++) {
        inside_left += d->row[(at - 1) * (m + 1) + at - 1];
        if (at >= d->min_segment)
            search_after(d, m, at, inside_left, &best);
    }
    best.at += from;
    return best;
}

/* The best split of all segments. */
static struct split best_split(struct divider *d)
{
    struct split best = {-INFINITY, 0};
    for (size_t i = 0, from = 0; i < d->segments; from = d->ends[i++]) {
        struct split one = best_within(d, from, d->ends[i]);
        if (one.statistic > best.statistic)
            best = one;
    }
    return best;
}

/*
 * Whether p = (R + 1) / (permutations + 1) <= level, R the permutations
 * within the segments whose best split is no worse.  Leaves off as soon as
 * R says no.
 */
static bool is_significant(struct divider *d, double statistic,
                           unsigned permutations, double level, gsl_rng *rng)
{
    double *kept = d->x, total = (double)permutations + 1;
    unsigned as_good = 0;
    d->x = td_xmalloc(d->n * sizeof *d->x);
    memcpy(d->x, kept, d->n * sizeof *d->x);
    for (unsigned i = 0; i < permutations && as_good + 1 <= level * total;
         i++) {
        for (size_t k = 0, from = 0; k < d->segments; from = d->ends[k++])
            gsl_ran_shuffle(rng, d->x + from, d->ends[k] - from, sizeof *d->x);
        as_good += best_split(d).statistic >= statistic;
    }
    free(d->x);
    d->x = kept;
    return as_good + 1 <= level * total;
}

static void add_end(struct divider *d, size_t at)
{
    size_t i = d->segments++;
    for (; i > 0 && d->ends[i - 1] > at; i--)
        d->ends[i] = d->ends[i - 1];
    d->ends[i] = at;
}

static void divide(struct divider *d, unsigned permutations, double level,
                   gsl_rng *rng)
{
    for (;;) {
        struct split best = best_split(d);
        if (!(best.statistic > -INFINITY) ||
            !is_significant(d, best.statistic, permutations, level, rng))
            return;
        add_end(d, best.at);
    }
}

void td_edivisive(const double *x, size_t n, size_t min_segment,
                  unsigned permutations, double level, uint64_t seed,
                  struct td_changes *out)
{
    struct divider d = {NULL, NULL, n, min_segment > 2 ? min_segment : 2,
                        NULL, 1};
    gsl_rng *rng;
    *out = (struct td_changes){NULL, 0};
    if (n < 2 * d.min_segment)
        return;
    rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, (unsigned long)((seed ^ seed >> 32) & 0xffffffffu));
    d.x = td_xmalloc(n * sizeof *d.x);
    memcpy(d.x, x, n * sizeof *d.x);
    d.row = td_xmalloc(n * (n + 1) * sizeof *d.row);
    d.ends = td_xcalloc(n, sizeof *d.ends);
    d.ends[0] = n;
    divide(&d, permutations, level, rng);
    out->at = d.ends;
    out->count = d.segments - 1;
    free(d.x);
    free(d.row);
    gsl_rng_free(rng);
}
