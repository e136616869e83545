/* Expressions: what is read, what is refused and where, what comes out. */
#include "claims/expression_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct td_place here = {
    .file = "claims.ini", .line = 7, .column = 11};

static struct td_expression *parsed(const char *text)
{
    struct td_err err = TD_ERR_INIT;
    struct td_expression *e;
    if (td_expression_parse(&e, text, &here, &err))
        fail_msg("%s", err.msg);
    return e;
}

static void test_ratio(void **state)
{
    struct td_expression *e =
        parsed("ratio( primes[n=1000000].wall , cpython / go )");
    (void)state;
    assert_int_equal(e->kind, TD_EXPRESSION_RATIO);
    assert_string_equal(e->names[0].workload, "primes");
    assert_string_equal(e->names[1].set, "n=1000000");
    assert_string_equal(e->measure->name, "wall");
    assert_string_equal(e->names[0].runtime, "cpython");
    assert_string_equal(e->names[1].runtime, "go");
    assert_null(e->names[1].implementation);
    assert_string_equal(td_expression_unit(e), "x");
    td_expression_free(e);
}

/* The slash between runtimes is not the one in an implementation's name. */
static void test_slashes(void **state)
{
    static const struct {
        const char *text, *above, *above_of, *below, *below_of;
    } of[] = {
        {"go net/http/cpython httpx", "go", "net/http", "cpython", "httpx"},
        {"cpython httpx/go net/http", "cpython", "httpx", "go", "net/http"},
        {"cpython-3.13 a/go-1.22", "cpython-3.13", "a", "go-1.22", NULL},
        {"node x/pypy y", "node", "x", "pypy", "y"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        char *text = td_xasprintf("ratio(w[s].p99, %s)", of[i].text);
        struct td_expression *e = parsed(text);
        assert_string_equal(e->names[0].runtime, of[i].above);
        assert_string_equal(e->names[0].implementation, of[i].above_of);
        assert_string_equal(e->names[1].runtime, of[i].below);
        if (of[i].below_of)
            assert_string_equal(e->names[1].implementation, of[i].below_of);
        else
            assert_null(e->names[1].implementation);
        td_expression_free(e);
        free(text);
    }
}

static void test_service(void **state)
{
    struct td_expression *e =
        parsed("value(rest-get[closed].service.low_p99.9_ns, "
               "go net/http 64MB)");
    (void)state;
    assert_true(e->service);
    assert_string_equal(e->key, "low_p99.9_ns");
    assert_string_equal(e->names[0].implementation, "net/http");
    assert_int_equal(e->names[0].memory_limit_bytes, 64000000);
    assert_string_equal(td_expression_unit(e), "ns");
    td_expression_free(e);
}

static void test_nested(void **state)
{
    struct td_expression *e =
        parsed("geomean(ratio(a[x].wall, cpython/go), "
               "geomean(ratio(b[y].figure.lines_*, cpython/go)))");
    (void)state;
    assert_int_equal(e->nparts, 2);
    assert_true(e->parts[1]->parts[0]->pattern);
    td_expression_free(e);
    e = parsed("scale(value(events[n].per_s, go), 1e5 events/s)");
    assert_true(fabs(e->factor - 1e5) < 1e-9);
    assert_string_equal(td_expression_unit(e), "events/s");
    td_expression_free(e);
}

/* Each with the column of what is wrong; the text begins at column 11. */
static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *complaint;
    } of[] = {
        {"", ":7:11: expected value, ratio, geomean or scale, found the end"},
        {"rati(a[b].wall, go)", ":7:11: \"rati\" is no function; did you "
                                "mean ratio?"},
        {"value a", ":7:17: expected \"(\", found \"a\""},
        {"value(a.wall, go)", ":7:18: expected \"[\" and a set's name"},
        {"value(a[b.wall, go)", ":7:29: expected \"]\", found \")\""},
        {"value(a[b].wal, go)", ":7:22: \"wal\" is no measure; did you mean "
                                "wall?"},
        {"value(a[b].figure., go)", ":7:22: \"figure.\" is no measure"},
        {"value(a[b].wall)", ":7:26: expected \",\" and a runtime"},
        {"value(a[b].wall, go", ":7:30: expected \")\""},
        {"value(a[b].wall, go) x", ":7:32: expected the end of the "
                                   "expression, found \"x\""},
        {"ratio(a[b].wall, go)", ":7:28: expected RUNTIME/RUNTIME"},
        {"ratio(a[b].wall, /go)", ":7:28: expected a runtime on both sides"},
        {"ratio(a[b].wall, x/y/z)", ":7:28: expected RUNTIME/RUNTIME"},
        {"value(a[b].wall, go 64MB)", ":7:28: a memory limit goes with "
                                      "service.KEY"},
        {"value(a[b].figure.x_*, go)", ":7:22: a figure with * needs "
                                       "geomean(ratio"},
        {"ratio(a[b].figure.*, x/y)", ":7:22: a figure with * needs"},
        {"geomean(value(a[b].wall, go))", ":7:19: geomean is of ratios"},
        {"geomean(ratio(a[b].wall, x/y),ratio(a[b].figure.*, x/y))",
         ":7:52: a figure with * stands alone"},
        {"scale(value(a[b].wall, go), -1 s)", ":7:39: expected a factor"},
        {"scale(value(a[b].wall, go), 2)", ":7:40: expected a unit"},
        {"geomean(geomean(geomean(geomean(geomean(geomean(geomean(geomean("
         "geomean(",
         ":7:75: expected no deeper nesting"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_expression *e;
        assert_int_equal(td_expression_parse(&e, of[i].text, &here, &err),
                         TD_EINPUT);
        assert_null(e);
        if (!strstr(err.msg, of[i].complaint))
            fail_msg("%s\n  said: %s\n  not:  %s", of[i].text, err.msg,
                     of[i].complaint);
    }
}

static const char workload_text[] = "[workload]\nsummary = s\nbase = go\n"
                                    "default = trial\n"
                                    "[set n=100]\nn = 100\n"
                                    "[set n=200]\nn = 200\n"
                                    "[implementation trial]\n"
                                    "cpython = a.py:a\ngo = BenchmarkA\n"
                                    "[implementation sieve]\n"
                                    "cpython = a.py:b\nsets = n=100\n";

static void check(const char *text, const char *complaint)
{
    struct td_err err = TD_ERR_INIT;
    struct td_workload workload;
    struct td_catalogue catalogue = {&workload, 1};
    struct td_expression *e = parsed(text);
    if (td_workload_parse(&workload, "primes", "/w", "primes.ini",
                          workload_text, strlen(workload_text), &err))
        fail_msg("%s", err.msg);
    td_expression_check(e, &catalogue, &err);
    if (complaint ? !strstr(err.msg, complaint) : err.code)
        fail_msg("%s\n  said: %s\n  not:  %s", text, err.msg,
                 complaint ? complaint : "");
    td_expression_free(e);
    td_workload_release(&workload);
}

static void test_names(void **state)
{
    (void)state;
    check("ratio(primes[n=100].wall, cpython sieve/go-1.26 trial)", NULL);
    check("value(prims[n=100].wall, go)",
          ":7:17: no workload \"prims\"; did you mean primes?");
    check("geomean(ratio(primes[n=101].wall, cpython/go))",
          ":7:32: workload primes has no set \"n=101\"; did you mean n=100?");
    check("ratio(primes[n=100].wall, cpython/goo)",
          ":7:45: workload primes has no runtime family \"goo\"; did you mean "
          "go?");
    check("value(primes[n=100].wall, cpython trail)",
          ":7:37: workload primes has no implementation \"trail\" for cpython "
          "in set n=100; did you mean trial?");
    check("value(primes[n=200].wall, cpython sieve)",
          "no implementation \"sieve\" for cpython in set n=200");
    check("value(primes[n=100].wall, null)",
          "workload primes has nothing for null in set n=100");
    check("value(primes[n=100].service.max_rate, go)",
          ":7:31: service.max_rate of workload primes, whose kind is not");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratio),    cmocka_unit_test(test_slashes),
        cmocka_unit_test(test_service),  cmocka_unit_test(test_nested),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
