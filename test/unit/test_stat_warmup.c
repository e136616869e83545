/* Warm-up against known truth; MSER-5 against numpy's values
 * (test/data/changepoint_oracle.py). */
#include "stat/warmup.h"

#include <gsl/gsl_randist.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N = 200, RUNS = 400 };

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.12g is not %.12g", a, b);
}

static double gauss(const gsl_rng *rng, double sigma)
{
    return 1 + gsl_ran_gaussian(rng, sigma);
}

static void test_mser5_values(void **state)
{
    json_t *all = json_load_file("test/data/changepoint_oracle.json", 0, NULL);
    json_t *series, *expected = json_object_get(all, "mser5");
    size_t i;
    (void)state;
    assert_true(json_array_size(expected) > 0);
    json_array_foreach(json_object_get(all, "series"), i, series)
    {
        double x[N];
        size_t n = json_array_size(series);
        assert_in_range(n, 5, N);
        for (size_t k = 0; k < n; k++)
            x[k] = json_number_value(json_array_get(series, k));
        assert_int_equal(td_mser5(x, n),
                         json_integer_value(json_array_get(expected, i)));
    }
    json_decref(all);
}

/* Target: found within +-2 in >= 95 %, more change points in <= 2 %. */
static void test_step_of_3_sigma(void **state)
{
    enum { AT = 37 };
    static const double SIGMA = .015;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    int found = 0, extra = 0, warm = 0;
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        double x[N];
        struct td_warmup w;
        for (int i = 0; i < N; i++)
            x[i] = gauss(rng, SIGMA) + (i < AT ? 3 * SIGMA : 0);
        td_warmup_analyse(x, N, &w);
        extra += w.changes.count > 1;
        found += w.changes.count > 0 && w.changes.at[0] + 2 >= AT &&
                 w.changes.at[0] <= AT + 2;
        warm += w.kind == TD_WARMUP_WARMUP && w.start + 2 >= AT &&
                w.start <= AT + 2 && w.cut >= w.start;
        td_warmup_release(&w);
    }
    gsl_rng_free(rng);
    assert_in_range(found, RUNS * 95 / 100, RUNS);
    assert_in_range(warm, RUNS * 95 / 100, RUNS);
    assert_in_range(extra, 0, RUNS * 2 / 100);
}

static void flat(const gsl_rng *rng, double *x)
{
    for (int i = 0; i < N; i++)
        x[i] = gauss(rng, .02);
}

static void spiky(const gsl_rng *rng, double *x)
{
    for (int i = 0; i < N; i++)
        x[i] = gauss(rng, .01) * (gsl_rng_uniform(rng) < .02 ? 6 : 1);
}

static void autoregressive(const gsl_rng *rng, double *x)
{
    double e = gsl_ran_gaussian(rng, .02);
    for (int i = 0; i < N; i++) {
        x[i] = 1 + e;
        e = .6 * e + gsl_ran_gaussian(rng, .02 * .8);
    }
}

static void periodic(const gsl_rng *rng, double *x)
{
    double phase = gsl_rng_uniform(rng), period = 3 + 20 * gsl_rng_uniform(rng);
    for (int i = 0; i < N; i++)
        x[i] = gauss(rng, .01) + .03 * sin(2 * M_PI * (phase + i / period));
}

static void collecting(const gsl_rng *rng, double *x)
{
    for (int i = 0; i < N; i++)
        x[i] = gauss(rng, .01) + (i % 10 == 7 ? .5 : 0);
}

/* Target: kept whole in >= 99 %. */
static void test_kept_whole(void **state)
{
    void (*const draw[])(const gsl_rng *, double *) = {
        flat, spiky, autoregressive, periodic, collecting};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    (void)state;
    for (size_t k = 0; k < sizeof draw / sizeof *draw; k++) {
        int whole = 0;
        for (int run = 0; run < RUNS; run++) {
            double x[N];
            struct td_warmup w;
            draw[k](rng, x);
            td_warmup_analyse(x, N, &w);
            whole +=
                w.changes.count == 0 && w.kind == TD_WARMUP_FLAT && w.cut == 0;
            td_warmup_release(&w);
        }
        assert_in_range(whole, RUNS * 99 / 100, RUNS);
    }
    gsl_rng_free(rng);
}

/* Levels of `each` iterations, the last one to the end; noise of 0.5 %. */
static void draw_levels(const double *levels, size_t count, size_t each,
                        size_t n, double *x)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    for (size_t i = 0; i < n; i++) {
        size_t k = i / each < count ? i / each : count - 1;
        x[i] = levels[k] * gauss(rng, .005);
    }
    gsl_rng_free(rng);
}

static struct td_warmup of_levels(const double *levels, size_t count,
                                  size_t each)
{
    double x[N];
    struct td_warmup out;
    draw_levels(levels, count, each, N, x);
    td_warmup_analyse(x, N, &out);
    td_changes_release(&out.changes);
    return out;
}

static void test_classes(void **state)
{
    const double down[] = {3, 2, 1}, up[] = {1, 1.1}, late[] = {2, 2, 2, 1};
    const double near[] = {1.008, 1}, to_and_fro[] = {1, 2, 1, 2, 1};
    struct td_warmup w = of_levels(down, 3, 20);
    (void)state;
    assert_int_equal(w.kind, TD_WARMUP_WARMUP);
    assert_int_equal(w.start, 40);
    assert_near(w.first, 3, .1);
    assert_near(w.until, 20 * 3 + 20 * 2, 1);
    assert_near(w.steady, 1, .005);
    w = of_levels(up, 2, 50);
    assert_int_equal(w.kind, TD_WARMUP_SLOWDOWN);
    assert_int_equal(w.start, 50);
    w = of_levels(late, 4, 40);
    assert_int_equal(w.kind, TD_WARMUP_NONE);
    assert_int_equal(w.start, N / 2);
    w = of_levels(near, 2, 40);
    assert_int_equal(w.kind, TD_WARMUP_FLAT);
    assert_int_equal(w.cut, 0);
    w = of_levels(to_and_fro, 5, 40);
    assert_int_equal(w.kind, TD_WARMUP_CYCLIC);
    assert_int_equal(w.cut, 0);
}

/* A few slow iterations are an outlier to the rolling median: MSER-5's. */
static void test_short_warm_up(void **state)
{
    const double few[] = {8, 1};
    (void)state;
    for (size_t each = 3; each <= 6; each++) {
        struct td_warmup w = of_levels(few, 2, each);
        assert_int_equal(w.kind, TD_WARMUP_WARMUP);
        assert_in_range(w.cut, 5, 10);
    }
    assert_int_equal(of_levels(few, 2, 1).kind, TD_WARMUP_FLAT);
}

static void test_exact_series(void **state)
{
    double x[40];
    struct td_warmup w;
    (void)state;
    for (int i = 0; i < 40; i++)
        x[i] = i < 15 ? 300 : 100;
    td_warmup_analyse(x, 40, &w);
    assert_int_equal(w.kind, TD_WARMUP_WARMUP);
    assert_int_equal(w.start, 15);
    assert_int_equal(w.cut, 15);
    assert_true(w.until == 15 * 300 && w.steady == 100);
    td_warmup_release(&w);
    td_warmup_analyse(x + 15, 25, &w);
    assert_int_equal(w.kind, TD_WARMUP_FLAT);
    assert_int_equal(td_mser5(x + 15, 25), 0);
    td_warmup_release(&w);
}

static void test_little_or_no_times(void **state)
{
    double x[N] = {5, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct td_warmup w;
    (void)state;
    td_warmup_analyse(x, 0, &w);
    assert_false(w.steady_known);
    assert_true(isnan(w.first) && isnan(w.steady) && w.until == 0);
    td_warmup_analyse(x, TD_WARMUP_LEAST - 1, &w);
    assert_false(w.steady_known);
    assert_true(w.first == 5 && w.kind == TD_WARMUP_FLAT);
    td_warmup_analyse(x, N, &w); /* the rest are zeros */
    assert_false(w.steady_known);
    td_warmup_release(&w);
}

static void test_long_series(void **state)
{
    const double levels[] = {2, 1};
    enum { LONG = 100003 };
    double *x = malloc(LONG * sizeof *x);
    struct td_warmup w;
    (void)state;
    assert_non_null(x);
    draw_levels(levels, 2, 26000, LONG, x);
    td_warmup_analyse(x, LONG, &w);
    assert_int_equal(w.kind, TD_WARMUP_WARMUP);
    assert_int_equal(w.start, 26000);
    td_warmup_release(&w);
    free(x);
}

/* Each invocation is disturbed somewhere else; all warm up for 50. */
static void test_typical_invocation(void **state)
{
    enum { ALL = 9 };
    static double x[ALL][N];
    const double *each[ALL];
    double typical[N];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    struct td_warmup w;
    (void)state;
    for (int i = 0; i < ALL; i++) {
        for (int k = 0; k < N; k++)
            x[i][k] = (1 + i) * gauss(rng, .01) * (k < 50 ? 2 : 1) *
                      (k / 20 == i ? 1.5 : 1);
        each[i] = x[i];
    }
    td_warmup_typical(each, ALL, N, typical);
    td_warmup_analyse(typical, N, &w);
    assert_int_equal(w.kind, TD_WARMUP_WARMUP);
    assert_int_equal(w.start, 50);
    assert_near(w.steady, 1, .01);
    td_warmup_release(&w);
    gsl_rng_free(rng);
}

static struct td_warmup an_invocation(enum td_warmup_class kind, size_t cut)
{
    return (struct td_warmup){.kind = kind, .start = cut, .cut = cut};
}

static void test_common_truncation(void **state)
{
    struct td_warmup each[4] = {
        an_invocation(TD_WARMUP_WARMUP, 20),
        an_invocation(TD_WARMUP_WARMUP, 35),
        an_invocation(TD_WARMUP_FLAT, 0),
        an_invocation(TD_WARMUP_WARMUP, 25),
    };
    struct td_warmup_common c = td_warmup_common(each, 4, 200);
    (void)state;
    assert_int_equal(c.kind, TD_WARMUP_WARMUP);
    assert_int_equal(c.start, 35);
    assert_int_equal(c.counts[TD_WARMUP_WARMUP], 3);
    assert_int_equal(td_warmup_common(each, 4, 50).start, 25);
    each[0] = an_invocation(TD_WARMUP_SLOWDOWN, 10);
    assert_int_equal(td_warmup_common(each, 4, 200).kind, TD_WARMUP_WARMUP);
    each[1] = an_invocation(TD_WARMUP_NONE, 100);
    c = td_warmup_common(each, 4, 200);
    assert_int_equal(c.kind, TD_WARMUP_NONE);
    assert_int_equal(c.start, 25);
    assert_int_equal(td_warmup_common(each, 0, 0).kind, TD_WARMUP_FLAT);
    for (size_t i = 0; i < 3; i++)
        each[i] = an_invocation(TD_WARMUP_FLAT, 0);
    each[3] = an_invocation(TD_WARMUP_WARMUP, 5);
    c = td_warmup_common(each, 4, 200);
    assert_int_equal(c.kind, TD_WARMUP_FLAT);
    assert_int_equal(c.start, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mser5_values),
        cmocka_unit_test(test_step_of_3_sigma),
        cmocka_unit_test(test_kept_whole),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_short_warm_up),
        cmocka_unit_test(test_exact_series),
        cmocka_unit_test(test_little_or_no_times),
        cmocka_unit_test(test_long_series),
        cmocka_unit_test(test_typical_invocation),
        cmocka_unit_test(test_common_truncation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
