/*
 * two_sides - two series of invocations, worked out: what stands in the
 * answer, and what its warnings are made from.
 */
#ifndef TD_ANALYZE_TWO_SIDES_H
#define TD_ANALYZE_TWO_SIDES_H

#include "analyze/query.h"
#include "stat/compare.h"
#include "stat/interval.h"
#include "stat/warmup.h"

/* One series: a, b or the A/A twin. */
struct td_side {
    const struct td_invocations *data; /* borrowed */
    size_t count, fewest, most;        /* invocations; samples in one */
    size_t cut;                        /* samples left out of each */
    size_t zeros;                      /* samples that are 0 */
    double *mean, *median;             /* an invocation, behind the cut */
    struct td_warmup *warmup;          /* an invocation, of all its samples */
    struct td_warmup_common common;
};

struct td_two_sides {
    const struct td_query *request; /* borrowed */
    struct td_side a, b, aa;        /* aa.count == 0: none */
    double confidence;              /* of the intervals computed */
    double *log_ratios;             /* ln(b / a) a pair, NULL if unpaired */
    struct td_figure ratio, median_ratio, companion, aa_ratio;
    const char *method, *median_method, *companion_method;
    double effect_size;
    double noise_floor; /* NAN: none known */
    enum td_verdict verdict;
    const char *reason; /* for the verdict, in words */
};

void td_two_sides_init(struct td_two_sides *comparison,
                       const struct td_query *request);
void td_two_sides_release(struct td_two_sides *comparison);

#endif
