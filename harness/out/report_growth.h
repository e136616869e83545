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

/* A size of a sweep: "1,000,000". */
void td_growth_size_print(double size, struct td_buf *out);
/* "1.2 µs + 3.45 ns × n lg n", and the intervals of its coefficients in the
 * same order: "1.1–1.3 µs, 3.44–3.46 ns".  model: as td_growth_name. */
void td_growth_model_print(const char *model, struct td_figure a,
                           struct td_figure c, struct td_buf *value,
                           struct td_buf *interval);

#endif
