/* A worker in a seat: batches of the operation, asked for over its control
 * channel. */
#include "measure/seat_journal.h"

#include "base/json.h"
#include "exec/sample_buffer.h"

#include <math.h>
#include <stdlib.h>

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

static int bring_up(struct td_seat *seat, uint64_t *setup_ns,
                    struct td_err *why)
{
    struct td_worker_limits limits;
    struct td_fields setup = TD_FIELDS_INIT;
    int rc;
    seat->worker = td_worker_new();
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

static json_t *said_json(const struct td_fields *said)
{
    json_t *out = json_object();
    for (size_t i = 0; i < said->count; i++)
        json_object_set_new(out, said->at[i].name,
                            td_json_text(said->at[i].value));
    return out;
}

static void describe(const struct td_seat *seat, json_t *line)
{
    json_object_set_new(line, "hello",
                        said_json(td_worker_hello(seat->worker)));
    json_object_set_new(line, "ready",
                        said_json(td_worker_ready(seat->worker)));
}

static int watched_batch(struct td_seat *seat,
                         const struct td_batch_request *request,
                         struct td_batch *out, struct td_err *why)
{
    struct td_watch watch;
    int pid = td_worker_pid(seat->worker), rc;
    td_watch_begin(&watch, pid);
    rc = td_worker_batch(seat->worker, request, out, why);
    if (!rc)
        td_watch_end(&watch, pid, out, &seat->disturbance);
    return rc;
}

static int begin(struct td_seat *seat, struct td_err *err)
{
    struct td_batch_request one = {1, 1, 0, 0};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    double first_ns;
    int rc;
    if (watched_batch(seat, &one, &batch, &why))
        return td_seat_give_up(seat, &why, err);
    first_ns = (double)(batch.at[0].end_ns - batch.at[0].start_ns);
    rc = td_seat_note_batch(seat, 0, 1, TD_SAMPLE_FIRST, &batch, NULL, err);
    if (rc || seat->c->count)
        return rc;
    if (td_calibrate(seat, first_ns, &why))
        return td_seat_give_up(seat, &why, err);
    return td_seat_note_calibration(seat, err);
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
        return td_seat_give_up(seat, &why, err);
    took = batch.at[batch.count - 1].end_ns - batch.at[0].start_ns;
    request->warm = 0;
    request->warm_ns = took < TD_WARM_NS ? TD_WARM_NS - took : 0;
    return td_seat_note_batch(seat, turn, once.loops, TD_SAMPLE_WARM, &batch,
                              NULL, err);
}

static int take_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    bool is_long = seat->c->operation_ns >= TD_LONG_OPERATION_NS;
    uint64_t count = (seat->c->count + seat->cuts / 2) / seat->cuts;
    struct td_batch_request request = {count, seat->c->loops, is_long ? 0 : 1,
                                       is_long ? 0 : TD_WARM_NS};
    struct td_batch batch;
    struct td_err why = TD_ERR_INIT;
    int rc = 0;
    if (!seat->warmed && !is_long)
        rc = warm_up(seat, turn, &request, err);
    if (rc || seat->failed)
        return rc;
    if (watched_batch(seat, &request, &batch, &why))
        return td_seat_give_up(seat, &why, err);
    return td_seat_note_batch(seat, turn, request.loops, 0, &batch, NULL, err);
}

static int worker_pid(const struct td_seat *seat)
{
    return td_worker_pid(seat->worker);
}

static const char *answer(const struct td_seat *seat)
{
    return td_worker_answer(seat->worker);
}

static void explain(const struct td_seat *seat, struct td_err *why)
{
    td_err_set(
        why, TD_EANSWER, "answered \"%.200s\" where others answered \"%.200s\"",
        answer(seat), seat->session->plan->groups[seat->c->group].answer);
}

static const char *last_words(const struct td_seat *seat)
{
    return td_worker_last_words(seat->worker);
}

static int finish(struct td_seat *seat, struct td_usage *usage,
                  struct td_err *why)
{
    int rc = td_worker_finish(seat->worker, usage, why);
    if (!rc)
        td_figures_copy(&seat->figures, td_worker_figures(seat->worker));
    return rc;
}

static void discard(struct td_seat *seat)
{
    td_worker_free(seat->worker);
    seat->worker = NULL;
}

const struct td_occupant td_occupant_worker = {
    .bring_up = bring_up,
    .describe = describe,
    .begin = begin,
    .turn = take_turn,
    .pid = worker_pid,
    .answer = answer,
    .explain = explain,
    .last_words = last_words,
    .finish = finish,
    .discard = discard,
};
