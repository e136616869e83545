#include "measure/own_tool.h"

#include "base/clock.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

enum { OUTPUT_LIMIT = 65536, WORDS_LIMIT = 300 };

/* One call of one tool. */
struct call {
    struct td_session *session;
    const struct td_case *c;
    uint32_t pair;
    uint64_t iterations;
    uint64_t begin_ns, end_ns;
    double ns; /* of one operation */
};

/* The default implementation speaks for its runtime; where it was not chosen,
 * the first one. */
static bool speaks_for_runtime(const struct td_plan *plan,
                               const struct td_group *group,
                               const struct td_case *c)
{
    const char *wanted = group->workload->default_implementation;
    const struct td_case *first = NULL;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case *other = &plan->cases[group->first_case + i];
        if (other->spec.runtime != c->spec.runtime)
            continue;
        if (strcmp(other->spec.implementation->name, wanted) == 0)
            return other == c;
        if (!first)
            first = other;
    }
    return first == c;
}

static bool has_tool(const struct td_plan *plan, const struct td_group *group,
                     const struct td_case *c)
{
    const struct td_runtime *runtime = c->spec.runtime;
    return !c->problem && !c->dropped && c->loops && c->count &&
           runtime->driver->own_tool && !runtime->twin &&
           c->spec.workload->kind == TD_WORKLOAD_FUNCTION &&
           (!runtime->hosting || strcmp(runtime->hosting, "stock") == 0) &&
           speaks_for_runtime(plan, group, c);
}

/* The same environment as the pair's workers, chance parts included. */
static void set_environment(const struct call *call, struct td_launch *launch)
{
    struct td_schedule schedule;
    char *padding;
    td_schedule_make(&schedule, call->session->settings.seed,
                     (uint32_t)call->c->group, call->pair, 1, 1);
    padding = td_xmalloc(schedule.padding + 1);
    memset(padding, 'x', schedule.padding);
    padding[schedule.padding] = '\0';
    td_fields_set(&launch->env, "TANDEM_PADDING", padding);
    td_fields_setf(&launch->env, "PYTHONHASHSEED", "%u", schedule.hashseed);
    td_schedule_release(&schedule);
    free(padding);
}

static void make_launch(const struct call *call, struct td_launch *launch)
{
    const struct td_session *session = call->session;
    const struct td_case *c = call->c;
    c->spec.runtime->driver->own_tool->launch(
        session->context, &c->spec, &c->launch,
        &session->plan->groups[c->group].set.params, call->iterations, launch);
    launch->cpus = c->launch.cpus ? td_xstrdup(c->launch.cpus) : NULL;
    set_environment(call, launch);
}

/* The end of what it said, on one line; Go's benchmarks complain on stdout. */
static char *last_words(const struct td_child_result *said)
{
    const struct td_buf *from = said->err.len ? &said->err : &said->out;
    const char *text = td_buf_str(from);
    size_t len = from->len;
    struct td_buf line = TD_BUF_INIT;
    while (len && strchr("\n ", text[len - 1]))
        len--;
    for (size_t i = len > WORDS_LIMIT ? len - WORDS_LIMIT : 0; i < len; i++)
        if (text[i] == '\n')
            td_buf_adds(&line, " / ");
        else
            td_buf_addc(&line, text[i]);
    return td_buf_detach(&line);
}

static int judge(struct call *call, const struct td_child_result *said,
                 struct td_err *why)
{
    const struct td_own_tool *tool = call->c->spec.runtime->driver->own_tool;
    char *words;
    if (!said->signal && said->exit_status == 0)
        return tool->figure(td_buf_str(&said->out), call->iterations, &call->ns,
                            why);
    words = last_words(said);
    if (said->signal)
        td_err_set(why, TD_EWORKER, "%s was killed by signal %d: %s",
                   tool->name, said->signal, words);
    else
        td_err_set(why, TD_EWORKER, "%s ended with status %d: %s", tool->name,
                   said->exit_status, words);
    free(words);
    return why->code;
}

/* Of a worker in a pair, before they were cut. */
static uint64_t turns(const struct td_settings *settings)
{
    return 2 * (settings->repetitions ? settings->repetitions : 1);
}

static int carry_out(struct call *call, struct td_err *why)
{
    const struct td_settings *settings = &call->session->settings;
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result said;
    uint64_t limit_ns = settings->start_timeout_ns +
                        turns(settings) * settings->batch_timeout_ns;
    int rc;
    make_launch(call, &launch);
    call->begin_ns = td_clock_ns();
    rc = td_child_run(call->session->context->loop, &launch, limit_ns,
                      OUTPUT_LIMIT, &said, why);
    call->end_ns = td_clock_ns();
    if (!rc)
        rc = judge(call, &said, why);
    td_child_result_release(&said);
    td_launch_release(&launch);
    return rc;
}

static int note(const struct call *call, const struct td_err *why,
                struct td_err *err)
{
    const struct td_session *session = call->session;
    json_t *record = json_pack(
        "{s:s, s:I, s:I, s:I, s:s, s:I, s:I, s:I}", "type", "own", "ns",
        (json_int_t)td_clock_ns(), "case",
        (json_int_t)(call->c - session->plan->cases), "pair",
        (json_int_t)call->pair, "tool",
        call->c->spec.runtime->driver->own_tool->name, "iterations",
        (json_int_t)call->iterations, "begin_ns", (json_int_t)call->begin_ns,
        "end_ns", (json_int_t)call->end_ns);
    if (why->code)
        json_object_set_new(record, "message", td_json_text(why->msg));
    else
        json_object_set_new(record, "ns_per_op", json_real(call->ns));
    return td_run_dir_note(session->run, record, err);
}

/* An interruption is seen by whoever asks next. */
static int run_one(struct td_session *session, const struct td_case *c,
                   uint32_t pair, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    struct call call = {
        .session = session,
        .c = c,
        .pair = pair,
        .iterations = turns(&session->settings) * c->count * c->loops,
    };
    if (carry_out(&call, &why) == TD_EINTERRUPTED)
        return 0;
    return note(&call, &why, err);
}

int td_own_tools_run(struct td_session *session, size_t group, uint32_t pair,
                     enum td_own_tool_when when, struct td_err *err)
{
    const struct td_plan *plan = session->plan;
    const struct td_group *g = &plan->groups[group];
    bool after = pair % 2 == 0;
    int rc = 0;
    if (!session->settings.cross_check || g->is_reference ||
        after != (when == TD_OWN_AFTER_BLOCK))
        return 0;
    for (size_t i = 0; !rc && i < g->ncases; i++) {
        const struct td_case *c = &plan->cases[g->first_case + i];
        if (td_loop_interrupts(session->context->loop))
            break;
        if (has_tool(plan, g, c))
            rc = run_one(session, c, pair, err);
    }
    return rc;
}
