/*
 * case_figures - the figures of one case from its counting invocations.
 */
#ifndef TD_SUMMARY_CASE_FIGURES_H
#define TD_SUMMARY_CASE_FIGURES_H

#include "summary/run_index.h"
#include "summary/summary.h"

struct td_case_source {
    const struct td_case_entry *entry;
    const char *samples_path;
    double confidence;
    uint64_t ideal_ns; /* 0 = none */
    bool whole;        /* leave nothing out for warming up */
    bool fresh;        /* each operation is a process of its own, which does
                          not warm up */
};

/* Fills the figures that need only this case (all but the ratios), the
 * counts, and out->series. */
int td_case_figures(const struct td_case_source *source,
                    struct td_case_summary *out, struct td_err *err);

/* td_p_above_paired over the pairs that both have: of means, medians and CPU
 * times; and log_error. */
void td_case_p_above(struct td_case_summary *c,
                     const struct td_case_series *base, double threshold);

/* Own over base of one kind of figure, an entry for each of their
 * invocations, over the pairs that both have; *pairs (may be NULL): how many.
 */
struct td_figure td_series_ratio(const struct td_case_series *own,
                                 const struct td_case_series *base,
                                 const double *own_ns, const double *base_ns,
                                 double confidence, uint64_t seed,
                                 uint32_t *pairs);

/* The ratios of out's means, medians and, where it computes, CPU times. */
void td_case_ratios(struct td_case_summary *out,
                    const struct td_case_series *base, double confidence,
                    uint64_t seed);

#endif
