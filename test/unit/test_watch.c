/* What is said of a batch that was disturbed. */
#include "measure/watch.h"

#include "base/json.h"
#include "store/samples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define UNKNOWN UINT64_MAX

static uint32_t flags(uint64_t switches, uint64_t steal, uint64_t gc)
{
    return td_disturbance_flags(
        &(struct td_disturbance){switches, UNKNOWN, steal, gc});
}

static void test_each_cause_has_its_flag(void **state)
{
    (void)state;
    assert_int_equal(flags(0, 0, 0), 0);
    assert_int_equal(flags(3, 0, 0), TD_SAMPLE_SWITCHED);
    assert_int_equal(flags(0, 1, 0), TD_SAMPLE_STOLEN);
    assert_int_equal(flags(0, 0, 2), TD_SAMPLE_GC);
    assert_int_equal(flags(1, 1, 1),
                     TD_SAMPLE_SWITCHED | TD_SAMPLE_STOLEN | TD_SAMPLE_GC);
}

/* A label that no batch can lose its place in the figures by. */
static void test_flags_do_not_make_unsteady(void **state)
{
    (void)state;
    assert_int_equal(flags(1, 1, 1) & TD_SAMPLE_UNSTEADY, 0);
}

static void test_unknown_is_no_flag_and_null(void **state)
{
    struct td_disturbance some = {UNKNOWN, UNKNOWN, UNKNOWN, 7};
    json_t *line = json_object();
    (void)state;
    assert_int_equal(flags(UNKNOWN, UNKNOWN, UNKNOWN), 0);
    td_disturbance_add_json(&some, line);
    assert_true(json_is_null(json_object_get(line, "switches")));
    assert_true(json_is_null(json_object_get(line, "wait_ns")));
    assert_true(json_is_null(json_object_get(line, "steal_ns")));
    assert_int_equal(td_json_u64(line, "gc_cycles", 0), 7);
    json_decref(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_cause_has_its_flag),
        cmocka_unit_test(test_flags_do_not_make_unsteady),
        cmocka_unit_test(test_unknown_is_no_flag_and_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
