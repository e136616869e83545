/* How a runtime's own tool is called, and what is read from what it says. */
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct printed {
    const char *text;
    uint64_t iterations;
    double ns; /* 0: not a figure */
};

static void check(const struct td_own_tool *tool, const struct printed *cases,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct td_err err = TD_ERR_INIT;
        double ns = 0;
        int rc = tool->figure(cases[i].text, cases[i].iterations, &ns, &err);
        assert_int_equal(rc, cases[i].ns > 0 ? 0 : TD_EWORKER);
        if (rc)
            assert_string_not_equal(err.msg, "");
        else
            assert_float_equal(ns, cases[i].ns, 1e-6);
    }
}

static void go_prints_columns_with_units(void **state)
{
    static const struct printed cases[] = {
        {"goos: linux\ngoarch: amd64\npkg: tandem/workloads/primes\n"
         "cpu: Some CPU @ 2.10GHz\n"
         "BenchmarkTrial \t     217\t   1107315 ns/op\nPASS\n",
         217, 1107315},
        {"BenchmarkJSON/read_all/n=1-2         100\t  123.4 ns/op\t"
         " 88.10 MB/s\t      16 B/op\t       1 allocs/op\nPASS\n",
         100, 123.4},
        {"BenchmarkX-8  1000000000\t 0.2503 ns/op\n", 1000000000, .2503},
        {"BenchmarkX-8  5\t 3.000 lines/op\t 42 ns/op\n", 5, 42},
        {"BenchmarkX-8  1\t 50 ns/op\nBenchmarkX-8  5\t 42 ns/op\n", 5, 42},
        {"BenchmarkX-8  5\t 42 ns/op\n", 6, 0},
        {"BenchmarkX-8  5\t 42 MB/s\n", 5, 0},
        {"BenchmarkX-8\n--- FAIL: BenchmarkX-8\nFAIL\n", 5, 0},
        {"testing: warning: no tests to run\nPASS\n", 5, 0},
        {"", 5, 0},
    };
    (void)state;
    check(td_driver_gotest.own_tool, cases, sizeof cases / sizeof *cases);
}

static void timeit_prints_a_sum_in_its_unit(void **state)
{
    static const struct printed cases[] = {
        {"raw times: 549119 nsec\n\n5 loops, best of 1: 109823.8 nsec per "
         "loop\n",
         5, 109823.8},
        {"raw times: 1.23456789e+09 nsec\n\n", 100, 12345678.9},
        {"raw times: 2.5 usec\n", 10, 250},
        {"raw times: 2.5 msec\n", 10, 250000},
        {"raw times: 2.5 sec\n", 10, 250000000},
        {"raw times: 2.5 weeks\n", 10, 0},
        {"raw times: 0 nsec\n", 10, 0},
        {"Traceback (most recent call last):\n", 10, 0},
        {"", 10, 0},
    };
    (void)state;
    check(td_driver_cpython.own_tool, cases, sizeof cases / sizeof *cases);
}

static void the_formula_prints_a_sum(void **state)
{
    static const struct printed cases[] = {
        {"4 operations in 1000 ns\n", 4, 250},
        {"4 operations in 1000 ns\n", 5, 0},
        {"nothing\n", 5, 0},
    };
    (void)state;
    check(td_driver_null.own_tool, cases, sizeof cases / sizeof *cases);
}

static void launch_go(const struct td_context *context,
                      const struct td_case_spec *spec,
                      const struct td_fields *params)
{
    struct td_launch prepared = TD_LAUNCH_INIT, out = TD_LAUNCH_INIT;
    prepared.program = td_xstrdup("/cache/x.test");
    prepared.cwd = td_xstrdup("/w");
    td_strings_split(&prepared.argv,
                     "/cache/x.test -test.bench=^BenchmarkTrial$ "
                     "-test.benchtime=1x -test.count=1",
                     " ");
    td_fields_set(&prepared.env, "PATH", "/bin");
    td_driver_gotest.own_tool->launch(context, spec, &prepared, params, 217,
                                      &out);
    assert_string_equal(out.program, "/cache/x.test");
    assert_string_equal(out.cwd, "/w");
    assert_int_equal(out.argv.count, 4);
    assert_string_equal(out.argv.at[1], "-test.bench=^BenchmarkTrial$");
    assert_string_equal(out.argv.at[2], "-test.benchtime=217x");
    assert_string_equal(td_fields_get(&out.env, "PATH"), "/bin");
    assert_string_equal(td_fields_get(&out.env, "TANDEM_P_n"), "20000");
    td_launch_release(&prepared);
    td_launch_release(&out);
}

static void launch_timeit(const struct td_context *context,
                          const struct td_case_spec *spec,
                          const struct td_fields *params)
{
    struct td_launch prepared = TD_LAUNCH_INIT, out = TD_LAUNCH_INIT;
    prepared.program = td_xstrdup("/libexec/worker");
    prepared.cwd = td_xstrdup("/w");
    td_driver_cpython.own_tool->launch(context, spec, &prepared, params, 25,
                                       &out);
    assert_string_equal(out.program, "/usr/bin/python3");
    assert_string_equal(out.argv.at[0], "/usr/bin/python3");
    assert_true(td_strings_has(&out.argv, "timeit"));
    assert_true(td_strings_has(&out.argv, "-n25"));
    assert_string_equal(
        out.argv.at[out.argv.count - 2],
        "import gc, sys; gc.enable(); sys.path.append(\"/libexec\"); import "
        "tandem_worker; f = tandem_worker.make_operation({\"entry\": "
        "\"primes.py:trial\", \"p.n\": \"20000\", \"p.text\": \"a \\\"b\\\" "
        "ü\"}); f()");
    assert_string_equal(out.argv.at[out.argv.count - 1], "f()");
    td_launch_release(&prepared);
    td_launch_release(&out);
}

static void tools_get_binary_and_parameters(void **state)
{
    const struct td_context context = {.libexec_dir = "/libexec"};
    char path[] = "/usr/bin/python3";
    const struct td_runtime runtime = {.path = path};
    const struct td_case_spec spec = {.runtime = &runtime,
                                      .entry = "primes.py:trial"};
    struct td_fields params = TD_FIELDS_INIT;
    (void)state;
    td_fields_set(&params, "n", "20000");
    launch_go(&context, &spec, &params);
    td_fields_set(&params, "text", "a \"b\" ü");
    launch_timeit(&context, &spec, &params);
    td_fields_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(go_prints_columns_with_units),
        cmocka_unit_test(timeit_prints_a_sum_in_its_unit),
        cmocka_unit_test(the_formula_prints_a_sum),
        cmocka_unit_test(tools_get_binary_and_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
