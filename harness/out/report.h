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
#include "summary/compare_runs.h"
#include "summary/summary.h"

#include <stdio.h>

void td_report_text(const struct td_summary *summary, struct td_buf *out);
void td_report_markdown(const struct td_summary *summary, struct td_buf *out);
void td_report_json(const struct td_summary *summary, struct td_buf *out);
/* Tables of what stands behind the figures (summary/case_details.h); JSON has
 * it anyway. */
void td_report_details(const struct td_summary *summary, bool markdown,
                       struct td_buf *out);

enum td_format { TD_FORMAT_TEXT, TD_FORMAT_MARKDOWN, TD_FORMAT_JSON };
/* "text", "md", "json", NULL: the choices of an option --format. */
extern const char *const td_format_names[];

int td_report(const struct td_summary *summary, enum td_format format, FILE *to,
              struct td_err *err);
/* The tables of a run on disk; word as td_run_dir_open takes it. */
struct td_show_options {
    struct td_summary_options summary;
    bool details; /* what stands behind the figures, too */
    /* Words that pick one case (summary/case_pick.h), which is shown alone;
     * none, or NULL: all tables. */
    const struct td_strings *pick;
};
int td_show(const char *results_dir, const char *word, enum td_format format,
            const struct td_show_options *options, FILE *to,
            struct td_err *err);

/* Two runs against each other; with `gate` also what it says of each. */
int td_report_comparison(const struct td_comparison *comparison,
                         enum td_format format, bool gate, FILE *to,
                         struct td_err *err);

#endif
