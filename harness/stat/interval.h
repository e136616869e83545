/*
 * interval - means, medians, quantiles and ratios with their confidence
 * intervals.  Pure functions over arrays; none keeps state, none prints.
 *
 * Only invocations are independent replicates: every interval here is over
 * one figure per invocation, but for td_quantile_interval, which is over
 * samples and says so.
 */
#ifndef TD_STAT_INTERVAL_H
#define TD_STAT_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A figure and its interval; `known` false: print a dash. `bounded` false:
 * the data cannot carry an interval (lower/upper are meaningless). */
struct td_figure {
    double value;
    double lower, upper;
    bool known;
    bool bounded;
};

/* There is one, and each is finite. */
bool td_all_finite(const double *x, size_t n);

/* Half the interval's relative width: sqrt(upper / lower) - 1, for positive
 * figures; NAN where unbounded. */
double td_figure_half_width(struct td_figure figure);

/* Student's t interval of the mean of x[0..n); bounded needs n >= 2. */
struct td_figure td_mean_t(const double *x, size_t n, double confidence);

/* Exponentiated t interval of mean(ln x): for positive, skewed figures. */
struct td_figure td_geomean_t(const double *x, size_t n, double confidence);

enum {
    TD_RESAMPLES = 2000, /* the project's default for td_ratio_paired */
    TD_BOOTSTRAP_MIN = 8 /* pairs; below, resamples are too often of one
                            value and the bootstrap-t interval means nothing */
};

/*
 * Ratio of paired invocations: d_i = ln(numerator_i / denominator_i);
 * estimate exp(mean d); interval = exponentiated hull of the paired t
 * interval and the bootstrap-t interval (Efron & Tibshirani 1993, ch. 12),
 * `resamples` resamples (0: t alone), deterministic for a seed.  Either
 * interval alone covers too little on skewed data; their hull does not, where
 * few pairs' reach beyond t is taken for more than it is (see interval.c).
 * Unknown when any figure is not positive.
 */
struct td_figure td_ratio_paired(const double *numerator,
                                 const double *denominator, size_t n,
                                 double confidence, uint64_t seed,
                                 unsigned resamples);

/*
 * Ranks (1-based) of the order statistics that bound quantile p of n samples
 * with the confidence: l = qbinom(a/2, n, p), u = qbinom(1-a/2, n, p) + 1
 * (Conover 1999, sec. 3.2).  False when l < 1 or u > n: the data cannot
 * carry it (fewer than 368 samples for p99 at 95 %).  False above n = 2^32 - 1.
 */
bool td_quantile_ranks(uint64_t n, double p, double confidence, uint64_t *lower,
                       uint64_t *upper);

/* The k-th smallest (0-based) of x, k < n; reorders x. */
double td_select(double *x, size_t n, size_t k);
/* Median (mean of the middle two when n is even); reorders x. NAN if n=0. */
double td_median(double *x, size_t n);

#endif
