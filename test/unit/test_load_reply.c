/* Which path gets which answer, and its bytes. */
#include "load/origin_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct td_reply route(enum td_method method, const char *path)
{
    struct td_reply reply;
    struct td_request request = {.method = method,
                                 .path = path,
                                 .path_len = strlen(path),
                                 .minor = 1,
                                 .keep_alive = true};
    td_reply_route(&request, &reply);
    return reply;
}

static int status_of(const char *path)
{
    return route(TD_METHOD_GET, path).status;
}

static void test_statuses(void **state)
{
    (void)state;
    assert_int_equal(status_of("/healthz"), 200);
    assert_int_equal(status_of("/"), 404);
    assert_int_equal(status_of("/healthzz"), 404);
    assert_int_equal(status_of("/delay"), 404);
    assert_int_equal(status_of("/delay/1s"), 404);
    assert_int_equal(status_of("/delay/1s/"), 400);
    assert_int_equal(status_of("/delay//x"), 400);
    assert_int_equal(status_of("/delay/fast/x"), 400);
    assert_int_equal(status_of("/delay/-1s/x"), 400);
    assert_int_equal(status_of("/delay/61s/x"), 400);
    assert_int_equal(status_of("/delay/60s/x"), 200);
    assert_int_equal(status_of("/delay/1s/a/b"), 400);
    assert_int_equal(status_of("/delay/1s/%0a"), 400);
    assert_int_equal(route(TD_METHOD_OTHER, "/healthz").status, 405);
    assert_int_equal(route(TD_METHOD_OTHER, "/nowhere").status, 404);
}

static void test_delays(void **state)
{
    struct td_reply reply = route(TD_METHOD_GET, "/delay/100ms/item-7");
    (void)state;
    assert_int_equal(reply.delay_ns, 100000000);
    assert_int_equal(reply.item_len, 6);
    assert_int_equal(route(TD_METHOD_GET, "/delay/0ms/a").delay_ns, 0);
    assert_int_equal(route(TD_METHOD_GET, "/delay/61s/a").delay_ns, 0);
    assert_int_equal(route(TD_METHOD_OTHER, "/delay/1s/a").delay_ns, 0);
}

static void test_body_is_sixteen_lines(void **state)
{
    struct td_reply reply = route(TD_METHOD_GET, "/delay/1ms/7");
    char out[TD_REPLY_MAX];
    size_t len = td_reply_compose(&reply, out), lines = 0;
    const char *body;
    (void)state;
    out[len] = '\0';
    assert_non_null(strstr(out, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(out, "\r\nConnection: keep-alive\r\n"));
    body = strstr(out, "\r\n\r\n") + 4;
    assert_int_equal(atoi(strstr(out, "Content-Length: ") + 16), strlen(body));
    while ((body = strstr(body, "tandem origin item 7\n"))) {
        body++;
        lines++;
    }
    assert_int_equal(lines, 16);
}

static void test_longest_reply_fits(void **state)
{
    char path[16 + TD_ITEM_MAX + 2] = "/delay/60s/", out[TD_REPLY_MAX];
    struct td_reply reply;
    size_t used = strlen(path);
    (void)state;
    memset(path + used, 'x', TD_ITEM_MAX);
    path[used + TD_ITEM_MAX] = '\0';
    reply = route(TD_METHOD_GET, path);
    assert_int_equal(reply.status, 200);
    assert_true(td_reply_compose(&reply, out) < TD_REPLY_MAX);
    strcat(path, "x");
    assert_int_equal(status_of(path), 400);
}

static void test_head_has_no_body(void **state)
{
    struct td_reply reply = route(TD_METHOD_HEAD, "/delay/1ms/7");
    char out[TD_REPLY_MAX];
    size_t len = td_reply_compose(&reply, out);
    (void)state;
    assert_memory_equal(out + len - 4, "\r\n\r\n", 4);
    reply = (struct td_reply){.status = 431};
    len = td_reply_compose(&reply, out);
    out[len] = '\0';
    assert_non_null(strstr(out, "Connection: close\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_body_is_sixteen_lines),
        cmocka_unit_test(test_longest_reply_fits),
        cmocka_unit_test(test_head_has_no_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
