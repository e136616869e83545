/* Pairs that were set aside, and the labels of batches, in made-up
 * journals. */
#include "summary/run_index.h"
#include "summary/summary_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct made {
    json_t *manifest, *journal;
    struct td_run_index index;
};

static void line(struct made *it, json_t *record)
{
    json_array_append_new(it->journal, record);
}

/* A pair of cases 0 and 1; rule NULL: it counts. */
static void pair(struct made *it, int number, const char *rule, bool complete)
{
    json_t *end = json_pack("{s:s, s:i, s:i, s:b}", "type", "pair_end", "group",
                            0, "pair", number, "complete", (int)complete);
    line(it, json_pack("{s:s, s:i, s:i}", "type", "pair", "group", 0, "pair",
                       number));
    for (int c = 0; c < 2; c++) {
        bool ok = complete || c == 0;
        line(it, json_pack("{s:s, s:i, s:i, s:i}", "type", "invocation", "case",
                           c, "pair", number, "invocation", number));
        line(it, json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:n, s:i}",
                           "type", "batch", "case", c, "invocation", number,
                           "batch", 2, "count", 10, "flags", 4, "end_ns",
                           100 + number, "gc_cycles", "switches", number));
        line(it,
             json_pack("{s:s, s:i, s:i, s:s}", "type", "end", "case", c,
                       "invocation", number, "status", ok ? "ok" : "failed"));
    }
    if (rule)
        json_object_set_new(end, "set_aside", json_string(rule));
    line(it, end);
}

static void begin(struct made *it)
{
    it->manifest = json_pack("{s:[{}], s:[{s:i},{s:i}]}", "groups", "cases",
                             "group", 0, "group", 0);
    it->journal = json_array();
    line(it, json_pack("{s:s, s:i}", "type", "group", "group", 0));
}

static void make(struct made *it)
{
    struct td_err err = TD_ERR_INIT;
    if (td_run_index_make(&it->index, it->manifest, it->journal, &err))
        fail_msg("%s", err.msg);
}

static void release(struct made *it)
{
    td_run_index_release(&it->index);
    json_decref(it->journal);
    json_decref(it->manifest);
}

static void test_pairs_set_aside_do_not_count(void **state)
{
    struct made it;
    (void)state;
    begin(&it);
    pair(&it, 0, NULL, true);
    pair(&it, 1, "stolen", true);
    pair(&it, 2, "throttled", false);
    pair(&it, 3, NULL, true);
    pair(&it, 4, NULL, false);
    make(&it);
    assert_int_equal(it.index.groups[0].pairs, 2);
    assert_int_equal(it.index.groups[0].incomplete, 1);
    assert_int_equal(it.index.groups[0].aside_stolen, 1);
    assert_int_equal(it.index.groups[0].aside_throttled, 1);
    assert_false(it.index.groups[0].all_used);
    for (size_t i = 0; i < 5; i++) {
        const struct td_invocation_entry *at = &it.index.cases[0].at[i];
        assert_int_equal(td_invocation_counts(at), i != 1 && i != 2);
        assert_int_equal(td_invocation_is_aside(at), i == 1 || i == 2);
    }
    /* It failed, besides. */
    assert_false(td_invocation_is_aside(&it.index.cases[1].at[2]));
    release(&it);
}

static void test_all_are_used_where_too_few_are_left(void **state)
{
    struct made it;
    (void)state;
    begin(&it);
    pair(&it, 0, "stolen", true);
    pair(&it, 1, NULL, true);
    pair(&it, 2, "stolen", false);
    make(&it);
    assert_true(it.index.groups[0].all_used);
    assert_int_equal(it.index.groups[0].pairs, 2);
    assert_int_equal(it.index.groups[0].incomplete, 1);
    assert_int_equal(it.index.groups[0].aside_stolen, 2);
    for (size_t i = 0; i < 3; i++)
        assert_true(td_invocation_counts(&it.index.cases[0].at[i]));
    release(&it);
}

/* Batches of 100, 101, 102 ns; the first knew of no switch. */
static void test_disturbed_samples_are_counted(void **state)
{
    struct td_case_summary c = {.waited_share = NAN};
    struct made it;
    (void)state;
    begin(&it);
    for (int i = 0; i < 3; i++)
        pair(&it, i, NULL, true);
    make(&it);
    td_summary_disturbances(&c, &it.index.cases[0]);
    assert_true(c.switched.known);
    assert_int_equal(c.switched.samples, 20);
    assert_true(fabs(c.switched.time_share - 203 / 303.) < 1e-12);
    assert_false(c.gc.known || c.stolen.known);
    release(&it);
}

/* One batch of 100 ns. */
static void one_batch(struct td_case_summary *c, struct td_batch_entry batch)
{
    json_t *end = json_object();
    struct td_invocation_entry it = {.batches = &batch,
                                     .nbatches = 1,
                                     .end = end,
                                     .ok = true,
                                     .closed = true};
    struct td_case_entry entry = {.at = &it, .count = 1};
    batch.end_ns = 100;
    *c = (struct td_case_summary){.ratio_all = {NAN, NAN, NAN, false, false}};
    td_summary_disturbances(c, &entry);
    td_summary_note_disturbances(c);
    json_decref(end);
}

static void test_time_lost_is_noted_where_it_matters(void **state)
{
    struct td_case_summary c;
    (void)state;
    /* Threads waited, but the process was never off the CPU. */
    one_batch(&c, (struct td_batch_entry){.wait_ns = 60, .cpu_ns = 130});
    assert_true(c.waited_share == 0 && c.stolen_share == 0);
    assert_int_equal(c.notes.count, 0);
    one_batch(&c, (struct td_batch_entry){.wait_ns = 60, .cpu_ns = 70});
    assert_true(fabs(c.waited_share - .3) < 1e-12);
    assert_int_equal(c.notes.count, 1);
    assert_non_null(strstr(c.notes.at[0], "30 %"));
    td_strings_release(&c.notes);
    one_batch(&c, (struct td_batch_entry){.wait_ns = 60, .cpu_ns = NAN});
    assert_true(fabs(c.waited_share - .6) < 1e-12);
    td_strings_release(&c.notes);
    one_batch(&c, (struct td_batch_entry){
                      .wait_ns = NAN, .switches = NAN, .steal_ns = 5});
    assert_true(isnan(c.waited_share));
    assert_int_equal(c.notes.count, 1);
    assert_non_null(strstr(c.notes.at[0], "as much as 5 %"));
    td_strings_release(&c.notes);
}

static void test_both_analyses_are_noted(void **state)
{
    struct td_case_summary c = {.ratio_all = {2.5, 2.25, 2.75, true, true},
                                .waited_share = NAN,
                                .stolen_share = NAN};
    struct td_group_summary group = {.aside_stolen = 1, .aside_throttled = 2};
    (void)state;
    td_summary_note_disturbances(&c);
    td_summary_note_aside(&group);
    assert_int_equal(c.notes.count, 1);
    assert_non_null(strstr(c.notes.at[0], "2.5 (2.25 to 2.75)"));
    assert_int_equal(group.notes.count, 2);
    assert_non_null(strstr(group.notes.at[0], "in 2 pairs a CPU quota"));
    assert_non_null(strstr(group.notes.at[1], "in 1 pair a hypervisor"));
    assert_non_null(strstr(group.notes.at[1], "not in the figures"));
    td_strings_release(&c.notes);
    td_strings_release(&group.notes);
}

static json_t *machine(double ns, int waited_us)
{
    return json_pack("{s:f, s:{s:{s:{s:i}}}}", "ns", ns, "pressure", "cpu",
                     "some", "total_us", waited_us);
}

static size_t group_notes(int of_group_us, int of_run_us)
{
    json_t *run = json_pack("{s:o, s:o}", "before", machine(0, 0), "after",
                            machine(1e9, of_run_us));
    json_t *before = machine(0, 0), *after = machine(1e8, of_group_us);
    struct td_group_entry entry = {.noise_before = before,
                                   .noise_after = after};
    struct td_group_summary group = {.ncases = 0};
    size_t count;
    td_summary_note_group_noise(&group, &entry, run);
    count = group.notes.count;
    td_strings_release(&group.notes);
    json_decref(after);
    json_decref(before);
    json_decref(run);
    return count;
}

/* Half a group's 100 ms, against parts of the run's second. */
static void test_a_group_is_named_where_it_stands_out(void **state)
{
    (void)state;
    assert_int_equal(group_notes(50000, 100000), 1);
    assert_int_equal(group_notes(50000, 500000), 0);
    assert_int_equal(group_notes(5000, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_set_aside_do_not_count),
        cmocka_unit_test(test_all_are_used_where_too_few_are_left),
        cmocka_unit_test(test_disturbed_samples_are_counted),
        cmocka_unit_test(test_time_lost_is_noted_where_it_matters),
        cmocka_unit_test(test_both_analyses_are_noted),
        cmocka_unit_test(test_a_group_is_named_where_it_stands_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
