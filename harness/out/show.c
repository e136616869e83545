#include "out/report.h"

#include "out/report_case.h"
#include "out/report_service.h"

#include <errno.h>
#include <string.h>

const char *const td_format_names[] = {"text", "md", "json", NULL};

static int write_out(const struct td_buf *text, FILE *to, struct td_err *err)
{
    if (fwrite(td_buf_str(text), 1, text->len, to) != text->len || fflush(to))
        return td_err_sys(err, -errno, "cannot write the report");
    return 0;
}

static void report(const struct td_summary *summary, enum td_format format,
                   bool details, struct td_buf *text)
{
    switch (format) {
    case TD_FORMAT_TEXT:
        td_report_text(summary, text);
        break;
    case TD_FORMAT_MARKDOWN:
        td_report_markdown(summary, text);
        break;
    case TD_FORMAT_JSON:
        td_report_json(summary, text);
        return;
    }
    if (details) {
        td_buf_addc(text, '\n');
        td_report_details(summary, format == TD_FORMAT_MARKDOWN, text);
    }
}

static int print(const struct td_summary *summary, enum td_format format,
                 bool details, FILE *to, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc;
    report(summary, format, details, &text);
    rc = write_out(&text, to, err);
    td_buf_release(&text);
    return rc;
}

int td_report(const struct td_summary *summary, enum td_format format, FILE *to,
              struct td_err *err)
{
    return print(summary, format, false, to, err);
}

/* Text or, of `tandem service --format json`, the very file. */
static int show_service(const struct td_run_dir *run, enum td_format format,
                        FILE *to, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    json_t *groups;
    int rc = td_run_dir_read(run, "service.json", &groups, err);
    if (rc)
        return rc;
    if (format == TD_FORMAT_JSON) {
        json_dumpf(groups, to, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
        td_buf_addc(&text, '\n');
    } else {
        td_service_print_saved(groups, format == TD_FORMAT_MARKDOWN, &text);
    }
    rc = write_out(&text, to, err);
    td_buf_release(&text);
    json_decref(groups);
    return rc;
}

static int show_case(const struct td_summary *summary,
                     const struct td_run_dir *run, enum td_format format,
                     const struct td_strings *pick, FILE *to,
                     struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_picked picked;
    int rc = td_case_pick(summary, pick, &picked, err);
    if (!rc)
        rc = td_report_case(summary, run, picked, format, &text, err);
    if (!rc)
        rc = write_out(&text, to, err);
    td_buf_release(&text);
    return rc;
}

int td_show(const char *results_dir, const char *word, enum td_format format,
            const struct td_show_options *options, FILE *to, struct td_err *err)
{
    struct td_run_dir run = TD_RUN_DIR_INIT;
    struct td_summary summary;
    int rc;
    rc = td_run_dir_open(&run, results_dir, word, err);
    if (rc)
        return rc;
    if (strcmp(td_run_dir_kind(&run), TD_SERVICE_KIND) == 0) {
        rc = options->pick && options->pick->count
                 ? td_run_dir_expect(&run, TD_RUN_KIND, err)
                 : show_service(&run, format, to, err);
        td_run_dir_release(&run, err);
        return rc;
    }
    rc = td_summary_open(&summary, &run, &options->summary, err);
    if (!rc) {
        rc = options->pick && options->pick->count
                 ? show_case(&summary, &run, format, options->pick, to, err)
                 : print(&summary, format, options->details, to, err);
        td_summary_release(&summary);
    }
    td_run_dir_release(&run, err);
    return rc;
}
