/* Values of expressions, from runs as they are on disk. */
#include "claims/expression.h"
#include "summary/summary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char archived[] = "test/data/claims/results";
static const char measured[] = "test/data/compare";
static const char run_id[] = "20261122T031501Z-000001";

static void evaluate(const char *results, const char *run, const char *text,
                     struct td_value *out)
{
    struct td_strings runs = TD_STRINGS_INIT;
    struct td_err err = TD_ERR_INIT;
    struct td_place here = {.file = "f", .line = 1, .column = 1};
    struct td_facts facts;
    if (run)
        td_strings_add(&runs, run);
    if (td_facts_open(&facts, results, &runs, &err) ||
        td_expression_eval(&facts, text, &here, out, &err))
        fail_msg("%s", err.msg);
    td_facts_release(&facts);
    td_strings_release(&runs);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(b);
}

/* The same ratio as the run's own table has, bounds and all. */
static void test_as_the_summary(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    struct td_summary summary;
    struct td_value value;
    const struct td_case_summary *c;
    (void)state;
    assert_int_equal(td_run_dir_open(&run, measured, run_id, &err), 0);
    assert_int_equal(td_summary_make(&summary, &run, &err), 0);
    c = &summary.groups[0].cases[0];
    evaluate(measured, run_id, "ratio(primes[n=1000].wall, cpython/go)",
             &value);
    assert_null(value.missing);
    assert_true(near(value.figure.value, c->ratio.value));
    assert_true(near(value.figure.lower, c->ratio.lower));
    assert_true(near(value.figure.upper, c->ratio.upper));
    assert_int_equal(value.invocations, c->pairs);
    assert_string_equal(value.unit, "x");
    assert_string_equal(value.run, run_id);
    assert_int_equal(value.nsources, 2);
    assert_int_equal(value.sources[1].case_index, 1);
    td_value_release(&value);
    evaluate(measured, run_id, "value(primes[n=1000].median, go)", &value);
    assert_true(
        near(value.figure.lower, summary.groups[0].cases[1].median_ns.lower));
    td_value_release(&value);
    td_summary_release(&summary);
    assert_int_equal(td_run_dir_release(&run, &err), 0);
}

/* Both figures are known to 1 %: sqrt(2) as much, on the log scale, up and
 * down apart. */
static void test_unpaired(void **state)
{
    struct td_value value;
    double down = hypot(log(1 / .99), log(1.01));
    (void)state;
    evaluate(archived, NULL,
             "ratio(web[closed].service.max_rate, go net/http/cpython)",
             &value);
    assert_true(near(value.figure.value, 10));
    assert_true(near(value.figure.lower, 10 * exp(-down)));
    assert_true(near(value.figure.upper, 10 * exp(down)));
    assert_int_equal(value.invocations, 20);
    assert_true(value.trials);
    assert_true(value.sources[0].service);
    td_value_release(&value);
}

/* sqrt(sum of squared errors) / k. */
static void test_geomean(void **state)
{
    struct td_value one, both;
    (void)state;
    evaluate(archived, NULL, "ratio(primes[n=1000].wall, cpython/go)", &one);
    evaluate(archived, NULL,
             "geomean(ratio(primes[n=1000].wall, cpython/go), "
             "ratio(primes[n=1000].wall, cpython/go))",
             &both);
    assert_true(near(both.figure.value, one.figure.value));
    assert_true(near(both.log_error, one.log_error / sqrt(2)));
    assert_true(near(log(both.figure.upper / both.figure.value),
                     1.959963984540054 * both.log_error));
    assert_int_equal(both.nsources, 4);
    assert_string_equal(both.run, one.run);
    td_value_release(&one);
    td_value_release(&both);
}

/* 45/30 and 80/50; t with one degree of freedom is 12.706. */
static void test_pattern(void **state)
{
    struct td_value value;
    double a = log(1.5), b = log(1.6), half = 12.706204736 * fabs(a - b) / 2;
    (void)state;
    evaluate(archived, NULL,
             "geomean(ratio(lines[all].figure.lines_*, go/cpython))", &value);
    assert_true(near(value.figure.value, exp((a + b) / 2)));
    assert_true(near(value.figure.upper, exp((a + b) / 2 + half)));
    assert_true(value.exact);
    td_value_release(&value);
}

static void test_scale(void **state)
{
    struct td_value one, scaled;
    (void)state;
    evaluate(archived, NULL, "value(primes[n=1000].per_s, go)", &one);
    evaluate(archived, NULL,
             "scale(value(primes[n=1000].per_s, go), 1e3 items/s)", &scaled);
    assert_true(near(scaled.figure.lower, 1e3 * one.figure.lower));
    assert_string_equal(scaled.unit, "items/s");
    assert_true(one.figure.lower < one.figure.value);
    td_value_release(&one);
    td_value_release(&scaled);
}

/* The newest complete run that has it; of named runs those alone. */
static void test_which_run(void **state)
{
    struct td_value value;
    (void)state;
    evaluate(archived, NULL, "value(primes[n=1000].wall, go)", &value);
    assert_string_equal(value.run, "20261123T000001Z-000001");
    assert_false(value.quick);
    td_value_release(&value);
    evaluate(archived, "20261123T000002Z", "value(primes[n=1000].wall, go)",
             &value);
    assert_true(value.quick);
    td_value_release(&value);
    evaluate(archived, NULL, "value(primes[n=2000].wall, go)", &value);
    assert_string_equal(value.run, "20261122T000000Z-000009");
    td_value_release(&value);
    /* An older one of more invocations, since both have few. */
    evaluate(archived, NULL, "value(primes[n=2000].wall, cpython)", &value);
    assert_string_equal(value.run, "20261122T000000Z-000009");
    td_value_release(&value);
    evaluate(archived, "20261123T000003Z", "value(primes[n=2000].wall, go)",
             &value);
    assert_non_null(strstr(value.missing, "go-1.26.8: it crashed"));
    assert_null(value.run);
    assert_false(value.figure.known);
    td_value_release(&value);
    evaluate(archived, NULL, "value(primes[n=1000].wall, cpython sieve)",
             &value);
    assert_string_equal(value.missing, "run 20261123T000001Z-000001 has "
                                       "primes[n=1000] without cpython sieve");
    td_value_release(&value);
    evaluate(archived, NULL, "value(none[x].wall, go)", &value);
    assert_string_equal(value.missing, "no complete run has none[x]");
    td_value_release(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_summary), cmocka_unit_test(test_unpaired),
        cmocka_unit_test(test_geomean),        cmocka_unit_test(test_pattern),
        cmocka_unit_test(test_scale),          cmocka_unit_test(test_which_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
