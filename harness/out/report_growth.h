/*
 * report_growth - how times grow over the sizes of a run's sweeps: a table
 * each, and where two runtimes change places.
 */
#ifndef TD_OUT_REPORT_GROWTH_H
#define TD_OUT_REPORT_GROWTH_H

#include "summary/summary.h"

/* All sweeps of the run; nothing where it has none. */
void td_growth_text(const struct td_summary *summary, struct td_buf *out);
void td_growth_markdown(const struct td_summary *summary, struct td_buf *out);

#endif
