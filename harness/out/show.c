#include "out/report.h"

#include <errno.h>
#include <string.h>

typedef void report_fn(const struct td_summary *summary, struct td_buf *out);

static report_fn *report_of(const char *format)
{
    static const struct {
        const char *name;
        report_fn *fn;
    } formats[] = {
        {"text", td_report_text},
        {"md", td_report_markdown},
        {"json", td_report_json},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(format, formats[i].name) == 0)
            return formats[i].fn;
    return NULL;
}

int td_report(const struct td_summary *summary, const char *format, FILE *to,
              struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    report_fn *report = report_of(format);
    int rc = 0;
    if (!report)
        return td_err_set(err, TD_EUSAGE,
                          "unknown format \"%s\"; there are text, md and json",
                          format);
    report(summary, &text);
    if (fwrite(text.data, 1, text.len, to) != text.len || fflush(to))
        rc = td_err_sys(err, -errno, "cannot write the report");
    td_buf_release(&text);
    return rc;
}

int td_show(const char *results_dir, const char *word, const char *format,
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
