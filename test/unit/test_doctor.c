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
    struct td_finding found = {TD_LEVEL_OK, TD_BUF_INIT};
    look(exam, &found);
    if (found.level != level || !strstr(td_buf_str(&found.found), text))
        fail_msg("level %d, \"%s\"; expected %d, \"%s\"", (int)found.level,
                 td_buf_str(&found.found), (int)level, text);
    td_buf_release(&found.found);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
