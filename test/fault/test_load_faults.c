/*
 * A load on servers that misbehave: each failure is in its class, and the
 * books balance (load_run checks that they do).
 */
#include "load_fixture.h"

#include <sys/resource.h>

/* All requests of a load on such a server are in one class. */
static void all_fail(answer_fn *answer, enum td_load_failure failure,
                     const char *words)
{
    struct server server;
    struct load load;
    server_start(&server, answer);
    load_init(&load, server.url);
    load.plan.timeout_ns = 200 * MS;
    load.plan.rate = 50;
    load_run(&load);
    if (load.result.failed[failure] != 15)
        fail_msg("%llu of 15 are %s; first: %s",
                 (unsigned long long)load.result.failed[failure],
                 td_load_failure_keys[failure], load.result.first_failure);
    if (!strstr(load.result.first_failure, words))
        fail_msg("\"%s\" does not say \"%s\"", load.result.first_failure,
                 words);
    load_release(&load);
    server_stop(&server);
}

static bool reset(struct server *server, int fd)
{
    (void)server;
    return will_reset(fd);
}

static bool end_without_a_word(struct server *server, int fd)
{
    (void)server;
    (void)fd;
    return false;
}

static bool reset_within(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    sleep_ms(5);
    return will_reset(fd);
}

static void resets(void **state)
{
    (void)state;
    all_fail(reset, TD_LOAD_RESET, "reset by peer");
    all_fail(end_without_a_word, TD_LOAD_RESET, "closed the connection");
    all_fail(reset_within, TD_LOAD_RESET, "reset by peer");
}

static bool end_within_body(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
    return false;
}

static bool end_within_head(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nContent-Le");
    return false;
}

static bool end_within_chunks(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "4\r\npart\r\n");
    return false;
}

static void answers_cut_short(void **state)
{
    (void)state;
    all_fail(end_within_body, TD_LOAD_SHORT_BODY, "cut short");
    all_fail(end_within_head, TD_LOAD_SHORT_BODY, "cut short");
    all_fail(end_within_chunks, TD_LOAD_SHORT_BODY, "cut short");
}

static bool another_protocol(struct server *server, int fd)
{
    (void)server;
    return say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
}

static bool endless_head(struct server *server, int fd)
{
    (void)server;
    if (!say(fd, "HTTP/1.1 200 OK\r\n"))
        return false;
    while (say(fd, "X-Filler: 0123456789012345678901234567890123456789\r\n"))
        ;
    return false;
}

static bool bytes_too_many(struct server *server, int fd)
{
    (void)server;
    return say(fd, HELLO " and more");
}

static void what_is_not_http(void **state)
{
    (void)state;
    all_fail(another_protocol, TD_LOAD_BAD_HTTP, "not HTTP");
    all_fail(endless_head, TD_LOAD_BAD_HTTP, "not HTTP");
    all_fail(bytes_too_many, TD_LOAD_BAD_HTTP, "after the end");
}

static bool drip(struct server *server, int fd)
{
    const char *text = HELLO;
    (void)server;
    for (; *text && say_bytes(fd, text, 1); text++)
        sleep_ms(20);
    return false;
}

static bool never(struct server *server, int fd)
{
    char c;
    (void)server;
    return recv(fd, &c, 1, 0) == 1;
}

static bool endless_body(struct server *server, int fd)
{
    char chunk[7 + 65536 + 2] = "10000\r\n";
    (void)server;
    memcpy(chunk + sizeof chunk - 2, "\r\n", 2);
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (say_bytes(fd, chunk, sizeof chunk))
        ;
    return false;
}

static void time_outs(void **state)
{
    (void)state;
    all_fail(never, TD_LOAD_TIMEOUT, "no answer");
    all_fail(drip, TD_LOAD_TIMEOUT, "not complete");
}

static long max_rss_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* The generator keeps nothing of what it is sent. */
static void endless_answers_take_no_memory(void **state)
{
    long before_kb = max_rss_kb();
    (void)state;
    all_fail(endless_body, TD_LOAD_TIMEOUT, "not complete");
    assert_true(max_rss_kb() - before_kb < 32 * 1024);
}

static bool not_found(struct server *server, int fd)
{
    (void)server;
    return say(fd, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
}

static bool broken(struct server *server, int fd)
{
    (void)server;
    return say(fd, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
}

static bool elsewhere(struct server *server, int fd)
{
    (void)server;
    return say(fd, "HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n");
}

static void wrong_statuses(void **state)
{
    (void)state;
    all_fail(elsewhere, TD_LOAD_STATUS_1XX_3XX, "status 302");
    all_fail(not_found, TD_LOAD_STATUS_4XX, "status 404");
    all_fail(broken, TD_LOAD_STATUS_5XX, "status 500");
}

/* What a load that expects that gets; the connections stay. */
static void expecting(answer_fn *answer, int status, const char *body,
                      uint64_t answered, enum td_load_failure failure)
{
    struct server server;
    struct load load;
    char copy[64];
    server_start(&server, answer);
    load_init(&load, server.url);
    load.request.expect_status = status;
    if (body) {
        load.request.expect_body = strcpy(copy, body);
        load.request.expect_body_len = strlen(body);
    }
    load_run(&load);
    assert_int_equal(load.result.answered, answered);
    assert_int_equal(load.result.failed[failure], 60 - answered);
    assert_int_equal(load.result.reconnects, 0);
    load_release(&load);
    server_stop(&server);
}

static void expectations(void **state)
{
    (void)state;
    expecting(not_found, 404, NULL, 60, TD_LOAD_STATUS_4XX);
    expecting(answer_hello, 201, NULL, 0, TD_LOAD_STATUS_2XX);
    expecting(answer_hello, 200, "hello", 60, TD_LOAD_BODY);
    expecting(answer_hello, 0, "hallo", 0, TD_LOAD_BODY);
    expecting(answer_hello, 0, "hell", 0, TD_LOAD_BODY);
    expecting(answer_hello, 0, "hello?", 0, TD_LOAD_BODY);
    expecting(answer_hello, 404, "hello", 0, TD_LOAD_STATUS_2XX);
}

static void nobody_listens(void **state)
{
    struct load load;
    uint16_t port = 0;
    char url[64];
    (void)state;
    close(listen_at(&port));
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    for (int keepalive = 0; keepalive < 2; keepalive++) {
        load_init(&load, url);
        load.plan.keepalive = keepalive;
        load_run(&load);
        assert_int_equal(load.result.sent, 60);
        assert_int_equal(load.result.failed[TD_LOAD_CONNECT_REFUSED], 60);
        assert_int_equal(load.result.connects, 0);
        load_release(&load);
        load_init(&load, url);
        load.plan.keepalive = keepalive;
        load.plan.rate = 0;
        load_run(&load);
        assert_true(load.result.sent > 0 && load.result.sent < 200);
        assert_int_equal(load.result.failed[TD_LOAD_CONNECT_REFUSED],
                         load.result.sent);
        load_release(&load);
    }
}

/* Its accept queue is full: the kernel does not answer who wants more. */
static void connecting_takes_too_long(void **state)
{
    struct load load;
    const struct td_load_result *r;
    uint16_t port = 0;
    int listener = listen_at(&port);
    char url[64];
    (void)state;
    listen(listener, 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    load_init(&load, url);
    load.plan.connections = 8;
    load.plan.timeout_ns = 100 * MS;
    r = load_run(&load);
    assert_int_equal(r->sent, 60);
    assert_true(r->connects < 8);
    assert_true(r->failed[TD_LOAD_CONNECT_OTHER] > 0);
    assert_true(r->failed[TD_LOAD_TIMEOUT] > 0);
    assert_int_equal(r->answered, 0);
    load_release(&load);
    close(listener);
}

/* The answer and the end of the connection leave together, so that the next
 * request finds the connection closed already. */
static bool answer_and_vanish(struct server *server, int fd)
{
    (void)server;
    send(fd, HELLO, strlen(HELLO), MSG_MORE | MSG_NOSIGNAL);
    return false;
}

static void idle_connections_that_were_closed(void **state)
{
    struct server server;
    struct load load;
    (void)state;
    server_start(&server, answer_and_vanish);
    load_init(&load, server.url);
    load.plan.rate = 0;
    load.plan.duration_ns = 0;
    load.plan.count = 20;
    load.plan.connections = 1;
    load_run(&load);
    assert_int_equal(load.result.answered, 10);
    assert_int_equal(load.result.failed[TD_LOAD_IDLE_RESET], 10);
    load_release(&load);
    /* Closed while nobody asks, it costs no request. */
    load_init(&load, server.url);
    load.plan.rate = 20;
    load_run(&load);
    assert_int_equal(load.result.answered, 6);
    assert_true(load.result.reconnects >= 4);
    load_release(&load);
    server_stop(&server);
}

static void what_never_answers_is_censored(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    (void)state;
    server_start(&server, never);
    load_init(&load, server.url);
    load.plan.drain_ns = 100 * MS;
    r = load_run(&load);
    assert_int_equal(r->censored, 60);
    assert_int_equal(r->unsent, 58);
    assert_int_equal(r->latency.total, 60);
    assert_true(r->latency.max >= (int64_t)(400 * MS));
    assert_true(r->latency.min >= (int64_t)(100 * MS));
    load_release(&load);
    server_stop(&server);
}

static void *die_and_return(void *arg)
{
    struct server *server = arg;
    sleep_ms(300);
    server_stop(server);
    sleep_ms(300);
    server_listen(server);
    return NULL;
}

static void finds_a_server_that_returns(void **state)
{
    struct server server;
    struct load load;
    const struct td_load_result *r;
    pthread_t killer;
    uint64_t classes;
    (void)state;
    server_start(&server, answer_hello);
    load_init(&load, server.url);
    load.plan.connections = 4;
    load.plan.duration_ns = 2000 * MS;
    pthread_create(&killer, NULL, die_and_return, &server);
    r = load_run(&load);
    pthread_join(killer, NULL);
    classes = r->failed[TD_LOAD_CONNECT_REFUSED] + r->failed[TD_LOAD_RESET] +
              r->failed[TD_LOAD_IDLE_RESET];
    assert_int_equal(r->sent, 400);
    assert_int_equal(r->answered + classes, 400);
    assert_true(r->failed[TD_LOAD_CONNECT_REFUSED] > 10);
    assert_true(r->seconds[1].answered > 50);
    assert_true(r->reconnects >= 4);
    load_release(&load);
    server_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resets),
        cmocka_unit_test(answers_cut_short),
        cmocka_unit_test(what_is_not_http),
        cmocka_unit_test(time_outs),
        cmocka_unit_test(endless_answers_take_no_memory),
        cmocka_unit_test(wrong_statuses),
        cmocka_unit_test(expectations),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(connecting_takes_too_long),
        cmocka_unit_test(idle_connections_that_were_closed),
        cmocka_unit_test(what_never_answers_is_censored),
        cmocka_unit_test(finds_a_server_that_returns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
