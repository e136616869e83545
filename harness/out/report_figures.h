/*
 * report_figures - the figures that invocations reported of themselves
 * (summary/case_reported.h) as lines below a group's table.
 */
#ifndef TD_OUT_REPORT_FIGURES_H
#define TD_OUT_REPORT_FIGURES_H

#include "base/fields.h"
#include "summary/summary.h"

/* "task_bytes: go-1.26.8 2.712 kB (2.700–2.724; 15 invocations); …", a line a
 * name, in the order of the names; nothing where none was reported. */
void td_say_figures(const struct td_group_summary *group,
                    struct td_strings *out);

/* "2.712 kB" and "2.700–2.724"; the interval stays empty where all
 * invocations said the same. */
void td_reported_print(const struct td_reported *reported, struct td_buf *value,
                       struct td_buf *interval);

#endif
