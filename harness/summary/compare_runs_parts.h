/*
 * compare_runs_parts - what the files that compare two runs share.
 */
#ifndef TD_SUMMARY_COMPARE_RUNS_PARTS_H
#define TD_SUMMARY_COMPARE_RUNS_PARTS_H

#include "summary/compare_runs.h"

/* Who meets whom: fills cases, reference, only_a, only_b. */
void td_comparison_match(struct td_comparison *out, const json_t *manifest_a,
                         const json_t *manifest_b);

/* Where two manifests differ in what bears on a timing: of the machine and
 * the settings, into warnings; of one case (build, sources), into its
 * notes. */
void td_compare_hosts(const json_t *manifest_a, const json_t *manifest_b,
                      struct td_strings *warnings);
void td_compare_builds(const json_t *case_a, const json_t *case_b,
                       struct td_strings *notes);

/* p, gate of every case and of the whole; the ratios must be there. */
void td_comparison_judge(struct td_comparison *out);

#endif
