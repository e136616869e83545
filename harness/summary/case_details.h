/*
 * case_details - what stands behind a case's headline figures: where its
 * variance arises, how many iterations an invocation would best have, and
 * what other ways of looking at its ratio say.
 */
#ifndef TD_SUMMARY_CASE_DETAILS_H
#define TD_SUMMARY_CASE_DETAILS_H

#include "stat/compare.h"
#include "stat/variance.h"

#include <jansson.h>

struct td_case_details {
    struct td_variance variance; /* of one sample, per operation, in ns^2;
                                    NAN = not known */
    double between_invocations;  /* that part of it, 0..1; NAN = not known */
    size_t best_iterations; /* samples an invocation; 0: not known, or nothing
                               arises between invocations, so that more
                               iterations do as well as more invocations */
    struct td_figure pair_median;   /* of the pairs' ratios of means; its
                                       interval is of order statistics */
    double effect_size;             /* of the pairs' log ratios; NAN */
    struct td_period_effect period; /* the case first against its base first */
};

struct td_case_summary;
struct td_case_series;

/* Fills c->details from its series and figures.  base: NULL where there is
 * none. */
void td_case_details_make(struct td_case_summary *c,
                          const struct td_case_series *base, double confidence);

/* The fields `variance` and `companions` of summary.json; new references. */
json_t *td_case_variance_json(const struct td_case_details *details);
json_t *td_case_companions_json(const struct td_case_details *details);
/* The reverse; of the variance in relation to a mean of 1. */
void td_case_details_load(struct td_case_details *details,
                          const json_t *variance, const json_t *companions);

#endif
