#include "stat/warmup.h"

#include "base/buf.h"
#include "stat/interval.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 25, SEGMENT = 5, BATCH = 5 };

static const double TOLERANCE = .01; /* levels this near are one */

const char *td_warmup_name(enum td_warmup_class kind)
{
    static const char *const names[] = {"flat", "warm-up", "slowdown", "cyclic",
                                        "none"};
    return names[kind];
}

static double median_of(const double *x, size_t n)
{
    double *copy = td_xmalloc(n * sizeof *copy), median;
    memcpy(copy, x, n * sizeof *copy);
    median = td_median(copy, n);
    free(copy);
    return median;
}

/* A series as it is looked at: each value the mean of `step` iterations. */
struct view {
    double *x;
    size_t n, step;
};

/* What does not fill a last mean is left out. */
static struct view averaged(const double *x, size_t n, size_t step)
{
    struct view out = {td_xmalloc((n / step + 1) * sizeof *out.x), n / step,
                       step};
    for (size_t i = 0; i < out.n; i++)
        out.x[i] = gsl_stats_mean(x + i * step, 1, step);
    return out;
}

/*
 * Of the second half: by itself a step of 6 sigma gives a series as much
 * autocorrelation as a drift does, and averaging would blur its place.
 */
static bool drifts(const struct view *view)
{
    size_t half = view->n / 2, rest = view->n - half;
    return gsl_stats_lag1_autocorrelation(view->x + half, 1, rest) > .8;
}

/* The copy that change points are sought in: spikes drawn in, median 1, and
 * averaged again where it drifts. */
static struct view smoothed(const struct view *raw)
{
    struct view out = averaged(raw->x, raw->n, 1), coarse;
    double median;
    td_winsorise(raw->x, raw->n, WINDOW, 3, out.x);
    median = median_of(out.x, out.n);
    for (size_t i = 0; i < out.n; i++)
        out.x[i] /= median;
    out.step = raw->step;
    if (out.n / BATCH < 2 * SEGMENT || !drifts(&out))
        return out;
    coarse = averaged(out.x, out.n, BATCH);
    coarse.step = raw->step * BATCH;
    free(out.x);
    return coarse;
}

static bool are_alike(double a, double b)
{
    return fabs(a / b - 1) <= TOLERANCE;
}

/* Segment i is x[from(i)..from(i + 1)). */
static size_t segment_from(const struct view *view,
                           const struct td_changes *changes, size_t i)
{
    if (i == 0)
        return 0;
    return i > changes->count ? view->n : changes->at[i - 1];
}

static double level(const struct view *view, size_t from, size_t to)
{
    return gsl_stats_mean(view->x + from, 1, to - from);
}

static double segment_level(const struct view *view,
                            const struct td_changes *changes, size_t i)
{
    return level(view, segment_from(view, changes, i),
                 segment_from(view, changes, i + 1));
}

/* Where the last level was reached for good. */
static size_t merged_start(const struct view *view,
                           const struct td_changes *changes)
{
    size_t i = changes->count;
    double last = segment_level(view, changes, i);
    while (i > 0 && are_alike(segment_level(view, changes, i - 1), last))
        i--;
    return segment_from(view, changes, i);
}

/* Levels that change sides of the middle every time, each side's within a
 * quarter of what is between the sides. */
static bool is_cyclic(const struct view *view, const struct td_changes *changes)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, gap;
    if (changes->count < 4)
        return false;
    for (size_t i = 0; i <= changes->count; i++) {
        double at = segment_level(view, changes, i);
        low[i % 2] = fmin(low[i % 2], at);
        high[i % 2] = fmax(high[i % 2], at);
    }
    gap = fmax(low[0] - high[1], low[1] - high[0]);
    return gap > TOLERANCE && high[0] - low[0] <= gap / 4 &&
           high[1] - low[1] <= gap / 4;
}

size_t td_mser5(const double *x, size_t n)
{
    size_t batches = n / BATCH, cut = 0;
    double sum = 0, square = 0, least = INFINITY;
    for (size_t i = batches; i-- > 0;) {
        /* Less the last value, lest squares cancel. */
        double m = (double)(batches - i), error;
        double d = gsl_stats_mean(x + i * BATCH, 1, BATCH) - x[n - 1];
        sum += d;
        square += d * d;
        error = (square - sum * sum / m) / (m * m);
        if (i <= batches / 2 && error <= least) {
            least = error;
            cut = i;
        }
    }
    return cut * BATCH;
}

/* The steady values' median and how far from it their noise reaches: further
 * where they are few and their spread badly known. */
struct steady {
    double median, fence;
};

static struct steady steady_of(const double *x, size_t n)
{
    struct steady out;
    double *copy = td_xmalloc(n * sizeof *copy);
    memcpy(copy, x, n * sizeof *copy);
    out.median = td_median(copy, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = fabs(copy[i] - out.median);
    out.fence = (3 + 60 / (double)n) * 1.4826 * td_median(copy, n);
    free(copy);
    return out;
}

/*
 * The cut: from `start` on as far towards MSER-5's as batches are of another
 * level, their median neither alike nor within the noise.  MSER-5 by itself
 * cuts something off every third flat series, where its least standard error
 * lies anywhere by chance.
 */
static size_t mser_cut(const struct view *raw, size_t start)
{
    size_t mser = td_mser5(raw->x, raw->n), cut = start;
    struct steady steady;
    if (mser <= start)
        return start;
    steady = steady_of(raw->x + mser, raw->n - mser);
    while (cut < mser) {
        size_t next = cut + BATCH < mser ? cut + BATCH : mser;
        double batch[BATCH], median;
        memcpy(batch, raw->x + cut, (next - cut) * sizeof *batch);
        median = td_median(batch, next - cut);
        if (are_alike(median, steady.median) ||
            fabs(median - steady.median) <= steady.fence)
            break;
        cut = next;
    }
    return cut;
}

/* Sets kind, start and cut from the levels, in iterations. */
static void classify(const struct view *raw, const struct view *view,
                     const struct td_changes *changes, struct td_warmup *out)
{
    size_t start = merged_start(view, changes) * view->step / raw->step;
    size_t cut;
    if (is_cyclic(view, changes)) {
        out->kind = TD_WARMUP_CYCLIC;
        return;
    }
    if (start > raw->n / 2) {
        out->kind = TD_WARMUP_NONE;
        out->start = out->cut = raw->n / 2 * raw->step;
        return;
    }
    cut = mser_cut(raw, start);
    if (start == 0)
        start = cut;
    out->start = start * raw->step;
    out->cut = cut * raw->step;
    if (start == 0)
        return;
    out->kind = level(raw, 0, start) > level(raw, cut, raw->n)
                    ? TD_WARMUP_WARMUP
                    : TD_WARMUP_SLOWDOWN;
}

/* Times only: a level that is not above 0 has no relative distance. */
static bool can_be_analysed(const double *x, size_t n)
{
    if (n < TD_WARMUP_LEAST)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || x[i] <= 0)
            return false;
    return true;
}

static void find_changes(const double *x, size_t n, struct td_warmup *out)
{
    size_t step = (n + TD_WARMUP_POINTS - 1) / TD_WARMUP_POINTS;
    struct view raw = averaged(x, n, step), view = smoothed(&raw);
    td_pelt(view.x, view.n, 15 * log((double)view.n), SEGMENT, 1e-8,
            &out->changes);
    classify(&raw, &view, &out->changes, out);
    for (size_t i = 0; i < out->changes.count; i++)
        out->changes.at[i] *= view.step;
    free(raw.x);
    free(view.x);
}

void td_warmup_analyse(const double *x, size_t n, struct td_warmup *out)
{
    memset(out, 0, sizeof *out);
    out->first = n > 0 ? x[0] : NAN;
    out->steady_known = can_be_analysed(x, n);
    if (out->steady_known)
        find_changes(x, n, out);
    for (size_t i = 0; i < out->start; i++)
        out->until += x[i];
    out->steady = NAN;
    if (n > 0)
        out->steady = gsl_stats_mean(x + out->cut, 1, n - out->cut);
}

void td_warmup_release(struct td_warmup *warmup)
{
    td_changes_release(&warmup->changes);
}

void td_warmup_typical(const double *const *x, size_t invocations, size_t n,
                       double *out)
{
    double *level = td_xmalloc(invocations * sizeof *level);
    double *column = td_xmalloc(invocations * sizeof *column);
    for (size_t i = 0; i < invocations; i++)
        level[i] = median_of(x[i], n);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < invocations; i++)
            column[i] = x[i][k] / level[i];
        out[k] = td_median(column, invocations);
    }
    free(level);
    free(column);
}

static enum td_warmup_class common_class(const size_t counts[TD_WARMUP_CLASSES],
                                         size_t all)
{
    enum td_warmup_class commonest = TD_WARMUP_FLAT;
    size_t most = 0;
    for (enum td_warmup_class i = TD_WARMUP_FLAT; i <= TD_WARMUP_NONE; i++)
        if (counts[i] > 0 && counts[i] * 4 >= all * 3)
            return i;
    if (counts[TD_WARMUP_NONE] > 0)
        return TD_WARMUP_NONE;
    for (enum td_warmup_class i = TD_WARMUP_WARMUP; i <= TD_WARMUP_CYCLIC; i++)
        if (counts[i] > most) {
            commonest = i;
            most = counts[i];
        }
    return commonest;
}

struct td_warmup_common td_warmup_common(const struct td_warmup *each,
                                         size_t invocations, size_t shortest)
{
    struct td_warmup_common out = {TD_WARMUP_FLAT, 0, {0}};
    for (size_t i = 0; i < invocations; i++) {
        out.counts[each[i].kind]++;
        if (each[i].kind != TD_WARMUP_NONE && each[i].cut > out.start)
            out.start = each[i].cut;
    }
    if (out.start > shortest / 2)
        out.start = shortest / 2;
    out.kind = common_class(out.counts, invocations);
    if (out.kind == TD_WARMUP_FLAT)
        out.start = 0;
    return out;
}
