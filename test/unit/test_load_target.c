/*
 * What a URL may be, and what is taken from it.
 */
#include "load/load.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void parses(const char *url, const char *host, unsigned port,
                   const char *path, const char *authority)
{
    struct td_load_target target;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_load_target_parse(&target, url, false, &err), 0);
    assert_string_equal(target.host, host);
    assert_string_equal(target.path, path);
    assert_string_equal(target.authority, authority);
    assert_int_equal(target.port, port);
    assert_true(target.naddresses >= 1);
    td_load_target_release(&target);
    assert_null(target.addresses);
}

static void takes_a_url_apart(void **state)
{
    (void)state;
    parses("http://127.0.0.1:8080/users/1", "127.0.0.1", 8080, "/users/1",
           "127.0.0.1:8080");
    parses("http://127.0.0.1", "127.0.0.1", 80, "/", "127.0.0.1");
    parses("HTTP://127.9.8.7:80/a?b=/c#d", "127.9.8.7", 80, "/a?b=/c",
           "127.9.8.7");
    parses("http://127.0.0.1:9?x=1", "127.0.0.1", 9, "/?x=1", "127.0.0.1:9");
    parses("http://[::1]:8080/", "::1", 8080, "/", "[::1]:8080");
    parses("http://[::1]", "::1", 80, "/", "[::1]");
    parses("http://localhost:81", "localhost", 81, "/", "localhost:81");
}

static void resolves_to_sockaddrs(void **state)
{
    struct td_load_target target;
    struct td_err err = TD_ERR_INIT;
    struct sockaddr_storage *at;
    (void)state;
    assert_int_equal(
        td_load_target_parse(&target, "http://localhost:81", false, &err), 0);
    at = target.addresses;
    assert_int_equal(target.naddresses, 2);
    assert_int_equal(at[0].ss_family, AF_INET);
    assert_int_equal(at[1].ss_family, AF_INET6);
    assert_int_equal(ntohs(((struct sockaddr_in *)(void *)at)->sin_port), 81);
    td_load_target_release(&target);
}

static void refuses(const char *url, const char *part)
{
    struct td_load_target target;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_load_target_parse(&target, url, false, &err),
                     TD_EUSAGE);
    if (!strstr(err.msg, part))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, part);
    assert_null(target.host);
}

static void refuses_what_it_cannot_load(void **state)
{
    (void)state;
    refuses("https://127.0.0.1/", "only http://");
    refuses("127.0.0.1:80", "only http://");
    refuses("http://", "no host");
    refuses("http://:80/", "no host");
    refuses("http://127.0.0.1:0/", "1 to 65535");
    refuses("http://127.0.0.1:65536/", "1 to 65535");
    refuses("http://127.0.0.1:8o/", "no number");
    refuses("http://127.0.0.1:000000000080/", "no number");
    refuses("http://me@127.0.0.1/", "user name");
    refuses("http://[::1/", "\"]\"");
    refuses("http://[::1]8080/", "only a port");
    refuses("http://127.0.0.1/a b", "blank");
    refuses("http://127.0.0.1/a\r\nX: y", "blank");
    refuses("http://127.1/", "neither an address nor localhost");
    refuses("http://example.org/", "neither an address nor localhost");
    refuses("http://192.0.2.1/", "not one of this machine");
    refuses("http://[2001:db8::1]/", "not one of this machine");
}

static void remote_addresses_want_leave(void **state)
{
    struct td_load_target target;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(
        td_load_target_parse(&target, "http://192.0.2.1/", true, &err), 0);
    assert_int_equal(target.naddresses, 1);
    td_load_target_release(&target);
}

static void every_failure_has_a_key_and_words(void **state)
{
    (void)state;
    for (int i = 0; i < TD_LOAD_FAILURES; i++) {
        assert_non_null(td_load_failure_keys[i]);
        assert_non_null(td_load_failure_words[i]);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(td_load_failure_keys[i],
                                    td_load_failure_keys[j]);
    }
}

static void a_result_can_be_released_at_any_time(void **state)
{
    struct td_load_result result;
    (void)state;
    td_load_result_init(&result);
    result.failed[TD_LOAD_RESET] = 2;
    result.failed[TD_LOAD_BODY] = 3;
    assert_int_equal(td_load_failed(&result), 5);
    td_load_result_release(&result);
    td_load_result_release(&result);
    assert_int_equal(td_load_failed(&result), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_url_apart),
        cmocka_unit_test(resolves_to_sockaddrs),
        cmocka_unit_test(refuses_what_it_cannot_load),
        cmocka_unit_test(remote_addresses_want_leave),
        cmocka_unit_test(every_failure_has_a_key_and_words),
        cmocka_unit_test(a_result_can_be_released_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
