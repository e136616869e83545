/*
 * bootstrap - the distribution of Student's t over resamples of the data
 * (bootstrap-t: Efron & Tibshirani 1993, ch. 12).  Pure: the same data and
 * seed give the same bytes.
 */
#ifndef TD_STAT_BOOTSTRAP_H
#define TD_STAT_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Tail quantiles of t = (mean of resample - mean) / standard error of the
 * resample, `tail` (.025) of it below *low and above *high.  A resample of
 * one value only has no error to studentise by and is left out.  False when
 * there are too few resamples for the tail, or x does not vary.
 */
bool td_bootstrap_t(const double *x, size_t n, double tail, uint64_t seed,
                    unsigned resamples, double *low, double *high);

#endif
