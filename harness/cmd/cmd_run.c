#include "base/clock.h"
#include "base/json.h"
#include "cmd/app.h"
#include "cmd/dry_run.h"
#include "cmd/run_options.h"
#include "cmd/run_record.h"
#include "out/progress.h"
#include "out/report.h"
#include "summary/run_gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One `tandem run`, from options to table. */
struct job {
    struct td_app *app;
    struct td_run_options options; /* a resumed run: its old ones */
    struct td_strings workloads;
    const char *results_dir;
    struct td_plan plan;
    struct td_placement placement, servers;
    struct td_run_dir run;
    struct td_session session;
    struct td_progress_printer *progress;
    struct td_err gate; /* what --gate says */
};

static void on_event(void *to, const struct td_event *event)
{
    td_progress_update(to, event);
}

static void on_prepare(void *to, const char *what)
{
    td_progress_note(to, "preparing", what);
}

static int make_plan(struct job *job, struct td_err *err)
{
    struct td_choice choice = {&job->workloads,
                               &job->options.runtimes,
                               &job->options.implementations,
                               &job->options.params,
                               job->options.suite,
                               job->options.reference,
                               &job->options.revisions,
                               job->options.cross_check};
    int rc = 0;
    if (job->options.workloads)
        rc = td_app_set_workloads(job->app, job->options.workloads, err);
    if (!rc)
        rc = td_app_loop(job->app, err);
    if (!rc)
        rc = td_plan_make(&job->plan, &job->app->context, &choice, err);
    return rc;
}

/* A run goes on where it was, not on other CPUs of another machine. */
static int place(struct job *job, struct td_err *err)
{
    const json_t *before = json_object_get(job->run.manifest, "settings");
    const char *old = td_json_str(before, "cpus", "all");
    const char *now;
    int rc = td_run_place(&job->options, &job->plan, &job->placement,
                          &job->servers, &job->session.settings, err);
    now = job->placement.workers ? job->placement.workers : "all";
    if (!rc && before && strcmp(old, now) != 0)
        rc = td_err_set(err, TD_EUSAGE,
                        "%s ran its workers on CPU %s, now it would be %s: "
                        "start a new run",
                        job->run.id, old, now);
    return rc;
}

static int prepare(struct job *job, struct td_err *err)
{
    int rc = td_plan_prepare(
        &job->plan, &job->app->context, job->session.settings.cpus,
        job->session.settings.server_cpus, on_prepare, job->progress, err);
    td_progress_clear(job->progress);
    return rc;
}

static int create_run(struct job *job, struct td_err *err)
{
    json_t *manifest =
        td_manifest_make(&job->plan, &job->session.settings, job->app->argc,
                         job->app->argv, job->session.clock_pair_ns);
    td_run_record_begin(manifest);
    return td_run_dir_create(&job->run, job->results_dir, manifest,
                             job->plan.ncases, err);
}

/* A run goes on as it began: other options would be overruled in silence. */
static int refuse_options(const struct td_app *app, struct td_err *err)
{
    static const char *const fine[] = {"--resume", "--out", "--format"};
    enum { FINE = sizeof fine / sizeof fine[0] };
    for (int i = 2; i < app->argc; i++) {
        const char *word = app->argv[i];
        size_t len = strcspn(word, "="), k = 0;
        while (k < FINE &&
               (strlen(fine[k]) != len || strncmp(fine[k], word, len)))
            k++;
        if (k == FINE)
            return td_err_set(err, TD_EUSAGE,
                              "--resume goes on as the run began: leave out "
                              "\"%s\"",
                              word);
        i += word[len] != '=';
    }
    return 0;
}

/* Takes over the command line that the run was started with. */
static int recall_options(struct job *job, struct td_err *err)
{
    const json_t *command = json_object_get(job->run.manifest, "command");
    size_t n = json_array_size(command), i;
    struct td_strings words = TD_STRINGS_INIT;
    int rc, format = job->options.format;
    for (i = 2; i < n; i++)
        td_strings_add(&words, json_string_value(json_array_get(command, i)));
    td_opt_release(td_run_option_table, &job->options);
    td_strings_release(&job->workloads);
    memset(&job->options, 0, sizeof job->options);
    rc = td_opt_defaults(td_run_option_table, &job->options, err);
    if (!rc)
        rc = td_opt_parse(td_run_option_table, &job->options, (int)words.count,
                          words.at, &job->workloads, err);
    td_run_join_sweeps(&job->options.params);
    job->options.format = format;
    job->results_dir = job->app->results_dir;
    free(job->options.seed);
    job->options.seed = td_xstrdup(td_json_str(job->run.manifest, "seed", "0"));
    td_strings_release(&words);
    return rc;
}

/* The same number of objects, with the same values under these keys. */
static int check_same(struct job *job, const json_t *now, const char *list,
                      const char *const *keys, struct td_err *err)
{
    const json_t *old = json_object_get(job->run.manifest, list);
    const json_t *fresh = json_object_get(now, list);
    size_t count = json_array_size(old);
    if (count != json_array_size(fresh))
        return td_err_set(err, TD_EUSAGE,
                          "%s had %zu %s, now there are %zu: the workloads or "
                          "runtimes have changed; start a new run",
                          job->run.id, count, list, json_array_size(fresh));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; keys[k]; k++)
            if (!json_equal(json_object_get(json_array_get(old, i), keys[k]),
                            json_object_get(json_array_get(fresh, i), keys[k])))
                return td_err_set(err, TD_EUSAGE,
                                  "%s: %s %zu: %s changed since; start a new "
                                  "run",
                                  job->run.id, list, i, keys[k]);
    return 0;
}

/* A run may only go on with the very same cases. */
static int check_same_cases(struct job *job, struct td_err *err)
{
    static const char *const of_group[] = {"workload", "set", "params",
                                           "answer", NULL};
    static const char *const of_case[] = {"runtime", "implementation", "entry",
                                          "hashes", NULL};
    json_t *now =
        td_manifest_make(&job->plan, &job->session.settings, 0, NULL, 0);
    int rc = check_same(job, now, "groups", of_group, err);
    if (!rc)
        rc = check_same(job, now, "cases", of_case, err);
    json_decref(now);
    return rc;
}

static int resume_run(struct job *job, struct td_err *err)
{
    json_t *command = json_array();
    int rc = check_same_cases(job, err);
    for (int i = 0; i < job->app->argc; i++)
        json_array_append_new(command, td_json_text(job->app->argv[i]));
    if (!rc)
        rc = td_run_dir_reopen(&job->run, err);
    if (!rc)
        rc = td_session_resume(&job->session, err);
    if (!rc)
        rc = td_run_dir_note(&job->run,
                             json_pack("{s:s, s:I, s:O}", "type", "resume",
                                       "ns", (json_int_t)td_clock_ns(),
                                       "command", command),
                             err);
    json_decref(command);
    return rc;
}

static int report(struct job *job, struct td_err *err)
{
    struct td_summary summary;
    int rc;
    memset(&summary, 0, sizeof summary);
    rc = td_summary_make_as(
        &summary, &job->run,
        &(struct td_summary_options){.whole = !job->options.truncate}, err);
    if (!rc)
        rc = td_summary_save(&summary, &job->run, err);
    if (!rc)
        rc = td_report(&summary, (enum td_format)job->options.format, stdout,
                       err);
    if (!rc && job->options.gate)
        td_run_gate(&summary, &job->gate);
    td_summary_release(&summary);
    return rc;
}

static int measure(struct job *job, struct td_err *err)
{
    struct td_err stopped = TD_ERR_INIT;
    int rc = td_placement_pin(job->placement.harness, err);
    if (rc)
        return rc;
    rc = td_session_run(&job->session, &stopped);
    td_progress_clear(job->progress);
    if (rc && rc != TD_EINTERRUPTED)
        return td_err_set(err, rc, "%s", stopped.msg);
    if (td_run_record_end(&job->run, rc ? "interrupted" : "complete", err) ||
        report(job, err))
        return err->code;
    if (rc)
        return td_err_set(err, rc, "%s", stopped.msg);
    if (job->session.worst == TD_EANSWER)
        return td_err_set(err, TD_EANSWER,
                          "a runtime returned a wrong answer (see above)");
    if (job->session.worst)
        return td_err_set(err, job->session.worst,
                          "not every case could be measured (see above)");
    if (job->gate.code)
        return td_err_set(err, job->gate.code, "%s", job->gate.msg);
    return 0;
}

/* Cases that could not be prepared count as failures, but are no reason to
 * stop. */
static void count_problems(struct job *job)
{
    for (size_t i = 0; i < job->plan.ncases; i++)
        if (job->plan.cases[i].problem)
            td_session_blame(&job->session, false);
}

static int carry_out(struct job *job, struct td_err *err)
{
    int rc = 0;
    if (job->options.resume) {
        rc = refuse_options(job->app, err);
        if (!rc)
            rc = td_run_dir_open(&job->run, job->results_dir,
                                 job->options.resume, err);
        if (!rc)
            rc = td_run_dir_expect(&job->run, TD_RUN_KIND, err);
        if (!rc)
            rc = recall_options(job, err);
    }
    if (!rc)
        rc = td_run_settings(&job->options, &job->session.settings, err);
    if (!rc && job->options.gate && !job->options.revisions.count)
        rc = td_err_set(err, TD_EUSAGE,
                        "--gate judges revisions: give --revision OLD,NEW");
    if (!rc && job->options.cross_check && job->options.revisions.count)
        rc = td_err_set(err, TD_EUSAGE,
                        "--cross-check is about runtimes, --revision about "
                        "sources: give one of them");
    if (!rc)
        rc = make_plan(job, err);
    if (!rc)
        rc = place(job, err);
    if (!rc && job->options.dry_run)
        return td_dry_run(&job->plan, &job->session.settings, stdout);
    if (!rc)
        rc = prepare(job, err);
    if (rc)
        return rc;
    job->session.context = &job->app->context;
    job->session.plan = &job->plan;
    job->session.run = &job->run;
    job->session.tell = on_event;
    job->session.to = job->progress;
    td_session_init(&job->session);
    count_problems(job);
    rc = job->run.path ? resume_run(job, err) : create_run(job, err);
    return rc ? rc : measure(job, err);
}

static int run(struct td_app *app, const void *given,
               const struct td_strings *args, struct td_err *err)
{
    struct job job = {.app = app, .run = TD_RUN_DIR_INIT};
    struct td_err ignored = TD_ERR_INIT;
    int rc;
    (void)given;
    (void)args;
    /* Parsed again into a copy of its own, which a resumed run replaces. */
    rc = td_opt_defaults(td_run_option_table, &job.options, err);
    if (!rc)
        rc = td_opt_parse(td_run_option_table, &job.options, app->argc - 2,
                          app->argv + 2, &job.workloads, err);
    td_run_join_sweeps(&job.options.params);
    job.results_dir = job.options.out ? job.options.out : app->results_dir;
    job.progress = td_progress_new(stderr);
    if (!rc)
        rc = carry_out(&job, err);
    td_progress_free(job.progress);
    td_session_release(&job.session);
    td_run_dir_release(&job.run, &ignored);
    td_plan_release(&job.plan);
    td_placement_release(&job.placement);
    td_placement_release(&job.servers);
    td_strings_release(&job.workloads);
    td_opt_release(td_run_option_table, &job.options);
    return rc;
}

const struct td_command td_cmd_run = {
    .name = "run",
    .args = "[WORKLOAD...]",
    .summary = "measure workloads in several runtimes, taking turns",
    .details =
        "Without a WORKLOAD all are measured (`tandem list` names them).\n"
        "Every figure goes to a run directory, from which `tandem show` makes\n"
        "the tables again.  Ctrl-C once ends after the batch and keeps\n"
        "everything; --resume goes on.",
    .options = td_run_option_table,
    .options_size = sizeof(struct td_run_options),
    .run = run,
};
