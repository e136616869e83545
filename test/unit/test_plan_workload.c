#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/files.h"
#include "plan/workload.h"

#include <stdlib.h>
#include <string.h>

/* The tests run in the root of the repository. */
#define DATA "test/data/workloads"

static void complete_file_is_read(void **state)
{
    struct td_workload w;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_workload_load(&w, DATA, "complete", &err), 0);
    assert_string_equal(w.name, "complete");
    assert_int_equal(w.dir[0], '/');
    assert_string_equal(w.summary, "read a generated log");
    assert_string_equal(w.base, "go");
    assert_string_equal(w.default_implementation, "fast");

    assert_int_equal(w.nsets, 3);
    assert_string_equal(w.sets[0].name, "rows=1000");
    assert_int_equal(w.sets[0].params.count, 2);
    assert_string_equal(td_fields_get(&w.sets[0].params, "word"), "a b=c");
    assert_string_equal(w.sets[0].answer, "42: fine");
    assert_int_equal(w.sets[0].suites.count, 2);
    assert_string_equal(w.sets[0].suites.at[1], "nightly");
    assert_int_equal(w.sets[0].ideal_ns, 100000000);
    assert_int_equal(w.sets[0].turn_ns, 2000000000);
    assert_int_equal(w.sets[1].turn_ns, 0);
    assert_null(w.sets[1].answer);

    assert_int_equal(w.nimplementations, 2);
    assert_ptr_equal(td_workload_implementation(&w, "slow"),
                     &w.implementations[1]);
    assert_null(td_workload_implementation(&w, "none"));
    assert_string_equal(td_fields_get(&w.implementations[0].entries, "go"),
                        "BenchmarkFast");
    assert_true(td_strings_has(&w.implementations[1].sets, "rows=20"));
    td_workload_release(&w);
}

static void commands_become_words(void **state)
{
    struct td_workload w;
    struct td_err err = TD_ERR_INIT;
    const struct td_strings *words;
    (void)state;
    assert_int_equal(td_workload_load(&w, DATA, "complete", &err), 0);
    assert_int_equal(w.nruntimes, 1);
    assert_string_equal(w.runtimes[0].driver, "exec");
    words = &w.runtimes[0].command;
    assert_int_equal(words->count, 4);
    assert_string_equal(words->at[1], "my speaker.js");
    assert_string_equal(words->at[2], "");
    assert_string_equal(words->at[3], "say \"hi\" \\ {{x");
    assert_int_equal(w.ninputs, 1);
    assert_string_equal(w.inputs[0].command.at[4], "{out}");
    assert_int_equal(w.nservices, 1);
    assert_string_equal(w.services[0].name, "origin");
    td_workload_release(&w);
}

/* bad/NAME/NAME.ini must be refused in the words of NAME.expected. */
static void check_bad(const char *name)
{
    char *path = td_xasprintf(DATA "/bad/%s/%s.expected", name, name);
    char *begin = td_xasprintf("/%s.ini:", name);
    struct td_buf expected = TD_BUF_INIT;
    struct td_workload w;
    struct td_err err = TD_ERR_INIT, trouble = TD_ERR_INIT;
    const char *found;
    assert_int_equal(td_workload_load(&w, DATA "/bad", name, &err), TD_EINPUT);
    found = strstr(err.msg, begin);
    assert_non_null(found);
    assert_int_equal(td_file_read(path, &expected, &trouble), 0);
    expected.data[strcspn(expected.data, "\n")] = '\0';
    assert_string_equal(found + 1, expected.data);
    td_workload_release(&w);
    td_buf_release(&expected);
    free(begin);
    free(path);
}

static void every_kind_of_mistake_is_named(void **state)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_workload_names(DATA "/bad", &names, &err), 0);
    assert_true(names.count > 40);
    for (size_t i = 0; i < names.count; i++)
        check_bad(names.at[i]);
    td_strings_release(&names);
}

static void names_are_listed_and_suggested(void **state)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_workload w;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_workload_names(DATA, &names, &err), 0);
    assert_true(td_strings_has(&names, "complete"));
    assert_false(td_strings_has(&names, "bad"));
    td_strings_release(&names);
    assert_int_equal(td_workload_load(&w, DATA, "compleet", &err), TD_EUSAGE);
    assert_string_equal(err.msg, "no workload \"compleet\" in " DATA
                                 "; did you mean complete?");
    td_workload_release(&w);
    td_err_clear(&err);
    assert_int_equal(td_workload_load(&w, DATA, "../workloads", &err),
                     TD_EUSAGE);
    td_workload_release(&w);
    td_err_clear(&err);
    assert_true(td_workload_names("test/no-such-place", &names, &err) < 0);
}

/* The first mistake in the file wins, even when inih's own comes later. */
static void first_mistake_wins(void **state)
{
    static const char nul[] = "[workload]\nsummary = a\0b\n";
    struct td_workload w;
    struct td_err err = TD_ERR_INIT;
    const char *text = "[workload]\nrubbish\nsummary = a\nsummary = b\n";
    (void)state;
    td_workload_parse(&w, "x", "/", "x.ini", text, strlen(text), &err);
    assert_string_equal(
        err.msg,
        "x.ini:2: expected name = value or [section], found \"rubbish\"");
    td_workload_release(&w);
    td_err_clear(&err);
    text = "[workload]\nsummary = a\nsummary = b\nrubbish";
    td_workload_parse(&w, "x", "/", "x.ini", text, strlen(text), &err);
    assert_string_equal(
        err.msg, "x.ini:3: key \"summary\" stands twice, first at line 2");
    td_workload_release(&w);
    td_err_clear(&err);
    td_workload_parse(&w, "x", "/", "x.ini", nul, sizeof nul - 1, &err);
    assert_string_equal(err.msg,
                        "x.ini:2: a NUL byte in the line: not a text file");
    td_workload_release(&w);
    td_err_clear(&err);
    td_workload_parse(&w, "x", "/", "x.ini", "", 0, &err);
    assert_string_equal(err.msg, "x.ini:1: section [workload] is missing");
    td_workload_release(&w);
}

static void expand_replaces_parameters(void **state)
{
    struct td_fields params = TD_FIELDS_INIT;
    struct td_buf out = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    td_fields_set(&params, "n", "10");
    td_fields_set(&params, "rows", "{n}");
    assert_int_equal(td_expand("a{n}b{rows}{{c}", &params, &out, &err), 0);
    assert_string_equal(td_buf_str(&out), "a10b{n}{c}");
    td_buf_clear(&out);
    assert_int_equal(td_expand("{row}", &params, &out, &err), TD_EINPUT);
    assert_string_equal(err.msg,
                        "{row} is not a parameter; did you mean {rows}?");
    td_err_clear(&err);
    assert_int_equal(td_expand("x{n", &params, &out, &err), TD_EINPUT);
    td_buf_release(&out);
    td_fields_release(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_file_is_read),
        cmocka_unit_test(commands_become_words),
        cmocka_unit_test(every_kind_of_mistake_is_named),
        cmocka_unit_test(names_are_listed_and_suggested),
        cmocka_unit_test(first_mistake_wins),
        cmocka_unit_test(expand_replaces_parameters),
    };
    return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
