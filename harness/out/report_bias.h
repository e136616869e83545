/*
 * report_bias - what the reports say of hosting and harness bias.
 */
#ifndef TD_OUT_REPORT_BIAS_H
#define TD_OUT_REPORT_BIAS_H

#include "summary/summary.h"

/* "Harness bias: go-1.26.8 trial takes 1.002 times as long by tandem as by
 * go test -bench (…)."; one sentence a line, none where it was not asked
 * for. */
void td_say_bias(const struct td_summary *summary,
                 const struct td_group_summary *group, struct td_strings *out);

/* That neither was measured, and how to; nothing where it was. */
void td_say_unchecked(const struct td_summary *summary, struct td_buf *out);

#endif
