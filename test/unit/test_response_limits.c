/* How long a head, a chunk's size line and a body may be, and what a caller
 * sees while a response comes in. */
#include "test/unit/response_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

/* before, then fill times count, then after. */
static void compose(struct td_buf *out, const char *before, char fill,
                    size_t count, const char *after)
{
    char *filling = td_xmalloc(count + 1);
    memset(filling, fill, count);
    td_buf_clear(out);
    td_buf_adds(out, before);
    td_buf_add(out, filling, count);
    td_buf_adds(out, after);
    free(filling);
}

/* Whole, in pieces and byte by byte: takes all, or stops with fault at
 * `stop`. */
static void assert_ends(const struct td_buf *wire, enum td_response_fault fault,
                        size_t stop)
{
    static const size_t pieces[] = {1, 7, 1460, SIZE_MAX};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct response_seen seen;
        response_bytewise(&seen, wire->data, wire->len, pieces[i], false);
        assert_int_equal(seen.response.fault, fault);
        assert_int_equal(seen.response.complete, !fault);
        assert_int_equal(seen.consumed, stop);
        response_seen_release(&seen);
    }
}

static void test_longest_head(void **state)
{
    static const char before[] = OK "Content-Length: 0\r\nA: ";
    const size_t room = TD_RESPONSE_HEAD_MAX - strlen(before) - 4;
    struct td_buf wire = TD_BUF_INIT;
    (void)state;
    compose(&wire, before, 'x', room, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_OK, TD_RESPONSE_HEAD_MAX);
    compose(&wire, before, 'x', room + 1, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_HEAD_TOO_LONG, TD_RESPONSE_HEAD_MAX);
    compose(&wire, before, 'x', 2 * TD_RESPONSE_HEAD_MAX, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_HEAD_TOO_LONG, TD_RESPONSE_HEAD_MAX);
    compose(&wire, "HTTP/1.1 200 ", 'x', TD_RESPONSE_HEAD_MAX, "");
    assert_ends(&wire, TD_RESPONSE_HEAD_TOO_LONG, TD_RESPONSE_HEAD_MAX);
    compose(&wire, OK, 'x', TD_RESPONSE_HEAD_MAX, "");
    assert_ends(&wire, TD_RESPONSE_HEAD_TOO_LONG, TD_RESPONSE_HEAD_MAX);
    td_buf_release(&wire);
}

/* An interim head does not take room from the next one; trailers do. */
static void test_which_heads_count_together(void **state)
{
    static const char trailer[] = CHUNKED "0\r\nA: ";
    const size_t half = TD_RESPONSE_HEAD_MAX / 2;
    const size_t room = TD_RESPONSE_HEAD_MAX - strlen(trailer) + 3 - 4;
    struct td_buf wire = TD_BUF_INIT, second = TD_BUF_INIT;
    (void)state;
    compose(&wire, "HTTP/1.1 100 C\r\nA: ", 'x', half, "\r\n\r\n");
    compose(&second, OK "Content-Length: 0\r\nA: ", 'x', half, "\r\n\r\n");
    td_buf_add(&wire, second.data, second.len);
    assert_ends(&wire, TD_RESPONSE_OK, wire.len);
    compose(&wire, trailer, 'x', room, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_OK, wire.len);
    compose(&wire, trailer, 'x', room + 1, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_HEAD_TOO_LONG, wire.len - 1);
    td_buf_release(&wire);
    td_buf_release(&second);
}

static void test_longest_chunk_line(void **state)
{
    const size_t room = TD_RESPONSE_CHUNK_LINE_MAX - strlen("1;\r\n");
    struct td_buf wire = TD_BUF_INIT;
    (void)state;
    compose(&wire, CHUNKED "1;", 'x', room, "\r\nx\r\n0\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_OK, wire.len);
    compose(&wire, CHUNKED "1;", 'x', room + 1, "\r\nx\r\n0\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_BAD_CHUNK,
                strlen(CHUNKED) + TD_RESPONSE_CHUNK_LINE_MAX);
    compose(&wire, CHUNKED, '0', TD_RESPONSE_CHUNK_LINE_MAX - 2, "\r\n\r\n");
    assert_ends(&wire, TD_RESPONSE_OK, wire.len);
    td_buf_release(&wire);
}

static void test_longest_body(void **state)
{
    static const char largest[] = OK "Content-Length: 1099511627776\r\n\r\nxyz";
    struct response_seen seen;
    (void)state;
    response_whole(&seen, largest, strlen(largest), false);
    assert_int_equal(seen.response.fault, TD_RESPONSE_OK);
    assert_int_equal(seen.response.left, TD_RESPONSE_BODY_MAX - 3);
    response_seen_release(&seen);
    response_whole(&seen, OK "\r\n", strlen(OK) + 2, false);
    seen.response.body_bytes = TD_RESPONSE_BODY_MAX - 2;
    assert_true(response_piece(&seen, "ab", 2));
    assert_false(response_piece(&seen, "c", 1));
    assert_int_equal(seen.response.fault, TD_RESPONSE_TOO_LONG);
    assert_false(td_response_eof(&seen.response));
    response_seen_release(&seen);
}

/* Where the decoded bytes are to be found. */
struct places {
    const char *at[3];
    size_t len[3], count;
};

static void note_place(void *to, const char *data, size_t len)
{
    struct places *places = to;
    assert_true(places->count < 3);
    places->at[places->count] = data;
    places->len[places->count++] = len;
}

static void test_body_is_not_copied(void **state)
{
    static const char wire[] = CHUNKED "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nrest";
    const char *body = strstr(wire, "abc");
    struct places places = {.count = 0};
    struct td_response r;
    (void)state;
    td_response_init(&r, false);
    assert_int_equal(
        td_response_feed(&r, wire, strlen(wire), note_place, &places),
        strlen(wire) - strlen("rest"));
    assert_int_equal(places.count, 2);
    assert_ptr_equal(places.at[0], body);
    assert_int_equal(places.len[0], 3);
    assert_ptr_equal(places.at[1], body + 8);
    assert_int_equal(places.len[1], 2);
}

/* What is known when: between the head and the last byte of the body. */
static void test_what_is_known_when(void **state)
{
    struct td_response r;
    (void)state;
    td_response_init(&r, false);
    assert_int_equal(td_response_feed(&r, NULL, 0, NULL, NULL), 0);
    td_response_feed(&r, OK "Content-Length: 3\r\n", strlen(OK) + 19, NULL, 0);
    assert_false(r.head_done);
    td_response_feed(&r, "\r\na", 3, NULL, NULL);
    assert_true(r.head_done && r.keep_alive && !r.complete && !r.to_eof);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.minor, 1);
    assert_int_equal(r.body_bytes, 1);
    assert_int_equal(td_response_feed(&r, "bcHTTP", 6, NULL, NULL), 2);
    assert_true(r.complete);
    assert_int_equal(r.wire_bytes, strlen(OK) + 19 + 5);
    assert_int_equal(td_response_feed(&r, "HTTP", 4, NULL, NULL), 0);
    td_response_init(&r, true);
    assert_true(r.head_request && !r.complete && !r.wire_bytes && !r.status);
}

static void test_one_after_the_other(void **state)
{
    static const char wire[] =
        OK "Content-Length: 2\r\n\r\nab" CHUNKED "1\r\nx\r\n0\r\n\r\n"
           "HTTP/1.1 304 N\r\nContent-Length: 7\r\n\r\n" OK
           "Connection: close\r\n\r\nrest";
    static const int statuses[] = {200, 200, 304, 200};
    size_t at = 0;
    struct td_response r;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(at < strlen(wire));
        td_response_init(&r, false);
        at += td_response_feed(&r, wire + at, strlen(wire) - at, NULL, NULL);
        assert_int_equal(r.status, statuses[i]);
        assert_int_equal(r.complete, i < 3);
        assert_int_equal(r.keep_alive, i < 3);
    }
    assert_int_equal(at, strlen(wire));
    assert_true(td_response_eof(&r));
}

static void test_every_fault_has_a_name(void **state)
{
    (void)state;
    for (int i = TD_RESPONSE_OK; i <= TD_RESPONSE_TOO_LONG; i++)
        for (int j = TD_RESPONSE_OK; j < i; j++)
            assert_string_not_equal(
                td_response_fault_name((enum td_response_fault)i),
                td_response_fault_name((enum td_response_fault)j));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longest_head),
        cmocka_unit_test(test_which_heads_count_together),
        cmocka_unit_test(test_longest_chunk_line),
        cmocka_unit_test(test_longest_body),
        cmocka_unit_test(test_body_is_not_copied),
        cmocka_unit_test(test_what_is_known_when),
        cmocka_unit_test(test_one_after_the_other),
        cmocka_unit_test(test_every_fault_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
