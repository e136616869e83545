/* Which pairs are set aside: decided on the environment alone. */
#include "host/noise.h"
#include "host/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A record: ticks of work, of idleness, stolen; periods throttled. */
static json_t *record(int user, int idle, int steal, int throttled)
{
    return json_pack("{s:{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}, s:{s:i}}",
                     "ticks", "user", user, "nice", 0, "system", 0, "idle",
                     idle, "iowait", 0, "irq", 0, "softirq", 0, "steal", steal,
                     "throttling", "nr_throttled", throttled);
}

static const char *between(json_t *before, json_t *after)
{
    const char *rule = td_rules_broken(before, after);
    json_decref(before);
    json_decref(after);
    return rule;
}

static void test_quiet(void **state)
{
    (void)state;
    assert_null(between(record(0, 0, 7, 3), record(100, 900, 7, 3)));
}

static void test_throttled(void **state)
{
    (void)state;
    assert_string_equal(between(record(0, 0, 0, 3), record(100, 0, 0, 4)),
                        "throttled");
    /* It is named first. */
    assert_string_equal(between(record(0, 0, 0, 3), record(100, 0, 90, 4)),
                        "throttled");
}

static void test_stolen_is_a_share_of_what_was_wanted(void **state)
{
    (void)state;
    assert_null(between(record(0, 0, 0, 0), record(95, 0, 5, 0)));
    assert_string_equal(between(record(0, 0, 0, 0), record(94, 0, 6, 0)),
                        "stolen");
    /* Idle CPUs do not make it less. */
    assert_string_equal(between(record(0, 0, 0, 0), record(94, 99999, 6, 0)),
                        "stolen");
}

static void test_single_ticks_are_rounding(void **state)
{
    (void)state;
    assert_null(between(record(0, 0, 0, 0), record(4, 0, 2, 0)));
    assert_string_equal(between(record(0, 0, 0, 0), record(4, 0, 3, 0)),
                        "stolen");
}

static void test_what_is_not_known_breaks_no_rule(void **state)
{
    json_t *noise = td_noise_json("test/data/host/nothing");
    (void)state;
    assert_null(td_rules_broken(noise, noise));
    assert_null(td_rules_broken(NULL, NULL));
    json_decref(noise);
    assert_null(between(json_object(), record(1, 1, 50, 50)));
}

static void test_records_of_a_machine(void **state)
{
    json_t *noise = td_noise_json("test/data/host/laptop");
    json_t *later = json_deep_copy(noise);
    (void)state;
    assert_null(td_rules_broken(noise, later));
    json_object_set_new(json_object_get(later, "throttling"), "nr_throttled",
                        json_integer(6));
    assert_string_equal(td_rules_broken(noise, later), "throttled");
    json_decref(later);
    json_decref(noise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_throttled),
        cmocka_unit_test(test_stolen_is_a_share_of_what_was_wanted),
        cmocka_unit_test(test_single_ticks_are_rounding),
        cmocka_unit_test(test_what_is_not_known_breaks_no_rule),
        cmocka_unit_test(test_records_of_a_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
