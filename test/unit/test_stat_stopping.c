/* When a comparison may end. */
#include "stat/stopping.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct td_stopping fixed = {15, 5, 23, 0};

static void assert_close(double a, double b)
{
    assert_true(fabs(a - b) < 1e-12);
}

static void test_looks(void **state)
{
    (void)state;
    for (uint32_t pairs = 0; pairs <= 160; pairs++) {
        bool expected = pairs >= 15 && (pairs % 5 == 0 || pairs >= 150);
        assert_int_equal(td_stopping_look(&td_stopping_default, pairs),
                         expected);
        assert_int_equal(td_stopping_look(&fixed, pairs), pairs >= 23);
    }
}

static void test_a_cap_below_the_first_look_holds(void **state)
{
    struct td_stopping rule = {15, 5, 7, .01};
    (void)state;
    assert_false(td_stopping_look(&rule, 6));
    assert_true(td_stopping_look(&rule, 7));
    assert_true(td_stopping_enough(&rule, 7, INFINITY));
}

static void test_no_distance_is_every_pair(void **state)
{
    struct td_stopping rule = {3, 0, 9, .01};
    (void)state;
    assert_false(td_stopping_look(&rule, 2));
    assert_true(td_stopping_look(&rule, 3));
    assert_true(td_stopping_look(&rule, 4));
}

static void test_width_decides(void **state)
{
    const struct td_stopping *rule = &td_stopping_default;
    (void)state;
    assert_true(td_stopping_enough(rule, 15, .01));
    assert_false(td_stopping_enough(rule, 15, .0101));
    assert_false(td_stopping_enough(rule, 16, .001)); /* no look */
    assert_false(td_stopping_enough(rule, 10, .001)); /* too early */
    assert_false(td_stopping_enough(rule, 20, NAN));
    assert_true(td_stopping_enough(rule, 150, NAN)); /* the cap */
    assert_false(td_stopping_enough(&fixed, 20, 0));
    assert_true(td_stopping_enough(&fixed, 23, 1));
}

static void test_confidence(void **state)
{
    const struct td_stopping *rule = &td_stopping_default;
    (void)state;
    assert_close(td_stopping_confidence(rule, .95), .97);
    assert_close(td_stopping_confidence(rule, .99), .994);
    assert_close(td_stopping_confidence(&fixed, .95), .95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_a_cap_below_the_first_look_holds),
        cmocka_unit_test(test_no_distance_is_every_pair),
        cmocka_unit_test(test_width_decides),
        cmocka_unit_test(test_confidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
