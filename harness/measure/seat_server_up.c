/* From a launch to a server that is ready and has said what it should. */
#include "measure/seat_server.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"
#include "drivers/http/http.h"
#include "load/load_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t ASK_NS = 2000000000; /* one request before the load */
/* Between two questions whether it is up: a hundredth of the time so far. */
static const uint64_t LEAST_REST_NS = 200000, MOST_REST_NS = 5000000;

static const struct td_fields *params_of(const struct td_seat *seat)
{
    return &seat->session->plan->groups[seat->c->group].set.params;
}

/* In the run's directory, since a database is to lie on a disk.  Its name is
 * absolute: a server has another working directory. */
static int make_scratch(struct td_seat *seat, struct td_err *why)
{
    char *path = td_xasprintf("%s/scratch/%zu-%u", seat->session->run->path,
                              seat->index, seat->invocation);
    int rc = td_dir_make(path, why);
    if (!rc)
        seat->stand->scratch = realpath(path, NULL);
    if (!rc && !seat->stand->scratch)
        rc = td_err_sys(why, -errno, "cannot find %s", path);
    free(path);
    return rc;
}

static int start(struct td_seat *seat, uint64_t *spawned_ns, struct td_err *why)
{
    static uint16_t last_port;
    struct td_stand *stand = seat->stand;
    struct td_launch launch = TD_LAUNCH_INIT;
    char *url;
    int rc = td_http_free_port(&last_port, &stand->port, why);
    if (!rc)
        rc = make_scratch(seat, why);
    if (rc)
        return rc;
    url = td_xasprintf("http://" TD_HTTP_HOST ":%u%s", stand->port,
                       stand->load.get ? stand->load.get : "/");
    rc = td_load_target_parse(&stand->target, url, false, why);
    td_http_launch(&seat->c->launch, params_of(seat), stand->port,
                   stand->scratch, &launch);
    if (!launch.memory_limit_bytes)
        launch.memory_limit_bytes = stand->load.memory_bytes;
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

int td_stand_bring_up(struct td_seat *seat, uint64_t *setup_ns,
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
