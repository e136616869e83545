/*
 * units - figures as people read them: 3 or 4 significant digits, a unit
 * that fits the size, and the interval in the same unit with the same
 * number of decimals.
 */
#ifndef TD_OUT_UNITS_H
#define TD_OUT_UNITS_H

#include "base/buf.h"
#include "stat/interval.h"

enum td_unit {
    TD_UNIT_TIME,  /* ns, µs, ms, s */
    TD_UNIT_BYTES, /* B, kB, MB, GB (powers of 1000) */
    TD_UNIT_NONE   /* ratios */
};

/* A dash stands for what is not known or cannot be carried. */
#define TD_DASH "–"

/* "954 µs" to value and "946–962" to interval; dashes where there is none.
 * Three significant digits; four where the interval is that narrow. */
void td_figure_print(struct td_figure figure, enum td_unit unit,
                     struct td_buf *value, struct td_buf *interval);
/* "9.44" and "9.35 to 9.53": for sentences. */
void td_figure_say(struct td_figure figure, struct td_buf *value,
                   struct td_buf *interval);
/* "1 min 20 s", "3 s"; for waiting. */
void td_seconds_print(double seconds, struct td_buf *out);
/* 1,234,567 */
void td_count_print(uint64_t count, struct td_buf *out);

#endif
