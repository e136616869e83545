/* Tails of resampled t: what must hold of them whatever the draws. */
#include "stat/bootstrap.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { RESAMPLES = 2000 };

static void too_little_has_no_tails(void **state)
{
    const double same[] = {2, 2, 2, 2}, some[] = {1, 2, 4, 8};
    double low, high;
    (void)state;
    assert_false(td_bootstrap_t(same, 4, .025, 1, RESAMPLES, &low, &high));
    assert_false(td_bootstrap_t(some, 0, .025, 1, RESAMPLES, &low, &high));
    assert_false(td_bootstrap_t(some, 1, .025, 1, RESAMPLES, &low, &high));
    assert_false(td_bootstrap_t(some, 4, .025, 1, 0, &low, &high));
    /* 20 resamples have no fortieth part. */
    assert_false(td_bootstrap_t(some, 4, .025, 1, 20, &low, &high));
    assert_true(td_bootstrap_t(some, 4, .025, 1, RESAMPLES, &low, &high));
    assert_true(low < high);
}

/* Half of the resamples of two values are of one value: they have no t. */
static void resamples_of_one_value_are_left_out(void **state)
{
    const double two[] = {1, 2}, rare[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1e6};
    double low, high;
    (void)state;
    assert_true(td_bootstrap_t(two, 2, .025, 1, RESAMPLES, &low, &high));
    assert_true(fabs(low) < 1e-9 && fabs(high) < 1e-9);
    assert_true(td_bootstrap_t(rare, 10, .025, 1, RESAMPLES, &low, &high));
    assert_true(isfinite(low) && isfinite(high));
}

/* t knows no origin and no unit. */
static void tails_follow_shift_and_scale(void **state)
{
    const double x[] = {1, 2, 4, 8, 16, 3, 5, 6, 7};
    double far[9], low, high, low_far, high_far;
    (void)state;
    for (size_t i = 0; i < 9; i++)
        far[i] = 1e-6 * x[i] + 3;
    assert_true(td_bootstrap_t(x, 9, .025, 5, RESAMPLES, &low, &high));
    assert_true(
        td_bootstrap_t(far, 9, .025, 5, RESAMPLES, &low_far, &high_far));
    assert_true(fabs(low_far / low - 1) < 1e-6);
    assert_true(fabs(high_far / high - 1) < 1e-6);
}

/* From a batch of many indices a draw to one index a draw. */
static void many_values_come_near_the_normal(void **state)
{
    static double x[5000];
    double low, high;
    (void)state;
    for (size_t n = 50; n <= 5000; n *= 10) {
        for (size_t i = 0; i < n; i++)
            x[i] = (double)i;
        assert_true(td_bootstrap_t(x, n, .025, n, RESAMPLES, &low, &high));
        assert_true(fabs(low + 1.98) < .2 && fabs(high - 1.98) < .2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_has_no_tails),
        cmocka_unit_test(resamples_of_one_value_are_left_out),
        cmocka_unit_test(tails_follow_shift_and_scale),
        cmocka_unit_test(many_values_come_near_the_normal),
    };
    return cmocka_run_group_tests_name("stat_bootstrap", tests, NULL, NULL);
}
