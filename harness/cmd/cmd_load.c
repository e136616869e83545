/* tandem load: requests at a rate that a slow server does not slow down. */
#include "base/clock.h"
#include "base/files.h"
#include "cmd/command.h"
#include "cmd/find_max.h"
#include "cmd/load_options.h"
#include "out/progress.h"
#include "out/report_load.h"
#include "store/hist_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `timeout` and some shells send a signal to a process and to its group:
 * within so short a time it is the same one. */
#define SAME_SIGNAL_NS 300000000u

static volatile sig_atomic_t interrupted;

/* The first Ctrl-C ends the load, the second the program. */
static void on_signal(int number)
{
    static uint64_t first_ns; /* of the handler alone, which is not nested */
    uint64_t now_ns = td_clock_ns();
    if (interrupted && now_ns - first_ns > SAME_SIGNAL_NS) {
        signal(number, SIG_DFL);
        raise(number);
    }
    if (!interrupted)
        first_ns = now_ns;
    interrupted = 1;
}

static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* Where the live line goes; NULL: nowhere. */
static bool tick(void *to, const struct td_load_live *live)
{
    struct td_progress_printer *printer = to;
    struct td_buf text = TD_BUF_INIT;
    if (printer) {
        td_load_live_text(live, &text);
        td_progress_note(printer, "load", td_buf_str(&text));
    }
    td_buf_release(&text);
    return interrupted != 0;
}

static struct td_progress_printer *printer_for(const struct td_load_options *o)
{
    bool shown =
        o->progress == TD_PROGRESS_YES ||
        (o->progress == TD_PROGRESS_AUTO && isatty(STDERR_FILENO) == 1);
    return shown ? td_progress_new(stderr) : NULL;
}

/* "out/x.hgrm" and "service": "out/x.service.hgrm". */
static char *tagged_name(const char *path, const char *tag)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    if (!tag)
        return td_xstrdup(path);
    if (!dot)
        return td_xasprintf("%s.%s", path, tag);
    return td_xasprintf("%.*s.%s%s", (int)(dot - path), path, tag, dot);
}

static int write_hgrm(const char *path, const char *tag,
                      const struct td_hist *hist, struct td_err *err)
{
    char *name = tagged_name(path, tag);
    struct td_buf text = TD_BUF_INIT;
    int rc;
    td_hgrm(&text, hist, 1e6);
    rc = td_file_write_atomic(name, td_buf_str(&text), text.len, err);
    td_buf_release(&text);
    free(name);
    return rc;
}

static int write_hlog(const char *path, const struct td_load_report *report,
                      double began_s, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = td_load_hlog(report, began_s, &text, err);
    if (!rc)
        rc = td_file_write_atomic(path, td_buf_str(&text), text.len, err);
    td_buf_release(&text);
    return rc;
}

static int write_files(const struct td_load_options *o,
                       const struct td_load_report *report, double began_s,
                       struct td_err *err)
{
    const struct td_load_result *result = report->result;
    if (o->hlog && write_hlog(o->hlog, report, began_s, err))
        return err->code;
    if (o->hgrm && (write_hgrm(o->hgrm, NULL, &result->latency, err) ||
                    write_hgrm(o->hgrm, "service", &result->service, err) ||
                    write_hgrm(o->hgrm, "send-lag", &result->send_lag, err)))
        return err->code;
    return 0;
}

static void print(const struct td_load_report *report, bool as_json)
{
    struct td_buf text = TD_BUF_INIT;
    json_t *json = as_json ? td_load_json(report) : NULL;
    if (as_json) {
        json_dumpf(json, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
        putchar('\n');
    } else {
        td_load_text(report, &text);
        fputs(td_buf_str(&text), stdout);
    }
    json_decref(json);
    td_buf_release(&text);
}

/* What the exit code says of a load that was run. */
static int judge(const struct td_load_result *result, struct td_err *err)
{
    if (result->stopped)
        return td_err_set(err, TD_EINTERRUPTED,
                          "interrupted: the figures are of the time until "
                          "then");
    if (!result->answered)
        return td_err_set(
            err, TD_EDEPENDENCY, "no request was answered as expected%s%s",
            result->first_failure[0] ? ": " : "", result->first_failure);
    if (!result->valid)
        return td_err_set(err, TD_ENOISE, "the load is invalid: %s",
                          result->invalid_reason);
    return 0;
}

static int load_once(const struct td_load_options *o,
                     const struct td_load_setup *setup, const char *url,
                     struct td_progress_printer *printer, struct td_err *err)
{
    struct td_load_result result;
    struct td_load_report report = {url, o->requests ? NULL : o->method,
                                    &setup->plan, &result};
    double began_s = td_clock_wall_s() + (double)o->warmup_ns / 1e9;
    int rc;
    td_load_result_init(&result);
    rc = td_load_run(&setup->plan, NULL, tick, printer, &result, err);
    if (printer)
        td_progress_clear(printer);
    if (!rc) {
        print(&report, o->json);
        rc = write_files(o, &report, began_s, err);
    }
    if (!rc)
        rc = judge(&result, err);
    td_load_result_release(&result);
    return rc;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct td_load_options *o = values;
    struct td_progress_printer *printer;
    struct td_load_setup setup;
    int rc;
    if (args->count != 1)
        return td_err_set(err, TD_EUSAGE,
                          args->count ? "load takes one URL, found \"%s\" as "
                                        "well"
                                      : "load needs a URL, such as "
                                        "http://127.0.0.1:8080/%s",
                          args->count ? args->at[1] : "");
    if (td_load_options_check(o, app->argc - 2, app->argv + 2, err))
        return err->code;
    printer = printer_for(o);
    rc = td_load_setup_make(&setup, o, args->at[0], err);
    if (!rc) {
        catch_signals();
        rc = o->find_max ? td_find_max(o, &setup, args->at[0], tick, printer,
                                       &interrupted, err)
                         : load_once(o, &setup, args->at[0], printer, err);
    }
    td_load_setup_release(&setup);
    td_progress_free(printer);
    return rc;
}

const struct td_command td_cmd_load = {
    .name = "load",
    .args = "URL",
    .summary = "load an HTTP server and say how long it makes one wait",
    .details =
        "With --rate, requests are due by the clock: when the server stalls, "
        "they\nqueue, and their latency counts from the time they were due. "
        "--closed sends\nonly when an answer is there, which hides stalls; "
        "--find-max looks for the\nhighest rate that keeps an objective.  One "
        "of the three is needed: a rate\ncannot be guessed.  sent = answered "
        "+ failed + censored, always.\n"
        "\n"
        "--requests reads lines such as\n"
        "  3 POST /users body=\"{\\\"n\\\": 1}\" header=\"Accept: */*\" "
        "expect=201\n"
        "with the weight first (1 if left out); # begins a comment, names of "
        "files are\nrelative to the mix.  Requests are drawn by weight, from "
        "--seed.\n"
        "\n"
        "Loopback and this machine's addresses only, without --allow-remote.\n"
        "Ctrl-C ends the load and prints what there is; once more ends at "
        "once.\n"
        "Ends with 4 when the generator itself was late (the load is "
        "invalid) or the\nsearch found no clear answer, with 5 when no "
        "request was answered.",
    .options = td_load_option_table,
    .options_size = sizeof(struct td_load_options),
    .run = run,
};
