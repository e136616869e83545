#include "measure/seat_server.h"

#include "base/clock.h"
#include "base/json.h"
#include "drivers/http/http.h"
#include "load/load_request.h"
#include "measure/load_samples.h"
#include "measure/seat_journal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t ASK_NS = 2000000000;   /* one request before the load */
static const uint64_t QUIT_NS = 10000000000; /* from SIGTERM to the end */
/* Between two questions whether it is up: a hundredth of the time so far. */
static const uint64_t LEAST_REST_NS = 200000, MOST_REST_NS = 5000000;

static const struct td_fields *params_of(const struct td_seat *seat)
{
    return &seat->session->plan->groups[seat->c->group].set.params;
}

static int start(struct td_seat *seat, uint64_t *spawned_ns, struct td_err *why)
{
    static uint16_t last_port;
    struct td_stand *stand = seat->stand;
    struct td_launch launch = TD_LAUNCH_INIT;
    char *url;
    int rc = td_http_free_port(&last_port, &stand->port, why);
    if (rc)
        return rc;
    url = td_xasprintf("http://" TD_HTTP_HOST ":%u%s", stand->port,
                       stand->load.path ? stand->load.path : "/");
    rc = td_load_target_parse(&stand->target, url, false, why);
    td_http_launch(&seat->c->launch, params_of(seat), stand->port, &launch);
    if (!rc) {
        stand->server = td_server_start(seat->session->context->loop, &launch,
                                        spawned_ns, why);
        rc = stand->server ? 0 : why->code;
    }
    td_launch_release(&launch);
    free(url);
    return rc;
}

static uint64_t rest_ns(uint64_t since_ns)
{
    uint64_t rest = since_ns / 100;
    return rest < LEAST_REST_NS  ? LEAST_REST_NS
           : rest > MOST_REST_NS ? MOST_REST_NS
                                 : rest;
}

/* Whoever does not listen yet, or answers another status, is not ready. */
static int ask_health(struct td_stand *stand,
                      const struct td_load_request *health, bool *ready,
                      struct td_err *why)
{
    struct td_answer answer = {0, TD_BUF_INIT};
    struct td_err said = TD_ERR_INIT;
    int rc = td_ask(&stand->target, health, ASK_NS, &answer, &said);
    *ready = !rc && answer.status == 200;
    td_answer_release(&answer);
    if (rc && rc != TD_EDEPENDENCY && rc != TD_ETIMEOUT && rc != TD_EWORKER)
        return td_err_set(why, rc, "%s", said.msg);
    return 0;
}

static int await_health(struct td_seat *seat, uint64_t spawned_ns,
                        uint64_t *setup_ns, struct td_err *why)
{
    const struct td_load_request_text text = {.method = "GET",
                                              .path = TD_HTTP_HEALTH};
    struct td_stand *stand = seat->stand;
    struct td_load_requests health = {NULL, 0};
    uint64_t limit_ns = seat->session->settings.start_timeout_ns;
    bool ready = false;
    int rc =
        td_load_requests_add(&health, &stand->target, &text, false, 1, why);
    while (!rc && !ready) {
        *setup_ns = td_clock_ns() - spawned_ns;
        rc = td_server_rest(stand->server, rest_ns(*setup_ns), why);
        if (!rc)
            rc = ask_health(stand, &health.at[0], &ready, why);
        *setup_ns = td_clock_ns() - spawned_ns;
        if (!rc && !ready && *setup_ns > limit_ns)
            rc = td_err_set(why, TD_ETIMEOUT,
                            "server did not answer GET " TD_HTTP_HEALTH
                            " on port %u with 200 within %.3g s",
                            stand->port, (double)limit_ns / 1e9);
    }
    td_load_requests_release(&health);
    return rc;
}

static int make_requests(struct td_seat *seat, struct td_err *why)
{
    struct td_stand *stand = seat->stand;
    const struct td_load_request_text get = {.method = "GET"};
    char *file;
    int rc;
    if (!stand->load.requests)
        return td_load_requests_add(&stand->requests, &stand->target, &get,
                                    stand->load.keepalive, 1, why);
    file = td_xasprintf("%s/%s", seat->c->spec.workload->dir,
                        stand->load.requests);
    rc = td_load_requests_read(&stand->requests, file, &stand->target, &get,
                               stand->load.keepalive, why);
    free(file);
    return rc;
}

/* What it says now it is to say under load: the status always, the body to
 * the byte where nothing is written meanwhile and it says it twice. */
static int expect_the_same(struct td_stand *stand, const struct td_buf *bodies,
                           struct td_err *why)
{
    bool only_read = td_answers_only_read(&stand->requests);
    int rc = 0;
    for (size_t i = 0; !rc && i < stand->requests.count; i++) {
        struct td_load_request *request = &stand->requests.at[i];
        struct td_answer again = {0, TD_BUF_INIT};
        request->expect_status =
            (int)td_json_u64(json_array_get(stand->answers, i), "status", 0);
        if (!only_read || request->expect_body || request->head)
            continue;
        rc = td_ask(&stand->target, request, ASK_NS, &again, why);
        if (!rc && again.body.len == bodies[i].len &&
            memcmp(td_buf_str(&again.body), td_buf_str(&bodies[i]),
                   bodies[i].len) == 0) {
            request->expect_body_len = bodies[i].len;
            request->expect_body =
                td_xstrndup(td_buf_str(&bodies[i]), bodies[i].len);
            /* A body may hold NULs, at which td_xstrndup stops. */
            memcpy(request->expect_body, td_buf_str(&bodies[i]), bodies[i].len);
        }
        td_answer_release(&again);
    }
    return rc;
}

static int check_answers(struct td_seat *seat, struct td_err *why)
{
    struct td_stand *stand = seat->stand;
    struct td_buf *bodies;
    int rc = make_requests(seat, why);
    if (rc)
        return rc;
    bodies = td_xcalloc(stand->requests.count, sizeof *bodies);
    stand->answers = td_answers_ask(&stand->target, &stand->requests, ASK_NS,
                                    bodies, &stand->first, why);
    rc = stand->answers ? expect_the_same(stand, bodies, why) : why->code;
    if (stand->answers)
        td_answers_digest(stand->answers, stand->answer);
    for (size_t i = 0; i < stand->requests.count; i++)
        td_buf_release(&bodies[i]);
    free(bodies);
    return rc;
}

static int bring_up(struct td_seat *seat, uint64_t *setup_ns,
                    struct td_err *why)
{
    struct td_stand *stand = td_xcalloc(1, sizeof *stand);
    uint64_t spawned_ns = 0;
    int rc;
    seat->stand = stand;
    memset(&stand->idle, 0xff, sizeof stand->idle);
    rc = td_server_load_read(&stand->load, params_of(seat), "load",
                             TD_EINTERNAL, why);
    if (!rc)
        rc = start(seat, &spawned_ns, why);
    if (!rc)
        rc = await_health(seat, spawned_ns, setup_ns, why);
    if (!rc)
        td_server_state(stand->server, &stand->idle);
    if (!rc)
        rc = check_answers(seat, why);
    stand->rest_cpu_ns = stand->idle.cpu_ns;
    return rc;
}

static void describe(const struct td_seat *seat, json_t *line)
{
    const struct td_stand *stand = seat->stand;
    json_object_set_new(
        line, "server",
        json_pack("{s:i, s:o, s:o, s:I, s:I}", "port", (int)stand->port,
                  "idle_rss_bytes", td_json_known(stand->idle.rss_bytes),
                  "idle_pss_bytes", td_json_known(stand->idle.pss_bytes),
                  "processes", (json_int_t)stand->idle.processes, "threads",
                  (json_int_t)stand->idle.threads));
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

static struct td_batch batch_of(const struct td_seat *seat,
                                struct td_stint_result *result)
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
    if (is_open_loop(seat))
        batch.count = td_samples_of_requests(samples->at, samples->count,
                                             stand->interval);
    else
        batch.count = td_samples_of_windows(samples->at, samples->count,
                                            seat->c->loops, stand->interval);
    /* CPU time is of all requests, samples may leave some over. */
    if (batch.cpu_known && samples->count)
        batch.cpu_ns = (uint64_t)((double)batch.cpu_ns *
                                  (double)(batch.count * seat->c->loops) /
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
    int rc = 0;
    if (!td_stand_stint(seat, stint, &result, &why)) {
        batch = batch_of(seat, &result);
        rc = td_seat_note_batch(seat, turn, seat->c->loops, kind, &batch,
                                stint_json(&result), err);
        td_stint_judge(&result, &why);
        if (!why.code && !batch.count)
            td_err_set(&why, TD_EWORKER,
                       "under load too few answers came for one sample");
    }
    td_stint_result_release(&result);
    return rc || !why.code ? rc : td_seat_give_up(seat, &why, err);
}

/* How fast it is; nothing of it is recorded. */
static int calibrate(struct td_seat *seat, struct td_err *why)
{
    const struct td_settings *settings = &seat->session->settings;
    uint64_t turn_ns = td_session_turn_ns(seat->session, seat->c->group);
    struct td_stint look = {TD_SERVER_WARM_NS, turn_ns / 4, 0, settings->seed};
    struct td_stint_result result;
    struct td_case *c = seat->c;
    double answers, least_ns = (double)turn_ns / TD_WINDOWS_A_TURN;
    int rc = td_stand_stint(seat, &look, &result, why);
    if (!rc)
        rc = td_stint_judge(&result, why);
    answers = fmax((double)result.load.answered, 1);
    c->operation_ns = is_open_loop(seat)
                          ? 1e9 / seat->stand->load.rate
                          : result.load.measured_s * 1e9 / answers;
    td_stint_result_release(&result);
    if (rc)
        return rc;
    c->loops = is_open_loop(seat) ? 1
               : settings->loops
                   ? settings->loops
                   : (uint64_t)fmax(1, round(least_ns / c->operation_ns));
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

static void discard(struct td_seat *seat)
{
    struct td_stand *stand = seat->stand;
    if (!stand)
        return;
    td_server_free(stand->server);
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
    .bring_up = bring_up,
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
