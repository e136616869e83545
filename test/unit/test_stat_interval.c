/* Intervals against scipy's values (test/data/stat_oracle.py makes them) and
 * against truth in a small simulation. */
#include "stat/interval.h"
#include "test/unit/oracle_fixture.h"

#include <gsl/gsl_randist.h>
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_N = 64 };

static json_t *oracle(const char *part)
{
    return oracle_part("test/data/stat_oracle.json", part);
}

static double element(const json_t *from, const char *name, size_t i)
{
    return json_number_value(json_array_get(json_object_get(from, name), i));
}

static size_t numbers(const json_t *from, const char *name, double *out)
{
    size_t n = json_array_size(json_object_get(from, name));
    assert_in_range(n, 1, MAX_N);
    for (size_t i = 0; i < n; i++)
        out[i] = element(from, name, i);
    return n;
}

static void assert_near(double a, double b, double relative)
{
    if (!(fabs(a - b) <= relative * fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void test_means(void **state)
{
    json_t *cases = oracle("means"), *one;
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        double x[MAX_N], confidence = number(one, "confidence");
        size_t n = numbers(one, "x", x);
        struct td_figure f = td_mean_t(x, n, confidence);
        assert_true(f.known && f.bounded);
        assert_near(f.value, number(one, "mean"), 1e-12);
        assert_near(f.lower, element(one, "t", 0), 1e-8);
        assert_near(f.upper, element(one, "t", 1), 1e-8);
        f = td_geomean_t(x, n, confidence);
        assert_near(f.value, number(one, "geomean"), 1e-12);
        assert_near(f.lower, element(one, "geo_t", 0), 1e-8);
        assert_near(f.upper, element(one, "geo_t", 1), 1e-8);
        assert_near(td_median(x, n), number(one, "median"), 1e-12);
    }
    json_decref(cases);
}

enum { SEEDS = 40 };

/* The tail of 2,000 resamples is uncertain by some per cent of the interval's
 * width: the mean over seeds is what the oracle's 200,000 must agree with. */
static struct td_figure mean_over_seeds(const double *b, const double *a,
                                        size_t n)
{
    struct td_figure sum = {0, 0, 0, true, true};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct td_figure f = td_ratio_paired(b, a, n, .95, seed, TD_RESAMPLES);
        sum.lower += f.lower / SEEDS;
        sum.upper += f.upper / SEEDS;
    }
    return sum;
}

static void test_ratio_values(void **state)
{
    json_t *cases = oracle("ratios"), *one;
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        double a[MAX_N], b[MAX_N], width;
        size_t n = numbers(one, "numerator", b);
        struct td_figure f;
        numbers(one, "denominator", a);
        f = td_ratio_paired(b, a, n, .95, 1, 0);
        assert_near(f.value, number(one, "estimate"), 1e-12);
        assert_near(f.lower, element(one, "t", 0), 1e-8);
        assert_near(f.upper, element(one, "t", 1), 1e-8);
        f = td_ratio_paired(b, a, n, .95, 1, TD_RESAMPLES);
        if (n < TD_BOOTSTRAP_MIN) {
            assert_near(f.upper, element(one, "t", 1), 1e-8);
            continue;
        }
        f = mean_over_seeds(b, a, n);
        width = element(one, "hull", 1) - element(one, "hull", 0);
        assert_true(fabs(f.lower - element(one, "hull", 0)) < .03 * width);
        assert_true(fabs(f.upper - element(one, "hull", 1)) < .03 * width);
    }
    json_decref(cases);
}

static void test_ratio_is_deterministic(void **state)
{
    double a[15], b[15];
    struct td_figure one, two, other;
    (void)state;
    for (int i = 0; i < 15; i++) {
        a[i] = 100 + i % 4;
        b[i] = 300 + (i * i) % 17;
    }
    one = td_ratio_paired(b, a, 15, .95, 7, TD_RESAMPLES);
    two = td_ratio_paired(b, a, 15, .95, 7, TD_RESAMPLES);
    other = td_ratio_paired(b, a, 15, .95, 8, TD_RESAMPLES);
    assert_memory_equal(&one, &two, sizeof one);
    assert_true(one.lower != other.lower || one.upper != other.upper);
}

static void test_little_data(void **state)
{
    const double one[] = {5}, same[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    const double zero[] = {1, 0, 2};
    struct td_figure f = td_mean_t(one, 1, .95);
    (void)state;
    assert_true(f.known && !f.bounded);
    assert_true(f.value == 5);
    assert_false(td_mean_t(one, 0, .95).known);
    assert_false(td_geomean_t(zero, 3, .95).known);
    assert_false(td_ratio_paired(zero, zero, 3, .95, 1, 100).known);
    assert_false(td_ratio_paired(one, one, 0, .95, 1, 100).known);
    f = td_ratio_paired(same, same, 10, .95, 1, TD_RESAMPLES);
    assert_true(f.known && f.bounded);
    assert_true(f.value == 1 && f.lower == 1 && f.upper == 1);
    assert_true(isnan(td_median(NULL, 0)));
}

static void test_quantile_ranks(void **state)
{
    json_t *cases = oracle("ranks"), *one;
    size_t i;
    (void)state;
    json_array_foreach(cases, i, one)
    {
        uint64_t n = (uint64_t)number(one, "n"), lower, upper;
        double low = element(one, "ranks", 0), high = element(one, "ranks", 1);
        bool carried = td_quantile_ranks(
            n, number(one, "p"), number(one, "confidence"), &lower, &upper);
        assert_int_equal(lower, (uint64_t)low);
        assert_int_equal(upper, (uint64_t)high);
        assert_int_equal(carried, lower >= 1 && upper <= n);
    }
    json_decref(cases);
}

static void test_p99_needs_368(void **state)
{
    uint64_t lower, upper;
    (void)state;
    assert_false(td_quantile_ranks(367, .99, .95, &lower, &upper));
    assert_true(td_quantile_ranks(368, .99, .95, &lower, &upper));
    assert_int_equal(upper, 368);
    assert_false(td_quantile_ranks(0, .99, .95, &lower, &upper));
}

static void test_select(void **state)
{
    (void)state;
    for (size_t k = 0; k < 101; k++) {
        double x[101];
        for (size_t i = 0; i < 101; i++)
            x[i] = (double)(i * 37 % 101);
        assert_true(td_select(x, 101, k) == (double)k);
    }
}

/* Skewed differences, 15 pairs: the t interval alone covers about .92. */
static void test_coverage_on_skewed_pairs(void **state)
{
    enum { RUNS = 400, N = 15 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    int covered = 0;
    double truth = exp(.03);
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        double a[N], b[N];
        struct td_figure f;
        for (int i = 0; i < N; i++) {
            a[i] = exp(gsl_ran_gaussian(rng, .01));
            b[i] = a[i] * exp(gsl_ran_exponential(rng, .03));
        }
        f = td_ratio_paired(b, a, N, .95, (uint64_t)run, 400);
        covered += f.lower <= truth && truth <= f.upper;
    }
    gsl_rng_free(rng);
    assert_in_range(covered, RUNS * 93 / 100, RUNS * 99 / 100);
}

static void test_half_width(void **state)
{
    struct td_figure wide = {1, 1 / 1.02, 1.02, true, true};
    struct td_figure point = {2, 2, 2, true, true};
    struct td_figure none = {2, NAN, NAN, true, false};
    (void)state;
    assert_float_equal(td_figure_half_width(wide), .02, 1e-12);
    assert_float_equal(td_figure_half_width(point), 0, 0);
    assert_true(isnan(td_figure_half_width(none)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half_width),
        cmocka_unit_test(test_means),
        cmocka_unit_test(test_ratio_values),
        cmocka_unit_test(test_ratio_is_deterministic),
        cmocka_unit_test(test_little_data),
        cmocka_unit_test(test_quantile_ranks),
        cmocka_unit_test(test_p99_needs_368),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_coverage_on_skewed_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
