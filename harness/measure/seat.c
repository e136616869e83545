#include "measure/seat.h"

#include "base/clock.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static json_int_t now(void)
{
    return (json_int_t)td_clock_ns();
}

/* What PROTOCOL.md says that `setup` holds. */
static void setup_fields(const struct td_seat *seat, struct td_fields *out)
{
    const struct td_case_spec *spec = &seat->c->spec;
    const struct td_group *group = &seat->session->plan->groups[seat->c->group];
    td_fields_set(out, "workload", spec->workload->name);
    td_fields_set(out, "implementation", spec->implementation->name);
    td_fields_set(out, "entry", spec->entry);
    td_fields_set(out, "runtime", spec->runtime->name);
    td_fields_setf(out, "invocation", "%u", seat->invocation);
    /* An answer that was only agreed on is not passed on: each worker is to
     * find it by itself. */
    if (group->set.answer)
        td_fields_set(out, "answer", group->set.answer);
    for (size_t i = 0; i < group->set.params.count; i++) {
        char *name = td_xasprintf("p.%s", group->set.params.at[i].name);
        td_fields_set(out, name, group->set.params.at[i].value);
        free(name);
    }
}

/* Both sides of a pair get the same environment, chance parts included. */
static void set_environment(struct td_seat *seat,
                            const struct td_schedule *schedule)
{
    struct td_fields *env = &seat->c->launch.env;
    char padding[4097];
    size_t length = schedule->padding < sizeof padding ? schedule->padding
                                                       : sizeof padding - 1;
    memset(padding, 'x', length);
    padding[length] = '\0';
    td_fields_set(env, "TANDEM_PADDING", padding);
    td_fields_setf(env, "PYTHONHASHSEED", "%u", schedule->hashseed);
}

static json_t *known(uint64_t value)
{
    return value == UINT64_MAX ? json_null() : json_integer((json_int_t)value);
}

static json_t *usage_json(const struct td_usage *usage)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}", "hwm_bytes",
        known(usage->hwm_bytes), "maxrss_bytes", known(usage->maxrss_bytes),
        "pss_bytes", known(usage->pss_bytes), "user_ns", known(usage->user_ns),
        "system_ns", known(usage->system_ns), "minor_faults",
        known(usage->minor_faults), "major_faults", known(usage->major_faults),
        "voluntary_switches", known(usage->voluntary_switches),
        "involuntary_switches", known(usage->involuntary_switches),
        "exit_status", usage->exit_status, "signal", usage->signal);
}

/* Writes the `end` line and forgets the worker. */
static int note_end(struct td_seat *seat, const char *status,
                    const struct td_usage *usage, const struct td_err *why,
                    struct td_err *err)
{
    json_t *end = json_pack(
        "{s:s, s:I, s:I, s:I, s:s, s:s, s:b, s:o}", "type", "end", "ns", now(),
        "case", (json_int_t)seat->index, "invocation",
        (json_int_t)seat->invocation, "status", status, "answer",
        td_worker_answer(seat->worker), "wrong",
        (int)(why && why->code == TD_EANSWER), "usage", usage_json(usage));
    if (why) {
        json_object_set_new(end, "code", json_integer(why->code));
        json_object_set_new(end, "message", td_json_text(why->msg));
        json_object_set_new(end, "last_words",
                            td_json_text(td_worker_last_words(seat->worker)));
    }
    td_worker_free(seat->worker);
    seat->worker = NULL;
    return td_run_dir_note(seat->session->run, end, err);
}

static int drop_case(struct td_seat *seat, const char *message,
                     struct td_err *err)
{
    seat->c->dropped = true;
    return td_run_dir_note(seat->session->run,
                           json_pack("{s:s, s:I, s:I, s:o}", "type", "dropped",
                                     "ns", now(), "case",
                                     (json_int_t)seat->index, "message",
                                     td_json_text(message)),
                           err);
}

/* The worker failed: its invocation is lost, the run goes on. */
static int give_up(struct td_seat *seat, const struct td_err *why,
                   struct td_err *err)
{
    struct td_usage usage;
    struct td_err ignored = TD_ERR_INIT;
    bool wrong = why->code == TD_EANSWER;
    int rc;
    if (why->code == TD_EINTERRUPTED)
        return td_err_set(err, why->code, "%s", why->msg);
    seat->failed = true;
    seat->c->failures++;
    td_session_blame(seat->session, wrong);
    td_worker_finish(seat->worker, &usage, &ignored);
    rc = note_end(seat, "failed", &usage, why, err);
    if (!rc && (wrong || seat->c->failures >= 2))
        rc = drop_case(seat, why->msg, err);
    return rc;
}

/* Appends a batch's samples, then its journal line. */
static int record(struct td_seat *seat, size_t turn, uint64_t loops,
                  uint32_t flags, const struct td_batch *batch,
                  struct td_err *err)
{
    struct td_samples *file = &seat->session->run->samples[seat->index];
    uint64_t first = file->rows;
    struct td_sample rows[512];
    int rc = 0;
    for (uint64_t i = 0; !rc && i < batch->count;) {
        size_t n = 0;
        for (; n < 512 && i < batch->count; n++, i++) {
            uint64_t duration = batch->at[i].end_ns - batch->at[i].start_ns;
            rows[n] = (struct td_sample){seat->invocation,      seat->batch,
                                         batch->at[i].start_ns, duration,
                                         (uint32_t)loops,       flags};
            if (!flags)
                seat->sum_ns += (double)duration;
        }
        rc = td_samples_append(file, rows, n, err);
    }
    if (rc)
        return rc;
    if (!flags)
        seat->operations += batch->count * loops;
    return td_run_dir_note(
        seat->session->run,
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
                  "s:I, s:o, s:o}",
                  "type", "batch", "ns", now(), "case", (json_int_t)seat->index,
                  "invocation", (json_int_t)seat->invocation, "batch",
                  (json_int_t)seat->batch++, "turn", (json_int_t)turn, "first",
                  (json_int_t)first, "count", (json_int_t)batch->count, "loops",
                  (json_int_t)loops, "warm", (json_int_t)batch->warm,
                  "begin_ns", (json_int_t)batch->begin_ns, "end_ns",
                  (json_int_t)batch->end_ns, "cpu_ns",
                  batch->cpu_known ? json_integer((json_int_t)batch->cpu_ns)
                                   : json_null(),
                  "idle_cpu_ns", known(batch->idle_cpu_ns)),
        err);
}

static json_t *said_json(const struct td_fields *said)
{
    json_t *out = json_object();
    for (size_t i = 0; i < said->count; i++)
        json_object_set_new(out, said->at[i].name,
                            td_json_text(said->at[i].value));
    return out;
}

static int note_invocation(struct td_seat *seat, uint32_t pair,
                           uint64_t setup_ns, struct td_err *err)
{
    return td_run_dir_note(
        seat->session->run,
        json_pack("{s:s, s:I, s:I, s:I, s:I, s:i, s:o, s:o, s:I}", "type",
                  "invocation", "ns", now(), "case", (json_int_t)seat->index,
                  "pair", (json_int_t)pair, "invocation",
                  (json_int_t)seat->invocation, "pid",
                  td_worker_pid(seat->worker), "hello",
                  said_json(td_worker_hello(seat->worker)), "ready",
                  said_json(td_worker_ready(seat->worker)), "setup_ns",
                  (json_int_t)setup_ns),
        err);
}

/* Spawn and set-up; a failure here is the worker's. */
static int bring_up(struct td_seat *seat, uint64_t *setup_ns,
                    struct td_err *why)
{
    struct td_worker_limits limits;
    struct td_fields setup = TD_FIELDS_INIT;
    int rc;
    td_worker_limits_default(&limits);
    limits.batch_ns = seat->session->settings.batch_timeout_ns;
    limits.start_ns = seat->session->settings.start_timeout_ns;
    setup_fields(seat, &setup);
    rc = td_worker_start(seat->worker, seat->session->context->loop,
                         &seat->c->launch, &limits, why);
    if (!rc)
        rc = td_worker_setup(seat->worker, &setup, setup_ns, why);
    td_fields_release(&setup);
    return rc;
}

static int note_calibration(struct td_seat *seat, struct td_err *err)
{
    return td_run_dir_note(seat->session->run,
                           json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "type",
                                     "calibrated", "ns", now(), "case",
                                     (json_int_t)seat->index, "loops",
                                     (json_int_t)seat->c->loops, "count",
                                     (json_int_t)seat->c->count, "operation_ns",
                                     seat->c->operation_ns),
                           err);
}

static int first_iteration(struct td_seat *seat, struct td_err *err)
{
    struct td_batch_request one = {1, 1, 0, 0};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    double first_ns;
    int rc;
    if (td_worker_batch(seat->worker, &one, &batch, &why))
        return give_up(seat, &why, err);
    first_ns = (double)(batch.at[0].end_ns - batch.at[0].start_ns);
    rc = record(seat, 0, 1, TD_SAMPLE_FIRST, &batch, err);
    if (rc || seat->c->count)
        return rc;
    if (td_calibrate(seat, first_ns, &why))
        return give_up(seat, &why, err);
    return note_calibration(seat, err);
}

int td_seat_start(struct td_seat *seat, uint32_t pair,
                  const struct td_schedule *schedule, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    uint64_t setup_ns = 0;
    int rc, failed;
    seat->worker = td_worker_new();
    seat->invocation = seat->c->invocations++;
    set_environment(seat, schedule);
    failed = bring_up(seat, &setup_ns, &why);
    if (failed && why.code == TD_EINTERRUPTED)
        return td_err_set(err, why.code, "%s", why.msg);
    rc = note_invocation(seat, pair, setup_ns, err);
    if (rc)
        return rc;
    return failed ? give_up(seat, &why, err) : first_iteration(seat, err);
}

int td_seat_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    bool is_long = seat->c->operation_ns >= TD_LONG_OPERATION_NS;
    struct td_batch_request request = {seat->c->count, seat->c->loops,
                                       is_long ? 0 : 1,
                                       is_long ? 0 : TD_WARM_NS};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    if (td_worker_batch(seat->worker, &request, &batch, &why))
        return give_up(seat, &why, err);
    return record(seat, turn, request.loops, 0, &batch, err);
}

static int check_agreement(const struct td_seat *seat, struct td_err *why)
{
    const char *answer = td_worker_answer(seat->worker);
    const char *agreed = seat->session->plan->groups[seat->c->group].answer;
    if (!agreed || strcmp(answer, agreed) == 0)
        return 0;
    return td_err_set(why, TD_EANSWER,
                      "answered \"%.200s\" where others answered \"%.200s\"",
                      answer, agreed);
}

int td_seat_end(struct td_seat *seat, bool whole, struct td_err *err)
{
    struct td_usage usage;
    struct td_err why = TD_ERR_INIT;
    if (check_agreement(seat, &why))
        return give_up(seat, &why, err);
    if (td_worker_finish(seat->worker, &usage, &why))
        return give_up(seat, &why, err);
    seat->c->failures = 0;
    return note_end(seat, whole ? "ok" : "cut", &usage, NULL, err);
}
