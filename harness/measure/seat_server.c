#include "measure/seat_server.h"

#include "base/files.h"
#include "base/json.h"
#include "measure/load_samples.h"
#include "measure/seat_journal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t QUIT_NS = 10000000000; /* from SIGTERM to the end */

static void describe(const struct td_seat *seat, json_t *line)
{
    const struct td_stand *stand = seat->stand;
    const char *memory_by =
        stand->server ? td_server_memory_by(stand->server) : NULL;
    json_object_set_new(
        line, "server",
        json_pack("{s:i, s:o, s:o, s:I, s:I, s:s?}", "port", (int)stand->port,
                  "idle_rss_bytes", td_json_known(stand->idle.rss_bytes),
                  "idle_pss_bytes", td_json_known(stand->idle.pss_bytes),
                  "processes", (json_int_t)stand->idle.processes, "threads",
                  (json_int_t)stand->idle.threads, "memory_by", memory_by));
}

static bool is_open_loop(const struct td_seat *seat)
{
    return seat->stand->load.rate > 0;
}

/* Both sides of a pair get the same stream of requests, each stint another. */
static uint64_t stint_seed(const struct td_seat *seat)
{
    return seat->session->settings.seed +
           UINT64_C(0x9e3779b97f4a7c15) * (seat->pair * 64u + seat->batch + 1);
}

/* *loops: answers a sample. */
static struct td_batch batch_of(const struct td_seat *seat,
                                struct td_stint_result *result, uint64_t *loops)
{
    struct td_stand *stand = seat->stand;
    struct td_load_samples *samples = &result->samples;
    struct td_batch batch = {
        .at = stand->interval,
        .begin_ns = result->begin_ns,
        .end_ns = result->end_ns,
        .cpu_ns = result->cpu_ns,
        .cpu_known = result->cpu_ns != UINT64_MAX,
        .idle_cpu_ns = result->idle_cpu_ns,
        .gc_cycles = UINT64_MAX,
    };
    *loops = seat->c->loops;
    if (is_open_loop(seat)) {
        batch.count = td_samples_of_requests(samples->at, samples->count,
                                             stand->interval);
    } else {
        /* Of few answers one sample. */
        if (samples->count > 1 && samples->count <= *loops)
            *loops = samples->count - 1;
        batch.count = td_samples_of_windows(samples->at, samples->count, *loops,
                                            stand->interval);
    }
    /* CPU time is of all requests, samples may leave some over. */
    if (batch.cpu_known && samples->count)
        batch.cpu_ns =
            (uint64_t)((double)batch.cpu_ns * (double)(batch.count * *loops) /
                       (double)samples->count);
    return batch;
}

static json_t *stint_json(const struct td_stint_result *result)
{
    json_t *load = td_load_result_json(&result->load);
    const struct td_server_state *state = &result->state;
    json_object_set_new(load, "server_cpu_ns", td_json_known(result->cpu_ns));
    json_object_set_new(load, "rss_bytes", td_json_known(state->rss_bytes));
    json_object_set_new(load, "pss_bytes", td_json_known(state->pss_bytes));
    json_object_set_new(load, "processes", json_integer(state->processes));
    json_object_set_new(load, "threads", json_integer(state->threads));
    return json_pack("{s:I, s:o}", "span_ns",
                     (json_int_t)llround(result->load.measured_s * 1e9), "load",
                     load);
}

/* A stint, recorded; a failure ends the seat. */
static int recorded_stint(struct td_seat *seat, size_t turn, uint32_t kind,
                          const struct td_stint *stint, struct td_err *err)
{
    struct td_stint_result result;
    struct td_err why = TD_ERR_INIT;
    struct td_batch batch;
    uint64_t loops;
    int rc = 0;
    if (!td_stand_stint(seat, stint, &result, &why)) {
        batch = batch_of(seat, &result, &loops);
        rc = td_seat_note_batch(seat, turn, loops, kind, &batch,
                                stint_json(&result), err);
        td_stint_judge(&result, &why);
        if (!why.code && !batch.count)
            td_err_set(&why, TD_EWORKER,
                       "under load too few answers came for one sample");
    }
    td_stint_result_release(&result);
    return rc || !why.code ? rc : td_seat_give_up(seat, &why, err);
}

/* How fast it is.  A slow one is looked at for longer: in a short time all
 * connections may wait for their answers. */
static int look(struct td_seat *seat, uint64_t duration_ns,
                double *operation_ns, struct td_err *why)
{
    enum { TRIES = 5 };
    struct td_stint stint = {TD_SERVER_WARM_NS, duration_ns, 0,
                             seat->session->settings.seed};
    uint64_t enough = (uint64_t)seat->stand->load.connections;
    int rc = 0;
    if (is_open_loop(seat)) {
        *operation_ns = 1e9 / seat->stand->load.rate;
        enough = 1;
    }
    for (int i = 0; i < TRIES; i++, stint.duration_ns *= 2) {
        struct td_stint_result result;
        uint64_t answered;
        rc = td_stand_stint(seat, &stint, &result, why);
        answered = result.load.answered;
        if (!is_open_loop(seat) && answered)
            *operation_ns = result.load.measured_s * 1e9 / (double)answered;
        if (!rc && (answered >= enough || i + 1 == TRIES))
            rc = td_stint_judge(&result, why);
        td_stint_result_release(&result);
        if (rc || answered >= enough)
            return rc;
    }
    return 0;
}

/* Nothing of it is recorded. */
static int calibrate(struct td_seat *seat, struct td_err *why)
{
    const struct td_settings *settings = &seat->session->settings;
    uint64_t turn_ns = td_session_turn_ns(seat->session, seat->c->group);
    struct td_case *c = seat->c;
    double least_ns = (double)turn_ns / TD_WINDOWS_A_TURN;
    int rc = look(seat, turn_ns / 4, &c->operation_ns, why);
    if (rc)
        return rc;
    /* At least one answer of each connection: else a sample is a burst. */
    c->loops = is_open_loop(seat) ? 1
               : settings->loops
                   ? settings->loops
                   : (uint64_t)fmax((double)seat->stand->load.connections,
                                    round(least_ns / c->operation_ns));
    c->count = settings->count
                   ? settings->count
                   : (uint64_t)fmax(1, round((double)turn_ns / c->operation_ns /
                                             (double)c->loops));
    return 0;
}

static int begin(struct td_seat *seat, struct td_err *err)
{
    const struct td_stand *stand = seat->stand;
    struct td_batch one = {
        .at = &stand->first,
        .count = 1,
        .begin_ns = stand->first.start_ns,
        .end_ns = stand->first.end_ns,
        .idle_cpu_ns = UINT64_MAX,
        .gc_cycles = UINT64_MAX,
    };
    struct td_err why = TD_ERR_INIT;
    int rc;
    memset(&seat->disturbance, 0xff, sizeof seat->disturbance);
    rc = td_seat_note_batch(seat, 0, 1, TD_SAMPLE_FIRST, &one, NULL, err);
    if (rc || seat->c->count)
        return rc;
    if (calibrate(seat, &why))
        return td_seat_give_up(seat, &why, err);
    return td_seat_note_calibration(seat, err);
}

/* --count decides how many requests, else the turn's length. */
static struct td_stint turn_stint(const struct td_seat *seat)
{
    const struct td_case *c = seat->c;
    struct td_stint stint = {TD_SERVER_WARM_NS,
                             td_session_turn_ns(seat->session, c->group), 0,
                             stint_seed(seat)};
    if (!seat->session->settings.count)
        return stint;
    if (is_open_loop(seat)) {
        stint.duration_ns = (uint64_t)((double)c->count * c->operation_ns);
    } else {
        stint.count = c->count * c->loops + 1;
        stint.duration_ns = seat->session->settings.batch_timeout_ns;
    }
    return stint;
}

static int take_turn(struct td_seat *seat, size_t turn, struct td_err *err)
{
    struct td_stint stint = turn_stint(seat), warm = stint;
    int rc = 0;
    if (!seat->warmed) {
        /* The first load of its life is recorded, from its beginning. */
        seat->warmed = true;
        warm.warm_ns = 0;
        warm.count = 0;
        warm.duration_ns = 2 * TD_SERVER_WARM_NS;
        rc = recorded_stint(seat, turn, TD_SAMPLE_WARM, &warm, err);
    }
    if (rc || seat->failed)
        return rc;
    stint.seed = stint_seed(seat);
    return recorded_stint(seat, turn, 0, &stint, err);
}

static int server_pid(const struct td_seat *seat)
{
    const struct td_stand *stand = seat->stand;
    return stand && stand->server ? td_server_pid(stand->server) : 0;
}

static const char *answer(const struct td_seat *seat)
{
    return seat->stand ? seat->stand->answer : "";
}

static void explain(const struct td_seat *seat, struct td_err *why)
{
    const struct td_group *group = &seat->session->plan->groups[seat->c->group];
    struct td_buf where = TD_BUF_INIT;
    if (group->answers &&
        td_answers_differ(seat->stand->answers, group->answers, &where))
        td_err_set(why, TD_EANSWER, "%s", td_buf_str(&where));
    else
        td_err_set(why, TD_EANSWER,
                   "its answers (digest %s) are not those that were expected "
                   "(%s)",
                   answer(seat), group->answer);
    td_buf_release(&where);
}

static const char *last_words(const struct td_seat *seat)
{
    const struct td_stand *stand = seat->stand;
    return stand && stand->server ? td_server_last_words(stand->server) : "";
}

static int finish(struct td_seat *seat, struct td_usage *usage,
                  struct td_err *why)
{
    memset(usage, 0xff, sizeof *usage);
    usage->signal = 0;
    if (!seat->stand || !seat->stand->server)
        return 0;
    return td_server_finish(seat->stand->server, QUIT_NS, usage, why);
}

/* The last one of a block takes the directory above with it. */
static void remove_scratch(struct td_stand *stand)
{
    if (!stand->scratch)
        return;
    td_dir_remove(stand->scratch);
    *strrchr(stand->scratch, '/') = '\0';
    rmdir(stand->scratch);
    free(stand->scratch);
}

static void discard(struct td_seat *seat)
{
    struct td_stand *stand = seat->stand;
    if (!stand)
        return;
    td_server_free(stand->server);
    remove_scratch(stand);
    td_server_load_release(&stand->load);
    td_load_target_release(&stand->target);
    td_load_requests_release(&stand->requests);
    json_decref(stand->answers);
    free(stand->at);
    free(stand->interval);
    free(stand);
    seat->stand = NULL;
}

const struct td_occupant td_occupant_server = {
    .bring_up = td_stand_bring_up,
    .describe = describe,
    .begin = begin,
    .turn = take_turn,
    .pid = server_pid,
    .answer = answer,
    .explain = explain,
    .last_words = last_words,
    .finish = finish,
    .discard = discard,
};
