/*
 * Intended times and the draws of a mix: pure, repeatable, at the right rate.
 */
#include "load/load_schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define BEGIN UINT64_C(5000000000)

static void init(struct td_load_schedule *schedule, double rate,
                 enum td_arrivals arrivals, uint32_t thread, uint32_t threads)
{
    struct td_load_plan plan = {
        .rate = rate, .arrivals = arrivals, .threads = threads, .seed = 3};
    td_load_schedule_init(schedule, &plan, thread, BEGIN);
}

static uint64_t take(struct td_load_schedule *schedule)
{
    uint64_t next_ns = schedule->next_ns;
    td_load_schedule_advance(schedule);
    return next_ns;
}

static void constant_times_do_not_drift(void **state)
{
    struct td_load_schedule schedule;
    (void)state;
    init(&schedule, 3000, TD_ARRIVALS_CONSTANT, 0, 1);
    for (uint64_t k = 0; k < 3000000; k++) {
        uint64_t exact = BEGIN + k * 1000000 / 3, at = take(&schedule);
        if (at + 1 < exact || at > exact + 1)
            fail_msg("time %llu is off", (unsigned long long)k);
    }
    assert_int_equal(schedule.next_ns, BEGIN + UINT64_C(1000000000000));
    td_load_schedule_release(&schedule);
}

static void threads_share_one_comb(void **state)
{
    struct td_load_schedule one, part[3];
    (void)state;
    init(&one, 1000, TD_ARRIVALS_CONSTANT, 0, 1);
    for (uint32_t i = 0; i < 3; i++)
        init(&part[i], 1000, TD_ARRIVALS_CONSTANT, i, 3);
    for (int k = 0; k < 999; k++) {
        uint64_t a = take(&one), b = take(&part[k % 3]);
        assert_true(a <= b + 1 && b <= a + 1);
    }
    td_load_schedule_release(&one);
    for (uint32_t i = 0; i < 3; i++)
        td_load_schedule_release(&part[i]);
}

/* Mean and variance of exponential gaps: 1/rate and 1/rate^2. */
static void poisson_gaps_are_exponential(void **state)
{
    struct td_load_schedule schedule;
    enum { COUNT = 200000 };
    double sum = 0, squares = 0, mean, last = (double)BEGIN;
    (void)state;
    init(&schedule, 1000, TD_ARRIVALS_POISSON, 1, 2);
    for (int k = 0; k < COUNT; k++) {
        double at = (double)take(&schedule), gap = (at - last) * 1e-6;
        assert_true(gap >= 0);
        last = at;
        sum += gap;
        squares += gap * gap;
    }
    mean = sum / COUNT;
    assert_float_equal(mean, 2, .02);
    assert_float_equal(sqrt(squares / COUNT - mean * mean), 2, .04);
    td_load_schedule_release(&schedule);
}

static void the_seed_says_it_all(void **state)
{
    struct td_load_schedule a, b, other;
    int same = 0;
    (void)state;
    init(&a, 1000, TD_ARRIVALS_POISSON, 0, 2);
    init(&b, 1000, TD_ARRIVALS_POISSON, 0, 2);
    init(&other, 1000, TD_ARRIVALS_POISSON, 1, 2);
    for (int k = 0; k < 100; k++) {
        uint64_t at = take(&a);
        assert_int_equal(at, take(&b));
        same += at == take(&other);
    }
    assert_int_equal(same, 0);
    td_load_schedule_release(&a);
    td_load_schedule_release(&b);
    td_load_schedule_release(&other);
}

static void a_closed_loop_has_no_times(void **state)
{
    struct td_load_schedule schedule;
    (void)state;
    init(&schedule, 0, TD_ARRIVALS_CONSTANT, 0, 1);
    assert_true(schedule.next_ns == UINT64_MAX);
    td_load_schedule_release(&schedule);
}

static void draws_follow_the_weights(void **state)
{
    struct td_load_request requests[] = {
        {.weight = 6}, {.weight = 1}, {.weight = 3}};
    const struct td_load_requests mix = {requests, 3}, single = {requests, 1};
    struct td_load_mix a, b;
    int drawn[3] = {0};
    (void)state;
    td_load_mix_init(&a, &mix, 9, 0);
    td_load_mix_init(&b, &mix, 9, 0);
    for (int k = 0; k < 100000; k++) {
        size_t i = td_load_mix_draw(&a);
        assert_int_equal(i, td_load_mix_draw(&b));
        assert_true(i < 3);
        drawn[i]++;
    }
    assert_in_range(drawn[0], 59000, 61000);
    assert_in_range(drawn[1], 9500, 10500);
    assert_in_range(drawn[2], 29000, 31000);
    td_load_mix_release(&a);
    td_load_mix_release(&b);
    td_load_mix_init(&a, &single, 9, 0);
    assert_int_equal(td_load_mix_draw(&a), 0);
    td_load_mix_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_times_do_not_drift),
        cmocka_unit_test(threads_share_one_comb),
        cmocka_unit_test(poisson_gaps_are_exponential),
        cmocka_unit_test(the_seed_says_it_all),
        cmocka_unit_test(a_closed_loop_has_no_times),
        cmocka_unit_test(draws_follow_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
