/* Two runs against each other: figures against SciPy's, who meets whom, what
 * the gate says (test/data/compare/make_compare.py makes runs and figures). */
#include "summary/compare_runs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUNS "test/data/compare"

enum { BEFORE = 1, SAME, SLOWER, WRONG, NOISY, FAILED, DRIFTED, OTHERS };

struct both {
    struct td_run_dir a, b;
    struct td_comparison it;
};

static void open_run(struct td_run_dir *run, int number)
{
    struct td_err err = TD_ERR_INIT;
    char *word = td_xasprintf("20261122T03150%dZ-00000%d", number, number);
    if (td_run_dir_open(run, RUNS, word, &err))
        fail_msg("%s", err.msg);
    free(word);
}

static void compare(struct both *out, int a, int b, enum td_match match)
{
    const struct td_comparison_settings settings = {.02, match};
    struct td_err err = TD_ERR_INIT;
    memset(out, 0, sizeof *out);
    open_run(&out->a, a);
    open_run(&out->b, b);
    if (td_comparison_make(&out->it, &out->a, &out->b, &settings, &err))
        fail_msg("%s", err.msg);
}

static void unload(struct both *both)
{
    struct td_err err = TD_ERR_INIT;
    td_comparison_release(&both->it);
    assert_int_equal(td_run_dir_release(&both->a, &err), 0);
    assert_int_equal(td_run_dir_release(&both->b, &err), 0);
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-7 * fabs(b)))
        fail_msg("%.15g is not %.15g", a, b);
}

static void assert_figure(struct td_figure f, const json_t *want)
{
    assert_true(f.known && f.bounded);
    assert_near(f.value, json_number_value(json_array_get(want, 0)));
    assert_near(f.lower, json_number_value(json_array_get(want, 1)));
    assert_near(f.upper, json_number_value(json_array_get(want, 2)));
}

/* Holm of two: the smaller doubled, the larger no smaller than that. */
static void assert_p(const struct td_comparison *it, const json_t *want)
{
    double first = json_number_value(json_array_get(want, 0));
    double second = json_number_value(json_array_get(want, 1));
    double low = fmin(1, 2 * fmin(first, second));
    double high = fmax(low, fmax(first, second));
    assert_near(it->cases[0].p, first < second ? low : high);
    assert_near(it->cases[1].p, first < second ? high : low);
}

static void check_figures(int number, const char *name, enum td_match match)
{
    json_error_t error;
    json_t *all = json_load_file(RUNS "/expected.json", 0, &error);
    const json_t *want = json_object_get(all, name);
    const json_t *ratios = json_object_get(want, "ratios");
    struct both both;
    assert_non_null(want);
    compare(&both, BEFORE, number, match);
    assert_int_equal(both.it.ncases, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct td_compared_case *c = &both.it.cases[i];
        assert_figure(c->ratio, json_array_get(ratios, i));
        assert_true(c->hodges_lehmann.bounded);
        assert_true(fabs(c->hodges_lehmann.value / c->ratio.value - 1) < .03);
    }
    assert_figure(both.it.reference.ratio, json_array_get(ratios, 2));
    assert_p(&both.it, json_object_get(want, "p"));
    unload(&both);
    json_decref(all);
}

static void test_figures(void **state)
{
    (void)state;
    check_figures(SAME, "same", TD_MATCH_NAME);
    check_figures(SLOWER, "slower", TD_MATCH_NAME);
    check_figures(NOISY, "noisy", TD_MATCH_NAME);
    check_figures(DRIFTED, "drifted", TD_MATCH_NAME);
    check_figures(OTHERS, "others", TD_MATCH_FAMILY);
}

static void test_gate(void **state)
{
    static const struct {
        int number;
        enum td_gate cpython, go, all;
    } rows[] = {
        {BEFORE, TD_GATE_PASSED, TD_GATE_PASSED, TD_GATE_PASSED},
        {SAME, TD_GATE_PASSED, TD_GATE_PASSED, TD_GATE_PASSED},
        {SLOWER, TD_GATE_SLOWER, TD_GATE_PASSED, TD_GATE_SLOWER},
        {WRONG, TD_GATE_WRONG, TD_GATE_PASSED, TD_GATE_WRONG},
        {NOISY, TD_GATE_UNDECIDED, TD_GATE_PASSED, TD_GATE_UNDECIDED},
        {FAILED, TD_GATE_FAILED, TD_GATE_PASSED, TD_GATE_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct both both;
        compare(&both, BEFORE, rows[i].number, TD_MATCH_NAME);
        assert_int_equal(both.it.cases[0].gate, rows[i].cpython);
        assert_int_equal(both.it.cases[1].gate, rows[i].go);
        assert_int_equal(both.it.gate, rows[i].all);
        assert_false(both.it.drifted);
        unload(&both);
    }
}

/* All is 5 % slower, the reference too: verdicts say it, the gate does not
 * blame the cases.  The other way round it is a pass either way. */
static void test_machine_drifted(void **state)
{
    struct both both;
    (void)state;
    compare(&both, BEFORE, DRIFTED, TD_MATCH_NAME);
    assert_true(both.it.drifted);
    assert_int_equal(both.it.cases[0].verdict, TD_VERDICT_SLOWER);
    assert_int_equal(both.it.cases[0].gate, TD_GATE_UNDECIDED);
    assert_int_equal(both.it.warnings.count, 2);
    assert_non_null(strstr(both.it.warnings.at[0], "6.1.0 in A, 6.2.0 in B"));
    assert_non_null(strstr(both.it.warnings.at[1], "turn"));
    unload(&both);
    compare(&both, DRIFTED, BEFORE, TD_MATCH_NAME);
    assert_true(both.it.drifted);
    assert_int_equal(both.it.cases[0].verdict, TD_VERDICT_FASTER);
    assert_int_equal(both.it.cases[0].gate, TD_GATE_PASSED);
    unload(&both);
    /* A faster machine hides a 6 % slower workload, but not from the gate. */
    compare(&both, DRIFTED, SLOWER, TD_MATCH_NAME);
    assert_int_equal(both.it.cases[0].gate, TD_GATE_UNDECIDED);
    unload(&both);
}

static void test_matching(void **state)
{
    struct both both;
    (void)state;
    compare(&both, BEFORE, OTHERS, TD_MATCH_NAME);
    assert_int_equal(both.it.ncases, 0);
    assert_int_equal(both.it.nonly_a, 2);
    assert_int_equal(both.it.nonly_b, 2);
    assert_string_equal(both.it.only_b[1].only->runtime, "go-1.22.12");
    assert_int_equal(both.it.gate, TD_GATE_NONE);
    assert_non_null(both.it.reference.a);
    unload(&both);
    compare(&both, BEFORE, OTHERS, TD_MATCH_FAMILY);
    assert_int_equal(both.it.ncases, 2);
    assert_int_equal(both.it.nonly_a + both.it.nonly_b, 0);
    assert_string_equal(both.it.cases[1].b->runtime, "go-1.22.12");
    assert_non_null(strstr(both.it.cases[1].notes.at[0], "1.26.8 in A"));
    unload(&both);
}

static void test_sources(void **state)
{
    struct both both;
    (void)state;
    compare(&both, BEFORE, SLOWER, TD_MATCH_NAME);
    assert_int_equal(both.it.cases[0].notes.count, 1);
    assert_string_equal(both.it.cases[0].notes.at[0],
                        "the sources differ: primes.py");
    assert_int_equal(both.it.cases[1].notes.count, 0);
    unload(&both);
}

/* A failure before is no reason to blame what came after. */
static void test_failed_before(void **state)
{
    struct both both;
    (void)state;
    compare(&both, WRONG, SAME, TD_MATCH_NAME);
    assert_int_equal(both.it.cases[0].gate, TD_GATE_NONE);
    assert_int_equal(both.it.gate, TD_GATE_PASSED);
    assert_false(both.it.cases[0].ratio.known);
    unload(&both);
}

static void test_json(void **state)
{
    struct both both;
    json_t *json, *c;
    (void)state;
    compare(&both, BEFORE, WRONG, TD_MATCH_NAME);
    json = td_comparison_json(&both.it);
    assert_non_null(json);
    c = json_array_get(json_object_get(json, "cases"), 0);
    assert_string_equal(json_string_value(json_object_get(c, "gate")), "wrong");
    assert_true(json_is_null(json_object_get(c, "ratio")));
    assert_true(json_is_null(json_object_get(c, "p")));
    assert_true(json_is_object(json_object_get(json, "reference")));
    json_decref(json);
    unload(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_gate),
        cmocka_unit_test(test_machine_drifted),
        cmocka_unit_test(test_matching),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_failed_before),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
