/* The table of drivers, and the runtime that a user means by a word. */
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; td_drivers[i]; i++) {
        const struct td_driver *driver = td_drivers[i];
        assert_non_null(driver->prepare);
        assert_true(driver->name && *driver->name);
        assert_true(driver->family && *driver->family);
        assert_true(driver->help && *driver->help);
        assert_ptr_equal(td_driver_by_name(driver->name), driver);
    }
    assert_null(td_driver_by_name("no-such-driver"));
}

static void add(struct td_runtimes *to, const char *name, const char *family,
                const char *version, const char *problem)
{
    struct td_runtime *runtime = td_runtimes_add(to);
    runtime->driver = &td_driver_null;
    runtime->name = td_xstrdup(name);
    runtime->family = td_xstrdup(family);
    runtime->version = td_xstrdup(version);
    runtime->path = td_xstrdup("/nowhere");
    runtime->problem = problem ? td_xstrdup(problem) : NULL;
    runtime->build = json_object();
}

static int known_init(void **state)
{
    struct td_runtimes *known = td_xcalloc(1, sizeof *known);
    add(known, "null-3.9.18", "snake", "3.9.18", NULL);
    add(known, "null-3.11.2", "snake", "3.11.2", NULL);
    add(known, "null-3.11.10", "snake", "3.11.10", NULL);
    add(known, "null-3.11.10:shared", "snake", "3.11.10", NULL);
    add(known, "null-3.11.12", "snake", "3.11.12", "its library is missing");
    add(known, "null-7.1", "bird", "7.1", "it has flown");
    *state = known;
    return 0;
}

static int known_release(void **state)
{
    td_runtimes_release(*state);
    free(*state);
    return 0;
}

/* What word finds: a runtime's name, or the code it fails with. */
static void expect(void **state, const char *word, const char *name, int code,
                   const char *says)
{
    const struct td_context context = {.libexec_dir = "/nowhere"};
    struct td_runtime found;
    struct td_err err = TD_ERR_INIT;
    int rc = td_runtime_find(&context, *state, word, &found, &err);
    assert_int_equal(rc, code);
    if (!code) {
        assert_string_equal(found.name, name);
    } else if (!strstr(err.msg, says)) {
        fail_msg("\"%s\" does not say \"%s\"", err.msg, says);
    }
    td_runtime_release(&found);
}

static void test_find(void **state)
{
    expect(state, "null-3.11.2", "null-3.11.2", 0, NULL);
    expect(state, "null-3.11.10:shared", "null-3.11.10:shared", 0, NULL);
    expect(state, "null-3.11", "null-3.11.10", 0, NULL);
    expect(state, "null-3", "null-3.11.10", 0, NULL);
    expect(state, "snake", "null-3.9.18", 0, NULL);
    expect(state, "null-3.11.12", NULL, TD_EDEPENDENCY,
           "null-3.11.12 cannot be used: its library is missing");
    expect(state, "bird", NULL, TD_EDEPENDENCY, "it has flown");
}

static void test_not_found(void **state)
{
    expect(state, "snaky", NULL, TD_EUSAGE, "no runtime \"snaky\"");
    expect(state, "null-3.11.3x", NULL, TD_EUSAGE,
           "did you mean \"null-3.11.2\"?");
    /* resolved by its driver, whose worker is not there */
    expect(state, "null-1.5", NULL, TD_EDEPENDENCY,
           "/nowhere/tandem-null is missing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test_setup_teardown(test_find, known_init, known_release),
        cmocka_unit_test_setup_teardown(test_not_found, known_init,
                                        known_release),
    };
    return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
