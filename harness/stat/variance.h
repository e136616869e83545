/*
 * variance - where the variation comes from, by levels of repetition, and
 * how many iterations an invocation should have (Kalibera & Jones, Rigorous
 * Benchmarking in Reasonable Time, ISMM 2013, with the corrected formulas).
 * Pure functions.
 */
#ifndef TD_STAT_VARIANCE_H
#define TD_STAT_VARIANCE_H

#include <stddef.h>

/*
 * Level 1 is the lowest (iterations), level 2 the invocations.
 * s2[i]: variance of the means of level i around the mean one level up;
 * t2[i]: the part that arises at that level, T_1^2 = S_1^2, T_i^2 = S_i^2 -
 * S_(i-1)^2 / r_(i-1); may be negative (then nothing arises there).
 */
struct td_variance {
    double mean;
    double s2[2], t2[2]; /* [0]: iterations, [1]: invocations */
    double iterations;   /* r_1: a figure per invocation; the harmonic mean
                            where invocations differ */
    size_t invocations;  /* r_2 */
};

/* x: all values, invocation after invocation, counts[i] of the i-th.  0, or
 * -1 when there are fewer than 2 invocations or one has fewer than 2 values
 * (*out is NAN then). */
int td_variance_two_level(const double *x, const size_t *counts,
                          size_t invocations, struct td_variance *out);

/* What is left of one invocation's values once they have been read. */
struct td_moments {
    size_t count;
    double mean, variance; /* the latter by count - 1 */
};
/* The same from x[0..invocations). */
int td_variance_of_moments(const struct td_moments *x, size_t invocations,
                           struct td_variance *out);

/* r_1 = ceil(sqrt((spawn_cost / iteration_cost) * (T_1^2 / T_2^2))), costs in
 * the same unit; at least 1, at most `most` (also when T_2^2 <= 0). */
size_t td_best_iterations(const struct td_variance *variance,
                          double iteration_cost, double spawn_cost,
                          size_t most);

#endif
