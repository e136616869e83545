/*
 * reference - the group that every run adds: a small workload in one of the
 * run's runtimes, against a twin of that runtime.  Its ratio is the run's
 * noise floor, its time tells two runs' machines apart.
 *
 * The workload is the first that has a set in the suite `reference`.
 */
#ifndef TD_MEASURE_REFERENCE_H
#define TD_MEASURE_REFERENCE_H

#include "measure/cases.h"

#define TD_REFERENCE_SUITE "reference"

/* Before any group: loads the workload and adds the twin, since neither
 * array may move later.  Where no workload or runtime fits, nothing. */
void td_plan_reference_prepare(struct td_plan *plan,
                               const struct td_context *context);
/* After all groups: adds the group, when it was prepared. */
void td_plan_reference_add(struct td_plan *plan);

#endif
