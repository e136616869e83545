#include "measure/seat_journal.h"

#include "exec/sample_buffer.h"
#include "host/noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* The worker has ended; it is forgotten. */
static int end(struct td_seat *seat, const char *status,
               const struct td_usage *usage, const struct td_err *why,
               struct td_err *err)
{
    int rc = td_seat_note_end(seat, status, usage, why, err);
    td_worker_free(seat->worker);
    seat->worker = NULL;
    return rc ? rc
              : td_seat_note_noise(seat, "after", &seat->noise_after,
                                   &seat->process, err);
}

static int drop_case(struct td_seat *seat, const char *message,
                     struct td_err *err)
{
    seat->c->dropped = true;
    return td_seat_note_dropped(seat, message, err);
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
    rc = end(seat, "failed", &usage, why, err);
    if (!rc && (wrong || seat->c->failures >= 2))
        rc = drop_case(seat, why->msg, err);
    return rc;
}

static int watched_batch(struct td_seat *seat,
                         const struct td_batch_request *request,
                         struct td_batch *out, struct td_err *why)
{
    struct td_watch watch;
    int rc;
    td_watch_begin(&watch, seat->worker);
    rc = td_worker_batch(seat->worker, request, out, why);
    if (!rc)
        td_watch_end(&watch, seat->worker, out, &seat->disturbance);
    return rc;
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

static int first_iteration(struct td_seat *seat, struct td_err *err)
{
    struct td_batch_request one = {1, 1, 0, 0};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    double first_ns;
    int rc;
    if (watched_batch(seat, &one, &batch, &why))
        return give_up(seat, &why, err);
    first_ns = (double)(batch.at[0].end_ns - batch.at[0].start_ns);
    rc = td_seat_note_batch(seat, 0, 1, TD_SAMPLE_FIRST, &batch, err);
    if (rc || seat->c->count)
        return rc;
    if (td_calibrate(seat, first_ns, &why))
        return give_up(seat, &why, err);
    return td_seat_note_calibration(seat, err);
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
    memset(&seat->process, 0xff, sizeof seat->process);
    rc = td_seat_note_noise(seat, "before", &seat->noise_before, NULL, err);
    if (rc)
        return rc;
    failed = bring_up(seat, &setup_ns, &why);
    if (failed && why.code == TD_EINTERRUPTED)
        return td_err_set(err, why.code, "%s", why.msg);
    rc = td_seat_note_invocation(seat, pair, setup_ns, err);
    if (rc)
        return rc;
    return failed ? give_up(seat, &why, err) : first_iteration(seat, err);
}

/*
 * The first turn's warming up is recorded: it is where compilers work.  What
 * the recorded samples took is taken off `request`.
 */
static int warm_up(struct td_seat *seat, size_t turn,
                   struct td_batch_request *request, struct td_err *err)
{
    double sample_ns = seat->c->operation_ns * (double)seat->c->loops;
    uint64_t count = (uint64_t)(TD_WARM_NS / fmax(sample_ns, 1)) + 1, took;
    struct td_batch_request once = {
        count < TD_SAMPLE_CAPACITY ? count : TD_SAMPLE_CAPACITY, seat->c->loops,
        0, 0};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    seat->warmed = true;
    if (watched_batch(seat, &once, &batch, &why))
        return give_up(seat, &why, err);
    took = batch.at[batch.count - 1].end_ns - batch.at[0].start_ns;
    request->warm = 0;
    request->warm_ns = took < TD_WARM_NS ? TD_WARM_NS - took : 0;
    return td_seat_note_batch(seat, turn, once.loops, TD_SAMPLE_WARM, &batch,
                              err);
}

int td_seat_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    bool is_long = seat->c->operation_ns >= TD_LONG_OPERATION_NS;
    struct td_batch_request request = {seat->c->count, seat->c->loops,
                                       is_long ? 0 : 1,
                                       is_long ? 0 : TD_WARM_NS};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    int rc = 0;
    if (!seat->warmed && !is_long)
        rc = warm_up(seat, turn, &request, err);
    if (rc || seat->failed)
        return rc;
    if (watched_batch(seat, &request, &batch, &why))
        return give_up(seat, &why, err);
    return td_seat_note_batch(seat, turn, request.loops, 0, &batch, err);
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
    td_process_noise_read(td_noise_root(), td_worker_pid(seat->worker),
                          &seat->process);
    if (check_agreement(seat, &why))
        return give_up(seat, &why, err);
    if (td_worker_finish(seat->worker, &usage, &why))
        return give_up(seat, &why, err);
    seat->c->failures = 0;
    return end(seat, whole ? "ok" : "cut", &usage, NULL, err);
}

void td_seats_free(struct td_seat *seats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        td_worker_free(seats[i].worker);
        json_decref(seats[i].noise_before);
        json_decref(seats[i].noise_after);
    }
    free(seats);
}
