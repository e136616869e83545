/* What the origin understands, and what it refuses with which status. */
#include "base/buf.h"
#include "load/origin_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct verdict {
    const char *head;
    long result; /* 0 = more, < 0 = -status, 1 = whole */
};

static const struct verdict verdicts[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
    {"GET / HTTP/1.0\r\n\r\n", 1},
    {"GET http://h/x HTTP/1.1\r\nHost: h\r\n\r\n", 1},
    {"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 1},
    {"", 0},
    {"\r\n", 0},
    {"GET / HT", 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n", 0},
    {"GET / HTTP/1.1\r\nHost: a\r\n\r", 0},
    {"GET / HTTP/1.1\r\n\r\n", -400},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", -400},
    {"GET / HTTP/1.1\nHost: a\n\n", -400},
    {"GET  / HTTP/1.1\r\n", -400},
    {"G(T / HTTP/1.1\r\n", -400},
    {"GET x HTTP/1.1\r\n", -400},
    {"GET http://nopath HTTP/1.1\r\n", -400},
    {"GET / HTTP/1.1 \r\n", -400},
    {"GET / FTP/1.1\r\n", -400},
    {"GET / HTTP/2.0\r\n", -505},
    {"GET / HTTP/1.1\r\nHost : a\r\n", -400},
    {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n", -400},
    {"GET / HTTP/1.1\r\nA: \x01\r\n", -400},
    {"GET / HTTP/1.1\r\nContent-Length: -1\r\n", -400},
    {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n", -400},
    {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", -501},
};

static long parse(const char *text, struct td_request *out)
{
    return td_request_parse(text, strlen(text), out);
}

static void test_verdicts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        const struct verdict *v = &verdicts[i];
        struct td_request request;
        long expected = v->result == 1 ? (long)strlen(v->head) : v->result;
        long result = parse(v->head, &request);
        if (result != expected)
            fail_msg("%s: %ld, expected %ld", v->head, result, expected);
    }
}

static void test_every_prefix_asks_for_more(void **state)
{
    static const char head[] = "GET /delay/1s/a HTTP/1.1\r\nHost: x\r\n"
                               "Accept: */*\r\nConnection: close\r\n\r\n";
    struct td_request request;
    (void)state;
    for (size_t len = 0; len < sizeof head - 1; len++)
        assert_int_equal(td_request_parse(head, len, &request), 0);
    assert_int_equal(parse(head, &request), sizeof head - 1);
}

static void test_reads_path_and_length(void **state)
{
    struct td_request r;
    (void)state;
    assert_true(parse("POST http://h:1/a/b?c=d HTTP/1.1\r\nHost: h\r\n"
                      "content-length:  17 \r\n\r\nbody",
                      &r) > 0);
    assert_int_equal(r.method, TD_METHOD_OTHER);
    assert_int_equal(r.path_len, 4);
    assert_memory_equal(r.path, "/a/b", 4);
    assert_int_equal(r.body_bytes, 17);
}

static bool kept(const char *version, const char *connection)
{
    struct td_request r;
    char *head =
        td_xasprintf("GET / HTTP/%s\r\nHost: h\r\n%s\r\n", version, connection);
    assert_true(parse(head, &r) > 0);
    free(head);
    return r.keep_alive;
}

static void test_keep_alive(void **state)
{
    (void)state;
    assert_true(kept("1.1", ""));
    assert_false(kept("1.1", "Connection: close\r\n"));
    assert_false(kept("1.1", "Connection: x , CLOSE\r\n"));
    assert_false(kept("1.0", ""));
    assert_true(kept("1.0", "Connection: Keep-Alive\r\n"));
}

static void test_bounds(void **state)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_request r;
    (void)state;
    td_buf_adds(&text, "GET /");
    while (text.len < TD_REQUEST_TARGET_MAX + 70)
        td_buf_addc(&text, 'a');
    assert_int_equal(parse(td_buf_str(&text), &r), -414);
    td_buf_adds(&text, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(parse(td_buf_str(&text), &r), -414);
    td_buf_clear(&text);
    td_buf_adds(&text, "GET / HTTP/1.1\r\nHost: a\r\n");
    while (text.len < TD_REQUEST_HEAD_MAX)
        td_buf_adds(&text, "X: y\r\n");
    assert_int_equal(parse(td_buf_str(&text), &r), -431);
    td_buf_adds(&text, "\r\n");
    assert_int_equal(parse(td_buf_str(&text), &r), -431);
    td_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_every_prefix_asks_for_more),
        cmocka_unit_test(test_reads_path_and_length),
        cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
