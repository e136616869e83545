/* The heap of deadlines against sorting. */
#include "load/deadlines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmocka.h>

enum { COUNT = 500 };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

static void drain_in_order(struct td_deadlines *set, size_t expected)
{
    uint64_t last = 0;
    struct td_deadline *first;
    size_t n = 0;
    for (; (first = td_deadlines_first(set)); n++) {
        assert_true(first->at_ns >= last);
        last = first->at_ns;
        td_deadlines_remove(set, first);
        assert_true(first->index == TD_DEADLINE_NONE);
    }
    assert_int_equal(n, expected);
}

static void fill(struct td_deadlines *set, struct td_deadline *nodes,
                 uint64_t *seed)
{
    for (size_t i = 0; i < COUNT; i++) {
        nodes[i] = (struct td_deadline)TD_DEADLINE_INIT;
        td_deadlines_set(set, &nodes[i], next_random(seed) % 1000);
    }
}

static void test_comes_out_in_order(void **state)
{
    struct td_deadlines set = TD_DEADLINES_INIT;
    struct td_deadline nodes[COUNT];
    uint64_t seed = 1;
    (void)state;
    assert_null(td_deadlines_first(&set));
    fill(&set, nodes, &seed);
    drain_in_order(&set, COUNT);
    td_deadlines_release(&set);
}

static void test_moving_and_removing_keep_the_order(void **state)
{
    struct td_deadlines set = TD_DEADLINES_INIT;
    struct td_deadline nodes[COUNT];
    uint64_t seed = 2;
    (void)state;
    fill(&set, nodes, &seed);
    for (size_t i = 0; i < COUNT; i += 2)
        td_deadlines_set(&set, &nodes[i], next_random(&seed) % 1000);
    for (size_t i = 0; i < COUNT; i += 5)
        td_deadlines_remove(&set, &nodes[i]);
    td_deadlines_remove(&set, &nodes[0]);
    assert_int_equal(set.count, COUNT - COUNT / 5);
    drain_in_order(&set, COUNT - COUNT / 5);
    td_deadlines_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_out_in_order),
        cmocka_unit_test(test_moving_and_removing_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
