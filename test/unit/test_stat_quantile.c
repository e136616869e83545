/* Quantiles against scipy's values (test/data/tail_oracle.py makes them), and
 * their intervals against truth in a simulation. */
#include "stat/quantile.h"
#include "test/unit/oracle_fixture.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_N = 400 };

static json_t *oracle(const char *part)
{
    return oracle_part("test/data/tail_oracle.json", part);
}

static size_t values(const json_t *from, double *x)
{
    const json_t *list = json_object_get(from, "x");
    size_t n = json_array_size(list);
    assert_in_range(n, 1, MAX_N);
    for (size_t i = 0; i < n; i++)
        x[i] = json_number_value(json_array_get(list, i));
    return n;
}

static void assert_near(double a, double b, double relative)
{
    if (!(fabs(a - b) <= relative * fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void test_sorted(void **state)
{
    json_t *cases = oracle("quantiles"), *one;
    size_t i, known = 0, at_least = 0;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        double x[MAX_N];
        size_t n = values(one, x);
        struct td_quantile q = td_quantile_sorted(x, n, number(one, "p"), .95);
        assert_int_equal(q.figure.known,
                         json_is_true(json_object_get(one, "known")));
        if (!q.figure.known)
            continue;
        assert_int_equal(q.at_least,
                         json_is_true(json_object_get(one, "at_least")));
        assert_int_equal(q.figure.bounded, !q.at_least);
        assert_true(q.figure.value == number(one, "value"));
        assert_true(q.figure.lower == number(one, "lower"));
        assert_true(q.figure.upper == number(one, "upper"));
        known++;
        at_least += q.at_least;
    }
    assert_true(known > at_least && at_least > 0);
    json_decref(cases);
}

static void test_harrell_davis(void **state)
{
    json_t *cases = oracle("quantiles"), *one;
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        double x[MAX_N], error;
        size_t n = values(one, x);
        assert_near(td_harrell_davis(x, n, number(one, "p"), &error),
                    number(one, "harrell_davis"), 1e-9);
        assert_near(error, number(one, "error"), 1e-6);
    }
    json_decref(cases);
}

/* Far more values than the weights reach. */
static void test_harrell_davis_of_many(void **state)
{
    enum { N = 200001 };
    double *x = test_malloc(N * sizeof *x), error;
    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = (double)i;
    assert_near(td_harrell_davis(x, N, .5, &error), (N - 1) / 2., 1e-9);
    /* That of a uniform's median: N / (2 sqrt N). */
    assert_near(error, sqrt(N) / 2, 1e-2);
    assert_near(td_harrell_davis(x, N, .999, NULL), .999 * N, 1e-5);
    test_free(x);
}

/* Beyond a million the weights come another way: no seam there, and none
 * where GSL's beta distribution gives up. */
static void test_harrell_davis_of_millions(void **state)
{
    enum { N = 7000000 };
    static const double p[] = {.001, .1, .5, .9, .999};
    double *x = malloc(N * sizeof *x);
    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < N; i++)
        x[i] = (double)i;
    for (size_t i = 0; i < 5; i++) {
        double before = td_harrell_davis(x, 1000000, p[i], NULL),
               after = td_harrell_davis(x, 1000001, p[i], NULL);
        assert_near(after - p[i], before, 1e-8);
        assert_near(td_harrell_davis(x, N, p[i], NULL), p[i] * N, 1e-3);
    }
    free(x);
}

static void test_least(void **state)
{
    json_t *cases = oracle("least"), *one;
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        double p = number(one, "p"), confidence = number(one, "confidence");
        uint64_t n = td_quantile_least(p, confidence), lower, upper;
        assert_int_equal(n, (uint64_t)number(one, "n"));
        assert_true(td_quantile_ranks(n, p, confidence, &lower, &upper));
        assert_false(td_quantile_ranks(n - 1, p, confidence, &lower, &upper));
    }
    json_decref(cases);
    assert_true(td_quantile_least(1, .95) == UINT64_MAX);
    assert_true(td_quantile_least(NAN, .95) == UINT64_MAX);
}

static void test_what_data_cannot_carry(void **state)
{
    const double x[] = {1, 2, 3};
    struct td_hist hist;
    double error = 0;
    (void)state;
    assert_false(td_quantile_sorted(x, 0, .5, .95).figure.known);
    assert_false(td_quantile_sorted(x, 3, .5, .95).figure.known);
    assert_false(td_quantile_sorted(x, 3, 0, .95).figure.known);
    assert_false(td_quantile_sorted(x, 3, 1, .95).figure.known);
    assert_true(isnan(td_harrell_davis(x, 0, .5, &error)) && isnan(error));
    assert_true(td_harrell_davis(x, 1, .5, &error) == 1 && isnan(error));
    td_hist_init_default(&hist);
    assert_false(td_quantile_hist(&hist, .5, .95).figure.known);
    td_hist_release(&hist);
}

static void test_hist_gives_outer_edges(void **state)
{
    double x[MAX_N];
    struct td_hist hist;
    (void)state;
    td_hist_init_default(&hist);
    for (int i = 0; i < MAX_N; i++) {
        x[i] = 1e6 + 997. * i;
        td_hist_record(&hist, (int64_t)x[i]);
    }
    for (double p = .05; p < .995; p += .01) {
        struct td_quantile exact = td_quantile_sorted(x, MAX_N, p, .95);
        struct td_quantile seen = td_quantile_hist(&hist, p, .95);
        assert_int_equal(seen.figure.known, exact.figure.known);
        assert_int_equal(seen.at_least, exact.at_least);
        assert_true(seen.figure.lower <= exact.figure.lower);
        assert_true(seen.figure.upper >= exact.figure.upper);
        assert_near(seen.figure.value, exact.figure.value, 1e-3);
        assert_near(seen.figure.lower, exact.figure.lower, 1e-3);
        assert_near(seen.figure.upper, exact.figure.upper, 1e-3);
    }
    td_hist_release(&hist);
}

/* 1000 values, 40 of them beyond the histogram's range: p99 lies among those
 * and p95 close below. */
static void test_clipped_values_keep_their_ranks(void **state)
{
    struct td_hist hist;
    struct td_quantile q;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_hist_init(&hist, 1, 10000, 3, &err), 0);
    for (int i = 0; i < 960; i++)
        td_hist_record(&hist, 1000 + i);
    for (int i = 0; i < 40; i++)
        td_hist_record(&hist, 20000);
    assert_false(td_quantile_hist(&hist, .99, .95).figure.known);
    q = td_quantile_hist(&hist, .95, .95);
    assert_true(q.figure.known && q.at_least && !q.figure.bounded);
    assert_true(q.figure.value == 1949);
    assert_true(q.figure.upper == 1959);
    q = td_quantile_hist(&hist, .5, .95);
    assert_true(q.figure.bounded && q.figure.value == 1499);
    td_hist_release(&hist);
}

/* More than binomial sums of 32-bit numbers reach. */
static void test_billions(void **state)
{
    struct td_hist hist;
    struct td_quantile q;
    (void)state;
    td_hist_init_default(&hist);
    for (int i = 0; i < 1000; i++)
        td_hist_record_n(&hist, 1000 + i, 10000000);
    q = td_quantile_hist(&hist, .999, .95);
    assert_true(q.figure.bounded && q.figure.value == 1998);
    assert_true(q.figure.lower == 1998 && q.figure.upper == 1999);
    td_hist_release(&hist);
}

/* Runs in which the interval of quantile p of n uniform values holds p. */
static int covered(int runs, size_t n, double p, struct td_hist *hist)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    double *x = test_malloc(n * sizeof *x);
    int count = 0;
    for (int run = 0; run < runs; run++) {
        struct td_figure f;
        if (hist)
            td_hist_reset(hist);
        for (size_t i = 0; i < n; i++) {
            x[i] = 1e9 * gsl_rng_uniform(rng);
            if (hist)
                td_hist_record(hist, (int64_t)x[i]);
        }
        if (!hist)
            gsl_sort(x, 1, n);
        f = hist ? td_quantile_hist(hist, p, .95).figure
                 : td_quantile_sorted(x, n, p, .95).figure;
        assert_true(f.bounded);
        count += f.lower <= 1e9 * p && 1e9 * p <= f.upper;
    }
    test_free(x);
    gsl_rng_free(rng);
    return count;
}

/* With 5000 values of which 5 lie beyond p99.9 the ranks are coarse: 98 %. */
static void test_coverage(void **state)
{
    struct td_hist hist;
    (void)state;
    assert_in_range(covered(1500, 1000, .99, NULL), 1410, 1470);
    assert_in_range(covered(500, 5000, .999, NULL), 480, 500);
    td_hist_init_default(&hist);
    assert_in_range(covered(500, 1000, .99, &hist), 470, 500);
    assert_in_range(covered(300, 5000, .999, &hist), 282, 300);
    td_hist_release(&hist);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_harrell_davis),
        cmocka_unit_test(test_harrell_davis_of_many),
        cmocka_unit_test(test_harrell_davis_of_millions),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_what_data_cannot_carry),
        cmocka_unit_test(test_hist_gives_outer_edges),
        cmocka_unit_test(test_clipped_values_keep_their_ranks),
        cmocka_unit_test(test_billions),
        cmocka_unit_test(test_coverage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
