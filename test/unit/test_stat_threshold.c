/* The threshold of noisy trials: cases whose answer is known. */
#include "stat/threshold.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct td_threshold_model model;

static int set_up(void **state)
{
    (void)state;
    td_threshold_model_init(&model, .95, .5, 128, 140);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    td_threshold_model_release(&model);
    return 0;
}

static struct td_threshold estimate(const struct td_threshold_trial *trials,
                                    size_t n)
{
    struct td_threshold out;
    td_threshold_estimate(&model, trials, n, &out);
    return out;
}

static void test_nothing_is_nothing(void **state)
{
    double shift = 10;
    (void)state;
    assert_false(estimate(NULL, 0).known);
    assert_true(fabs(td_threshold_drift(&model, NULL, 0, &shift, 1) - 1) <
                1e-12);
}

/* `each` trials at each level; below 4 they held, above they broke. */
static size_t around_four(struct td_threshold_trial *trials, size_t each)
{
    static const int32_t levels[] = {-100, -20, 0, 8, 28, 108};
    for (size_t i = 0; i < 6 * each; i++)
        trials[i] =
            (struct td_threshold_trial){levels[i % 6], levels[i % 6] < 4};
    return 6 * each;
}

static void test_between_what_held_and_what_broke(void **state)
{
    struct td_threshold_trial trials[60];
    struct td_threshold few = estimate(trials, around_four(trials, 2));
    struct td_threshold more = estimate(trials, around_four(trials, 10));
    (void)state;
    assert_true(few.known && more.known);
    /* Symmetric but for the lapses. */
    assert_true(fabs(few.median - 4) < .5 && fabs(more.median - 4) < .5);
    assert_true(more.lower >= -2 && more.upper <= 10);
    assert_true(few.lower < more.lower && few.upper > more.upper);
    assert_true(more.flat < .001);
}

/* 90 % at -20, 50 % at 0, 10 % at 20: a spread of 20 / ln 9 = 9.1. */
static void test_a_logistic_curve_is_found_again(void **state)
{
    struct td_threshold_trial trials[300];
    struct td_threshold at;
    (void)state;
    for (int i = 0; i < 300; i++) {
        int level = 20 * (i % 3 - 1), turn = i / 3 % 10;
        bool held = level < 0 ? turn != 0 : level > 0 ? turn == 0 : turn < 5;
        trials[i] = (struct td_threshold_trial){level, held};
    }
    at = estimate(trials, 300);
    assert_true(fabs(at.median) < 1.5);
    assert_true(at.lower < 0 && at.upper > 0 && at.upper - at.lower < 8);
    assert_true(at.spread > 7 && at.spread < 12);
    assert_true(at.flat < .01);
}

static void test_one_disturbed_trial_does_not_move_it(void **state)
{
    struct td_threshold_trial trials[60];
    struct td_threshold with, without;
    size_t n = around_four(trials, 10);
    (void)state;
    without = estimate(trials, n);
    trials[0].held = false;
    with = estimate(trials, n);
    assert_true(fabs(with.median - without.median) < 1);
    assert_true(with.upper - with.lower <
                1.5 * (without.upper - without.lower));
}

static void test_alike_everywhere_is_flat(void **state)
{
    struct td_threshold_trial trials[60];
    (void)state;
    for (int i = 0; i < 60; i++)
        trials[i] = (struct td_threshold_trial){25 * (i % 6), i % 12 < 6};
    assert_true(estimate(trials, 60).flat > .5);
}

static void test_drift(void **state)
{
    static const double shifts[] = {10, 20, 40};
    struct td_threshold_trial trials[24];
    (void)state;
    for (int i = 0; i < 24; i++) /* level 0 held at first, broke later */
        trials[i] = (struct td_threshold_trial){0, i < 12};
    assert_true(td_threshold_drift(&model, trials, 24, shifts, 3) > 20);
    for (int i = 0; i < 24; i++)
        trials[i].held = i % 2;
    assert_true(td_threshold_drift(&model, trials, 24, shifts, 3) < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_nothing),
        cmocka_unit_test(test_between_what_held_and_what_broke),
        cmocka_unit_test(test_a_logistic_curve_is_found_again),
        cmocka_unit_test(test_one_disturbed_trial_does_not_move_it),
        cmocka_unit_test(test_alike_everywhere_is_flat),
        cmocka_unit_test(test_drift),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
