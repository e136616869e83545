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
    char out[TD_PIECE_MAX + 1];
    size_t len = td_reply_piece(&reply, 0, out), lines = 0;
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
    char path[16 + TD_ITEM_MAX + 2] = "/delay/60s/", out[TD_PIECE_MAX + 1];
    struct td_reply reply;
    size_t used = strlen(path);
    (void)state;
    memset(path + used, 'x', TD_ITEM_MAX);
    path[used + TD_ITEM_MAX] = '\0';
    reply = route(TD_METHOD_GET, path);
    assert_int_equal(reply.status, 200);
    assert_true(td_reply_piece(&reply, 0, out) < TD_PIECE_MAX);
    strcat(path, "x");
    assert_int_equal(status_of(path), 400);
}

static void test_head_has_no_body(void **state)
{
    struct td_reply reply = route(TD_METHOD_HEAD, "/delay/1ms/7");
    char out[TD_PIECE_MAX + 1];
    size_t len = td_reply_piece(&reply, 0, out);
    (void)state;
    assert_memory_equal(out + len - 4, "\r\n\r\n", 4);
    reply = (struct td_reply){.status = 431};
    len = td_reply_piece(&reply, 0, out);
    out[len] = '\0';
    assert_non_null(strstr(out, "Connection: close\r\n"));
}

static void test_work_names_a_queue(void **state)
{
    (void)state;
    assert_int_equal(route(TD_METHOD_GET, "/queue").kind, TD_REPLY_WORK);
    assert_int_equal(route(TD_METHOD_OTHER, "/queue").status, 200);
    assert_int_equal(route(TD_METHOD_GET, "/queue").queue, 0);
    assert_int_equal(route(TD_METHOD_GET, "/queue/1023").queue, 1023);
    assert_int_equal(status_of("/queue/1024"), 400);
    assert_int_equal(status_of("/queue/"), 400);
    assert_int_equal(status_of("/queue/-1"), 400);
    assert_int_equal(status_of("/queues"), 404);
    assert_int_equal(route(TD_METHOD_GET, "/queue/1024").kind, TD_REPLY_WHOLE);
}

static void test_faults_are_for_get(void **state)
{
    char out[TD_PIECE_MAX + 1];
    struct td_reply reply = route(TD_METHOD_HEAD, "/chunked");
    (void)state;
    assert_int_equal(reply.status, 405);
    assert_int_equal(reply.kind, TD_REPLY_WHOLE);
    out[td_reply_piece(&reply, 0, out)] = '\0';
    assert_non_null(strstr(out, "\r\nAllow: GET\r\n"));
    reply = route(TD_METHOD_OTHER, "/healthz");
    out[td_reply_piece(&reply, 0, out)] = '\0';
    assert_non_null(strstr(out, "\r\nAllow: GET, HEAD\r\n"));
    assert_int_equal(status_of("/status/503"), 503);
    assert_int_equal(status_of("/status/199"), 400);
    assert_int_equal(status_of("/status/600"), 400);
    assert_int_equal(status_of("/drip/1ms/10"), 200);
    assert_int_equal(status_of("/drip/0ms/10"), 400);
    assert_int_equal(status_of("/drip/1ms"), 404);
    assert_int_equal(status_of("/header/2TiB"), 400);
}

/* Bytes of all pieces; the last of them ends up in out. */
static uint64_t length_of(const struct td_reply *reply,
                          char out[TD_PIECE_MAX + 1])
{
    uint64_t bytes = 0;
    size_t len;
    for (uint64_t i = 0; (len = td_reply_piece(reply, i, out)); i++) {
        assert_true(len <= TD_PIECE_MAX);
        out[len] = '\0';
        bytes += len;
    }
    assert_int_equal(td_reply_piece(reply, 1000, out), 0);
    return bytes;
}

static void test_pieces_of_a_drip(void **state)
{
    struct td_reply reply = route(TD_METHOD_GET, "/drip/1ms/10");
    char out[TD_PIECE_MAX + 1];
    size_t head = td_reply_piece(&reply, 0, out);
    (void)state;
    out[head] = '\0';
    assert_non_null(strstr(out, "Content-Length: 10\r\n"));
    assert_int_equal(length_of(&reply, out), head + 10);
    assert_int_equal(reply.pause_ns, 1000000);
}

static void test_pieces_of_a_header(void **state)
{
    static const char *const paths[] = {"/header/0", "/header/1",
                                        "/header/16384", "/header/16385",
                                        "/header/1MB"};
    static const uint64_t sizes[] = {0, 13, 16384, 16384 + 14, 1000000};
    char out[TD_PIECE_MAX + 1];
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct td_reply reply = route(TD_METHOD_GET, paths[i]);
        uint64_t bytes = length_of(&reply, out);
        assert_string_equal(out, "Content-Length: 3\r\n"
                                 "Connection: keep-alive\r\n\r\nok\n");
        assert_int_equal(bytes - strlen(out) - strlen("HTTP/1.1 200 OK\r\n"),
                         sizes[i]);
    }
}

static void test_endless_ends_never(void **state)
{
    struct td_reply reply = route(TD_METHOD_GET, "/endless");
    char out[TD_PIECE_MAX + 1];
    (void)state;
    out[td_reply_piece(&reply, 0, out)] = '\0';
    assert_null(strstr(out, "Content-Length"));
    assert_non_null(strstr(out, "Connection: close\r\n"));
    assert_int_equal(td_reply_piece(&reply, UINT64_MAX, out), TD_PIECE_MAX);
}

static void test_statuses_without_a_body(void **state)
{
    static const char *const paths[] = {"/status/204", "/status/304"};
    char out[TD_PIECE_MAX + 1];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct td_reply reply = route(TD_METHOD_GET, paths[i]);
        size_t len = td_reply_piece(&reply, 0, out);
        assert_memory_equal(out + len - 4, "\r\n\r\n", 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_body_is_sixteen_lines),
        cmocka_unit_test(test_longest_reply_fits),
        cmocka_unit_test(test_head_has_no_body),
        cmocka_unit_test(test_work_names_a_queue),
        cmocka_unit_test(test_faults_are_for_get),
        cmocka_unit_test(test_pieces_of_a_drip),
        cmocka_unit_test(test_pieces_of_a_header),
        cmocka_unit_test(test_endless_ends_never),
        cmocka_unit_test(test_statuses_without_a_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
