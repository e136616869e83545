/* The bytes of requests, and the mix files that they are read from. */
#include "base/files.h"
#include "load/load_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char host[] = "127.0.0.1", own_path[] = "/own?x=1",
            authority[] = "127.0.0.1:8080";
static const struct td_load_target target = {
    .host = host, .path = own_path, .authority = authority, .port = 8080};

struct made {
    struct td_load_requests requests;
    struct td_strings headers;
    struct td_err err;
};

static void release(struct made *made)
{
    td_load_requests_release(&made->requests);
    td_strings_release(&made->headers);
}

static int add(struct made *made, const char *method, const char *path,
               const char *header, const char *body, bool keepalive)
{
    struct td_load_request_text text = {method, path, &made->headers, body,
                                        body ? strlen(body) : 0};
    if (header)
        td_strings_split(&made->headers, header, "|");
    return td_load_requests_add(&made->requests, &target, &text, keepalive, 1,
                                &made->err);
}

struct bytes {
    const char *method, *path, *headers, *body;
    bool keepalive;
    const char *want;
};

#define HOST "Host: 127.0.0.1:8080\r\n"
#define AGENT "User-Agent: tandem\r\n"

static const struct bytes good[] = {
    {"GET", NULL, NULL, NULL, true,
     "GET /own?x=1 HTTP/1.1\r\n" HOST AGENT "\r\n"},
    {"GET", "/a", NULL, NULL, false,
     "GET /a HTTP/1.1\r\n" HOST AGENT "Connection: close\r\n\r\n"},
    {"HEAD", "/", "host:other|user-AGENT: me", NULL, true,
     "HEAD / HTTP/1.1\r\nhost:other\r\nuser-AGENT: me\r\n\r\n"},
    {"POST", "/", NULL, NULL, true,
     "POST / HTTP/1.1\r\n" HOST AGENT "Content-Length: 0\r\n\r\n"},
    {"PUT", "/u/1", "A: b|A: c", "xyz", true,
     "PUT /u/1 HTTP/1.1\r\n" HOST AGENT
     "A: b\r\nA: c\r\nContent-Length: 3\r\n\r\nxyz"},
    {"DELETE", "/", "Content-Length: 2|Connection: keep-alive", "ab", false,
     "DELETE / HTTP/1.1\r\n" HOST AGENT
     "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nab"},
    {"OPTIONS", "*", NULL, NULL, true,
     "OPTIONS * HTTP/1.1\r\n" HOST AGENT "\r\n"},
};

static void test_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const struct bytes *b = &good[i];
        struct made made = {.err = TD_ERR_INIT};
        if (add(&made, b->method, b->path, b->headers, b->body, b->keepalive))
            fail_msg("%zu: %s", i, made.err.msg);
        assert_int_equal(made.requests.count, 1);
        assert_int_equal(made.requests.at[0].len, strlen(b->want));
        assert_memory_equal(made.requests.at[0].bytes, b->want,
                            strlen(b->want));
        assert_int_equal(made.requests.at[0].head,
                         strcmp(b->method, "HEAD") == 0);
        release(&made);
    }
}

static void test_body_may_hold_nul(void **state)
{
    static const char body[] = "a\0b";
    struct td_load_request_text text = {"POST", "/", NULL, body, 3};
    struct made made = {.err = TD_ERR_INIT};
    const struct td_load_request *request;
    (void)state;
    assert_int_equal(td_load_requests_add(&made.requests, &target, &text, true,
                                          2.5, &made.err),
                     0);
    request = &made.requests.at[0];
    assert_memory_equal(request->bytes + request->len - 3, body, 3);
    assert_non_null(strstr(request->bytes, "Content-Length: 3\r\n"));
    assert_true(request->weight > 2.4 && request->weight < 2.6);
    assert_int_equal(request->expect_status, 0);
    assert_null(request->expect_body);
    release(&made);
}

struct refused {
    const char *method, *path, *headers, *body, *says;
};

static const struct refused bad[] = {
    {"get", "/", NULL, NULL, "unknown method \"get\"; did you mean GET?"},
    {"POTS", "/", NULL, NULL, "did you mean POST?"},
    {"GET /", "/", NULL, NULL, "unknown method \"GET /\""},
    {"BREW-COFFEE", "/", NULL, NULL, "one of GET, HEAD, POST"},
    {"", "/", NULL, NULL, "unknown method \"\""},
    {"GET", "users", NULL, NULL, "begins with \"/\", found \"users\""},
    {"GET", "*", NULL, NULL, "begins with \"/\", found \"*\""},
    {"GET", "/a b", NULL, NULL, "0x20 cannot stand in a path"},
    {"GET", "/\xc3\xa4", NULL, NULL, "write %C3"},
    {"GET", "/a\r\nX: y", NULL, NULL, "0x0d"},
    {"GET", "/a#b", NULL, NULL, "leave it out of \"/a#b\""},
    {"GET", "/", "no colon", NULL, "found \"no colon\""},
    {"GET", "/", "Name : v", NULL, "found \"Name : v\""},
    {"GET", "/", ": v", NULL, "found \": v\""},
    {"GET", "/", "A: b\r\nC: d", NULL, "header A: byte 0x0d"},
    {"GET", "/", "Host: a|host: b", NULL, "\"Host: a\" and \"host: b\""},
    {"PUT", "/", "Content-Length: 4", "abc", "the body has 3 bytes"},
    {"GET", "/", "Content-Length: 4", NULL, "the body has 0 bytes"},
    {"PUT", "/", "Transfer-Encoding: chunked", "abc", "sent with its length"},
};

static void test_what_cannot_stand_in_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct refused *b = &bad[i];
        struct made made = {.err = TD_ERR_INIT};
        assert_int_equal(
            add(&made, b->method, b->path, b->headers, b->body, true),
            TD_EUSAGE);
        if (!strstr(made.err.msg, b->says))
            fail_msg("\"%s\" does not say \"%s\"", made.err.msg, b->says);
        assert_int_equal(made.requests.count, 0);
        release(&made);
    }
}

/* Files of a mix in a directory of their own. */
static int make_dir(void **state)
{
    char dir[] = "/tmp/tandem-mix-XXXXXX";
    struct td_err err = TD_ERR_INIT;
    char *body;
    if (!mkdtemp(dir))
        return -1;
    *state = td_xstrdup(dir);
    body = td_xasprintf("%s/user.json", dir);
    if (td_file_write_atomic(body, "{\"n\":\0001}", 8, &err))
        return -1;
    free(body);
    return 0;
}

static int remove_dir(void **state)
{
    static const char *const names[] = {"user.json", "mix"};
    for (size_t i = 0; i < 2; i++) {
        char *path = td_xasprintf("%s/%s", (char *)*state, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(*state);
    free(*state);
    return 0;
}

static int read_mix(const char *dir, const char *text, size_t len,
                    struct made *made)
{
    struct td_load_request_text common = {.headers = &made->headers};
    char *path = td_xasprintf("%s/mix", dir);
    struct td_err err = TD_ERR_INIT;
    int rc;
    assert_int_equal(td_file_write_atomic(path, text, len, &err), 0);
    rc = td_load_requests_read(&made->requests, path, &target, &common, true,
                               &made->err);
    free(path);
    return rc;
}

static void test_mix(void **state)
{
    static const char text[] =
        "3 POST /users body=\"{\\\"a\\\": \\\"# no comment\\\"}\" "
        "header=\"accept: b\" header=C:d expect=201\n"
        "1 PUT /users/3 body-file=user.json expect-file=user.json";
    struct made made = {.err = TD_ERR_INIT};
    const struct td_load_request *at;
    td_strings_add(&made.headers, "Accept: a");
    if (read_mix(*state, text, sizeof text - 1, &made))
        fail_msg("%s", made.err.msg);
    assert_int_equal(made.requests.count, 2);
    at = made.requests.at;
    assert_string_equal(at[0].bytes,
                        "POST /users HTTP/1.1\r\n" HOST AGENT
                        "accept: b\r\nC:d\r\nContent-Length: 21\r\n\r\n"
                        "{\"a\": \"# no comment\"}");
    assert_int_equal(at[0].expect_status, 201);
    assert_true(at[0].weight > 2.9 && at[0].weight < 3.1);
    assert_non_null(strstr(at[1].bytes, "Accept: a\r\n"));
    assert_memory_equal(at[1].bytes + at[1].len - 8, "{\"n\":\0001}", 8);
    assert_int_equal(at[1].expect_body_len, 8);
    assert_memory_equal(at[1].expect_body, "{\"n\":\0001}", 8);
    release(&made);
}

static void test_comments_and_blank_lines(void **state)
{
    static const char text[] = "# a comment\n"
                               "\n"
                               "   \t\r\n"
                               "GET /users/1  # the usual\r\n"
                               "  0.5\tHEAD /x\n"
                               "#GET /off\n";
    struct made made = {.err = TD_ERR_INIT};
    if (read_mix(*state, text, sizeof text - 1, &made))
        fail_msg("%s", made.err.msg);
    assert_int_equal(made.requests.count, 2);
    assert_true(made.requests.at[0].weight > .9);
    assert_true(made.requests.at[1].weight < .6);
    assert_true(made.requests.at[1].head);
    assert_non_null(strstr(made.requests.at[0].bytes, "GET /users/1 HTTP"));
    release(&made);
}

struct mistake {
    const char *text, *says;
};

static const struct mistake mistakes[] = {
    {"", "/mix: there is no request in it"},
    {"# nothing\n", "there is no request in it"},
    {"\n\nGET\n", "/mix:3: expected [WEIGHT] METHOD PATH, found only \"GET\""},
    {"5\n", "/mix:1: expected [WEIGHT] METHOD PATH, found only \"5\""},
    {"0 GET /\n", "/mix:1: expected a weight above 0 or a method, found \"0\""},
    {"-1 GET /\n", "found \"-1\""},
    {"1x GET /\n", "found \"1x\""},
    {"1e999 GET /\n", "found \"1e999\""},
    {"GET /\nGTE /\n", "/mix:2: unknown method \"GTE\"; did you mean GET?"},
    {"GET users\n", "/mix:1: a path begins with \"/\", found \"users\""},
    {"GET / expct=200\n", "unknown key \"expct\"; did you mean expect?"},
    {"GET / bodyfile=x\n", "unknown key \"bodyfile\"; did you mean body-file?"},
    {"GET / zzzzzzzz=x\n", "there are expect, body, body-file"},
    {"GET / 200\n", "expected key=value behind the path, found \"200\""},
    {"GET / expect=20\n", "status from 200 to 599, found \"20\""},
    {"GET / expect=100\n", "found \"100\""},
    {"GET / expect=ok\n", "found \"ok\""},
    {"GET / expect=200 expect=200\n", "expect is given twice"},
    {"PUT / body=a body-file=user.json\n", "give one of them"},
    {"PUT / body-file=none.json\n", "none.json: No such file"},
    {"GET / expect-file=none\n", "/none: No such file"},
    {"GET / header=X\n", "found \"X\""},
    {"GET / header=\"A: b\n", "closing quotation mark"},
};

static void test_mistakes_name_their_line(void **state)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const struct mistake *m = &mistakes[i];
        struct made made = {.err = TD_ERR_INIT};
        assert_int_equal(read_mix(*state, m->text, strlen(m->text), &made),
                         TD_EINPUT);
        assert_int_equal(made.err.code, TD_EINPUT);
        if (!strstr(made.err.msg, m->says))
            fail_msg("\"%s\" does not say \"%s\"", made.err.msg, m->says);
        release(&made);
    }
}

static void test_nul_and_missing_file(void **state)
{
    struct made made = {.err = TD_ERR_INIT}, none = {.err = TD_ERR_INIT};
    assert_int_equal(read_mix(*state, "GET /\0\nGET /\n", 13, &made),
                     TD_EINPUT);
    assert_non_null(strstr(made.err.msg, "/mix:1: a NUL byte"));
    release(&made);
    assert_int_equal(td_load_requests_read(&none.requests, "/nonexistent/mix",
                                           &target, NULL, true, &none.err),
                     TD_EINPUT);
    assert_non_null(strstr(none.err.msg, "cannot open /nonexistent/mix"));
    release(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_body_may_hold_nul),
        cmocka_unit_test(test_what_cannot_stand_in_a_request),
        cmocka_unit_test(test_mix),
        cmocka_unit_test(test_comments_and_blank_lines),
        cmocka_unit_test(test_mistakes_name_their_line),
        cmocka_unit_test(test_nul_and_missing_file),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
