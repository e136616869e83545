#include "out/report.h"

#include <errno.h>

const char *const td_format_names[] = {"text", "md", "json", NULL};

int td_report(const struct td_summary *summary, enum td_format format, FILE *to,
              struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = 0;
    switch (format) {
    case TD_FORMAT_TEXT:
        td_report_text(summary, &text);
        break;
    case TD_FORMAT_MARKDOWN:
        td_report_markdown(summary, &text);
        break;
    case TD_FORMAT_JSON:
        td_report_json(summary, &text);
        break;
    }
    if (fwrite(text.data, 1, text.len, to) != text.len || fflush(to))
        rc = td_err_sys(err, -errno, "cannot write the report");
    td_buf_release(&text);
    return rc;
}

int td_show(const char *results_dir, const char *word, enum td_format format,
            FILE *to, struct td_err *err)
{
    struct td_run_dir run = TD_RUN_DIR_INIT;
    struct td_summary summary;
    int rc;
    rc = td_run_dir_open(&run, results_dir, word, err);
    if (rc)
        return rc;
    rc = td_summary_make(&summary, &run, err);
    if (!rc) {
        rc = td_report(&summary, format, to, err);
        td_summary_release(&summary);
    }
    td_run_dir_release(&run, err);
    return rc;
}
