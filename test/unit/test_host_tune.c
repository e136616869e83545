/* Settings found, set and put back, in a made-up /sys. */
#include "test/unit/tune_fixture.h"

static void holds_quiet(const char *root)
{
    holds(root, CPU "/cpu0/cpufreq/scaling_governor", "performance");
    holds(root, CPU "/cpu1/cpufreq/scaling_governor", "performance");
    holds(root, CPU "/cpu1/cpufreq/energy_performance_preference",
          "performance");
    holds(root, CPU "/intel_pstate/no_turbo", "1");
    holds(root, THP, "madvise");
    holds(root, "/proc/sys/kernel/numa_balancing", "0");
    holds(root, "/proc/sys/kernel/randomize_va_space", "2");
}

/* Returns the code; counts items in that state. */
static int apply(const char *root, enum td_tune_state state, size_t *count)
{
    struct td_tune tune = TD_TUNE_INIT;
    struct td_err err = TD_ERR_INIT;
    char *path = state_of(root);
    int rc = td_tune_apply(&tune, root, path, &err);
    *count = td_tune_count(&tune, state);
    td_tune_release(&tune);
    free(path);
    return rc;
}

static int restore(const char *root, enum td_tune_state state, size_t *count)
{
    struct td_tune tune = TD_TUNE_INIT;
    struct td_err err = TD_ERR_INIT;
    char *path = state_of(root);
    int rc = td_tune_restore(&tune, root, path, &err);
    *count = td_tune_count(&tune, state);
    td_tune_release(&tune);
    free(path);
    return rc;
}

static void test_there_and_back(void **state)
{
    const char *root = *state;
    size_t count;
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(count, 6);
    holds_quiet(root);
    assert_true(td_probe_exists(root, STATE));
    assert_int_equal(restore(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(count, 6);
    holds_prior(root);
    holds(root, THP, "always");
    assert_false(td_probe_exists(root, STATE));
    assert_int_equal(restore(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(count, 0);
}

static void test_first_values_are_kept(void **state)
{
    const char *root = *state;
    size_t count;
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), TD_EUSAGE);
    put(root, CPU "/intel_pstate/no_turbo", "0\n");
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), TD_EUSAGE);
    assert_int_equal(restore(root, TD_TUNE_FINE, &count), 0);
    assert_int_equal(count, 1);
    holds_prior(root);
}

static void test_what_is_gone_stays_in_the_state(void **state)
{
    const char *root = *state;
    char *path = td_xasprintf("%s" CPU "/cpu1/cpufreq/scaling_governor", root);
    size_t count;
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(restore(root, TD_TUNE_DENIED, &count), 0);
    assert_int_equal(count, 1);
    assert_true(td_probe_exists(root, STATE));
    put(root, CPU "/cpu1/cpufreq/scaling_governor", "performance\n");
    assert_int_equal(restore(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(count, 1);
    holds_prior(root);
    assert_false(td_probe_exists(root, STATE));
    free(path);
}

static void test_quiet_machine_is_left_alone(void **state)
{
    const char *root = *state;
    size_t count;
    put(root, CPU "/cpu0/cpufreq/scaling_governor", "userspace\n");
    put(root, CPU "/cpu1/cpufreq/scaling_governor", "performance\n");
    put(root, CPU "/cpu1/cpufreq/energy_performance_preference",
        "performance\n");
    put(root, CPU "/intel_pstate/no_turbo", "1\n");
    put(root, CPU "/cpufreq/boost", "1\n");
    put(root, THP, "always madvise [never]\n");
    put(root, "/proc/sys/kernel/numa_balancing", "0\n");
    assert_int_equal(apply(root, TD_TUNE_FINE, &count), 0);
    assert_int_equal(count, 6);
    assert_false(td_probe_exists(root, STATE));
    holds(root, THP, "always madvise [never]");
}

static void test_only_what_the_driver_offers(void **state)
{
    const char *root = *state;
    size_t count;
    put(root, CPU "/cpu0/cpufreq/scaling_available_governors", "powersave\n");
    assert_int_equal(apply(root, TD_TUNE_DONE, &count), 0);
    assert_int_equal(count, 5);
    holds(root, CPU "/cpu0/cpufreq/scaling_governor", "powersave");
}

static void test_nothing_to_set(void **state)
{
    struct td_tune tune = TD_TUNE_INIT;
    (void)state;
    td_tune_look(&tune, "test/data/host/nothing");
    assert_int_equal(td_tune_count(&tune, TD_TUNE_ABSENT), tune.count);
    assert_int_equal(tune.count, 5);
    td_tune_release(&tune);
}

static void refuses(const char *root, const char *text, int code)
{
    size_t count;
    put(root, STATE, text);
    assert_int_equal(restore(root, TD_TUNE_DONE, &count), code);
    assert_true(td_probe_exists(root, STATE));
    holds_prior(root);
}

/* The file of a state that root writes back must not name any other. */
static void test_foreign_state_is_refused(void **state)
{
    const char *root = *state;
    char *text = td_xasprintf("{\"schema\": 1, \"root\": \"%s\", \"settings\": "
                              "[{\"path\": \"/etc/passwd\", \"prior\": \"x\", "
                              "\"set\": \"y\"}]}",
                              root);
    refuses(root, "", TD_EINPUT);
    refuses(root, "{", TD_EINPUT);
    refuses(root, "[]", TD_EINPUT);
    refuses(root, "{\"schema\": 2, \"root\": \"\", \"settings\": []}",
            TD_EINPUT);
    refuses(root, "{\"schema\": 1, \"root\": \"/\", \"settings\": []}",
            TD_EUSAGE);
    refuses(root, text, TD_EINPUT);
    free(text);
    text = td_xasprintf("{\"schema\": 1, \"root\": \"%s\", \"settings\": "
                        "[{\"path\": \"" CPU "/intel_pstate/no_turbo\", "
                        "\"prior\": \"0 \", \"set\": \"1\"}]}",
                        root);
    refuses(root, text, TD_EINPUT);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(test_there_and_back),
        IN_ROOT(test_first_values_are_kept),
        IN_ROOT(test_what_is_gone_stays_in_the_state),
        IN_ROOT(test_quiet_machine_is_left_alone),
        IN_ROOT(test_only_what_the_driver_offers),
        IN_ROOT(test_foreign_state_is_refused),
        cmocka_unit_test(test_nothing_to_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
