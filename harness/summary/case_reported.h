/*
 * case_reported - the figures that a case's invocations reported of
 * themselves (base/figures.h), as estimates over its invocations.
 *
 * A figure is the geometric mean over the invocations that have it, with the
 * t interval of the logarithms, where all are positive; else the mean, with
 * its t interval; where all say the same, just that.  An invocation that
 * reported the name in another unit than the first one did not report it.
 */
#ifndef TD_SUMMARY_CASE_REPORTED_H
#define TD_SUMMARY_CASE_REPORTED_H

#include "base/figures.h"
#include "stat/interval.h"

#include <stdint.h>

struct td_reported {
    char name[TD_FIGURE_NAME_MAX + 1];
    char unit[TD_FIGURE_UNIT_SIZE];
    double *at; /* an entry for each of the case's series; NAN: not reported */
    uint32_t invocations; /* that reported it */
    struct td_figure figure;
    /* This over the base's, over the pairs in which both have it; unknown
     * where one of them is not positive, or the units differ. */
    struct td_figure ratio;
    uint32_t pairs; /* that `ratio` rests on */
};

/* In the order of the names. */
struct td_case_reported {
    struct td_reported *at;
    size_t count;
};

struct td_case_series;
struct td_case_summary;

void td_case_reported_release(struct td_case_reported *reported);
/* NULL when there is none of that name. */
const struct td_reported *
td_case_reported_get(const struct td_case_reported *reported, const char *name);

/* Takes in invocation `i` of `n`; end: its journal line. */
void td_case_reported_add(struct td_case_reported *reported, size_t i, size_t n,
                          const json_t *end);
/* The estimates, once all are in: count invocations. */
void td_case_reported_make(struct td_case_reported *reported, size_t count,
                           double confidence);
/* The ratios to the base's. */
void td_case_reported_ratios(struct td_case_summary *c,
                             const struct td_case_summary *base,
                             double confidence, uint64_t seed);

/* The field `figures` of a case in summary.json; new reference. */
json_t *td_case_reported_json(const struct td_case_reported *reported);
/* The field `figures` of its series; new reference. */
json_t *td_case_reported_series_json(const struct td_case_reported *reported,
                                     size_t count);

/* The reverse of both, for n invocations. */
void td_case_reported_load(struct td_case_reported *reported,
                           const json_t *figures, const json_t *series,
                           size_t n);

#endif
