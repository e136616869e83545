#include "cmd/find_max.h"

#include "base/files.h"
#include "out/report_find_max.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A server that was given too much has work left when the trial is over. */
#define REST_NS 500000000

enum { WHY_LEN = 256 };

/* A search under way. */
struct hunt {
    const struct td_load_options *options;
    struct td_load_setup *setup;
    td_load_tick_fn *tick;
    struct td_progress_printer *printer;
    const volatile sig_atomic_t *interrupted;
    struct td_search search;
    json_t *trials;
    uint64_t answered;
};

static void print(bool wanted, struct td_buf *text)
{
    if (wanted)
        fputs(td_buf_str(text), stdout);
    fflush(stdout);
    td_buf_release(text);
}

static void report(struct hunt *hunt, const struct td_trial_report *trial)
{
    struct td_buf text = TD_BUF_INIT;
    if (hunt->printer)
        td_progress_clear(hunt->printer);
    td_find_max_line(trial, &text);
    print(!hunt->options->json, &text);
    json_array_append_new(hunt->trials, td_find_max_trial_json(trial));
}

static void rest(void)
{
    struct timespec time = {0, REST_NS};
    nanosleep(&time, NULL);
}

/* TD_EDEPENDENCY: nobody there; more trials would not help. */
static int check(struct hunt *hunt, const struct td_load_result *result,
                 struct td_err *err)
{
    hunt->answered += result->answered;
    if (result->stopped || *hunt->interrupted)
        return td_err_set(err, TD_EINTERRUPTED,
                          "interrupted: the search is not at its end");
    if (!hunt->answered)
        return td_err_set(
            err, TD_EDEPENDENCY, "no request was answered as expected%s%s",
            result->first_failure[0] ? ": " : "", result->first_failure);
    return 0;
}

static int try_rate(struct hunt *hunt, double rate, struct td_err *err)
{
    struct td_load_plan plan = hunt->setup->plan;
    struct td_load_result result;
    char why[WHY_LEN] = "";
    struct td_trial_report trial = {json_array_size(hunt->trials) + 1, rate,
                                    TD_TRIAL_INVALID, why, &result};
    int rc;
    plan.rate = rate;
    plan.seed += trial.number;
    td_load_result_init(&result);
    rc = td_load_run(&plan, NULL, hunt->tick, hunt->printer, &result, err);
    if (!rc)
        rc = check(hunt, &result, err);
    if (!rc) {
        trial.outcome =
            td_slo_judge(&hunt->setup->slo, &result, why, sizeof why);
        report(hunt, &trial);
        td_search_tell(&hunt->search, trial.outcome);
    }
    td_load_result_release(&result);
    if (!rc && trial.outcome == TD_TRIAL_BROKE)
        rest();
    return rc;
}

static int judge_search(const struct td_search_result *result,
                        struct td_err *err)
{
    bool wanted = strcmp(result->why, "confirmed") == 0 ||
                  strcmp(result->why, "highest") == 0;
    if (result->found && result->conclusive && wanted)
        return 0;
    return td_err_set(err, TD_ENOISE, "the highest rate is not known: %s",
                      td_search_why_words(result->why));
}

static int write_trace(const char *path, const json_t *json, struct td_err *err)
{
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    struct td_buf out = TD_BUF_INIT;
    int rc;
    td_buf_addf(&out, "%s\n", text);
    rc = td_file_write_atomic(path, td_buf_str(&out), out.len, err);
    td_buf_release(&out);
    free(text);
    return rc;
}

/* Also of a search that was cut off: err may hold why. */
static int finish(struct hunt *hunt, const char *url,
                  const struct td_search_result *result, struct td_err *err)
{
    const struct td_load_options *o = hunt->options;
    struct td_buf text = TD_BUF_INIT;
    json_t *json =
        td_find_max_json(url, o->slo, &hunt->setup->plan, result, hunt->trials);
    int rc = 0;
    if (o->json) {
        json_dumpf(json, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
        putchar('\n');
    } else {
        td_find_max_text(result, &text);
        print(true, &text);
    }
    if (o->out)
        rc = write_trace(o->out, json, err);
    json_decref(json);
    return rc;
}

int td_find_max(const struct td_load_options *options,
                struct td_load_setup *setup, const char *url,
                td_load_tick_fn *tick, struct td_progress_printer *printer,
                const volatile sig_atomic_t *interrupted, struct td_err *err)
{
    struct hunt hunt = {.options = options,
                        .setup = setup,
                        .tick = tick,
                        .printer = printer,
                        .interrupted = interrupted,
                        .trials = json_array()};
    struct td_search_options limits = {
        .start = options->start,
        .highest = options->highest,
        .precision = options->precision,
        .repeats = (uint32_t)options->repeats,
        .most = (uint32_t)options->trials,
    };
    struct td_search_result result;
    struct td_buf text = TD_BUF_INIT;
    double rate;
    int rc = td_search_check(&limits, err);
    if (rc) {
        json_decref(hunt.trials);
        return rc;
    }
    td_search_init(&hunt.search, &limits);
    td_find_max_heading(url, options->slo, &setup->plan, &text);
    print(!options->json, &text);
    while (!rc && (rate = td_search_next(&hunt.search)) > 0)
        rc = try_rate(&hunt, rate, err);
    td_search_result(&hunt.search, &result);
    if (finish(&hunt, url, &result, err) && !rc)
        rc = err->code;
    if (!rc)
        rc = judge_search(&result, err);
    td_search_release(&hunt.search);
    return rc;
}
