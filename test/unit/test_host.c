/* What is read from a made-up /proc and /sys. */
#include "base/json.h"
#include "host/host.h"
#include "host/noise.h"
#include "host/probe.h"
#include "host/process_noise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA "test/data/host/"

/* A member of a member…: "cpu.model". */
static const json_t *at(const json_t *value, const char *path)
{
    while (value && *path) {
        size_t len = strcspn(path, ".");
        value = json_object_getn(value, path, len);
        path += len + (path[len] == '.');
    }
    return value;
}

static void text_is(const json_t *value, const char *path, const char *text)
{
    assert_non_null(json_string_value(at(value, path)));
    assert_string_equal(json_string_value(at(value, path)), text);
}

static void number_is(const json_t *value, const char *path, double number)
{
    assert_true(json_is_number(at(value, path)));
    assert_true(json_number_value(at(value, path)) == number);
}

static void is_null(const json_t *value, const char *path)
{
    assert_true(json_is_null(at(value, path)));
}

static void test_laptop(void **state)
{
    json_t *host = td_host_json(DATA "laptop");
    (void)state;
    text_is(host, "cpu.model", "Example CPU @ 3.00GHz");
    number_is(host, "cpu.sockets", 1);
    number_is(host, "cpu.cores", 2);
    number_is(host, "cpu.threads", 4);
    assert_true(json_is_true(at(host, "cpu.smt")));
    text_is(host, "cpu.allowed", "0-3");
    text_is(host, "cpu.isolated", "3");
    text_is(host, "frequency.driver", "intel_pstate");
    text_is(host, "frequency.governor", "powersave");
    number_is(host, "frequency.max_khz", 3600000);
    assert_true(json_is_true(at(host, "frequency.turbo")));
    number_is(host, "memory.total_bytes", 16000000.0 * 1024);
    number_is(host, "memory.swap_bytes", 0);
    text_is(host, "kernel.release", "6.1.0-example");
    text_is(host, "kernel.command_line", "quiet isolcpus=3");
    text_is(host, "distribution", "Example Linux 1 (alpha)");
    assert_true(json_is_false(at(host, "virtual.hypervisor")));
    text_is(host, "virtual.vendor", "Example Inc.");
    is_null(host, "container");
    number_is(host, "aslr", 2);
    text_is(host, "thp", "madvise");
    text_is(host, "clocksource", "tsc");
    json_decref(host);
}

static void test_least_limit_of_all_groups_counts(void **state)
{
    json_t *host = td_host_json(DATA "laptop");
    (void)state;
    number_is(host, "cgroup.version", 2);
    number_is(host, "cgroup.cpus", 1.5);
    text_is(host, "cgroup.cpuset", "0-3");
    number_is(host, "cgroup.memory_bytes", 1073741824);
    json_decref(host);
}

static void test_container_of_version_1(void **state)
{
    json_t *host = td_host_json(DATA "container");
    json_t *noise = td_noise_json(DATA "container");
    (void)state;
    number_is(host, "cgroup.version", 1);
    number_is(host, "cgroup.cpus", 0.5);
    text_is(host, "cgroup.cpuset", "1");
    is_null(host, "cgroup.memory_bytes");
    text_is(host, "container", "podman");
    assert_true(json_is_true(at(host, "virtual.hypervisor")));
    number_is(noise, "throttling.nr_throttled", 3);
    number_is(noise, "throttling.throttled_us", 1500);
    json_decref(noise);
    json_decref(host);
}

static void test_noise(void **state)
{
    json_t *noise = td_noise_json(DATA "laptop");
    (void)state;
    number_is(noise, "ticks.user", 100);
    number_is(noise, "ticks.steal", 12);
    number_is(noise, "ctxt", 123456);
    number_is(noise, "softirq", 4321);
    number_is(noise, "procs_running", 2);
    number_is(noise, "available_bytes", 8000000.0 * 1024);
    number_is(noise, "pressure.cpu.some.avg10", 1.5);
    number_is(noise, "pressure.io.full.total_us", 7);
    is_null(noise, "pressure.cpu.full");
    number_is(noise, "throttling.nr_periods", 110);
    number_is(noise, "throttling.nr_throttled", 5);
    number_is(noise, "throttling.throttled_us", 3000);
    assert_int_equal(json_array_size(at(noise, "load")), 3);
    assert_int_equal(json_array_size(at(noise, "frequency_khz")), 4);
    number_is(noise, "thermal.core", 6);
    number_is(noise, "thermal.package", 20);
    json_decref(noise);
}

static void test_threads_are_summed_up(void **state)
{
    struct td_process_noise noise, glance;
    json_t *json;
    (void)state;
    td_process_noise_read(DATA "laptop", 4321, &noise);
    json = td_process_noise_json(&noise);
    number_is(json, "threads", 3);
    number_is(json, "voluntary_switches", 110);
    number_is(json, "involuntary_switches", 42);
    number_is(json, "run_ns", 7000000);
    number_is(json, "wait_ns", 350000);
    number_is(json, "migrations", 8);
    number_is(json, "minor_faults", 1500);
    number_is(json, "major_faults", 7);
    json_decref(json);
    td_process_noise_glance(DATA "laptop", 4321, &glance);
    assert_int_equal(glance.involuntary_switches, 42);
    assert_int_equal(glance.wait_ns, 350000);
    assert_true(glance.migrations == UINT64_MAX);
}

static void test_process_that_is_gone(void **state)
{
    struct td_process_noise noise;
    json_t *json;
    (void)state;
    td_process_noise_read(DATA "laptop", 4320, &noise);
    assert_true(noise.involuntary_switches == UINT64_MAX);
    assert_true(noise.minor_faults == UINT64_MAX);
    json = td_process_noise_json(&noise);
    assert_true(json_is_null(json));
    json_decref(json);
}

static void test_growth(void **state)
{
    (void)state;
    assert_int_equal(td_noise_growth(3, 5), 2);
    assert_int_equal(td_noise_growth(5, 5), 0);
    assert_true(td_noise_growth(5, 3) == UINT64_MAX);
    assert_true(td_noise_growth(UINT64_MAX, 3) == UINT64_MAX);
    assert_true(td_noise_growth(3, UINT64_MAX) == UINT64_MAX);
}

static void test_steal(void **state)
{
    (void)state;
    uint64_t ticks_per_second = (uint64_t)sysconf(_SC_CLK_TCK);
    assert_int_equal(td_noise_steal_ns(DATA "laptop") * ticks_per_second,
                     12000000000);
    assert_true(td_noise_steal_ns(DATA "nothing") == UINT64_MAX);
}

static void test_counters_alone(void **state)
{
    json_t *noise = td_noise_counters_json(DATA "laptop");
    json_t *nothing = td_noise_counters_json(DATA "nothing");
    (void)state;
    number_is(noise, "pressure.io.full.total_us", 7);
    assert_null(at(noise, "pressure.cpu.some.avg10"));
    assert_null(at(noise, "load"));
    number_is(noise, "ctxt", 123456);
    is_null(nothing, "pressure.io");
    json_decref(nothing);
    json_decref(noise);
}

static void nothing_but_null(const json_t *value)
{
    const char *key;
    const json_t *member;
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (json_is_object(member))
            nothing_but_null(member);
        else if (strcmp(key, "architecture") != 0 && strcmp(key, "libc") != 0 &&
                 strcmp(key, "ns") != 0 && !json_is_null(member))
            fail_msg("%s is not null", key);
    }
}

static void test_absent_is_absent(void **state)
{
    json_t *host = td_host_json(DATA "nothing");
    json_t *noise = td_noise_json(DATA "nothing");
    (void)state;
    nothing_but_null(host);
    nothing_but_null(noise);
    json_decref(noise);
    json_decref(host);
}

static void test_this_machine_has_a_kernel(void **state)
{
    json_t *host = td_host_json(""), *noise = td_noise_json("");
    (void)state;
    assert_true(json_is_string(at(host, "kernel.release")));
    assert_true(json_is_integer(at(host, "memory.total_bytes")));
    assert_true(json_is_integer(at(noise, "ctxt")));
    json_decref(noise);
    json_decref(host);
}

static void test_values_of_lines(void **state)
{
    static const char text[] = "ab: 1\na : two words \nempty:\nlast:9";
    char *value = td_probe_value(text, "a", ':');
    (void)state;
    assert_string_equal(value, "two words");
    free(value);
    value = td_probe_value(text, "empty", ':');
    assert_string_equal(value, "");
    free(value);
    value = td_probe_value(text, "last", ':');
    assert_string_equal(value, "9");
    free(value);
    assert_null(td_probe_value(text, "b", ':'));
    assert_null(td_probe_value(NULL, "a", ':'));
}

static void test_cpu_lists(void **state)
{
    static const int expected[] = {0, 1, 2, 8, 10, 11};
    int cpu = -1;
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_true(td_cpulist_next("0-2,8,10-11", &cpu));
        assert_int_equal(cpu, expected[i]);
    }
    assert_false(td_cpulist_next("0-2,8,10-11", &cpu));
    assert_int_equal(td_cpulist_count("3"), 1);
    assert_int_equal(td_cpulist_count(""), 0);
    assert_int_equal(td_cpulist_count(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_laptop),
        cmocka_unit_test(test_least_limit_of_all_groups_counts),
        cmocka_unit_test(test_container_of_version_1),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_threads_are_summed_up),
        cmocka_unit_test(test_process_that_is_gone),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_steal),
        cmocka_unit_test(test_counters_alone),
        cmocka_unit_test(test_absent_is_absent),
        cmocka_unit_test(test_this_machine_has_a_kernel),
        cmocka_unit_test(test_values_of_lines),
        cmocka_unit_test(test_cpu_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
