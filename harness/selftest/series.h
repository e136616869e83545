/*
 * series - one row of numbers whose truth is known: iterations of an
 * invocation, nights of a history, samples with a tail.  Random numbers are
 * GSL's; the same state gives the same numbers.
 *
 * z_i is a standard normal, e_i a standard exponential and u a variate evenly
 * distributed over 0 to 1, which one series has one of.
 */
#ifndef TD_SELFTEST_SERIES_H
#define TD_SELFTEST_SERIES_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

enum td_shape {
    TD_SHAPE_FLAT,      /* exp(.02 z_i) */
    TD_SHAPE_SPIKY,     /* flat, and 5 % last 1 + e_i times as long */
    TD_SHAPE_AR,        /* exp(.02 w_i), w a stationary AR(.6) of variance 1 */
    TD_SHAPE_WAVE,      /* 1 + .05 sin(2 pi (i / 20 + u)) + .01 z_i */
    TD_SHAPE_COLLECTED, /* flat, and every 8th, from 8 u on, 20 % longer */
    TD_SHAPE_NIGHTS     /* .01 z_i: log ratios, of no change */
};

/* Level steps by `step` at `at`, 0-based; at 0: it does not.  Of times the
 * level is 1 from there on, of nights it is 0 before. */
struct td_series {
    enum td_shape shape;
    size_t n, at;
    double step;
};
void td_series_draw(const struct td_series *series, gsl_rng *rng, double *x);

enum td_tail {
    TD_TAIL_LOGNORMAL, /* exp(z_i) */
    TD_TAIL_PARETO     /* (1 - u_i)^(-1/2): no variance */
};
void td_tail_draw(enum td_tail tail, size_t n, gsl_rng *rng, double *x);
/* The true quantile. */
double td_tail_quantile(enum td_tail tail, double p);

#endif
