/*
 * A load on a server that does what it should: what is sent, when, on which
 * connections, and how it ends.
 */
#include "load_fixture.h"

static void sends_every_intended_time(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.rate = 1000;
    load.plan.connections = 4;
    load.plan.threads = 2;
    r = load_run(&load);
    assert_int_equal(r->sent, 300);
    assert_int_equal(r->answered, 300);
    assert_int_equal(r->connects, 4);
    assert_int_equal(r->reconnects, 0);
    assert_int_equal(r->bytes_in, 300 * strlen(HELLO));
    assert_int_equal(server.requests, 300);
    assert_float_equal(r->measured_s, .3, 1e-6);
    assert_true(r->cpu_ns > 0);
    assert_true(r->send_lag.total > 0);
    load_release(&load);
    server_stop(&server);
}

static void does_not_count_the_warmup(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.warmup_ns = 200 * MS;
    r = load_run(&load);
    assert_int_equal(r->sent, 60);
    assert_int_equal(r->answered, 60);
    assert_int_equal(server.requests, 100);
    load_release(&load);
    server_stop(&server);
}

static void poisson_repeats_by_its_seed(void **state)
{
    struct server server;
    uint64_t sent[2];
    (void)state;
    server_start(&server, answer_hello);
    for (int i = 0; i < 2; i++) {
        struct load load;
        load_init(&load, server.url);
        load.plan.arrivals = TD_ARRIVALS_POISSON;
        load.plan.seed = 7;
        sent[i] = load_run(&load)->sent;
        assert_int_equal(load.result.answered, sent[i]);
        load_release(&load);
    }
    assert_int_equal(sent[0], sent[1]);
    assert_true(sent[0] > 20 && sent[0] < 120);
    server_stop(&server);
}

static void closed_loop_ends_by_number(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.rate = 0;
    load.plan.duration_ns = 0;
    load.plan.count = 101;
    load.plan.connections = 8;
    load.plan.threads = 2;
    r = load_run(&load);
    assert_int_equal(r->answered, 101);
    assert_int_equal(server.requests, 101);
    assert_int_equal(r->send_lag.total, 0);
    assert_true(r->valid);
    load_release(&load);
    server_stop(&server);
}

static void closed_loop_ends_by_time(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.rate = 0;
    r = load_run(&load);
    assert_true(r->answered > 0);
    assert_int_equal(r->answered, r->sent);
    assert_float_equal(r->measured_s, .3, 1e-6);
    load_release(&load);
    server_stop(&server);
}

static void one_connection_a_request(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.keepalive = false;
    r = load_run(&load);
    assert_int_equal(r->answered, 60);
    assert_int_equal(r->connects, 60);
    assert_int_equal(r->reconnects, 0);
    load_release(&load);
    server_stop(&server);
}

static bool answer_and_close(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n"
            "Content-Length: 2\r\n\r\nok");
    return false;
}

static bool answer_to_eof(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.0 200 OK\r\n\r\nto the end");
    return false;
}

static void servers_may_close_connections(void **state)
{
    answer_fn *const answers[] = {answer_and_close, answer_to_eof};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct server server;
        struct load load;
        const struct td_load_result *r;
        server_start(&server, answers[i]);
        load_init(&load, server.url);
        r = load_run(&load);
        assert_int_equal(r->answered, 60);
        assert_true(r->reconnects >= 58);
        load_release(&load);
        server_stop(&server);
    }
}

static bool answer_slowly(struct server *server, int fd)
{
    (void)server;
    sleep_ms(10);
    return say(fd, HELLO);
}

/* One connection that takes 10 ms, asked 200 times a second: each request
 * waits 5 ms longer than the one before, and that is its latency. */
static void waiting_for_a_connection_counts(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_slowly);
    load_init(&load, server.url);
    load.plan.connections = 1;
    r = load_run(&load);
    assert_int_equal(r->answered, 60);
    assert_true(r->latency.max >= (int64_t)(300 * MS));
    assert_true(td_hist_percentile(&r->service, 50) <
                td_hist_percentile(&r->latency, 50));
    assert_true(r->achieved_rate < 150);
    load_release(&load);
    server_stop(&server);
}

static void keeps_samples(void **state)
{
    struct server server;
    struct load load;
    struct td_load_sample at[40];
    uint32_t asked[2] = {0};
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.samples = (struct td_load_samples){.at = at, .cap = 40};
    load.plan.threads = 2;
    struct td_load_request two[] = {load.request, load.request};
    load.requests = (struct td_load_requests){two, 2};
    load_run(&load);
    assert_int_equal(load.samples.count, 40);
    for (int i = 0; i < 40; i++) {
        assert_true(at[i].intended_ns <= at[i].sent_ns);
        assert_true(at[i].sent_ns < at[i].end_ns);
        asked[at[i].request]++;
    }
    assert_int_equal(asked[0] + asked[1], 40);
    assert_true(asked[0] > 0 && asked[1] > 0);
    load_release(&load);
    server_stop(&server);
}

static int ticks;

static bool stop_at_second_tick(void *to, const struct td_load_live *live)
{
    (void)to;
    ticks++;
    assert_true(live->elapsed_s > 0);
    assert_true(live->answered > 0);
    return ticks == 2;
}

static void stops_when_told(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.tick = stop_at_second_tick;
    load.plan.duration_ns = 60000 * MS;
    r = load_run(&load);
    assert_true(r->stopped);
    assert_int_equal(ticks, 2);
    assert_true(r->measured_s > 1.9 && r->measured_s < 20);
    assert_int_equal(r->answered, r->sent);
    load_release(&load);
    server_stop(&server);
}

static bool never(struct server *server, int fd)
{
    char c;
    (void)server;
    return recv(fd, &c, 1, 0) == 1;
}

static bool stop_always(void *to, const struct td_load_live *live)
{
    (void)to;
    (void)live;
    ticks++;
    return true;
}

static void stops_waiting_when_told_again(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    ticks = 0;
    server_start(&server, never);
    load_init(&load, server.url);
    load.tick = stop_always;
    load.plan.duration_ns = 60000 * MS;
    load.plan.timeout_ns = load.plan.drain_ns = 60000 * MS;
    r = load_run(&load);
    assert_true(r->stopped);
    assert_int_equal(ticks, 2);
    assert_int_equal(r->censored, r->sent);
    assert_true(r->measured_s < 20);
    load_release(&load);
    server_stop(&server);
}

static void a_load_stopped_in_its_warmup_says_nothing(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.tick = stop_always;
    load.plan.warmup_ns = 60000 * MS;
    r = load_run(&load);
    assert_true(r->stopped);
    assert_false(r->valid);
    assert_int_equal(r->sent, 0);
    load_release(&load);
    server_stop(&server);
}

static bool take_body(struct server *server, int fd)
{
    char data[65536];
    size_t left = 4 << 20;
    (void)server;
    while (left) {
        ssize_t n = recv(fd, data, left < sizeof data ? left : sizeof data, 0);
        if (n <= 0)
            return false;
        left -= (size_t)n;
    }
    return say(fd, HELLO);
}

static void writes_large_requests_in_parts(void **state)
{
    static const char head[] =
        "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4194304\r\n\r\n";
    struct server server;
    struct load load;
    size_t len = sizeof head - 1 + (4 << 20);
    char *bytes = calloc(1, len);
    (void)state;
    memcpy(bytes, head, sizeof head - 1);
    server_start(&server, take_body);
    load_init(&load, server.url);
    load.request.bytes = bytes;
    load.request.len = len;
    load.plan.rate = 20;
    load_run(&load);
    assert_int_equal(load.result.answered, 6);
    assert_int_equal(load.result.reconnects, 0);
    load_release(&load);
    server_stop(&server);
    free(bytes);
}

static void refuse(struct load *load, const char *part)
{
    struct td_err err = TD_ERR_INIT;
    int rc = td_load_run(&load->plan, NULL, NULL, NULL, &load->result, &err);
    assert_true(rc < 0);
    if (!strstr(err.msg, part))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, part);
    load_release(load);
}

static void refuses_senseless_plans(void **state)
{
    struct load load;
    (void)state;
    load_init(&load, "http://127.0.0.1:9/");
    load.plan.connections = 0;
    refuse(&load, "every thread needs one");
    load_init(&load, "http://127.0.0.1:9/");
    load.plan.connections = 100000000;
    refuse(&load, "descriptors");
    load_init(&load, "http://127.0.0.1:9/");
    load.plan.rate = -1;
    refuse(&load, "-1 requests a second");
    load_init(&load, "http://127.0.0.1:9/");
    load.plan.duration_ns = 0;
    refuse(&load, "without a duration");
    load_init(&load, "http://127.0.0.1:9/");
    load.plan.cpus = "4095";
    refuse(&load, "4095");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_every_intended_time),
        cmocka_unit_test(does_not_count_the_warmup),
        cmocka_unit_test(poisson_repeats_by_its_seed),
        cmocka_unit_test(closed_loop_ends_by_number),
        cmocka_unit_test(closed_loop_ends_by_time),
        cmocka_unit_test(one_connection_a_request),
        cmocka_unit_test(servers_may_close_connections),
        cmocka_unit_test(waiting_for_a_connection_counts),
        cmocka_unit_test(keeps_samples),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(stops_waiting_when_told_again),
        cmocka_unit_test(a_load_stopped_in_its_warmup_says_nothing),
        cmocka_unit_test(writes_large_requests_in_parts),
        cmocka_unit_test(refuses_senseless_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
