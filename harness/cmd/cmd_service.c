/* tandem service: what a service costs and how much it bears, in one table. */
#include "base/files.h"
#include "cmd/app.h"
#include "cmd/run_options.h"
#include "cmd/run_record.h"
#include "cmd/service_limit.h"
#include "cmd/service_measure.h"
#include "cmd/service_record.h"
#include "out/progress.h"
#include "out/report_service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double confidence = .95;

/* One `tandem service`, from options to tables. */
struct measuring {
    struct td_app *app;
    const struct td_service_options *options;
    struct td_run_options run; /* those of `tandem run` that hold here too */
    struct td_slo slo;
    struct td_search_options search;
    struct td_plan plan;
    struct td_placement placement, servers;
    struct td_session session;
    struct td_run_dir scratch; /* a path, and nothing else of a run */
    struct td_run_dir record;
    struct td_progress_printer *progress;
    bool shown;     /* trial by trial: to a terminal */
    bool can_group; /* a control group can limit memory */
    json_t *json;   /* an object a group */
    int worst;
};

static void on_prepare(void *to, const char *what)
{
    td_progress_note(to, "preparing", what);
}

static void on_tell(void *to, const char *text)
{
    td_progress_note(to, "service", text);
}

static int make_settings(struct measuring *m, struct td_err *err)
{
    const struct td_service_options *o = m->options;
    int rc = td_opt_defaults(td_run_option_table, &m->run, err);
    m->run.cpus = o->cpus ? td_xstrdup(o->cpus) : NULL;
    m->run.seed = o->seed ? td_xstrdup(o->seed) : NULL;
    m->run.timeout_ns = o->timeout_ns;
    if (!rc)
        rc = td_slo_parse(&m->slo, o->slo, err);
    if (!rc)
        rc = td_service_search_options(o, &m->search, err);
    if (!rc)
        rc = td_run_settings(&m->run, &m->session.settings, err);
    return rc;
}

/* What the workload's sets say of these is for this command to vary. */
static bool is_overruled(const char *param)
{
    return strcmp(param, "rate") == 0 || strcmp(param, "arrivals") == 0 ||
           strcmp(param, "memory") == 0;
}

/* Do all other parameters of a have the same values in b? */
static bool is_within(const struct td_fields *a, const struct td_fields *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const char *other = td_fields_get(b, a->at[i].name);
        if (!is_overruled(a->at[i].name) &&
            (!other || strcmp(other, a->at[i].value) != 0))
            return false;
    }
    return true;
}

/* Servers, and of sets that differ in these alone the first. */
static bool is_measured(const struct td_plan *plan, size_t g)
{
    const struct td_group *group = &plan->groups[g];
    const struct td_fields *params = &group->set.params;
    for (size_t i = 0; i < g; i++)
        if (plan->groups[i].workload == group->workload &&
            is_within(&plan->groups[i].set.params, params) &&
            is_within(params, &plan->groups[i].set.params))
            return false;
    return group->workload->kind == TD_WORKLOAD_SERVER;
}

static int make_plan(struct measuring *m, const struct td_strings *workloads,
                     struct td_err *err)
{
    const struct td_service_options *o = m->options;
    struct td_strings none = TD_STRINGS_INIT;
    struct td_choice choice = {.workloads = workloads,
                               .runtimes = &o->runtimes,
                               .implementations = &o->implementations,
                               .params = &o->params,
                               .revisions = &none};
    size_t servers = 0;
    int rc = 0;
    if (o->workloads)
        rc = td_app_set_workloads(m->app, o->workloads, err);
    if (!rc)
        rc = td_app_loop(m->app, err);
    if (!rc)
        rc = td_plan_make(&m->plan, &m->app->context, &choice, err);
    for (size_t g = 0; !rc && g < m->plan.ngroups; g++)
        servers += is_measured(&m->plan, g);
    if (!rc && !servers)
        rc = td_err_set(err, TD_EUSAGE,
                        "none of these workloads is a server: service "
                        "measures those with kind = server");
    if (!rc)
        rc = td_run_place(&m->run, &m->plan, &m->placement, &m->servers,
                          &m->session.settings, err);
    if (!rc)
        rc = td_plan_prepare(
            &m->plan, &m->app->context, m->session.settings.cpus,
            m->session.settings.server_cpus, on_prepare, m->progress, err);
    td_progress_clear(m->progress);
    return rc;
}

static void add_row(const struct measuring *m, struct td_service_job *job,
                    size_t index, bool limited)
{
    const struct td_case *c = &m->plan.cases[index];
    struct td_service_case *own = &job->cases[job->count];
    struct td_service_row *row = &job->rows[job->count];
    char *name = td_xasprintf("%s, %s", c->spec.implementation->name,
                              c->spec.runtime->name);
    *own = (struct td_service_case){
        .index = index, .row = (uint32_t)job->count, .c = *c};
    td_launch_copy(&own->c.launch, &c->launch);
    td_service_row_init(row, name);
    row->implementation = td_xstrdup(c->spec.implementation->name);
    row->runtime = td_xstrdup(c->spec.runtime->name);
    row->family = td_xstrdup(c->spec.runtime->family);
    row->memory_limit_bytes = td_service_limit_of(&m->plan.groups[c->group]);
    if (limited) {
        td_service_limit(own, m->options, m->can_group);
        row->memory_limit_bytes = m->options->memory_limit_bytes;
    }
    job->count++;
    free(name);
}

/* First all as they are, then all under the limit. */
static void add_rows(struct measuring *m, struct td_service_job *job,
                     const struct td_group *group)
{
    int rounds =
        m->options->memory_limit_bytes && !td_service_limit_of(group) ? 2 : 1;
    job->cases = td_xcalloc(2 * group->ncases + 1, sizeof *job->cases);
    job->rows = td_xcalloc(2 * group->ncases + 1, sizeof *job->rows);
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < group->ncases; i++)
            if (!m->plan.cases[group->first_case + i].problem)
                add_row(m, job, group->first_case + i, round == 1);
}

/* Those that cannot be prepared have a row that says so. */
static void add_problems(struct measuring *m, struct td_service_job *job,
                         const struct td_group *group)
{
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case *c = &m->plan.cases[group->first_case + i];
        size_t at = job->count;
        if (!c->problem)
            continue;
        add_row(m, job, group->first_case + i, false);
        td_service_lack(&job->rows[at], 0, TD_SERVICE_MEASURES - 1, c->problem);
        m->worst = m->worst ? m->worst : TD_EWORKER;
    }
}

static void release_job(struct td_service_job *job)
{
    for (size_t i = 0; i < job->count; i++) {
        td_launch_release(&job->cases[i].c.launch);
        td_service_row_release(&job->rows[i]);
    }
    free(job->cases);
    free(job->rows);
}

static void describe_conditions(const struct measuring *m, struct td_buf *out)
{
    const struct td_service_options *o = m->options;
    const char *where = m->session.settings.server_placement;
    td_buf_addf(out,
                "Trials and loads last %.3g s after %.3g s of warm-up; seed "
                "%" PRIu64 ".",
                (double)o->duration_ns / 1e9, (double)o->warmup_ns / 1e9,
                m->session.settings.seed);
    if (where)
        td_buf_addf(out, " CPUs: %s%s", where,
                    where[strlen(where) - 1] == '.' ? "" : ".");
}

static void print(struct measuring *m, const struct td_group *group,
                  struct td_service_job *job)
{
    struct td_buf text = TD_BUF_INIT, conditions = TD_BUF_INIT;
    char *title =
        td_xasprintf("%s, %s", group->workload->name, group->set.name);
    struct td_service_report report = {
        .title = title,
        .workload = group->workload->name,
        .set = group->set.name,
        .slo = m->options->slo,
        .low_rate = m->options->low_rate,
        .high_rate = m->options->high_rate,
        .confidence = confidence,
        .share = TD_SERVICE_SHARE,
        .rows = job->rows,
        .count = job->count,
    };
    describe_conditions(m, &conditions);
    report.conditions = td_buf_str(&conditions);
    for (size_t i = 0; i < job->count; i++)
        td_service_row_close(&job->rows[i], confidence);
    if (m->options->format == TD_SERVICE_TEXT)
        td_service_text(&report, &text);
    else if (m->options->format == TD_SERVICE_MARKDOWN)
        td_service_markdown(&report, &text);
    fputs(td_buf_str(&text), stdout);
    json_array_append_new(m->json, td_service_json(&report));
    td_buf_release(&conditions);
    td_buf_release(&text);
    free(title);
}

static int measure_group(struct measuring *m, const struct td_group *group,
                         struct td_err *err)
{
    struct td_service_job job = {.options = m->options,
                                 .slo = m->slo,
                                 .search = m->search,
                                 .session = &m->session,
                                 .tell = m->shown ? on_tell : NULL,
                                 .to = m->progress};
    int rc;
    add_rows(m, &job, group);
    rc = td_service_measure(&job, err);
    td_progress_clear(m->progress);
    if (job.worst == TD_EANSWER || !m->worst)
        m->worst = job.worst;
    add_problems(m, &job, group);
    print(m, group, &job);
    release_job(&job);
    return rc;
}

/* The JSON, to where else it is wanted; whatever was measured before. */
static int write_json(const struct measuring *m, struct td_err *err)
{
    char *text = json_dumps(m->json, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    struct td_buf out = TD_BUF_INIT;
    int rc = 0;
    td_buf_addf(&out, "%s\n", text);
    if (m->options->format == TD_SERVICE_JSON)
        fputs(td_buf_str(&out), stdout);
    if (m->options->out)
        rc = td_file_write_atomic(m->options->out, td_buf_str(&out), out.len,
                                  err);
    td_buf_release(&out);
    free(text);
    return rc;
}

/* Every group goes to the disk as soon as it is measured. */
static void measure_groups(struct measuring *m, struct td_err *stopped)
{
    for (size_t g = 0; !stopped->code && g < m->plan.ngroups; g++)
        if (is_measured(&m->plan, g)) {
            measure_group(m, &m->plan.groups[g], stopped);
            td_service_record_save(&m->record, m->json, stopped);
        }
}

/* On the disk, for what servers want to write. */
static int make_scratch(struct measuring *m, struct td_err *err)
{
    m->scratch.path = td_xasprintf("%s/service-%ld", m->app->context.cache_dir,
                                   (long)getpid());
    return td_dir_make(m->scratch.path, err);
}

static int begin(struct measuring *m, const struct td_strings *workloads,
                 struct td_err *err)
{
    int rc = make_settings(m, err);
    if (!rc)
        rc = make_plan(m, workloads, err);
    if (!rc)
        rc = make_scratch(m, err);
    if (rc)
        return rc;
    m->session.context = &m->app->context;
    m->session.plan = &m->plan;
    m->session.run = &m->scratch;
    m->can_group = m->options->memory_limit_bytes &&
                   td_service_can_group(m->app->context.loop,
                                        m->options->memory_limit_bytes);
    return td_service_record_begin(&m->record, m->app, m->options, &m->session,
                                   err);
}

static int carry_out(struct measuring *m, const struct td_strings *workloads,
                     struct td_err *err)
{
    struct td_err stopped = TD_ERR_INIT;
    int rc = begin(m, workloads, err);
    if (rc)
        return rc;
    measure_groups(m, &stopped);
    if (td_run_record_end(&m->record, stopped.code ? "interrupted" : "complete",
                          err) ||
        write_json(m, err))
        return err->code;
    if (m->options->format == TD_SERVICE_TEXT)
        printf("\nrun %s\n", m->record.id);
    if (stopped.code)
        return td_err_set(err, stopped.code, "%s", stopped.msg);
    if (m->worst)
        return td_err_set(err, m->worst,
                          m->worst == TD_EANSWER
                              ? "a server gave a wrong answer (see above)"
                              : "not every server could be measured (see "
                                "above)%s",
                          "");
    return 0;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    struct td_service_options options =
        *(const struct td_service_options *)values; /* which owns the rest */
    struct td_err ignored = TD_ERR_INIT;
    struct measuring m = {.app = app,
                          .options = &options,
                          .scratch = TD_RUN_DIR_INIT,
                          .record = TD_RUN_DIR_INIT};
    int rc;
    td_service_hasten(&options);
    m.json = json_array();
    m.progress = td_progress_new(stderr);
    m.shown = isatty(STDERR_FILENO) == 1;
    rc = carry_out(&m, args, err);
    if (m.scratch.path)
        td_dir_remove(m.scratch.path);
    free(m.scratch.path);
    td_run_dir_release(&m.record, &ignored);
    td_progress_free(m.progress);
    td_plan_release(&m.plan);
    td_placement_release(&m.placement);
    td_placement_release(&m.servers);
    td_opt_release(td_run_option_table, &m.run);
    json_decref(m.json);
    return rc;
}

const struct td_command td_cmd_service = {
    .name = "service",
    .args = "[WORKLOAD...]",
    .summary = "measure servers: highest rate, latency, CPU, memory, start",
    .details =
        "For every server workload (all, without a WORKLOAD; of sets that "
        "differ in\nrate or memory alone the first) and every implementation: "
        "the "
        "highest rate that keeps --slo, by a search that\n"
        "confirms its answer; then, in fresh servers that take turns, the "
        "time\n"
        "to the first answer, memory, latency at two fixed rates and at 80 %\n"
        "of the highest one, CPU time a request; and all of it once more "
        "under\n--memory-limit.  Each figure has its interval and the number "
        "of\ninvocations; where there is none, the reason is said.\n"
        "\n"
        "It takes about --trials x (--duration + --warmup) an implementation "
        "and\nlimit for the search, half of it where the limit is sharp.  "
        "Ctrl-C ends after\nthe load that is under way and prints what there "
        "is.",
    .options = td_service_option_table,
    .options_size = sizeof(struct td_service_options),
    .run = run,
};
