/* What a workload file says of servers, and how one is launched. */
#include "drivers/http/http.h"
#include "plan/server_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "a=1 b=2" */
static int read_load(const char *text, struct td_server_load *out,
                     struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    struct td_fields params = TD_FIELDS_INIT;
    int rc;
    td_strings_split(&words, text, " ");
    for (size_t i = 0; i < words.count; i++) {
        char *equals = strchr(words.at[i], '=');
        *equals = '\0';
        td_fields_set(&params, words.at[i], equals + 1);
    }
    td_err_clear(err);
    rc = td_server_load_read(out, &params, "here", TD_EINPUT, err);
    td_fields_release(&params);
    td_strings_release(&words);
    return rc;
}

static void a_load_has_defaults(void **state)
{
    struct td_server_load load;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(read_load("users=1000", &load, &err), 0);
    assert_true(load.rate <= 0);
    assert_int_equal(load.connections, 64);
    assert_true(load.keepalive);
    assert_string_equal(load.get, "/");
    assert_null(load.requests);
    assert_int_equal(load.memory_bytes, 0);
    td_server_load_release(&load);
}

static void a_load_is_read(void **state)
{
    struct td_server_load load;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(read_load("rate=2.5 arrivals=poisson connections=3 "
                               "requests=mix get= keepalive=no timeout=2s "
                               "memory=64MB",
                               &load, &err),
                     0);
    assert_true(load.rate > 2.4 && load.rate < 2.6);
    assert_string_equal(td_arrivals_words[load.arrivals], "poisson");
    assert_string_equal(load.requests, "mix");
    assert_null(load.get);
    assert_false(load.keepalive);
    assert_int_equal(load.timeout_ns, 2000000000);
    assert_int_equal(load.memory_bytes, 64000000);
    td_server_load_release(&load);
}

static void a_senseless_load_is_refused(void **state)
{
    static const char *const cases[][2] = {
        {"rate=fast", "rate"},
        {"rate=-1", "rate"},
        {"connections=0", "connections"},
        {"arrivals=poisson", "needs a rate"},
        {"rate=1 arrivals=often", "arrivals"},
        {"requests=a get=/b", "give one of them"},
        {"timeout=0", "timeout"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct td_server_load load;
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(read_load(cases[i][0], &load, &err), TD_EINPUT);
        if (!strstr(err.msg, cases[i][1]) || strncmp(err.msg, "here", 4) != 0)
            fail_msg("%s: %s", cases[i][0], err.msg);
        td_server_load_release(&load);
    }
}

static void a_launch_learns_its_port(void **state)
{
    struct td_launch prepared = TD_LAUNCH_INIT, out = TD_LAUNCH_INIT;
    struct td_fields params = TD_FIELDS_INIT;
    (void)state;
    prepared.program = td_xstrdup("/bin/server");
    td_strings_add(&prepared.argv, "server");
    td_strings_add(&prepared.argv, "--listen={port},{port}");
    td_fields_set(&prepared.env, "LANG", "C.UTF-8");
    td_fields_set(&params, "users", "12");
    td_fields_set(&params, "path", "{scratch}/items.db");
    td_fields_set(&params, "schema", "s{port}");
    td_fields_set(&params, "connections", "64");
    td_http_launch(&prepared, &params, 8080, "/tmp/s", &out);
    assert_string_equal(out.argv.at[1], "--listen=8080,8080");
    assert_string_equal(td_fields_get(&out.env, "PORT"), "8080");
    assert_string_equal(td_fields_get(&out.env, "TANDEM_P_users"), "12");
    assert_string_equal(td_fields_get(&out.env, "LANG"), "C.UTF-8");
    assert_string_equal(td_fields_get(&out.env, "TANDEM_P_schema"), "s8080");
    assert_string_equal(td_fields_get(&out.env, "TANDEM_P_path"),
                        "/tmp/s/items.db");
    assert_string_equal(td_fields_get(&out.env, "TANDEM_SCRATCH"), "/tmp/s");
    assert_null(td_fields_get(&out.env, "TANDEM_P_connections"));
    assert_null(out.cwd);
    td_launch_release(&prepared);
    td_launch_release(&out);
    td_fields_release(&params);
}

static void cores_are_counted(void **state)
{
    (void)state;
    assert_int_equal(td_http_cores("1"), 1);
    assert_int_equal(td_http_cores("0,2-3"), 3);
    assert_int_equal(td_http_cores("4-7"), 4);
    assert_true(td_http_cores(NULL) >= 1);
}

static const char text[] = "[workload]\n"
                           "kind = %s\n"
                           "summary = s\nbase = one\ndefault = i\n"
                           "[set a]\nrate = 5\nusers = 3\n"
                           "[implementation i]\none = server\n"
                           "[runtime one]\ndriver = exec\n"
                           "command = {entry} --port {port}\n";

static int parse(const char *kind, struct td_workload *out, struct td_err *err)
{
    char *file = td_xasprintf(text, kind);
    int rc = td_workload_parse(out, "s", "/nowhere", "s.ini", file,
                               strlen(file), err);
    free(file);
    return rc;
}

static void only_a_server_has_a_port(void **state)
{
    struct td_workload w;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(parse("server", &w, &err), 0);
    assert_int_equal(w.kind, TD_WORKLOAD_SERVER);
    td_workload_release(&w);
    assert_int_equal(parse("function", &w, &err), TD_EINPUT);
    assert_non_null(strstr(err.msg, "port"));
    td_workload_release(&w);
    td_err_clear(&err);
    assert_int_equal(parse("serve", &w, &err), TD_EINPUT);
    assert_non_null(strstr(err.msg, "server"));
    td_workload_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_has_defaults),
        cmocka_unit_test(a_load_is_read),
        cmocka_unit_test(a_senseless_load_is_refused),
        cmocka_unit_test(a_launch_learns_its_port),
        cmocka_unit_test(cores_are_counted),
        cmocka_unit_test(only_a_server_has_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
