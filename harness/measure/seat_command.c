/*
 * A command in a seat: a turn is a number of executions, each with a fresh
 * directory, the step before it, the process itself and the step after it.
 * Only the process is timed.
 *
 * Each execution is a process of its own, so there is no first iteration to
 * leave out: every one of a pair's executions counts, were it only one.  What
 * is left out are a case's very first one or two, which find out how many make
 * a turn, and find the page cache as it happens to be (TD_SAMPLE_WARM); of
 * commands of 5 s and more not even these.
 */
#include "measure/seat_journal.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"
#include "exec/execution.h"
#include "host/noise.h"
#include "measure/command_answer.h"
#include "plan/command_steps.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_EXECUTIONS = 1000, OUT_LIMIT = 1 << 20 };
/* Preparing may build or fetch what the command then needs. */
static const uint64_t STEP_NS = 600000000000;
/* Of such a command one execution a pair has to do. */
static const double LONG_COMMAND_NS = 1e9;
static const double SLOW_TO_REPEAT_NS = 5e9;

struct td_repetition {
    char *scratch; /* a directory of the seat's own; NULL = not made yet */
    char *fresh;   /* of each execution; NULL = not made yet */
    char *answer;  /* "" = nothing yet */
    struct td_buf words;
    struct td_interval at[MOST_EXECUTIONS];
    json_t *each;                /* of the turn: CPU time and RSS */
    uint64_t cpu_ns;             /* of the turn */
    uint64_t executions;         /* of the invocation */
    double rss_bytes;            /* sum of their peaks */
    uint64_t user_ns, system_ns; /* of all */
    size_t turns;                /* taken */
    bool failed;
};

static const struct td_set *set_of(const struct td_seat *seat)
{
    return &seat->session->plan->groups[seat->c->group].set;
}

static uint64_t timeout_ns(const struct td_seat *seat)
{
    uint64_t own = set_of(seat)->timeout_ns;
    return own ? own : seat->session->settings.batch_timeout_ns;
}

/* *out: absolute, since a command has another working directory. */
static int make_dir(const char *path, char **out, struct td_err *why)
{
    int rc = td_dir_make(path, why);
    if (!rc && !*out)
        *out = realpath(path, NULL);
    return rc || *out ? rc : td_err_sys(why, -errno, "cannot find %s", path);
}

static int bring_up(struct td_seat *seat, uint64_t *setup_ns,
                    struct td_err *why)
{
    struct td_repetition *own = td_xcalloc(1, sizeof *own);
    char *path = td_xasprintf("%s/scratch/%zu-%u", seat->session->run->path,
                              seat->index, seat->invocation);
    int rc;
    seat->repetition = own;
    own->answer = td_xstrdup("");
    *setup_ns = UINT64_MAX; /* nothing is set up */
    rc = make_dir(path, &own->scratch, why);
    free(path);
    return rc;
}

static void describe(const struct td_seat *seat, json_t *line)
{
    (void)seat;
    (void)line;
}

/* A step before or after an execution; nothing where there is none. */
static int step(struct td_seat *seat, const char *name,
                const struct td_launch *prepared, struct td_err *why)
{
    struct td_repetition *own = seat->repetition;
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_execution execution;
    struct td_execution_request request = {&launch, false, STEP_NS, 0};
    int rc;
    if (!prepared->program)
        return 0;
    td_command_launch(prepared, own->scratch, own->fresh, &launch);
    rc = td_execution_run(seat->session->context->loop, &request, &execution,
                          why);
    if (rc) {
        td_err_prefix(why, "%s: %s", name, launch.argv.at[0]);
        td_buf_clear(&own->words);
        td_buf_adds(&own->words, td_buf_str(&execution.words));
    }
    td_execution_release(&execution);
    td_launch_release(&launch);
    return rc;
}

static int take_answer(struct td_seat *seat, struct td_execution *execution,
                       struct td_err *why)
{
    struct td_repetition *own = seat->repetition;
    struct td_figures reported = TD_FIGURES_INIT;
    const char *wanted = set_of(seat)->answer;
    char *answer;
    int rc;
    if (execution->out_bytes > OUT_LIMIT)
        return td_err_set(why, TD_EWORKER,
                          "printed %" PRIu64 " bytes; an answer has at most %d",
                          execution->out_bytes, OUT_LIMIT);
    rc = td_command_answer(td_buf_str(&execution->out), execution->out.len,
                           &reported, &answer, why);
    if (!rc)
        rc = td_figures_mean(&seat->figures, &reported, why);
    td_figures_release(&reported);
    if (rc) {
        free(answer);
        return td_err_prefix(why, "command");
    }
    if (wanted && strcmp(wanted, TD_ANSWER_NONE) == 0) {
        free(answer);
        answer = td_xstrdup(TD_ANSWER_NONE);
    }
    if (own->answer[0] && strcmp(own->answer, answer) != 0)
        td_err_set(why, TD_EANSWER,
                   "answered \"%.200s\" after having answered \"%.200s\"",
                   answer, own->answer);
    free(own->answer);
    own->answer = answer;
    return why->code;
}

static void add_cost(struct td_repetition *own, const struct td_usage *usage)
{
    uint64_t cpu_ns = usage->user_ns + usage->system_ns;
    own->cpu_ns += cpu_ns;
    own->user_ns += usage->user_ns;
    own->system_ns += usage->system_ns;
    own->rss_bytes += (double)usage->maxrss_bytes;
    own->executions++;
    json_array_append_new(
        own->each, json_pack("{s:I, s:I}", "cpu_ns", (json_int_t)cpu_ns,
                             "maxrss_bytes", (json_int_t)usage->maxrss_bytes));
}

/* The process itself. */
static int run_timed(struct td_seat *seat, struct td_interval *timed,
                     struct td_err *why)
{
    struct td_repetition *own = seat->repetition;
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_execution execution;
    struct td_execution_request request = {
        &launch, set_of(seat)->until == TD_UNTIL_OUTPUT, timeout_ns(seat),
        OUT_LIMIT};
    int rc;
    td_command_launch(&seat->c->launch, own->scratch, own->fresh, &launch);
    rc = td_execution_run(seat->session->context->loop, &request, &execution,
                          why);
    if (rc)
        td_err_prefix(why, "command");
    else
        rc = take_answer(seat, &execution, why);
    if (!rc) {
        *timed = execution.timed;
        add_cost(own, &execution.usage);
    }
    td_buf_clear(&own->words);
    td_buf_adds(&own->words, td_buf_str(&execution.words));
    td_execution_release(&execution);
    td_launch_release(&launch);
    return rc;
}

/* One execution with all that belongs to it. */
static int execute(struct td_seat *seat, struct td_interval *timed,
                   struct td_err *why)
{
    struct td_repetition *own = seat->repetition;
    char *path = td_xasprintf("%s/fresh", own->scratch);
    struct td_err after = TD_ERR_INIT;
    int rc = make_dir(path, &own->fresh, why);
    if (!rc)
        rc = step(seat, "prepare", &seat->c->steps.prepare, why);
    if (!rc) {
        rc = run_timed(seat, timed, why);
        if (step(seat, "cleanup", &seat->c->steps.cleanup, &after) && !rc)
            rc = td_err_set(why, after.code, "%s", after.msg);
    }
    td_dir_remove(path);
    free(path);
    return rc;
}

static double took_ns(const struct td_repetition *own)
{
    return (double)(own->at[0].end_ns - own->at[0].start_ns);
}

/* Some executions as a batch; a failure ends the seat.  flags:
 * TD_SAMPLE_WARM for one that calibrates, unless it took so long that it is
 * its pair's turn as well. */
static int recorded(struct td_seat *seat, size_t turn, uint64_t count,
                    uint32_t flags, struct td_err *err)
{
    struct td_repetition *own = seat->repetition;
    struct td_batch batch = {.at = own->at,
                             .cpu_known = true,
                             .idle_cpu_ns = UINT64_MAX,
                             .gc_cycles = UINT64_MAX};
    struct td_err why = TD_ERR_INIT;
    uint64_t steal_ns = td_noise_steal_ns(td_noise_root());
    int rc = 0;
    own->each = json_array();
    own->cpu_ns = 0;
    batch.begin_ns = td_clock_ns();
    while (batch.count < count && !execute(seat, &own->at[batch.count], &why))
        batch.count++;
    batch.end_ns = td_clock_ns();
    batch.cpu_ns = own->cpu_ns;
    if (flags && batch.count && took_ns(own) >= SLOW_TO_REPEAT_NS) {
        flags = 0;
        own->turns++;
    }
    if (flags)
        td_figures_release(&seat->figures);
    memset(&seat->disturbance, 0xff, sizeof seat->disturbance);
    seat->disturbance.steal_ns =
        td_noise_growth(steal_ns, td_noise_steal_ns(td_noise_root()));
    if (batch.count)
        rc = td_seat_note_batch(seat, turn, 1, flags, &batch,
                                json_pack("{s:o}", "executions", own->each),
                                err);
    else
        json_decref(own->each);
    own->each = NULL;
    return rc || !why.code ? rc : td_seat_give_up(seat, &why, err);
}

/* How many executions make a turn, with all that lies around them. */
static void calibrate(struct td_seat *seat, double cycle_ns)
{
    const struct td_repetition *own = seat->repetition;
    uint64_t turn_ns = td_session_turn_ns(seat->session, seat->c->group);
    double count = round((double)turn_ns / cycle_ns);
    seat->c->loops = 1;
    seat->c->operation_ns = took_ns(own);
    seat->c->count = seat->session->settings.count
                         ? seat->session->settings.count
                         : (uint64_t)fmin(fmax(count, 1), MOST_EXECUTIONS);
    if (seat->c->count > MOST_EXECUTIONS)
        seat->c->count = MOST_EXECUTIONS;
}

/* The first of all is often slow for what it has to read from the disk; a
 * second one tells, unless that takes too long. */
static int begin(struct td_seat *seat, struct td_err *err)
{
    enum { TRIES = 2 };
    int rc = 0;
    if (seat->c->count)
        return 0;
    for (int i = 0; i < TRIES; i++) {
        uint64_t begin_ns = td_clock_ns();
        rc = recorded(seat, 0, 1, TD_SAMPLE_WARM, err);
        if (rc || seat->failed)
            return rc;
        calibrate(seat, (double)(td_clock_ns() - begin_ns));
        if (seat->c->operation_ns >= SLOW_TO_REPEAT_NS)
            break;
    }
    return td_seat_note_calibration(seat, err);
}

/* A long command has had its turn once it has had one; whose came first is
 * drawn for each pair all the same. */
static int take_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    uint64_t count = (seat->c->count + seat->cuts / 2) / seat->cuts;
    if (seat->c->operation_ns >= LONG_COMMAND_NS &&
        seat->repetition->turns++ > 0 && !seat->session->settings.repetitions)
        return 0;
    return recorded(seat, turn, count ? count : 1, 0, err);
}

static int no_pid(const struct td_seat *seat)
{
    (void)seat;
    return 0;
}

static const char *answer(const struct td_seat *seat)
{
    return seat->repetition ? seat->repetition->answer : "";
}

static void explain(const struct td_seat *seat, struct td_err *why)
{
    td_err_set(
        why, TD_EANSWER, "answered \"%.200s\" where others answered \"%.200s\"",
        answer(seat), seat->session->plan->groups[seat->c->group].answer);
}

static const char *last_words(const struct td_seat *seat)
{
    return seat->repetition ? td_buf_str(&seat->repetition->words) : "";
}

/* CPU time is of all executions, the peak resident set their mean. */
static int finish(struct td_seat *seat, struct td_usage *usage,
                  struct td_err *why)
{
    const struct td_repetition *own = seat->repetition;
    (void)why;
    memset(usage, 0xff, sizeof *usage);
    usage->signal = 0;
    if (!own || !own->executions)
        return 0;
    usage->user_ns = own->user_ns;
    usage->system_ns = own->system_ns;
    usage->maxrss_bytes = (uint64_t)(own->rss_bytes / (double)own->executions);
    usage->exit_status = 0;
    return 0;
}

/* The last one of a block takes the directory above with it. */
static void discard(struct td_seat *seat)
{
    struct td_repetition *own = seat->repetition;
    if (!own)
        return;
    if (own->scratch) {
        td_dir_remove(own->scratch);
        *strrchr(own->scratch, '/') = '\0';
        rmdir(own->scratch);
    }
    free(own->scratch);
    free(own->fresh);
    free(own->answer);
    td_buf_release(&own->words);
    free(own);
    seat->repetition = NULL;
}

const struct td_occupant td_occupant_command = {
    .bring_up = bring_up,
    .describe = describe,
    .begin = begin,
    .turn = take_turn,
    .pid = no_pid,
    .answer = answer,
    .explain = explain,
    .last_words = last_words,
    .finish = finish,
    .discard = discard,
};
