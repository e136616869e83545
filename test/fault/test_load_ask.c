/*
 * One question to servers that answer, and to some that do not.
 */
#include "load/ask.h"
#include "load_fixture.h"

static int ask(const char *url, uint64_t timeout_ns, struct td_answer *out,
               struct td_err *err)
{
    struct load load;
    int rc;
    load_init(&load, url);
    td_err_clear(err);
    rc = td_ask(&load.target, &load.request, timeout_ns, out, err);
    load_release(&load);
    return rc;
}

static bool answer_in_chunks(struct server *server, int fd)
{
    (void)server;
    return say(fd, "HTTP/1.1 100 Continue\r\n\r\n"
                   "HTTP/1.1 201 Created\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n"
                   "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
}

static void gives_status_and_body(void **state)
{
    struct server server;
    struct td_answer answer;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    server_start(&server, answer_in_chunks);
    if (ask(server.url, 10000 * MS, &answer, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(answer.status, 201);
    assert_string_equal(td_buf_str(&answer.body), "hello world");
    td_answer_release(&answer);
    server_stop(&server);
}

/* localhost is two addresses; this server has one of them. */
static void tries_all_addresses(void **state)
{
    struct server server;
    struct td_answer answer;
    struct td_err err = TD_ERR_INIT;
    char url[64];
    (void)state;
    server_start(&server, answer_hello);
    snprintf(url, sizeof url, "http://localhost:%u/", server.port);
    assert_int_equal(ask(url, 10000 * MS, &answer, &err), 0);
    assert_int_equal(answer.status, 200);
    td_answer_release(&answer);
    server_stop(&server);
}

static void fails(answer_fn *with, uint64_t timeout_ns, int code,
                  const char *part)
{
    struct server server;
    struct td_answer answer;
    struct td_err err = TD_ERR_INIT;
    server_start(&server, with);
    assert_int_equal(ask(server.url, timeout_ns, &answer, &err), code);
    if (!strstr(err.msg, part))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, part);
    server_stop(&server);
}

static bool never(struct server *server, int fd)
{
    char c;
    (void)server;
    return recv(fd, &c, 1, 0) == 1;
}

static bool another_protocol(struct server *server, int fd)
{
    (void)server;
    return say(fd, "220 mail.example.org ESMTP\r\n");
}

static bool end_within(struct server *server, int fd)
{
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    return false;
}

static bool hang_up_at_once(struct server *server, int fd)
{
    (void)server;
    (void)fd;
    return false;
}

static bool endless(struct server *server, int fd)
{
    static const char zeros[65536];
    (void)server;
    say(fd, "HTTP/1.1 200 OK\r\n\r\n");
    while (say_bytes(fd, zeros, sizeof zeros))
        ;
    return false;
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    fails(never, 100 * MS, TD_ETIMEOUT, "in time");
    fails(another_protocol, 10000 * MS, TD_EWORKER, "not an answer");
    fails(end_within, 10000 * MS, TD_EWORKER, "ended within");
    fails(hang_up_at_once, 10000 * MS, TD_EWORKER, "without a byte");
    fails(endless, 10000 * MS, TD_EWORKER, "longer than");
}

static void nobody_listens(void **state)
{
    struct td_answer answer;
    struct td_err err = TD_ERR_INIT;
    uint16_t port = 0;
    char url[64];
    (void)state;
    close(listen_at(&port));
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    assert_int_equal(ask(url, 10000 * MS, &answer, &err), TD_EDEPENDENCY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_status_and_body),
        cmocka_unit_test(tries_all_addresses),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
