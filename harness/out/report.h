/*
 * report - a summary as tables: text for a terminal, Markdown, JSON.
 *
 * Each group gets a heading, a sentence that says the ratio, a table and its
 * footnotes.  No figure stands without its interval or a dash.
 */
#ifndef TD_OUT_REPORT_H
#define TD_OUT_REPORT_H

#include "base/buf.h"
#include "base/err.h"
#include "summary/summary.h"

#include <stdio.h>

void td_report_text(const struct td_summary *summary, struct td_buf *out);
void td_report_markdown(const struct td_summary *summary, struct td_buf *out);
void td_report_json(const struct td_summary *summary, struct td_buf *out);

enum td_format { TD_FORMAT_TEXT, TD_FORMAT_MARKDOWN, TD_FORMAT_JSON };
/* "text", "md", "json", NULL: the choices of an option --format. */
extern const char *const td_format_names[];

int td_report(const struct td_summary *summary, enum td_format format, FILE *to,
              struct td_err *err);
/* The tables of a run on disk; word as td_run_dir_open takes it. */
int td_show(const char *results_dir, const char *word, enum td_format format,
            FILE *to, struct td_err *err);

#endif
