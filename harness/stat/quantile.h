/*
 * quantile - quantiles with intervals, from samples and from histograms, and
 * none that the data cannot carry.  Pure functions; ranks come from
 * td_quantile_ranks (interval.h).
 *
 * Samples of one process are not independent: the headline interval of a
 * quantile is over invocations; these, over pooled samples, see further into
 * the tail and may be too narrow.
 */
#ifndef TD_STAT_QUANTILE_H
#define TD_STAT_QUANTILE_H

#include "stat/hist.h"
#include "stat/interval.h"

struct td_quantile {
    struct td_figure figure; /* value: the ceil(p n)-th smallest */
    bool at_least;           /* upper rank > n: all that is known is
                                ">= lower"; figure.upper is the largest, and
                                figure.bounded is false */
};

/* Fewest samples whose two-sided interval of quantile p has finite ends (368
 * for .99 at 95 %); UINT64_MAX where none have (p outside 0..1). */
uint64_t td_quantile_least(double p, double confidence);

/* x[0..n) sorted ascending, 0 < p < 1.  !figure.known: the data cannot carry
 * the quantile at all: no rank bounds it from below. */
struct td_quantile td_quantile_sorted(const double *x, size_t n, double p,
                                      double confidence);
/* Bounds are the outer edges of the buckets that hold the ranks, the value is
 * its bucket's middle.  Clipped values count as the largest. */
struct td_quantile td_quantile_hist(const struct td_hist *hist, double p,
                                    double confidence);

/* Harrell & Davis 1982 (Biometrika 69: order statistics weighted by a beta
 * distribution); x sorted, 0 < p < 1.  Its standard error by the jackknife
 * into *error (may be NULL; NAN below 2 values).  NAN when n = 0. */
double td_harrell_davis(const double *x, size_t n, double p, double *error);

#endif
