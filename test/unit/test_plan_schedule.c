#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/schedule.h"

#include <stdbool.h>
#include <string.h>

enum { MANY = 8, PAIRS = 200 };

static bool same(const struct td_schedule *a, const struct td_schedule *b)
{
    return a->nturns == b->nturns && a->padding == b->padding &&
           a->hashseed == b->hashseed &&
           memcmp(a->turn, b->turn, a->nturns * sizeof *a->turn) == 0;
}

static void turns_are_shared_equally(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= MANY; workers++) {
        for (uint32_t pair = 0; pair < 5; pair++) {
            size_t count[MANY] = {0};
            struct td_schedule s;
            td_schedule_make(&s, 1, 0, pair, workers, 3);
            assert_int_equal(s.nturns, workers * 6);
            for (size_t i = 0; i < s.nturns; i++)
                count[s.turn[i]]++;
            for (uint32_t w = 0; w < workers; w++)
                assert_int_equal(count[w], 6);
            td_schedule_release(&s);
        }
    }
}

static void two_take_turns_abba_or_baab(void **state)
{
    int abba = 0;
    (void)state;
    for (uint32_t pair = 0; pair < PAIRS; pair++) {
        struct td_schedule s;
        td_schedule_make(&s, 42, 0, pair, 2, 1);
        assert_int_equal(s.turn[0], s.turn[3]);
        assert_int_equal(s.turn[1], s.turn[2]);
        assert_int_not_equal(s.turn[0], s.turn[1]);
        abba += s.turn[0] == 0;
        td_schedule_release(&s);
    }
    /* Binomial(200, 1/2): outside 65..135 with probability 1e-6. */
    assert_in_range(abba, 65, 135);
}

static void same_seed_same_schedule(void **state)
{
    (void)state;
    for (uint32_t workers = 2; workers <= 4; workers++) {
        struct td_schedule a, b, c, d, e;
        td_schedule_make(&a, 7, 1, 2, workers, 8);
        td_schedule_make(&b, 7, 1, 2, workers, 8);
        td_schedule_make(&c, 8, 1, 2, workers, 8);
        td_schedule_make(&d, 7, 2, 2, workers, 8);
        td_schedule_make(&e, 7, 1, 3, workers, 8);
        assert_true(same(&a, &b));
        assert_false(same(&a, &c));
        assert_false(same(&a, &d));
        assert_false(same(&a, &e));
        td_schedule_release(&a);
        td_schedule_release(&b);
        td_schedule_release(&c);
        td_schedule_release(&d);
        td_schedule_release(&e);
    }
}

/* Row by row (a row is one turn of each), how often i comes just before j. */
static void count_neighbours(uint32_t workers, uint32_t pairs,
                             uint32_t repetitions, size_t before[MANY][MANY])
{
    memset(before, 0, sizeof(size_t[MANY][MANY]));
    for (uint32_t pair = 0; pair < pairs; pair++) {
        struct td_schedule s;
        td_schedule_make(&s, 99, 0, pair, workers, repetitions);
        for (size_t i = 0; i + 1 < s.nturns; i++)
            if ((i + 1) % workers)
                before[s.turn[i]][s.turn[i + 1]]++;
        td_schedule_release(&s);
    }
}

static void check_neighbours(uint32_t workers, uint32_t pairs,
                             uint32_t repetitions, size_t expected)
{
    size_t before[MANY][MANY];
    count_neighbours(workers, pairs, repetitions, before);
    for (uint32_t i = 0; i < workers; i++)
        for (uint32_t j = 0; j < workers; j++)
            assert_int_equal(before[i][j], i == j ? 0 : expected);
}

/* k rows of an even design, 2k of an odd one, put each before each other
 * once or twice; pairs share them out. */
static void every_worker_precedes_every_other_equally(void **state)
{
    (void)state;
    check_neighbours(4, 1, 2, 1);
    check_neighbours(4, 2, 1, 1);
    check_neighbours(4, 6, 1, 3);
    check_neighbours(6, 3, 1, 1);
    check_neighbours(6, 1, 3, 1);
    check_neighbours(8, 4, 1, 1);
    check_neighbours(3, 3, 1, 2);
    check_neighbours(5, 1, 5, 2);
}

static void padding_and_hash_seed_vary_in_range(void **state)
{
    uint32_t least = UINT32_MAX, most = 0;
    (void)state;
    for (uint32_t pair = 0; pair < PAIRS; pair++) {
        struct td_schedule s;
        td_schedule_make(&s, 3, 0, pair, 2, 1);
        assert_in_range(s.padding, 0, 4096);
        assert_true(s.hashseed >= 1);
        least = s.padding < least ? s.padding : least;
        most = s.padding > most ? s.padding : most;
        td_schedule_release(&s);
    }
    assert_true(least < 400 && most > 3600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_are_shared_equally),
        cmocka_unit_test(two_take_turns_abba_or_baab),
        cmocka_unit_test(same_seed_same_schedule),
        cmocka_unit_test(every_worker_precedes_every_other_equally),
        cmocka_unit_test(padding_and_hash_seed_vary_in_range),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
