/* What the doctor concludes from made-up machines. */
#include "cmd/doctor.h"
#include "host/host.h"
#include "host/noise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DATA "test/data/host/"

static void begin(struct td_exam *exam, const char *root)
{
    memset(exam, 0, sizeof *exam);
    exam->host = td_host_json(root);
    exam->before = td_noise_json(root);
    exam->after = td_noise_json(root);
    exam->pair_ns = 45;
}

static void end(struct td_exam *exam)
{
    json_decref(exam->host);
    json_decref(exam->before);
    json_decref(exam->after);
}

static void expect(td_look_fn *look, const struct td_exam *exam,
                   enum td_level level, const char *text)
{
    struct td_finding found = {.found = TD_BUF_INIT};
    look(exam, &found);
    if (found.level != level || !strstr(td_buf_str(&found.found), text))
        fail_msg("level %d, \"%s\"; expected %d, \"%s\"", (int)found.level,
                 td_buf_str(&found.found), (int)level, text);
    td_buf_release(&found.found);
    td_buf_release(&found.effect);
}

/* The effect's words; NULL = not measured. */
static void expect_effect(td_look_fn *look, const struct td_exam *exam,
                          const char *text)
{
    struct td_finding found = {.found = TD_BUF_INIT};
    look(exam, &found);
    if (text ? !strstr(td_buf_str(&found.effect), text) : found.effect.len > 0)
        fail_msg("\"%s\"; expected \"%s\"", td_buf_str(&found.effect),
                 text ? text : "");
    assert_true(!found.ratio.known || found.effect.len);
    td_buf_release(&found.found);
    td_buf_release(&found.effect);
}

static void test_laptop(void **state)
{
    struct td_exam exam;
    (void)state;
    begin(&exam, DATA "laptop");
    expect(td_look_clock, &exam, TD_LEVEL_OK, "tsc, 45 ns");
    expect(td_look_cpus, &exam, TD_LEVEL_OK, "4 usable, Example CPU");
    expect(td_look_quota, &exam, TD_LEVEL_WARN, "1.50 CPUs for 4");
    expect(td_look_governor, &exam, TD_LEVEL_WARN, "powersave (intel_pstate)");
    expect(td_look_turbo, &exam, TD_LEVEL_WARN, "on");
    expect(td_look_smt, &exam, TD_LEVEL_WARN, "on");
    expect(td_look_load, &exam, TD_LEVEL_OK, "0.50");
    expect(td_look_steal, &exam, TD_LEVEL_OK, "0.0 %");
    expect(td_look_throttling, &exam, TD_LEVEL_WARN, "5 times, 0 during");
    expect(td_look_memory, &exam, TD_LEVEL_OK, "1.0 of 15.3 GiB");
    expect(td_look_thp, &exam, TD_LEVEL_OK, "madvise");
    expect(td_look_aslr, &exam, TD_LEVEL_OK, "left on");
    end(&exam);
}

static void test_what_is_unknown_is_no_fault(void **state)
{
    static td_look_fn *const looks[] = {
        td_look_clock,  td_look_cpus,       td_look_quota, td_look_governor,
        td_look_turbo,  td_look_smt,        td_look_load,  td_look_steal,
        td_look_memory, td_look_throttling, td_look_thp,   td_look_aslr};
    struct td_exam exam;
    (void)state;
    begin(&exam, DATA "nothing");
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        expect(looks[i], &exam, TD_LEVEL_OK, "");
    end(&exam);
}

static void test_bad_values(void **state)
{
    struct td_exam exam;
    (void)state;
    begin(&exam, DATA "laptop");
    exam.pair_ns = 900;
    expect(td_look_clock, &exam, TD_LEVEL_WARN, "900 ns");
    json_object_set_new(exam.host, "aslr", json_integer(0));
    expect(td_look_aslr, &exam, TD_LEVEL_WARN, "off");
    json_object_set_new(exam.host, "thp", json_string("always"));
    expect(td_look_thp, &exam, TD_LEVEL_WARN, "always");
    json_object_set_new(json_object_get(exam.host, "cpu"), "allowed",
                        json_string("3"));
    expect(td_look_cpus, &exam, TD_LEVEL_WARN, "1 usable");
    json_object_set_new(exam.before, "available_bytes", json_integer(1000));
    expect(td_look_memory, &exam, TD_LEVEL_FAIL, "0.0 of");
    json_object_set_new(exam.before, "load", json_pack("[f,f,f]", 9., 9., 9.));
    expect(td_look_load, &exam, TD_LEVEL_WARN, "9.00");
    end(&exam);
}

static void test_steal_is_a_share_of_what_passed(void **state)
{
    struct td_exam exam;
    json_t *ticks;
    (void)state;
    begin(&exam, DATA "laptop");
    ticks = json_object_get(exam.after, "ticks");
    json_object_set_new(ticks, "user", json_integer(100 + 90));
    json_object_set_new(ticks, "steal", json_integer(12 + 10));
    expect(td_look_steal, &exam, TD_LEVEL_WARN, "10.0 %");
    end(&exam);
}

static void test_runtimes(void **state)
{
    char cpython[] = "cpython-3.11.2", go[] = "go-1.22.1", gone[] = "no cc";
    char hosting[] = "static", null[] = "null", snake[] = "snake";
    char gopher[] = "gopher", old[] = "cpython-2.7";
    struct td_runtime at[] = {
        {.name = cpython, .family = snake, .hosting = hosting},
        {.name = go, .family = gopher},
        {.name = null, .family = null},
        {.name = old, .family = snake, .problem = gone}};
    struct td_exam exam = {.runtimes = {at, 4}};
    (void)state;
    expect(td_look_runtimes, &exam, TD_LEVEL_FAIL, "not looked for");
    exam.searched = true;
    expect(td_look_runtimes, &exam, TD_LEVEL_OK, "cpython-3.11.2, go-1.22.1");
    expect(td_look_archive, &exam, TD_LEVEL_OK, "cpython-3.11.2");
    at[1].problem = gone;
    expect(td_look_runtimes, &exam, TD_LEVEL_WARN,
           "cpython-3.11.2; not usable: go-1.22.1: no cc");
    at[0].problem = gone;
    expect(td_look_runtimes, &exam, TD_LEVEL_FAIL, "none is usable");
    expect(td_look_archive, &exam, TD_LEVEL_WARN, "");
}

static void test_launcher_and_results(void **state)
{
    char results[] = "test/data/not/yet/there";
    struct td_app app = {.context = {.libexec_dir = "test/data"},
                         .results_dir = results};
    struct td_exam exam = {.app = &app};
    (void)state;
    expect(td_look_launcher, &exam, TD_LEVEL_FAIL, "No such file");
    expect(td_look_results, &exam, TD_LEVEL_OK, "GiB free");
}

static void test_trials(void **state)
{
    struct td_exam exam = {.late_p50_us = 20, .late_p99_us = 80};
    (void)state;
    exam.same = (struct td_figure){1.0, 0.995, 1.004, true, true};
    expect(td_look_timer, &exam, TD_LEVEL_OK, "20 us (median), 80 us (p99)");
    expect(td_look_same, &exam, TD_LEVEL_OK, "0.9950 to 1.0040");
    exam.late_p99_us = 2500;
    exam.same.upper = 1.05;
    expect(td_look_timer, &exam, TD_LEVEL_WARN, "2500 us");
    expect(td_look_same, &exam, TD_LEVEL_WARN, "1.0500");
}

static void test_effects(void **state)
{
    static const struct td_figure ratio = {1.25, 1.2, 1.3, true, true};
    struct td_exam exam;
    (void)state;
    begin(&exam, DATA "laptop");
    expect_effect(td_look_smt, &exam, NULL);
    expect_effect(td_look_governor, &exam, NULL);
    expect_effect(td_look_steal, &exam, NULL);
    exam.sibling = exam.idle = exam.neighbour = exam.small = ratio;
    expect_effect(td_look_smt, &exam,
                  "beside a busy sibling thread takes 1.250 times as long as "
                  "work alone (95 % interval 1.200 to 1.300)");
    expect_effect(td_look_governor, &exam, "after idling takes 1.250");
    expect_effect(td_look_turbo, &exam, "beside a busy core takes 1.250");
    expect_effect(td_look_thp, &exam, "without huge pages takes 1.250");
    expect(td_look_load, &exam, TD_LEVEL_OK, "0.50");
    exam.waited = ratio;
    expect(td_look_load, &exam, TD_LEVEL_WARN, "0.50");
    exam.waited.bounded = false;
    expect(td_look_load, &exam, TD_LEVEL_OK, "0.50");
    expect_effect(td_look_load, &exam, "too few pairs");
    end(&exam);
}

static void test_effects_that_are_findings(void **state)
{
    static const struct td_figure large = {1.25, 1.2, 1.3, true, true};
    struct td_exam exam = {.waiting_s = 0.25};
    (void)state;
    expect(td_look_idle, &exam, TD_LEVEL_OK, "not tried");
    expect(td_look_neighbour, &exam, TD_LEVEL_OK, "no second core");
    expect(td_look_moves, &exam, TD_LEVEL_OK, "0 times in 0.2 s");
    exam.idle = exam.neighbour = exam.moved = large;
    expect(td_look_idle, &exam, TD_LEVEL_WARN, "20 ms");
    expect(td_look_neighbour, &exam, TD_LEVEL_WARN, "two cores at once");
    expect(td_look_moves, &exam, TD_LEVEL_OK, "0 times");
    exam.moves = 20;
    expect(td_look_moves, &exam, TD_LEVEL_WARN, "20 times");
    exam.moved.lower = exam.neighbour.lower = exam.idle.lower = 0.99;
    expect(td_look_moves, &exam, TD_LEVEL_OK, "20 times");
    expect(td_look_idle, &exam, TD_LEVEL_OK, "");
    expect(td_look_neighbour, &exam, TD_LEVEL_OK, "");
}

static double fixed_turn(void *arg, bool disturbed)
{
    int *calls = arg;
    ++*calls;
    return disturbed ? 1.5 : *calls == 1 ? 1000.0 : 1.0;
}

static void test_pairs_take_turns(void **state)
{
    int calls = 0;
    struct td_figure found =
        td_work_compare(fixed_turn, &calls, 20, UINT64_MAX);
    (void)state;
    assert_int_equal(calls, 40);
    assert_true(found.known && found.bounded);
    assert_true(found.value > 1.4999 && found.value < 1.5001);
    assert_true(found.lower > 1.4999 && found.upper < 1.5001);
    found = td_work_compare(fixed_turn, &calls, 20, 0);
    assert_int_equal(calls, 40);
    assert_false(found.known);
    found = td_work_compare(fixed_turn, &calls, 3, UINT64_MAX);
    assert_true(found.known && !found.bounded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_laptop),
        cmocka_unit_test(test_what_is_unknown_is_no_fault),
        cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_steal_is_a_share_of_what_passed),
        cmocka_unit_test(test_runtimes),
        cmocka_unit_test(test_launcher_and_results),
        cmocka_unit_test(test_trials),
        cmocka_unit_test(test_effects),
        cmocka_unit_test(test_effects_that_are_findings),
        cmocka_unit_test(test_pairs_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
