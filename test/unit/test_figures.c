/* Named numbers that an invocation reports. */
#include "base/figures.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct td_figures *figures, const char *name, const char *value,
                const char *unit)
{
    struct td_err err = TD_ERR_INIT;
    if (td_figures_add(figures, name, value, unit, &err))
        fail_msg("%s", err.msg);
}

static void test_last_value_counts(void **state)
{
    struct td_figures figures = TD_FIGURES_INIT, copy = TD_FIGURES_INIT;
    json_t *json;
    (void)state;
    assert_null(td_figures_get(&figures, "task_bytes"));
    add(&figures, "task_bytes", "2712", "B");
    add(&figures, "p99_ns", "-1.5e-3", "\xc2\xb5s");
    add(&figures, "task_bytes", "+3.25", "1/s");
    assert_int_equal(figures.count, 2);
    td_figures_copy(&copy, &figures);
    td_figures_release(&figures);
    assert_int_equal(figures.count, 0);
    assert_true(td_figures_get(&copy, "task_bytes")->value == 3.25);
    assert_string_equal(td_figures_get(&copy, "task_bytes")->unit, "1/s");
    json = td_figures_json(&copy);
    assert_true(json_real_value(json_object_get(json_object_get(json, "p99_ns"),
                                                "value")) == -1.5e-3);
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(json, "p99_ns"), "unit")),
                        "\xc2\xb5s");
    json_decref(json);
    td_figures_copy(&copy, &figures);
    assert_int_equal(copy.count, 0);
    td_figures_release(&copy);
}

static void refuse(const char *name, const char *value, const char *unit,
                   const char *says)
{
    struct td_figures figures = TD_FIGURES_INIT;
    struct td_err err = TD_ERR_INIT;
    add(&figures, "kept", "1", "x");
    assert_int_equal(td_figures_add(&figures, name, value, unit, &err),
                     TD_EPROTOCOL);
    if (!strstr(err.msg, says))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, says);
    assert_int_equal(figures.count, 1);
    assert_true(figures.at[0].value == 1);
    td_figures_release(&figures);
}

static void test_what_is_none_is_refused(void **state)
{
    static const char *const numbers[] = {"",     "nan", "inf", "1e999",
                                          "0x10", "1,5", "1 ",  " 1",
                                          "e",    "12x", "--1", "1.2.3"};
    static const char *const names[] = {"",    "Speed", "9lives",  "_x",
                                        "a b", "a-b",   "\xc3\xa9"};
    static const char *const units[] = {"", "a b", "a\n", "sixteen_bytes_16",
                                        "\xff"};
    char name[TD_FIGURE_NAME_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        refuse("kept", numbers[i], "x", "figure kept as \"");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        refuse(names[i], "2", "x", "under the name \"");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        refuse("kept", "2", units[i], "figure kept in \"");
    memset(name, 'a', sizeof name);
    name[TD_FIGURE_NAME_MAX + 1] = '\0';
    refuse(name, "2", "x", "at most 40");
    refuse(NULL, "2", "x", "without a name");
    refuse("kept", NULL, "x", "without a value");
    refuse("kept", "2", NULL, "without a unit");
}

static void test_longest_that_fit(void **state)
{
    struct td_figures figures = TD_FIGURES_INIT;
    char name[TD_FIGURE_NAME_MAX + 1];
    (void)state;
    memset(name, 'z', sizeof name);
    name[TD_FIGURE_NAME_MAX] = '\0';
    add(&figures, name, "0", "fifteen_bytes15");
    assert_string_equal(figures.at[0].name, name);
    assert_string_equal(figures.at[0].unit, "fifteen_bytes15");
    td_figures_release(&figures);
}

static void test_too_many(void **state)
{
    struct td_figures figures = TD_FIGURES_INIT;
    struct td_err err = TD_ERR_INIT;
    char name[16];
    (void)state;
    for (int i = 0; i < TD_FIGURES_MAX; i++) {
        snprintf(name, sizeof name, "n%d", i);
        add(&figures, name, "1", "x");
    }
    assert_int_equal(td_figures_add(&figures, "more", "1", "x", &err),
                     TD_EPROTOCOL);
    assert_string_equal(err.msg, "reported more than 64 figures: more is one "
                                 "too many");
    add(&figures, "n0", "2", "x");
    assert_int_equal(figures.count, TD_FIGURES_MAX);
    td_figures_release(&figures);
}

static void test_lines(void **state)
{
    static const char *const bad[] = {"", "a", "a 1", "a 1 x y", "a x 1"};
    struct td_figures figures = TD_FIGURES_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(td_figures_parse(&figures, bad[i], &err),
                         TD_EPROTOCOL);
        assert_int_equal(figures.count, 0);
    }
    {
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(
            td_figures_parse(&figures, "  total_bytes\t1e3  B\r", &err), 0);
    }
    assert_true(td_figures_get(&figures, "total_bytes")->value == 1000);
    td_figures_release(&figures);
}

/* Each name by itself: not every execution has all. */
static void test_mean_of_executions(void **state)
{
    struct td_figures one = TD_FIGURES_INIT, two = TD_FIGURES_INIT,
                      mean = TD_FIGURES_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    add(&one, "a", "1", "ns");
    add(&two, "a", "4", "ns");
    add(&two, "b", "7", "x");
    assert_int_equal(td_figures_mean(&mean, &one, &err), 0);
    assert_int_equal(td_figures_mean(&mean, &one, &err), 0);
    assert_int_equal(td_figures_mean(&mean, &two, &err), 0);
    assert_int_equal(mean.count, 2);
    assert_true(td_figures_get(&mean, "a")->value == 2);
    assert_string_equal(td_figures_get(&mean, "a")->unit, "ns");
    assert_true(td_figures_get(&mean, "b")->value == 7);
    td_figures_release(&one);
    td_figures_release(&two);
    td_figures_release(&mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_value_counts),
        cmocka_unit_test(test_what_is_none_is_refused),
        cmocka_unit_test(test_longest_that_fit),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_mean_of_executions),
    };
    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
