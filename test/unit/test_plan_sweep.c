#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/workload.h"

#include <stdlib.h>
#include <string.h>

static const char head[] = "[workload]\n"
                           "summary = s\n"
                           "base = go\n"
                           "default = i\n"
                           "[set big]\n"
                           "n = 100000\n"
                           "seed = 1\n"
                           "answer = 168\n"
                           "suites = bench\n"
                           "[implementation i]\n"
                           "go = BenchmarkI\n"
                           "[sweep n]\n";
enum { SWEEP_LINE = 12 };

/* The workload with these lines of its sweep; the message on failure. */
static int parse(const char *lines, struct td_workload *out, struct td_err *err)
{
    char *text = td_xasprintf("%s%s", head, lines);
    int rc;
    td_err_clear(err);
    rc = td_workload_parse(out, "w", "/", "w.ini", text, strlen(text), err);
    free(text);
    return rc;
}

static void sizes_are_spread_on_a_log_scale(void **state)
{
    static const char *const names[] = {
        "big",    "n=1000",  "n=1700",  "n=2800",  "n=4600",
        "n=7700", "n=13000", "n=22000", "n=36000", "n=60000"};
    struct td_workload w;
    struct td_err err;
    (void)state;
    assert_int_equal(parse("from = 1000\nto = 100000\npoints = 10\n", &w, &err),
                     0);
    assert_int_equal(w.nsets, 10);
    for (size_t i = 0; i < w.nsets; i++) {
        assert_string_equal(w.sets[i].name, names[i]);
        assert_true(td_strings_has(&w.sets[i].sweeps, "n"));
        assert_true(td_strings_has(&w.sets[i].suites, "growth"));
        assert_int_equal(w.sets[i].swept, i > 0);
    }
    /* The named set keeps what it has; the others have no answer. */
    assert_string_equal(w.sets[0].answer, "168");
    assert_true(td_strings_has(&w.sets[0].suites, "bench"));
    assert_null(w.sets[1].answer);
    assert_string_equal(td_fields_get(&w.sets[1].params, "seed"), "1");
    td_workload_release(&w);
}

static void values_and_fixed_parameters(void **state)
{
    struct td_workload w;
    struct td_err err;
    (void)state;
    assert_int_equal(parse("values = 1, 2, 5, 10, 20, 50, 100, 200, 500\n"
                           "seed = 7\nsuites = night, growth\n",
                           &w, &err),
                     0);
    assert_int_equal(w.nsets, 10);
    assert_int_equal(w.sets[0].sweeps.count, 0);
    assert_string_equal(w.sets[9].name, "n=500");
    assert_string_equal(td_fields_get(&w.sets[9].params, "seed"), "7");
    assert_int_equal(w.sets[9].suites.count, 2);
    td_workload_release(&w);
}

static void sweeps_are_measured_in_their_suites_alone(void **state)
{
    static const struct {
        const char *suite, *overrides;
        size_t count, sweeps;
    } cases[] = {{NULL, "", 1, 0},
                 {"bench", "", 1, 0},
                 {"growth", "", 10, 1},
                 {NULL, "n=1000", 1, 0},
                 {NULL, "n=1000,2000", 2, 0},
                 {NULL, "n=1000,2000,3000", 3, 1}};
    struct td_workload w;
    struct td_err err;
    (void)state;
    assert_int_equal(parse("from = 1000\nto = 100000\n", &w, &err), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct td_strings overrides = TD_STRINGS_INIT;
        struct td_set *sets;
        size_t count;
        td_strings_split(&overrides, cases[i].overrides, " ");
        assert_int_equal(
            td_sets_select(&w, &overrides, cases[i].suite, &sets, &count, &err),
            0);
        assert_int_equal(count, cases[i].count);
        for (size_t k = 0; k < count; k++)
            assert_int_equal(sets[k].sweeps.count, cases[i].sweeps);
        td_sets_free(sets, count);
        td_strings_release(&overrides);
    }
    td_workload_release(&w);
}

static void every_mistake_is_named(void **state)
{
    static const struct {
        const char *lines, *said;
        int line; /* after the heading */
    } cases[] = {
        {"", "lacks its sizes: values = 1000 2000 …, or from, to and points",
         0},
        {"from = 10\n", "lacks the key to", 0},
        {"to = 10\n", "lacks the key from", 0},
        {"from = 10\nto = 5\n", "to: expected more than 10, found 5", 2},
        {"values = 1, 2\nfrom = 1\n",
         "has values and from, to or points: give one of them", 1},
        {"values = 1, two\n",
         "values: expected positive numbers such as 1000, found \"two\"", 1},
        {"values = 1, 0\n",
         "values: expected positive numbers such as 1000, found \"0\"", 1},
        {"values = 5, 5.0\n", "values: 5.0 is there twice", 1},
        {"values = 1, 10, 100\n",
         "3 sizes over 2.0 decades: a law of growth takes at least 9 over 2",
         1},
        {"from = 100\nto = 900\npoints = 9\n",
         "9 sizes over 1.0 decades: a law of growth takes at least 9 over 2",
         3},
        {"from = 1\nto = 1000\nsede = 4\n",
         "\"sede\" is not a parameter of [set big]; did you mean seed?", 3},
        {"from = 1\nto = 1000\nimplementations = j\n",
         "implementations: \"j\" is not one; did you mean i?", 3},
        {"from = 1\nto = 1000\nn = 4\n",
         "n is what varies: write its sizes as values", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct td_workload w;
        struct td_err err;
        char *said = td_xasprintf("w.ini:%d: [sweep n] %s",
                                  SWEEP_LINE + cases[i].line, cases[i].said);
        assert_int_equal(parse(cases[i].lines, &w, &err), TD_EINPUT);
        assert_string_equal(err.msg, said);
        td_workload_release(&w);
        free(said);
    }
}

static void other_names_are_refused(void **state)
{
    static const char more[] = "from = 1000\nto = 100000\n"
                               "[sweep sed]\nfrom = 1\nto = 1000\n";
    static const char taken[] = "from = 1000\nto = 100000\n"
                                "[set n=1000]\nn = 5\nseed = 1\n";
    struct td_workload w;
    struct td_err err;
    (void)state;
    assert_int_equal(parse(more, &w, &err), TD_EINPUT);
    assert_string_equal(err.msg,
                        "w.ini:15: [sweep sed] \"sed\" is not a parameter of "
                        "[set big]; did you mean seed?");
    td_workload_release(&w);
    assert_int_equal(parse(taken, &w, &err), TD_EINPUT);
    assert_string_equal(err.msg,
                        "w.ini:12: [sweep n] makes a set n=1000, but [set "
                        "n=1000] has other parameters: rename that");
    td_workload_release(&w);
    assert_int_equal(parse("from = much\n", &w, &err), TD_EINPUT);
    assert_memory_equal(err.msg, "w.ini:13: ", 10);
    td_workload_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_spread_on_a_log_scale),
        cmocka_unit_test(values_and_fixed_parameters),
        cmocka_unit_test(sweeps_are_measured_in_their_suites_alone),
        cmocka_unit_test(every_mistake_is_named),
        cmocka_unit_test(other_names_are_refused),
    };
    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
