/* Comparisons and variances against scipy's and statsmodels' values
 * (test/data/compare_oracle.py makes them). */
#include "stat/compare.h"
#include "stat/variance.h"
#include "test/unit/oracle_fixture.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_N = 256 };

static json_t *oracle(const char *part)
{
    return oracle_part("test/data/compare_oracle.json", part);
}

static size_t numbers(const json_t *list, double *out)
{
    size_t n = json_array_size(list);
    assert_in_range(n, 1, MAX_N);
    for (size_t i = 0; i < n; i++)
        out[i] = json_number_value(json_array_get(list, i));
    return n;
}

static size_t column(const json_t *from, const char *name, double *out)
{
    return numbers(json_object_get(from, name), out);
}

static void assert_near(double a, double b, double relative)
{
    if (!(fabs(a - b) <= relative * fmax(fabs(b), 1e-12)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void mann_whitney_is_scipys(void **state)
{
    json_t *cases = oracle("mann_whitney"), *one;
    double x[MAX_N], y[MAX_N];
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        size_t nx = column(one, "x", x), ny = column(one, "y", y);
        struct td_mann_whitney found = td_mann_whitney(x, nx, y, ny);
        assert_int_equal(found.exact,
                         json_is_true(json_object_get(one, "exact")));
        assert_near(found.u, number(one, "u"), 1e-12);
        assert_near(found.p, number(one, "p"), 1e-9);
        assert_near(found.superior, found.u / (double)(nx * ny), 1e-12);
    }
    json_decref(cases);
}

static void unpaired_ratios_are_the_oracles(void **state)
{
    json_t *cases = oracle("unpaired"), *one;
    double a[MAX_N], b[MAX_N];
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        size_t na = column(one, "a", a), nb = column(one, "b", b);
        struct td_figure f = td_ratio_fieller(a, na, b, nb, .95);
        struct td_figure hl = td_ratio_hodges_lehmann(a, na, b, nb, .95);
        assert_true(f.bounded && hl.bounded);
        assert_near(f.lower, number(one, "fieller_lower"), 1e-9);
        assert_near(f.upper, number(one, "fieller_upper"), 1e-9);
        assert_near(hl.value, number(one, "hl"), 1e-12);
        assert_near(hl.lower, number(one, "hl_lower"), 1e-12);
        assert_near(hl.upper, number(one, "hl_upper"), 1e-12);
        assert_near(td_p_above_unpaired(a, na, b, nb, number(one, "threshold")),
                    number(one, "p_above"), 1e-9);
    }
    json_decref(cases);
}

static void paired_companions_are_the_oracles(void **state)
{
    json_t *cases = oracle("paired"), *one;
    double a[MAX_N], b[MAX_N], d[MAX_N];
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        size_t n = column(one, "a", a);
        struct td_figure median;
        column(one, "b", b);
        td_log_ratios(a, b, n, d);
        median = td_ratio_median_paired(a, b, n, .95);
        assert_true(median.bounded);
        assert_near(median.value, number(one, "median"), 1e-12);
        assert_near(median.lower, number(one, "median_lower"), 1e-12);
        assert_near(median.upper, number(one, "median_upper"), 1e-12);
        assert_near(td_p_above_paired(d, n, .01), number(one, "p_above"), 1e-9);
        assert_near(td_effect_size(d, n), number(one, "effect"), 1e-12);
    }
    json_decref(cases);
}

static void holm_is_statsmodels(void **state)
{
    json_t *cases = oracle("holm"), *one;
    double p[MAX_N], want[MAX_N];
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        size_t n = column(one, "p", p);
        column(one, "adjusted", want);
        td_holm(p, n);
        for (size_t k = 0; k < n; k++)
            assert_near(p[k], want[k], 1e-12);
    }
    json_decref(cases);
}

static void holm_skips_what_is_not_known(void **state)
{
    double p[] = {.03, NAN, .01};
    (void)state;
    td_holm(p, 3);
    assert_near(p[0], .03, 1e-12);
    assert_true(isnan(p[1]));
    assert_near(p[2], .02, 1e-12);
}

static void variances_are_kalibera_and_jones(void **state)
{
    json_t *cases = oracle("variance"), *one, *row;
    double x[MAX_N];
    size_t counts[MAX_N], i, k;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        json_t *rows = json_object_get(one, "x");
        struct td_variance v;
        size_t n = 0;
        json_array_foreach(rows, k, row)
        {
            counts[k] = numbers(row, x + n);
            n += counts[k];
        }
        assert_int_equal(
            td_variance_two_level(x, counts, json_array_size(rows), &v), 0);
        assert_near(v.s2[0], number(one, "s1"), 1e-9);
        assert_near(v.s2[1], number(one, "s2"), 1e-9);
        assert_near(v.t2[1], number(one, "t2"), 1e-9);
    }
    json_decref(cases);
}

static void best_iterations_follow_costs(void **state)
{
    struct td_variance v = {1, {4, 2}, {4, 1}, 4, 10};
    size_t one[] = {1, 1};
    double x[] = {1, 2};
    (void)state;
    /* ceil(sqrt(100 / 1 * 4 / 1)) */
    assert_int_equal(td_best_iterations(&v, 1, 100, 1000), 20);
    assert_int_equal(td_best_iterations(&v, 1, 100, 10), 10);
    assert_int_equal(td_best_iterations(&v, 100, 0, 10), 1);
    v.t2[1] = -1;
    assert_int_equal(td_best_iterations(&v, 1, 100, 7), 7);
    assert_int_equal(td_variance_two_level(x, one, 2, &v), -1);
    assert_true(isnan(v.mean));
}

static void verdicts_mind_threshold_and_floor(void **state)
{
    static const struct {
        double value, lower, upper, threshold, floor;
        enum td_verdict verdict;
    } all[] = {
        {1.05, 1.03, 1.07, .02, 0, TD_VERDICT_SLOWER},
        {1.05, 1.03, 1.07, .04, 0, TD_VERDICT_INCONCLUSIVE},
        {0.95, 0.93, 0.97, .02, 0, TD_VERDICT_FASTER},
        {1.00, 0.99, 1.01, .02, 0, TD_VERDICT_EQUIVALENT},
        {1.00, 0.97, 1.03, .02, 0, TD_VERDICT_INCONCLUSIVE},
        {1.05, 1.03, 1.07, .02, .06, TD_VERDICT_INCONCLUSIVE},
        {1.05, 1.03, 1.07, .02, .04, TD_VERDICT_SLOWER},
        {1.00, 0.99, 1.01, .02, .04, TD_VERDICT_EQUIVALENT},
    };
    struct td_figure open = {2, NAN, NAN, true, false};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct td_figure ratio = {all[i].value, all[i].lower, all[i].upper,
                                  true, true};
        assert_int_equal(td_verdict_of(ratio, all[i].threshold, all[i].floor),
                         all[i].verdict);
    }
    assert_int_equal(td_verdict_of(open, .02, 0), TD_VERDICT_INCONCLUSIVE);
    assert_string_equal(td_verdict_name(TD_VERDICT_SLOWER), "slower");
}

/* Equal values, too few, none, not positive. */
static void little_data_gives_no_interval(void **state)
{
    double same[] = {2, 2, 2, 2, 2, 2, 2}, bad[] = {1, -1, 2}, d[3];
    struct td_figure f;
    (void)state;
    assert_false(td_ratio_median_paired(same, same, 5, .95).bounded);
    assert_true(td_ratio_median_paired(same, same, 6, .95).bounded);
    assert_false(td_ratio_median_paired(same, same, 0, .95).known);
    assert_false(td_ratio_median_paired(bad, same, 3, .95).known);
    assert_false(td_ratio_fieller(same, 1, same, 1, .95).bounded);
    assert_true(td_ratio_fieller(same, 1, same, 1, .95).known);
    assert_false(td_ratio_fieller(same, 0, same, 1, .95).known);
    f = td_ratio_fieller(same, 7, same, 7, .95);
    assert_true(f.bounded && f.lower >= 1 && f.upper <= 1);
    assert_false(td_ratio_hodges_lehmann(same, 3, same, 2, .95).bounded);
    assert_false(td_ratio_hodges_lehmann(bad, 3, same, 7, .95).known);
    assert_near(td_mann_whitney(same, 7, same, 7).p, 1, 1e-12);
    assert_true(isnan(td_mann_whitney(same, 0, same, 7).p));
    td_log_ratios(bad, same, 3, d);
    assert_true(isnan(d[1]) && isfinite(d[0]));
    assert_true(isnan(td_p_above_paired(d, 3, 0)));
    assert_true(isnan(td_effect_size(same, 1)));
    assert_true(isnan(td_p_above_unpaired(same, 1, same, 7, 0)));
}

static void suites_average_on_the_log_scale(void **state)
{
    double logs[] = {log(1.1), log(1.2)}, error[] = {.03, .04};
    struct td_figure f = td_suite_geomean(logs, error, 2, .95);
    (void)state;
    assert_near(f.value, sqrt(1.1 * 1.2), 1e-12);
    assert_near(f.upper, f.value * exp(1.959963984540054 * .05 / 2), 1e-12);
    error[0] = NAN;
    assert_false(td_suite_geomean(logs, error, 2, .95).bounded);
}

static void who_came_first_is_tested(void **state)
{
    double d[] = {.1, .0, .11, .01, .09, -.01};
    bool first[] = {true, false, true, false, true, false};
    struct td_period_effect found = td_period_effect(d, first, 6);
    (void)state;
    assert_near(found.ratio, exp(.1), 1e-12);
    assert_true(found.p < .001);
    first[0] = first[2] = first[4] = false;
    assert_true(isnan(td_period_effect(d, first, 6).p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mann_whitney_is_scipys),
        cmocka_unit_test(unpaired_ratios_are_the_oracles),
        cmocka_unit_test(paired_companions_are_the_oracles),
        cmocka_unit_test(holm_is_statsmodels),
        cmocka_unit_test(holm_skips_what_is_not_known),
        cmocka_unit_test(variances_are_kalibera_and_jones),
        cmocka_unit_test(best_iterations_follow_costs),
        cmocka_unit_test(verdicts_mind_threshold_and_floor),
        cmocka_unit_test(little_data_gives_no_interval),
        cmocka_unit_test(suites_average_on_the_log_scale),
        cmocka_unit_test(who_came_first_is_tested),
    };
    return cmocka_run_group_tests_name("stat_compare", tests, NULL, NULL);
}
