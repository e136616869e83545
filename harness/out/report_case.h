/*
 * report_case - all that is known of one case: `tandem show RUN CASE`.  Its
 * row of the tables, each of its invocations, the quantiles of its samples,
 * and where those lie.
 */
#ifndef TD_OUT_REPORT_CASE_H
#define TD_OUT_REPORT_CASE_H

#include "out/report.h"
#include "summary/case_pick.h"

/* Reads the case's histogram, where there is one; TD_EINPUT where that is
 * damaged. */
int td_report_case(const struct td_summary *summary,
                   const struct td_run_dir *run, struct td_picked picked,
                   enum td_format format, struct td_buf *out,
                   struct td_err *err);

#endif
