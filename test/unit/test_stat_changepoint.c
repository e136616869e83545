/* Change points against exact optima (test/data/changepoint_oracle.py) and
 * against known truth. */
#include "stat/changepoint.h"

#include <gsl/gsl_randist.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_N = 400 };

static json_t *oracle;

static int load_oracle(void **state)
{
    (void)state;
    oracle = json_load_file("test/data/changepoint_oracle.json", 0, NULL);
    return oracle ? 0 : -1;
}

static int drop_oracle(void **state)
{
    (void)state;
    json_decref(oracle);
    return 0;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.12g is not %.12g", a, b);
}

static double number(const json_t *from, const char *name)
{
    return json_number_value(json_object_get(from, name));
}

static size_t numbers(const json_t *array, double *out)
{
    size_t n = json_array_size(array);
    assert_in_range(n, 1, MAX_N);
    for (size_t i = 0; i < n; i++)
        out[i] = json_number_value(json_array_get(array, i));
    return n;
}

static size_t series_of(const json_t *one, double *out)
{
    size_t i = (size_t)number(one, "series");
    return numbers(json_array_get(json_object_get(oracle, "series"), i), out);
}

/* Releases the change points. */
static void assert_changes(struct td_changes *changes, const json_t *expected)
{
    assert_int_equal(changes->count, json_array_size(expected));
    for (size_t i = 0; i < changes->count; i++)
        assert_int_equal(changes->at[i],
                         json_integer_value(json_array_get(expected, i)));
    td_changes_release(changes);
}

static void test_winsorise(void **state)
{
    json_t *one;
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(oracle, "winsorised"), i, one)
    {
        double x[MAX_N], expected[MAX_N], out[MAX_N];
        size_t n = series_of(one, x);
        numbers(json_object_get(one, "out"), expected);
        td_winsorise(x, n, (size_t)number(one, "window"), number(one, "reach"),
                     out);
        for (size_t k = 0; k < n; k++)
            assert_near(out[k], expected[k], 1e-12);
    }
    assert_true(i > 0);
}

static void test_pelt_is_the_optimum(void **state)
{
    json_t *one;
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(oracle, "pelt"), i, one)
    {
        double x[MAX_N];
        size_t n = series_of(one, x);
        struct td_changes changes;
        td_pelt(x, n, number(one, "penalty"),
                (size_t)number(one, "min_segment"), number(one, "var_floor"),
                &changes);
        assert_changes(&changes, json_object_get(one, "changes"));
    }
    assert_true(i > 0);
}

static void test_edivisive(void **state)
{
    json_t *one;
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(oracle, "edivisive"), i, one)
    {
        double x[MAX_N];
        size_t n = numbers(json_object_get(one, "x"), x);
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct td_changes changes;
            td_edivisive(x, n, 5, 199, .01, seed, &changes);
            assert_changes(&changes, json_object_get(one, "changes"));
        }
    }
    assert_true(i > 0);
}

static void test_little_data(void **state)
{
    const double same[12] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    struct td_changes changes;
    struct td_history history;
    double out[12];
    (void)state;
    for (size_t n = 0; n <= 12; n++) {
        td_winsorise(same, n, 5, 3, out);
        td_pelt(same, n, 1, 3, 1e-8, &changes);
        assert_int_equal(changes.count, 0);
        td_edivisive(same, n, 5, 199, .01, 1, &changes);
        assert_int_equal(changes.count, 0);
        td_changes_release(&changes);
        td_history_analyse(same, n, 1, &history);
        assert_int_equal(history.verdict.count + history.suspects.count, 0);
        td_history_release(&history);
        td_history_release(&history);
    }
}

/* n log ratios with a spread of 1 %; from `at` on two such spreads higher. */
static void draw_nights(const gsl_rng *rng, size_t n, size_t at, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 2.2 + gsl_ran_gaussian(rng, .01) + (i >= at ? .02 : 0);
}

static bool is_near(const struct td_changes *changes, size_t at)
{
    for (size_t i = 0; i < changes->count; i++)
        if (changes->at[i] + 2 >= at && changes->at[i] <= at + 2)
            return true;
    return false;
}

/* Targets: false alarms in 1 of 100 points at most, a step of 2 sigma found
 * within +-2 nights .90 of the time (here: in the middle of 100). */
static void test_nightly_series(void **state)
{
    enum { RUNS = 400, N = 100 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    size_t alarms = 0, found = 0, extra = 0;
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        double x[N], drawn[N];
        struct td_changes changes;
        for (size_t at = N / 2; at <= N; at += N / 2) {
            draw_nights(rng, N, at, x);
            td_winsorise(x, N, 15, 3, drawn);
            td_pelt(drawn, N, 8 * log(N), 3, 1e-8, &changes);
            if (at == N) {
                alarms += changes.count;
            } else {
                found += is_near(&changes, at);
                extra += changes.count > 1 ? changes.count - 1 : 0;
            }
            td_changes_release(&changes);
        }
    }
    gsl_rng_free(rng);
    assert_in_range(alarms, 0, RUNS / 100);
    assert_in_range(extra, 0, RUNS / 100);
    assert_in_range(found, RUNS * 90 / 100, RUNS);
}

/* The suspect is there before the verdict is. */
static void test_history(void **state)
{
    enum { N = 60, AT = 54 };
    double x[N];
    struct td_history history, again;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    (void)state;
    draw_nights(rng, N, AT, x);
    td_history_analyse(x, N, 7, &history);
    td_history_analyse(x, N, 7, &again);
    assert_int_equal(history.verdict.count, 0);
    assert_int_equal(history.suspects.count, 1);
    assert_true(is_near(&history.suspects, AT));
    assert_int_equal(again.suspects.at[0], history.suspects.at[0]);
    td_history_release(&history);
    td_history_release(&again);
    gsl_rng_free(rng);
}

/* E-divisive looks at the last 400 nights; its indices are of all. */
static void test_long_history(void **state)
{
    enum { N = 900, AT = 700 };
    double *x = malloc(N * sizeof *x);
    struct td_history history;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    (void)state;
    assert_non_null(x);
    draw_nights(rng, N, AT, x);
    td_history_analyse(x, N, 7, &history);
    assert_int_equal(history.verdict.count, 1);
    assert_true(is_near(&history.verdict, AT));
    assert_int_equal(history.suspects.count, 1);
    assert_in_range(history.suspects.at[0], AT - 5, AT + 5);
    td_history_release(&history);
    gsl_rng_free(rng);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_winsorise),
        cmocka_unit_test(test_pelt_is_the_optimum),
        cmocka_unit_test(test_edivisive),
        cmocka_unit_test(test_little_data),
        cmocka_unit_test(test_nightly_series),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_long_history),
    };
    return cmocka_run_group_tests(tests, load_oracle, drop_oracle);
}
