/*
 * run_growth - how the time of an operation grows over the sizes of a sweep:
 * one entry for each workload, swept parameter, implementation and runtime.
 * What is fitted are the invocations' means (stat/growth.h).
 */
#ifndef TD_SUMMARY_RUN_GROWTH_H
#define TD_SUMMARY_RUN_GROWTH_H

#include "stat/growth.h"

#include <jansson.h>
#include <stdbool.h>

struct td_summary;

struct td_run_growth {
    /* Borrowed from the manifest. */
    const char *workload, *parameter, *implementation, *runtime;
    const char *base_runtime, *base_implementation; /* NULL: it is the base */
    /* One a size, ascending; these with figures alone. */
    double *sizes;
    struct td_figure *mean_ns, *ratios; /* ratios: this / base */
    size_t nsizes;                      /* 3 at least */
    struct td_growth fit;
    /* Base and this one change places between these sizes. */
    bool crosses;
    double below, above;
};

/* Fills summary->growth, from the groups that the manifest calls sizes of a
 * sweep. */
void td_summary_growth(struct td_summary *summary, const json_t *manifest);
void td_summary_growth_release(struct td_summary *summary);
/* An array, as in summary.json; new reference. */
json_t *td_summary_growth_json(const struct td_summary *summary);

#endif
