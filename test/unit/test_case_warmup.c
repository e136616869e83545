/* Warming up in a made-up run (test/data/runs/make_runs.py): where it ends,
 * and what that does to the figures. */
#include "summary/case_warmup.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUNS "test/data/runs"
#define RUN "20261121T031000Z-000003"

struct loaded {
    struct td_run_dir run;
    struct td_summary summary;
    json_t *expected;
};

static void load(struct loaded *out, bool whole)
{
    const struct td_summary_options options = {.whole = whole};
    struct td_err err = TD_ERR_INIT;
    json_t *all = json_load_file(RUNS "/expected.json", 0, NULL);
    memset(out, 0, sizeof *out);
    if (td_run_dir_open(&out->run, RUNS, RUN, &err) ||
        td_summary_make_as(&out->summary, &out->run, &options, &err))
        fail_msg("%s", err.msg);
    out->expected = json_incref(json_object_get(all, "warm_up"));
    assert_non_null(out->expected);
    json_decref(all);
}

static void unload(struct loaded *it)
{
    struct td_err err = TD_ERR_INIT;
    td_summary_release(&it->summary);
    assert_int_equal(td_run_dir_release(&it->run, &err), 0);
    json_decref(it->expected);
}

static const struct td_case_summary *case_of(const struct loaded *it, size_t i)
{
    return &it->summary.groups[0].cases[i];
}

static void assert_figure(struct td_figure f, const struct loaded *it,
                          const char *name)
{
    const json_t *want = json_object_get(it->expected, name);
    const double found[] = {f.value, f.lower, f.upper};
    assert_true(f.known && f.bounded);
    for (size_t i = 0; i < 3; i++) {
        double wanted = json_number_value(json_array_get(want, i));
        if (!(fabs(found[i] - wanted) <= 1e-9 * wanted))
            fail_msg("%s: %.15g is not %.15g", name, found[i], wanted);
    }
}

static uint64_t expected_count(const struct loaded *it, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(it->expected, name));
}

static void test_truncated(void **state)
{
    struct loaded it;
    const struct td_case_summary *c;
    (void)state;
    load(&it, false);
    c = case_of(&it, 0);
    assert_true(c->warmup.known && c->warmup.truncated);
    assert_int_equal(c->warmup.kind, TD_WARMUP_WARMUP);
    assert_int_equal(c->warmup.invocations, 7);
    assert_int_equal(c->warmup.counts[TD_WARMUP_WARMUP], 7);
    assert_int_equal(c->warmup.cut, expected_count(&it, "cut"));
    assert_int_equal(c->warmup.left_out, expected_count(&it, "left_out"));
    assert_int_equal(c->warmup.samples, 120);
    assert_int_equal(c->samples, 8 * (120 - c->warmup.left_out));
    assert_figure(c->warmup.until_ns, &it, "until");
    assert_figure(c->mean_ns, &it, "mean");
    assert_figure(c->warmup.steady_ns, &it, "mean");
    /* The turn that warming up reaches into is not in the CPU time. */
    assert_true(c->cpu_ns.value < 1.02 * c->mean_ns.value);
    assert_true(c->ratio.upper < 3.1);
    unload(&it);
}

static void test_whole(void **state)
{
    struct loaded it;
    const struct td_case_summary *c;
    (void)state;
    load(&it, true);
    c = case_of(&it, 0);
    assert_false(c->warmup.truncated);
    assert_int_equal(c->warmup.left_out, expected_count(&it, "left_out"));
    assert_int_equal(c->samples, 8 * 120);
    assert_figure(c->mean_ns, &it, "whole_mean");
    assert_figure(c->warmup.steady_ns, &it, "steady");
    assert_figure(c->warmup.until_ns, &it, "until");
    assert_true(c->ratio.value > 4);
    unload(&it);
}

static void test_flat(void **state)
{
    struct loaded it;
    const struct td_case_summary *c;
    (void)state;
    load(&it, false);
    c = case_of(&it, 1);
    assert_int_equal(c->warmup.kind, TD_WARMUP_FLAT);
    assert_false(c->warmup.truncated);
    assert_int_equal(c->warmup.cut, 0);
    assert_int_equal(c->samples, 8 * 120);
    assert_true(c->warmup.until_ns.known && c->warmup.until_ns.value == 0);
    assert_true(c->warmup.steady_ns.value == c->mean_ns.value);
    unload(&it);
}

static void test_time_inside_samples(void **state)
{
    struct loaded it;
    double whole;
    (void)state;
    load(&it, true);
    whole = it.summary.groups[0].timed_share;
    unload(&it);
    load(&it, false);
    assert_true(it.summary.groups[0].timed_share == whole);
    assert_true(whole > .9 && whole <= 1);
    unload(&it);
}

static void test_batches_left_out(void **state)
{
    const struct td_batch_entry first = {.flags = TD_SAMPLE_FIRST, .count = 1};
    const struct td_batch_entry warm = {.flags = TD_SAMPLE_WARM, .count = 20};
    const struct td_batch_entry steady = {.flags = 0, .count = 60};
    uint64_t cut = 40;
    (void)state;
    assert_int_equal(td_batch_left_out(&first, &cut), 1);
    assert_int_equal(td_batch_left_out(&warm, &cut), 20);
    assert_int_equal(td_batch_left_out(&steady, &cut), 19);
    assert_int_equal(td_batch_left_out(&steady, &cut), 0);
    cut = 10;
    assert_int_equal(td_batch_left_out(&warm, &cut), 20);
    assert_int_equal(td_batch_left_out(&steady, &cut), 0);
    assert_int_equal(cut, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_flat),
        cmocka_unit_test(test_time_inside_samples),
        cmocka_unit_test(test_batches_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
