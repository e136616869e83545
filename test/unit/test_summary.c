/* Figures of the made-up runs against NumPy's and SciPy's
 * (test/data/runs/make_runs.py makes both). */
#include "summary/summary.h"
#include "summary/summary_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUNS "test/data/runs"

struct loaded {
    struct td_run_dir run;
    struct td_summary summary;
};

static void load(struct loaded *out, const char *word)
{
    struct td_err err = TD_ERR_INIT;
    memset(out, 0, sizeof *out);
    if (td_run_dir_open(&out->run, RUNS, word, &err) ||
        td_summary_make(&out->summary, &out->run, &err))
        fail_msg("%s", err.msg);
}

static void unload(struct loaded *it)
{
    struct td_err err = TD_ERR_INIT;
    td_summary_release(&it->summary);
    assert_int_equal(td_run_dir_release(&it->run, &err), 0);
}

static json_t *expected(const char *part)
{
    json_error_t error;
    json_t *all = json_load_file(RUNS "/expected.json", 0, &error);
    json_t *out;
    assert_non_null(all);
    out = json_incref(json_object_get(all, part));
    json_decref(all);
    assert_non_null(out);
    return out;
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9 * fabs(b)))
        fail_msg("%.15g is not %.15g", a, b);
}

static void assert_figure(struct td_figure f, const json_t *want)
{
    if (json_is_null(want)) {
        assert_false(f.known);
        return;
    }
    assert_true(f.known && f.bounded);
    assert_near(f.value, json_number_value(json_array_get(want, 0)));
    assert_near(f.lower, json_number_value(json_array_get(want, 1)));
    assert_near(f.upper, json_number_value(json_array_get(want, 2)));
}

static uint64_t count_of(const json_t *from, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(from, name));
}

static const struct td_case_summary *find(const struct td_summary *summary,
                                          size_t index)
{
    for (size_t i = 0; i < summary->ngroups; i++)
        for (size_t k = 0; k < summary->groups[i].ncases; k++)
            if (summary->groups[i].cases[k].index == index)
                return &summary->groups[i].cases[k];
    fail_msg("no case %zu", index);
    return NULL;
}

static void test_figures_against_oracle(void **state)
{
    struct loaded it;
    json_t *cases = expected("cases"), *want;
    size_t i;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    json_array_foreach(cases, i, want)
    {
        const struct td_case_summary *c =
            find(&it.summary, count_of(want, "case"));
        assert_null(c->problem);
        assert_int_equal(c->samples, count_of(want, "samples"));
        assert_int_equal(c->operations, count_of(want, "operations"));
        assert_int_equal(c->invocations, count_of(want, "invocations"));
        assert_figure(c->mean_ns, json_object_get(want, "mean"));
        assert_figure(c->median_ns, json_object_get(want, "median"));
        assert_figure(c->p99_ns, json_object_get(want, "p99"));
        assert_true(c->rss_bytes.bounded && c->cpu_ns.bounded);
        assert_true(c->setup_ns.bounded && c->first_ns.bounded);
        assert_true(c->first_ns.value > 1.5 * c->median_ns.value);
    }
    json_decref(cases);
    unload(&it);
}

static void test_ratio(void **state)
{
    struct loaded it;
    json_t *want = expected("ratio_0_1");
    const struct td_case_summary *c;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    c = find(&it.summary, 0);
    assert_near(c->ratio.value, json_number_value(json_array_get(want, 0)));
    /* The hull holds the t interval. */
    assert_true(c->ratio.lower <=
                json_number_value(json_array_get(want, 1)) * (1 + 1e-12));
    assert_true(c->ratio.upper >=
                json_number_value(json_array_get(want, 2)) * (1 - 1e-12));
    assert_true(c->ratio.lower > 9.2 && c->ratio.upper < 9.6);
    assert_int_equal(c->pairs, 10);
    assert_string_equal(c->base_runtime, "go-1.26.8");
    assert_true(find(&it.summary, 1)->is_base);
    assert_false(find(&it.summary, 1)->ratio.known);
    json_decref(want);
    unload(&it);
}

static void assert_variance(const struct td_case_details *details,
                            const json_t *want)
{
    const struct td_variance *v = &details->variance;
    const json_t *t2 = json_object_get(want, "t2");
    double share;
    assert_near(v->t2[0], json_number_value(json_array_get(t2, 0)));
    assert_near(v->t2[1], json_number_value(json_array_get(t2, 1)));
    assert_near(v->iterations,
                json_number_value(json_object_get(want, "iterations")));
    assert_int_equal(details->best_iterations,
                     count_of(want, "best_iterations"));
    share = v->t2[1] > 0 ? v->t2[1] / (v->t2[0] + v->t2[1]) : 0;
    assert_near(details->between_invocations, share);
}

static void test_details(void **state)
{
    struct loaded it;
    json_t *cases = expected("cases"), *want, *companions;
    const struct td_case_details *details;
    size_t i;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    json_array_foreach(cases, i, want)
        assert_variance(&find(&it.summary, count_of(want, "case"))->details,
                        json_object_get(want, "variance"));
    companions = expected("companions_0_1");
    details = &find(&it.summary, 0)->details;
    assert_figure(details->pair_median,
                  json_object_get(companions, "pair_median"));
    /* Hedges' correction for ten pairs. */
    assert_near(details->effect_size,
                (1 - 3 / 35.) *
                    json_number_value(json_object_get(companions, "cohens_d")));
    /* Case 0 began every pair. */
    assert_true(isnan(details->period.p));
    assert_false(find(&it.summary, 1)->details.pair_median.known);
    assert_true(isnan(find(&it.summary, 6)->details.variance.mean));
    json_decref(companions);
    json_decref(cases);
    unload(&it);
}

static void test_groups(void **state)
{
    struct loaded it;
    const struct td_group_summary *g;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    assert_true(it.summary.complete && !it.summary.quick);
    assert_int_equal(it.summary.ngroups, 3);
    g = it.summary.groups;
    assert_int_equal(g[0].answer_state, TD_ANSWER_VERIFIED);
    assert_int_equal(g[1].answer_state, TD_ANSWER_AGREED);
    assert_string_equal(g[1].answer, "table");
    assert_int_equal(g[2].answer_state, TD_ANSWER_WRONG);
    assert_int_equal(g[0].pairs, 10);
    assert_int_equal(g[1].pairs, 7);
    assert_int_equal(g[1].pairs_failed, 1);
    assert_string_equal(g[1].why, "time");
    /* The hour between the cut and the resuming is not counted. */
    assert_true(g[0].timed_share > .8 && g[0].timed_share < 1);
    assert_true(find(&it.summary, 7)->over_ideal_ns.known);
    assert_false(find(&it.summary, 0)->over_ideal_ns.known);
    unload(&it);
}

static void test_failures(void **state)
{
    struct loaded it;
    const struct td_case_summary *c;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    c = find(&it.summary, 3); /* one invocation failed */
    assert_int_equal(c->voided, 1);
    assert_int_equal(c->pairs, 7);
    assert_string_equal(c->last_words, "panic: out of\nmemory\n");
    assert_null(c->problem);
    assert_true(c->notes.count >= 3);
    assert_string_equal(c->base_implementation, "stream");
    c = find(&it.summary, 5); /* could not be prepared */
    assert_string_equal(c->problem, "no such interpreter");
    assert_false(c->median_ns.known);
    c = find(&it.summary, 6); /* wrong answer */
    assert_int_equal(c->answer, TD_ANSWER_WRONG);
    assert_non_null(strstr(c->problem, "WRONG ANSWER"));
    assert_false(c->mean_ns.known || c->ratio.known);
    assert_int_equal(find(&it.summary, 4)->loops, 64);
    unload(&it);
}

static void test_cut_off_run(void **state)
{
    struct loaded it;
    const struct td_case_summary *c;
    (void)state;
    load(&it, "20261121T032000Z-000002");
    assert_true(it.summary.quick && !it.summary.complete);
    c = find(&it.summary, 0);
    assert_int_equal(c->invocations, 1);
    assert_true(c->mean_ns.known && !c->mean_ns.bounded);
    assert_true(c->ratio.known && !c->ratio.bounded);
    assert_null(it.summary.groups[0].why);
    assert_int_equal(it.summary.notes.count, 2); /* cut off; torn line */
    unload(&it);
}

static void test_json_holds_the_figures(void **state)
{
    struct loaded it;
    json_t *json, *cases, *unknown;
    double mean;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    json = td_summary_json(&it.summary);
    cases = json_object_get(json_array_get(json_object_get(json, "groups"), 0),
                            "cases");
    mean = json_number_value(json_object_get(
        json_object_get(json_array_get(cases, 0), "mean_ns"), "value"));
    assert_near(mean, find(&it.summary, 0)->mean_ns.value);
    unknown = json_object_get(json_array_get(cases, 1), "ratio");
    assert_true(json_is_null(unknown));
    json_decref(json);
    unload(&it);
}

static json_t *noise(double ns, int user, int steal, int waited_us, int quota)
{
    return json_pack(
        "{s:f, s:{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}, s:{s:{s:{s:i}}}, s:{s:i}, "
        "s:{s:n}}",
        "ns", ns, "ticks", "user", user, "nice", 0, "system", 0, "idle", 0,
        "iowait", 0, "irq", 0, "softirq", 0, "steal", steal, "pressure", "cpu",
        "some", "total_us", waited_us, "throttling", "nr_throttled", quota,
        "thermal", "package");
}

static void test_noise_is_noted(void **state)
{
    struct td_strings notes = TD_STRINGS_INIT;
    json_t *quiet = json_pack("{s:o, s:o}", "before", noise(0, 50, 7, 9, 3),
                              "after", noise(1e9, 149, 8, 90009, 3));
    json_t *loud = json_pack("{s:o, s:o}", "before", noise(0, 50, 7, 9, 3),
                             "after", noise(1e9, 140, 17, 500009, 5));
    (void)state;
    td_summary_note_noise(&notes, NULL);
    td_summary_note_noise(&notes, quiet);
    assert_int_equal(notes.count, 0);
    td_summary_note_noise(&notes, loud);
    assert_int_equal(notes.count, 3);
    assert_non_null(strstr(notes.at[0], "10 %"));
    assert_non_null(strstr(notes.at[1], "50 %"));
    assert_non_null(strstr(notes.at[2], "by a quota 2 times"));
    json_decref(quiet);
    json_decref(loud);
    td_strings_release(&notes);
}

static void test_bad_journal_is_refused(void **state)
{
    struct loaded it;
    struct td_summary again;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    load(&it, "20261121T031500Z-000001");
    json_array_clear(json_object_get(it.run.manifest, "cases"));
    assert_int_equal(td_summary_make(&again, &it.run, &err), TD_EINPUT);
    assert_non_null(strstr(err.msg, "journal.jsonl:3: "));
    unload(&it);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_against_oracle),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_cut_off_run),
        cmocka_unit_test(test_json_holds_the_figures),
        cmocka_unit_test(test_noise_is_noted),
        cmocka_unit_test(test_bad_journal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
