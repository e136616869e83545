/*
 * case_figures - the figures of one case from its counting invocations.
 */
#ifndef TD_SUMMARY_CASE_FIGURES_H
#define TD_SUMMARY_CASE_FIGURES_H

#include "summary/run_index.h"
#include "summary/summary.h"

/* One figure per counting invocation, in the order of the journal. */
struct td_case_series {
    uint32_t *pair;
    double *mean_ns, *median_ns;
    size_t count;
    double timed_ns; /* inside samples, first iterations too */
};

void td_case_series_release(struct td_case_series *series);

struct td_case_source {
    const struct td_case_entry *entry;
    const char *samples_path;
    double confidence;
    uint64_t ideal_ns; /* 0 = none */
};

/* Fills the figures that need only this case (all but the ratios), the
 * counts, and *series. */
int td_case_figures(const struct td_case_source *source,
                    struct td_case_summary *out, struct td_case_series *series,
                    struct td_err *err);

/* Ratios over the pairs that both have. */
void td_case_ratios(const struct td_case_series *own,
                    const struct td_case_series *base, double confidence,
                    uint64_t seed, struct td_case_summary *out);

#endif
