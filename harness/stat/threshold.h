/*
 * threshold - where a yes turns into a no: the level at which a noisy trial
 * holds half of the time, from trials at levels that were chosen as they
 * came.  Pure functions.
 *
 * The model is the one by which thresholds of perception are measured: with x
 * the level, the chance to hold is
 *
 *     P(x) = g + (1 - g - b) / (1 + exp((x - threshold) / spread))
 *
 * b and g are lapses: one trial in 40 breaks and one in 100 holds whatever
 * the level, so that a single disturbed trial far from the threshold does not
 * move it (Wichmann & Hill, Perception & Psychophysics 63, 2001).  Threshold
 * and spread are unknown; the posterior of both is computed on a grid, from a
 * flat prior of the threshold and one of the spread that is flat in its
 * logarithm (Watson & Pelli, Perception & Psychophysics 33, 1983; Kontsevich
 * & Tyler, Vision Research 39, 1999).  The packet-rate search PLRsearch of
 * FD.io CSIT does the same for loss ratios (draft-vpolak-bmwg-plrsearch).
 *
 * Why a posterior: what it says does not depend on how the levels were chosen
 * or on when one stopped, which is what breaks the usual interval of an
 * adaptive search.  test_stat_threshold and test_load_search hold it against
 * known truth.
 *
 * Levels are whole numbers of steps; a step is a small part of the precision
 * that is wanted.
 */
#ifndef TD_STAT_THRESHOLD_H
#define TD_STAT_THRESHOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct td_threshold_trial {
    int32_t level;
    bool held;
};

/* The model, with its chances tabulated: made once, used for every estimate. */
struct td_threshold_model {
    double confidence; /* of the interval */
    double narrowest; /* spread, in steps; the others are 2, 4 ... times that */
    size_t spreads;
    int32_t beyond; /* how far beyond the trials the threshold may lie, steps */
    int64_t reach;
    double *held, *broke; /* see threshold.c */
};
/* Spreads from narrowest, times 2, up to the widest. */
void td_threshold_model_init(struct td_threshold_model *model,
                             double confidence, double narrowest, double widest,
                             int32_t beyond);
void td_threshold_model_release(struct td_threshold_model *model);

struct td_threshold {
    bool known; /* false: no trials, or none of the model fits */
    double median, lower, upper; /* levels; central interval */
    double spread;               /* its posterior mean, in steps */
    /* Probability that the spread is one of the widest two: the level hardly
     * matters then, high ones and low ones hold and break alike. */
    double flat;
};

void td_threshold_estimate(const struct td_threshold_model *model,
                           const struct td_threshold_trial *trials, size_t n,
                           struct td_threshold *out);

/*
 * Bayes factor of "the threshold moved steadily from the first trial to the
 * last", by one of `nshifts` amounts (steps) alike likely in either direction,
 * against "it stayed".  1 without trials.  It costs 2 nshifts estimates.
 */
double td_threshold_drift(const struct td_threshold_model *model,
                          const struct td_threshold_trial *trials, size_t n,
                          const double *shifts, size_t nshifts);

#endif
