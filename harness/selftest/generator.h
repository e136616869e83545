/*
 * generator - times of two runtimes whose true ratio is known, as unpleasant
 * as real ones.  Random numbers are GSL's; the same state gives the same
 * times.
 *
 * In every formula i counts the invocations, j an invocation's iterations; e
 * is a standard exponential variate, L(sigma) a lognormal one of mean 1 whose
 * logarithm has that standard deviation, each drawn anew for every index; s is
 * the true ratio of the expected times, above to below.
 *
 * The program compares means of invocations on the log scale, so strictly its
 * target is the ratio of their geometric means.  In G1 to G4 both sides are
 * alike and the two ratios are the same; in G5 that of geometric means is
 * .1 % less than s, an eighth of the standard error over 30 pairs.
 */
#ifndef TD_SELFTEST_GENERATOR_H
#define TD_SELFTEST_GENERATOR_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

struct td_generator; /* one of td_generators */

/* Which turns the two sides took. */
enum td_turns {
    TD_TURNS_INTERLEAVED, /* pair by pair: what drifts, drifts for both */
    TD_TURNS_SEQUENTIAL   /* all of below, then all of above */
};

/* How much of each: what the caller asks of a generator. */
struct td_sizes {
    size_t pairs, iterations;
    double ratio; /* s */
    double sigma; /* "normal" alone: standard deviation of d_i = ln(above_i /
                     below_i); other generators have their own */
    enum td_turns turns;
};

/* The times of one repetition: pairs * iterations a side, invocation after
 * invocation, and their means, `pairs` a side. */
struct td_times {
    double *above, *below;
    double *above_mean, *below_mean;
};

/*
 * G1 lognormal: s L_i(.01) L_ij(.02); below without s, here and further down.
 * G2 skewed and spiky: s (1 + .02 e_i) (1 + .05 e_ij), and 2 % of the
 *    iterations last twice as long.
 * G3 two kinds of invocation: G1, and 30 % of the invocations are 5 % slower.
 * G4 drift: G1 times exp(w_i), w a stationary AR(.9) of standard deviation
 *    .03 that both sides of a pair share; in sequential order it goes on from
 *    one side to the other.
 * G5 tight against skewed: below L_i(.002) L_ij(.005); above
 *    s (1 + .05 e_i) / 1.05 L_ij(.02).
 * normal: G1 with other spreads: d_i has standard deviation sigma, half of
 *    its variance from each side, half of that from the iterations.
 * NULL when there is none of that name.
 */
const struct td_generator *td_generator_find(const char *name);
const char *td_generator_name(const struct td_generator *generator);
/* The k-th of them; NULL at the end. */
const struct td_generator *td_generator_at(size_t k);

/* Draws *times, which td_times_release frees. */
void td_generator_draw(const struct td_generator *generator,
                       const struct td_sizes *sizes, gsl_rng *rng,
                       struct td_times *times);
void td_times_release(struct td_times *times);

#endif
