/*
 * workload_parse - from sections to a struct td_workload, in two steps: each
 * section by itself (workload_parse.c), then what they say about each other
 * (workload_check.c).  For plan/ alone; others use plan/workload.h.
 */
#ifndef TD_PLAN_WORKLOAD_PARSE_H
#define TD_PLAN_WORKLOAD_PARSE_H

#include "plan/sections.h"
#include "plan/workload.h"

/* Required keys, names that must exist, parameters that must agree.
 * TD_EINPUT "file:line: …" on the first mistake. */
int td_workload_check(const struct td_workload *workload,
                      const struct td_sections *from, struct td_err *err);
/* Adds the sets of all [sweep] sections; once the rest has been checked. */
int td_sweeps_expand(struct td_workload *workload,
                     const struct td_sections *from, struct td_err *err);

/* What only a workload of kind `command` may say, and must say rightly. */
int td_workload_check_commands(const struct td_workload *workload,
                               const struct td_sections *from,
                               struct td_err *err);

#endif
