/*
 * report_parts - what the text and the Markdown report have in common: the
 * words of headings, the cells of tables, the numbering of footnotes.
 */
#ifndef TD_OUT_REPORT_PARTS_H
#define TD_OUT_REPORT_PARTS_H

#include "out/table.h"
#include "out/units.h"
#include "summary/summary.h"

/* "answer 168, verified; 10 pairs, as many as asked for: ±0.8 %; 83 % of the
 * time inside samples" */
void td_say_group(const struct td_summary *summary,
                  const struct td_group_summary *group, struct td_buf *out);

/* "cpython-3.11.2 takes 9.44 times as long as go-1.26.8 (95 % interval …)";
 * one sentence a line; nothing when there is no ratio. */
void td_say_ratios(const struct td_summary *summary,
                   const struct td_group_summary *group,
                   struct td_strings *out);

/* The group's table, heading row first; footnotes that its cells refer to as
 * [1], [2] … are appended to notes. */
void td_group_table(const struct td_summary *summary,
                    const struct td_group_summary *group,
                    struct td_table *table, struct td_strings *notes);

/* The cases that were not steady from their start on, heading row first;
 * false when there are none (release it all the same). */
bool td_warmup_table(const struct td_summary *summary,
                     const struct td_group_summary *group,
                     struct td_table *table);
/* What that table shows; nothing where none is shown. */
void td_say_warmup(const struct td_summary *summary, struct td_buf *out);

/* One footnote for equal texts; returns its number, from 1. */
size_t td_note_number(struct td_strings *notes, const char *text);
/* A cell with a figure, its interval below; a dash when it is not known. */
void td_table_add_figure(struct td_table *table, struct td_figure figure,
                         enum td_unit unit);
/* What the run's reference group found; nothing where it has none. */
void td_say_floor(const struct td_summary *summary, struct td_buf *out);

/* Geometric means over the groups; one sentence a line. */
void td_say_suites(const struct td_summary *summary, struct td_strings *out);

/* What holds for all tables of the report. */
void td_say_legend(const struct td_summary *summary, struct td_buf *out);

extern const char td_quick_warning[];

#endif
