/* What the response scanner reads, what it refuses and where it stops; every
 * response of the tables whole, byte by byte and in two at every place. */
#include "test/unit/response_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

/* A response that is taken: the bytes, what of them is left over, and what
 * was understood. */
struct taken {
    const char *wire, *rest;
    int status;
    const char *body;
    unsigned what;
};

/* what: the connection lives on; it answers a HEAD; it had interim ones. */
enum { KEEP = 1, HEAD = 2, INTERIM = 4 };

static const struct taken taken[] = {
    {OK "Content-Length: 5\r\n\r\nhelloHTTP", "HTTP", 200, "hello", KEEP},
    {OK "content-LENGTH:5\r\n\r\nhello", "", 200, "hello", KEEP},
    {OK "Content-Length: \t 005 \t\r\n\r\nhello", "", 200, "hello", KEEP},
    {OK "Content-Length: 2\r\nContent-Length: 02\r\n\r\nab", "", 200, "ab",
     KEEP},
    {OK "Content-Length: 0\r\n\r\n", "", 200, "", KEEP},
    {OK "Content-Length: 0\n\nx", "x", 200, "", KEEP},
    {"HTTP/1.1 200 OK\nA: b\nContent-Length: 1\n\nx", "", 200, "x", KEEP},
    {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "", 200, "", KEEP},
    {"HTTP/1.1 200\nContent-Length: 0\r\n\r\n", "", 200, "", KEEP},
    {"HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n", "", 404, "", KEEP},
    {"HTTP/1.1 999 Caf\xc3\xa9\t!\r\nContent-Length: 0\r\n\r\n", "", 999, "",
     KEEP},
    {OK "Empty:\r\nA: \xff\ttab \x80\r\n!#$%&'*+-.^_`|~09: x\r\n"
        "Content-Length: 0\r\n\r\n",
     "", 200, "", KEEP},
    /* Names that only begin or end like those that matter. */
    {OK "Content-Lengths: 7\r\nXContent-Length: 7\r\nContent-Lengtj: 7\r\n"
        "Connection-: close\r\nContent-Length: 0\r\n\r\n",
     "", 200, "", KEEP},
    /* No body, whatever the head says. */
    {"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", "abc", 204, "",
     KEEP},
    {"HTTP/1.1 204 No Content\r\n\r\n", "", 204, "", KEEP},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nH", "H", 304, "",
     KEEP},
    {"HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n0", "0", 304, "",
     KEEP},
    {OK "Content-Length: 1000\r\n\r\nHTTP", "HTTP", 200, "", KEEP | HEAD},
    {CHUNKED "5", "5", 200, "", KEEP | HEAD},
    {OK "\r\nx", "x", 200, "", KEEP | HEAD},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81", "\x81", 101,
     "", 0},
    /* Interim responses. */
    {"HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\nxy", "y", 200,
     "x", KEEP | 1 * INTERIM},
    {"HTTP/1.1 103 Early\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
     "HTTP/1.1 102 P\n\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx",
     "", 201, "x", KEEP | 2 * INTERIM},
    {"HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: x\r\nConnection: close"
     "\r\n\r\n" OK "Server: one\r\nContent-Length: 1\r\n\r\nx",
     "", 200, "x", KEEP | 1 * INTERIM},
    /* Whether the connection lives on. */
    {OK "Connection: close\r\nContent-Length: 1\r\n\r\nx", "", 200, "x", 0},
    {OK "Connection: Keep-Alive , CLOSE\r\nContent-Length: 0\r\n\r\n", "", 200,
     "", 0},
    {OK "Connection: foo\r\nConnection:\tclose\t\r\nContent-Length: 0\r\n\r\n",
     "", 200, "", 0},
    {OK "Connection: closed, not close, clos\r\nContent-Length: 0\r\n\r\n", "",
     200, "", KEEP},
    {OK "Connection: a-word-that-is-longer-than-all-that-matter,,close\r\n"
        "Content-Length: 0\r\n\r\n",
     "", 200, "", 0},
    {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "", 200, "x", 0},
    {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
     "", 200, "x", KEEP},
    {"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n"
     "Content-Length: 0\r\n\r\n",
     "", 200, "", 0},
    {"HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", "", 200, "", KEEP},
    /* Chunks. */
    {CHUNKED "5\r\nhello\r\n0\r\n\r\nH", "H", 200, "hello", KEEP},
    {CHUNKED "0\r\n\r\n", "", 200, "", KEEP},
    {CHUNKED "00a\r\n0123456789\r\nB;x\r\n0123456789a\r\n000\r\n\r\n", "", 200,
     "01234567890123456789a", KEEP},
    {CHUNKED "1;a=b;c=\"d;\te\"\r\nx\r\n1 ; a\r\ny\r\n1 \t\r\nz\r\n0;q\r\n\r\n",
     "", 200, "xyz", KEEP},
    {CHUNKED "1\r\nx\r\n0\r\nTrailer: a\r\nContent-Length: 7\r\n"
             "Connection: close\r\n\r\nrest",
     "rest", 200, "x", KEEP},
    {CHUNKED "1\r\nx\r\n0\r\nA: b\n\nrest", "rest", 200, "x", KEEP},
    /* Trailers say nothing of the body or the connection. */
    {CHUNKED "0\r\nContent-Length: x\r\nTransfer-Encoding: gzip;\r\n"
             "Connection: close\r\n\r\n",
     "", 200, "", KEEP},
    {OK "transfer-encoding:CHUNKED\r\n\r\n1\r\nx\r\n0\r\n\r\n", "", 200, "x",
     KEEP},
    {OK "Transfer-Encoding: gzip,\t, chunked ,\r\n\r\n1\r\nx\r\n0\r\n\r\n", "",
     200, "x", KEEP},
    {OK "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n"
        "Connection: close\r\n\r\n0\r\n\r\n",
     "", 200, "", 0},
};

/* A response that is refused at the first byte of rest. */
struct refused {
    enum td_response_fault fault;
    const char *wire, *rest;
};

static const struct refused refused[] = {
    {TD_RESPONSE_BAD_STATUS_LINE, "\r\n" OK, "\r\n" OK},
    {TD_RESPONSE_BAD_STATUS_LINE, "\n" OK "Content-Length: 0\r\n\r\n",
     "\n" OK "Content-Length: 0\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTQ/1.1 200 OK\r\n", "Q/1.1 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "http/1.1 200 OK\r\n", "http/1.1 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/2.0 200 OK\r\n", "2.0 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.x 200 OK\r\n", "x 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.10 200 OK\r\n", "0 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1  200 OK\r\n", " 200 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 020 OK\r\n", "020 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 20 OK\r\n\r\n", " OK\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 2000 OK\r\n", "0 OK\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 200 O\rK\r\n\r\n", "K\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 200 O\x7f\r\n\r\n", "\x7f\r\n\r\n"},
    {TD_RESPONSE_BAD_STATUS_LINE, "HTTP/1.1 200\r \r\n\r\n", " \r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK ": a\r\n\r\n", ": a\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "no colon\r\n\r\n", " colon\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A : b\r\n\r\n", " : b\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A\r\n\r\n", "\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A(: b\r\n\r\n", "(: b\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A\xe4: b\r\n\r\n", "\xe4: b\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A: b\x01\r\n\r\n", "\x01\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A: b\x7f\r\n\r\n", "\x7f\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A: b\rc\r\n\r\n", "c\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A: b\r\r\n\r\n", "\r\n\r\n"},
    {TD_RESPONSE_BAD_HEADER, OK "A: b\r\n\rx", "x"},
    {TD_RESPONSE_FOLDED, OK " A: b\r\n\r\n", " A: b\r\n\r\n"},
    {TD_RESPONSE_FOLDED, OK "A: b\r\n c\r\n\r\n", " c\r\n\r\n"},
    {TD_RESPONSE_FOLDED, OK "A: b\r\n\tc\r\n\r\n", "\tc\r\n\r\n"},
    {TD_RESPONSE_FOLDED, CHUNKED "0\r\nA: b\r\n c\r\n\r\n", " c\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length:\r\n\r\n", "\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: \n\r\n", "\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: -1\r\n\r\n", "-1\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: +1\r\n\r\n", "+1\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: 0x1\r\n\r\n", "x1\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: 1 2\r\n\r\n", "2\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH, OK "Content-Length: 2, 2\r\n\r\n", ", 2\r\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH,
     OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "\n\r\n"},
    {TD_RESPONSE_BAD_LENGTH,
     OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0", "\n0"},
    {TD_RESPONSE_BAD_LENGTH,
     OK "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\n0", "\n0"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: gzip\r\n\r\nx", "\nx"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding:\r\n\r\nx", "\nx"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: chunked, gzip\r\n\r\n",
     "\n\r\n"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: chunked,chunked\r\n\r\n",
     "\n\r\n"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: chunked,x,y\r\n\r\n",
     ",y\r\n\r\n"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: x chunked\r\n\r\n",
     "chunked\r\n\r\n"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: chunked;q=1\r\n\r\n",
     ";q=1\r\n\r\n"},
    {TD_RESPONSE_BAD_CODING, OK "Transfer-Encoding: \"chunked\"\r\n\r\n",
     "\"chunked\"\r\n\r\n"},
    {TD_RESPONSE_BAD_CODING,
     "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0", "\n0"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "\r\n", "\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "g\r\n", "g\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "-1\r\n", "-1\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "0x1\r\n", "x1\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED ";a\r\n", ";a\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED " 1\r\n", " 1\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1 2\r\n", "2\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1\nx", "\nx"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1;a\nx", "\nx"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1;a\x7f", "\x7f"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1\rx", "x"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1\r\nxy\r\n", "y\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1\r\nx\n0\r\n", "\n0\r\n"},
    {TD_RESPONSE_BAD_CHUNK, CHUNKED "1\r\nx\r0\r\n", "0\r\n"},
    {TD_RESPONSE_BAD_HEADER, CHUNKED "0\r\nno colon\r\n\r\n", " colon\r\n\r\n"},
    {TD_RESPONSE_TOO_LONG, OK "Content-Length: 1099511627777\r\n\r\n",
     "7\r\n\r\n"},
    {TD_RESPONSE_TOO_LONG, OK "Content-Length: 99999999999999999999999\r\n\r\n",
     "99999999999\r\n\r\n"},
    {TD_RESPONSE_TOO_LONG, CHUNKED "10000000001\r\n", "1\r\n"},
    {TD_RESPONSE_TOO_LONG, CHUNKED "1\r\nx\r\n10000000000\r\n", "0\r\n"},
    {TD_RESPONSE_TOO_LONG, CHUNKED "ffffffffffffffffff\r\n", "ffffffff\r\n"},
};

static void assert_same(const struct response_seen *whole,
                        struct response_seen *other, const char *how,
                        size_t number, const char *wire)
{
    const char *difference = response_difference(whole, other);
    if (difference)
        fail_msg("%s, %zu: %s differs: %s", how, number, difference, wire);
    response_seen_release(other);
}

/* Reads it in every way; the caller judges what came out whole. */
static void read_all_ways(struct response_seen *whole, const char *wire,
                          size_t len, bool head_request)
{
    struct response_seen other;
    response_whole(whole, wire, len, head_request);
    for (size_t each = 1; each < 4; each++) {
        response_bytewise(&other, wire, len, each, head_request);
        assert_same(whole, &other, "in pieces of", each, wire);
    }
    for (size_t at = 0; at <= len; at++) {
        response_split(&other, wire, len, at, head_request);
        assert_same(whole, &other, "in two at", at, wire);
    }
}

static void check_taken(const struct taken *t)
{
    const size_t len = strlen(t->wire);
    struct response_seen seen;
    const struct td_response *r = &seen.response;
    read_all_ways(&seen, t->wire, len, t->what & HEAD);
    if (r->fault || !r->complete || !r->head_done || r->to_eof ||
        seen.consumed != len - strlen(t->rest) || r->status != t->status ||
        r->keep_alive != (t->what & KEEP) || r->interim != t->what / INTERIM)
        fail_msg("%s: %s, status %d, %zu of %zu bytes, keep-alive %d", t->wire,
                 td_response_fault_name(r->fault), r->status, seen.consumed,
                 len, r->keep_alive);
    assert_int_equal(r->body_bytes, strlen(t->body));
    assert_int_equal(seen.body.len, strlen(t->body));
    if (seen.body.len)
        assert_memory_equal(seen.body.data, t->body, seen.body.len);
    assert_true(td_response_eof(&seen.response));
    response_seen_release(&seen);
}

static void test_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(taken); i++)
        check_taken(&taken[i]);
}

/* after: what follows the wire; no byte beyond the fault may matter. */
static void check_refused(const struct refused *t, const char *after)
{
    char *wire = td_xasprintf("%s%s", t->wire, after);
    struct response_seen seen;
    read_all_ways(&seen, wire, strlen(wire), false);
    if (seen.response.fault != t->fault ||
        seen.consumed != strlen(t->wire) - strlen(t->rest))
        fail_msg("%s: %s after %zu bytes", wire,
                 td_response_fault_name(seen.response.fault), seen.consumed);
    assert_false(seen.response.complete);
    assert_false(response_piece(&seen, "x", 1));
    assert_false(td_response_eof(&seen.response));
    response_seen_release(&seen);
    free(wire);
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        check_refused(&refused[i], "");
    for (size_t i = 0; i < COUNT(refused); i++)
        check_refused(&refused[i], "\r\nServer: one\r\nDate: today\r\n\r\n");
}

/* What no byte but the last completes. */
static void test_cut_short(void **state)
{
    struct response_seen seen;
    (void)state;
    for (size_t i = 0; i < COUNT(taken); i++) {
        const struct taken *t = &taken[i];
        const size_t whole = strlen(t->wire) - strlen(t->rest);
        for (size_t len = 0; len < whole; len++) {
            response_whole(&seen, t->wire, len, t->what & HEAD);
            if (seen.consumed != len || td_response_eof(&seen.response))
                fail_msg("%s: complete after %zu bytes", t->wire, len);
            response_seen_release(&seen);
        }
    }
}

static const char *const endless[] = {
    OK "\r\nto the end\r\n",
    "HTTP/1.0 200 OK\r\n\r\nto the end\r\n",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nto the end\r\n",
    "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200\n\nto the end\r\n",
};

static void test_body_to_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(endless); i++) {
        struct response_seen seen;
        read_all_ways(&seen, endless[i], strlen(endless[i]), false);
        assert_int_equal(seen.consumed, strlen(endless[i]));
        assert_true(seen.response.head_done && seen.response.to_eof);
        assert_false(seen.response.complete || seen.response.keep_alive);
        assert_int_equal(seen.body.len, strlen("to the end\r\n"));
        assert_true(td_response_eof(&seen.response));
        assert_true(seen.response.complete);
        response_seen_release(&seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_body_to_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
