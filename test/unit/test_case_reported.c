/* Figures that invocations reported, as estimates over them. */
#include "summary/case_reported.h"
#include "summary/case_series.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INVOCATIONS = 3 };

/* A case whose invocations, of these pairs, said this at their end. */
static void take(struct td_case_summary *c, const uint32_t *pairs,
                 const char *const *said)
{
    memset(c, 0, sizeof *c);
    td_case_series_init(&c->series, INVOCATIONS);
    for (size_t i = 0; i < INVOCATIONS; i++) {
        json_t *end = json_loads(said[i], 0, NULL);
        assert_non_null(end);
        c->series.pair[c->series.count++] = pairs[i];
        td_case_reported_add(&c->reported, i, INVOCATIONS, end);
        json_decref(end);
    }
    td_case_reported_make(&c->reported, INVOCATIONS, .95);
}

static void release(struct td_case_summary *c)
{
    td_case_series_release(&c->series);
    td_case_reported_release(&c->reported);
}

#define SAID(figures) "{\"figures\": {" figures "}}"
#define ONE(name, value, unit)                                                 \
    "\"" name "\": {\"value\": " value ", \"unit\": \"" unit "\"}"

static void assert_about(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-8 * fabs(expected)))
        fail_msg("%.15g is not %.15g", value, expected);
}

static const uint32_t in_order[] = {0, 1, 2};

static void test_means(void **state)
{
    const char *const said[] = {
        SAID(ONE("size", "1", "B") "," ONE("delta", "-1", "ns")),
        SAID(ONE("size", "10", "B") "," ONE("delta", "0", "ns")),
        SAID(ONE("size", "100", "B") "," ONE("delta", "4", "ns"))};
    struct td_case_summary c;
    const struct td_reported *it;
    (void)state;
    take(&c, in_order, said);
    assert_int_equal(c.reported.count, 2);
    assert_string_equal(c.reported.at[0].name, "delta");
    /* scipy.stats.t.interval(.95, 2, 1, 2.6457513 / sqrt(3)) */
    it = td_case_reported_get(&c.reported, "delta");
    assert_about(it->figure.value, 1);
    assert_about(it->figure.lower, -5.572410608);
    assert_about(it->figure.upper, 7.572410608);
    it = td_case_reported_get(&c.reported, "size");
    assert_about(it->figure.value, 10);
    /* exp(ln 10 + t.ppf(.975, 2) * ln 10 / sqrt(3)) */
    assert_about(it->figure.upper, 3048.861608895);
    assert_int_equal(it->invocations, 3);
    assert_null(td_case_reported_get(&c.reported, "sizes"));
    release(&c);
}

/* What is counted stays a whole number. */
static void test_all_the_same(void **state)
{
    const char *const said[] = {SAID(ONE("lines", "117", "lines")),
                                SAID(ONE("lines", "117", "lines")),
                                SAID(ONE("lines", "117", "lines"))};
    struct td_case_summary c;
    struct td_figure figure;
    (void)state;
    take(&c, in_order, said);
    figure = c.reported.at[0].figure;
    assert_true(figure.bounded && figure.value == 117);
    assert_true(figure.lower == 117 && figure.upper == 117);
    release(&c);
}

static void test_not_all_report(void **state)
{
    const char *const said[] = {"{}", SAID(ONE("size", "2", "B")),
                                SAID(ONE("size", "3", "kB"))};
    struct td_case_summary c;
    json_t *series, *values;
    (void)state;
    take(&c, in_order, said);
    assert_int_equal(c.reported.at[0].invocations, 1);
    assert_true(c.reported.at[0].figure.known &&
                !c.reported.at[0].figure.bounded);
    series = td_case_reported_series_json(&c.reported, INVOCATIONS);
    values = json_object_get(series, "size");
    assert_true(json_is_null(json_array_get(values, 0)));
    assert_true(json_real_value(json_array_get(values, 1)) == 2);
    assert_true(json_is_null(json_array_get(values, 2)));
    json_decref(series);
    release(&c);
}

static void test_ratios_are_paired(void **state)
{
    const char *const below[] = {
        SAID(ONE("size", "1", "B") "," ONE("zero", "0", "x") "," ONE("other",
                                                                     "1", "B")),
        SAID(ONE("size", "10", "B") "," ONE("zero", "1", "x")),
        SAID(ONE("size", "100", "B"))};
    const char *const above[] = {
        SAID(ONE("size", "200", "B") "," ONE("zero", "1", "x")),
        SAID(ONE("size", "2", "B") "," ONE("zero", "1", "x")),
        SAID(ONE("size", "7", "B") "," ONE("other", "2", "kB"))};
    static const uint32_t others[] = {2, 0, 9};
    struct td_case_summary base, own;
    const struct td_reported *it;
    (void)state;
    take(&base, in_order, below);
    take(&own, others, above);
    td_case_reported_ratios(&own, &base, .95, 1);
    it = td_case_reported_get(&own.reported, "size");
    assert_int_equal(it->pairs, 2);
    assert_about(it->ratio.value, 2);
    assert_false(td_case_reported_get(&own.reported, "zero")->ratio.known);
    assert_false(td_case_reported_get(&own.reported, "other")->ratio.known);
    assert_int_equal(td_case_reported_get(&own.reported, "other")->pairs, 0);
    release(&own);
    release(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_means),
        cmocka_unit_test(test_all_the_same),
        cmocka_unit_test(test_not_all_report),
        cmocka_unit_test(test_ratios_are_paired),
    };
    return cmocka_run_group_tests_name("case reported", tests, NULL, NULL);
}
