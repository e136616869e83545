#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/workload.h"

#include <string.h>

static const char text[] = "[workload]\n"
                           "summary = s\n"
                           "base = go\n"
                           "default = i\n"
                           "[set big]\n"
                           "n = 1000\n"
                           "mode = a\n"
                           "answer = 168\n"
                           "ideal = 1ms\n"
                           "turn = 1s\n"
                           "suites = bench\n"
                           "[set small]\n"
                           "n = 10\n"
                           "mode = b\n"
                           "answer = 4\n"
                           "suites = quick, bench\n"
                           "[implementation i]\n"
                           "go = BenchmarkI\n";

struct fixture {
    struct td_workload workload;
    struct td_strings overrides;
    struct td_set *sets;
    size_t count;
    struct td_err err;
};

/* overrides: words divided by blanks, NULL = none. */
static int choose(struct fixture *f, const char *overrides, const char *suite)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(td_workload_parse(&f->workload, "w", "/", "w.ini", text,
                                       sizeof text - 1, &f->err),
                     0);
    td_strings_split(&f->overrides, overrides ? overrides : "", " ");
    return td_sets_select(&f->workload, &f->overrides, suite, &f->sets,
                          &f->count, &f->err);
}

static void release(struct fixture *f)
{
    td_sets_free(f->sets, f->count);
    td_strings_release(&f->overrides);
    td_workload_release(&f->workload);
}

static void suites_filter(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(choose(&f, NULL, NULL), 0);
    assert_int_equal(f.count, 2);
    release(&f);
    assert_int_equal(choose(&f, NULL, "quick"), 0);
    assert_int_equal(f.count, 1);
    assert_string_equal(f.sets[0].name, "small");
    assert_string_equal(f.sets[0].answer, "4");
    release(&f);
    assert_int_equal(choose(&f, NULL, "nightly"), 0);
    assert_int_equal(f.count, 0);
    release(&f);
    assert_int_equal(choose(&f, "n=5", "nightly"), 0);
    assert_int_equal(f.count, 0);
    release(&f);
}

static void equal_values_are_the_set_itself(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(choose(&f, "n=10", NULL), 0);
    assert_int_equal(f.count, 1);
    assert_string_equal(f.sets[0].name, "small");
    assert_string_equal(td_fields_get(&f.sets[0].params, "mode"), "b");
    assert_string_equal(f.sets[0].answer, "4");
    release(&f);
}

static void other_values_forget_the_answer(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(choose(&f, "n=7", NULL), 0);
    assert_int_equal(f.count, 1);
    assert_string_equal(f.sets[0].name, "n=7");
    assert_string_equal(td_fields_get(&f.sets[0].params, "n"), "7");
    assert_string_equal(td_fields_get(&f.sets[0].params, "mode"), "a");
    assert_null(f.sets[0].answer);
    assert_int_equal(f.sets[0].ideal_ns, 0);
    release(&f);
    assert_int_equal(choose(&f, "n=7", "quick"), 0);
    assert_string_equal(td_fields_get(&f.sets[0].params, "mode"), "b");
    release(&f);
}

static void sweeps_combine(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(choose(&f, "n=1,1000 mode=a,b", NULL), 0);
    assert_int_equal(f.count, 4);
    assert_string_equal(f.sets[0].name, "n=1,mode=a");
    assert_string_equal(f.sets[1].name, "n=1,mode=b");
    assert_string_equal(f.sets[2].name, "big");
    assert_string_equal(f.sets[2].answer, "168");
    assert_int_equal(f.sets[2].ideal_ns, 1000000);
    assert_int_equal(f.sets[2].turn_ns, 1000000000);
    assert_string_equal(f.sets[3].name, "n=1000,mode=b");
    assert_null(f.sets[3].answer);
    release(&f);
}

static void mistakes_are_usage_errors(void **state)
{
    static const char *const bad[][2] = {
        {"n", "--param: expected NAME=VALUE or NAME=VALUE,VALUE, found \"n\""},
        {"=1", "--param: expected NAME=VALUE or NAME=VALUE,VALUE, found "
               "\"=1\""},
        {"n=", "--param: expected NAME=VALUE or NAME=VALUE,VALUE, found "
               "\"n=\""},
        {"node=1", "--param node: workload w has no such parameter; did you "
                   "mean mode?"},
        {"n=1 n=2", "--param n is given twice; several values are written "
                    "n=1,2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fixture f;
        assert_int_equal(choose(&f, bad[i][0], NULL), TD_EUSAGE);
        assert_string_equal(f.err.msg, bad[i][1]);
        release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_filter),
        cmocka_unit_test(equal_values_are_the_set_itself),
        cmocka_unit_test(other_values_forget_the_answer),
        cmocka_unit_test(sweeps_combine),
        cmocka_unit_test(mistakes_are_usage_errors),
    };
    return cmocka_run_group_tests_name("sets", tests, NULL, NULL);
}
