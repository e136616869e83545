/*
 * choose - which runtimes a plan measures: those that were named, else the
 * first usable one of every family that its workloads have.
 *
 * A runtime that is named again becomes a twin ("go-1.26.8#2"): the same
 * thing under another name, for an A/A measurement.
 */
#ifndef TD_MEASURE_CHOOSE_H
#define TD_MEASURE_CHOOSE_H

#include "measure/cases.h"

/* Fills plan->runtimes; the workloads must be loaded. */
int td_plan_choose_runtimes(struct td_plan *plan,
                            const struct td_context *context,
                            const struct td_strings *words, struct td_err *err);

/* Appends a twin of plan->runtimes.at[of]; returns its index.  Moves the
 * array. */
size_t td_plan_add_twin(struct td_plan *plan, size_t of);

/* Beside every runtime that is embedded the same one in its own executable
 * ("cpython-3.11.2:stock"), where that was not chosen anyway: what embedding
 * costs is the ratio of both. */
void td_plan_add_counterparts(struct td_plan *plan);

/* Replaces every runtime by one for each revision: the first, its twin, and
 * the others, all of whose ratios divide by the first. */
void td_plan_add_revisions(struct td_plan *plan);

/* cases.c: a new last group without cases; add cases to it (nothing happens
 * where the implementation has no entry for the runtime); one that stayed
 * empty goes again. */
struct td_group *td_plan_add_group(struct td_plan *plan,
                                   const struct td_workload *workload,
                                   const struct td_set *set);
void td_plan_add_case(struct td_plan *plan, const struct td_workload *workload,
                      const struct td_implementation *implementation,
                      const struct td_runtime *runtime);
void td_plan_drop_empty_group(struct td_plan *plan);

#endif
