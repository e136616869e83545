/* Mann-Whitney and Hodges-Lehmann where scipy's values (test_stat_compare)
 * do not reach: against plain counting, with ties, and at the edges. */
#include "base/buf.h"
#include "stat/compare.h"
#include "stat/mann_whitney.h"

#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(fabs(b), 1)))
        fail_msg("%.15g is not %.15g", a, b);
}

/* All ways to place 4 values among 7 are alike. */
static void the_null_is_counting(void **state)
{
    double p[13], count[13] = {0}, ways = 0;
    (void)state;
    for (unsigned set = 0; set < 1u << 7; set++) {
        unsigned u = 0, below = 0;
        if (__builtin_popcount(set) != 4)
            continue;
        for (unsigned rank = 0; rank < 7; rank++)
            if (set >> rank & 1)
                u += below;
            else
                below++;
        count[u]++;
        ways++;
    }
    td_mann_whitney_null(4, 3, 12, p);
    for (size_t u = 0; u <= 12; u++)
        assert_near(p[u], count[u] / ways);
    td_mann_whitney_null(3, 4, 5, p);
    for (size_t u = 0; u <= 5; u++)
        assert_near(p[u], count[u] / ways);
}

static void ties_count_half(void **state)
{
    const double x[] = {1, 2, 2, 3, 5}, y[] = {2, 3, 3, 4};
    struct td_mann_whitney found = td_mann_whitney(x, 5, y, 4);
    double u = 0;
    (void)state;
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 4; k++)
            u += x[i] > y[k] ? 1 : x[i] < y[k] ? 0 : .5;
    assert_near(found.u, u);
    assert_near(found.superior, u / 20);
    assert_false(found.exact);
    assert_near(td_mann_whitney(y, 4, x, 5).p, found.p);
}

static void the_edges_of_the_test(void **state)
{
    const double x[] = {3, 4, 5}, y[] = {0, 1, 2}, bad[] = {1, NAN, 2};
    (void)state;
    assert_near(td_mann_whitney(x, 3, y, 3).p, .1);
    assert_near(td_mann_whitney(x, 1, y, 1).p, 1);
    assert_near(td_mann_whitney(x, 1, x, 1).p, 1);
    assert_true(isnan(td_mann_whitney(x, 0, y, 3).p));
    assert_true(isnan(td_mann_whitney(x, 3, bad, 3).p));
}

/* Logarithms 0 .. 2 in few steps, so that many are equal. */
static void few_levels(double *x, size_t n, size_t step)
{
    for (size_t i = 0; i < n; i++)
        x[i] = exp((double)(i * step % 9) / 4);
}

static void the_shift_is_the_median_difference(void **state)
{
    double x[20], y[20], d[400];
    (void)state;
    for (size_t nx = 1; nx <= 20; nx++)
        for (size_t ny = 1; ny <= 20; ny++) {
            struct td_figure f;
            size_t n = nx * ny;
            few_levels(x, nx, 2);
            few_levels(y, ny, 5);
            for (size_t i = 0; i < n; i++)
                d[i] = log(x[i / ny]) - log(y[i % ny]);
            gsl_sort(d, 1, n);
            f = td_ratio_hodges_lehmann(x, nx, y, ny, .95);
            assert_true(f.known);
            assert_near(f.value, exp((d[(n - 1) / 2] + d[n / 2]) / 2));
            if (f.bounded)
                assert_true(f.lower <= f.value && f.value <= f.upper);
            /* The outermost order has a chance of at most .025. */
            assert_int_equal(f.bounded, gsl_sf_choose((unsigned)(nx + ny),
                                                      (unsigned)nx) >= 40);
        }
}

/* 3 against 3: one order of 20 is the outermost, exactly .05. */
static void a_tail_that_is_met_exactly_bounds(void **state)
{
    const double x[] = {2, 4, 8}, y[] = {1, 1.5, 1.75};
    struct td_figure f = td_ratio_hodges_lehmann(x, 3, y, 3, .9);
    (void)state;
    assert_true(f.bounded);
    assert_near(f.lower, 2 / 1.75);
    assert_near(f.upper, 8);
    assert_false(td_ratio_hodges_lehmann(x, 3, y, 3, .95).bounded);
}

/* 400 million differences: found without listing them. */
static void many_values_need_no_table(void **state)
{
    enum { N = 20000 };
    double *x = td_xmalloc(N * sizeof *x), *y = td_xmalloc(N * sizeof *y);
    struct td_figure f;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        y[i] = 1 + (double)(i * 7919 % N) / N;
        x[i] = 3 * y[i];
    }
    f = td_ratio_hodges_lehmann(x, N, y, N, .95);
    assert_true(f.bounded && fabs(f.value - 3) < 1e-9);
    assert_true(f.lower > 2.97 && f.lower < 3 && f.upper > 3 && f.upper < 3.03);
    assert_near(td_mann_whitney(y, N, y, N).superior, .5);
    free(x);
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_null_is_counting),
        cmocka_unit_test(ties_count_half),
        cmocka_unit_test(the_edges_of_the_test),
        cmocka_unit_test(the_shift_is_the_median_difference),
        cmocka_unit_test(a_tail_that_is_met_exactly_bounds),
        cmocka_unit_test(many_values_need_no_table),
    };
    return cmocka_run_group_tests_name("stat_ranks", tests, NULL, NULL);
}
