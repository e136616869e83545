#include "host/noise.h"

#include "base/clock.h"
#include "base/fields.h"
#include "host/cgroup.h"
#include "host/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CPU_DIR "/sys/devices/system/cpu"

/* The line "cpu" of /proc/stat, in ticks (proc_stat(5)). */
static json_t *ticks_json(const char *stat)
{
    static const char *const names[] = {"user",   "nice", "system",  "idle",
                                        "iowait", "irq",  "softirq", "steal"};
    char *line = td_probe_value(stat, "cpu", ' ');
    struct td_strings numbers = TD_STRINGS_INIT;
    json_t *value;
    if (!line)
        return json_null();
    value = json_object();
    td_strings_split(&numbers, line, " ");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_object_set_new(value, names[i],
                            i < numbers.count
                                ? json_integer(strtoll(numbers.at[i], NULL, 10))
                                : json_null());
    json_object_set_new(value, "per_second",
                        json_integer(sysconf(_SC_CLK_TCK)));
    td_strings_release(&numbers);
    free(line);
    return value;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0": share of the time in
 * percent, and microseconds. */
static json_t *pressure_line(const char *text, const char *kind)
{
    char *line = td_probe_value(text, kind, ' ');
    double avg10, avg60, avg300;
    long long total;
    json_t *value = json_null();
    if (line && sscanf(line, "avg10=%lf avg60=%lf avg300=%lf total=%lld",
                       &avg10, &avg60, &avg300, &total) == 4)
        value =
            json_pack("{s:f, s:f, s:f, s:I}", "avg10", avg10, "avg60", avg60,
                      "avg300", avg300, "total_us", (json_int_t)total);
    free(line);
    return value;
}

static json_t *pressure_of(const char *root, const char *resource)
{
    char *text = td_probe_read(root, "/proc/pressure/%s", resource);
    json_t *value = json_null();
    if (text)
        value = json_pack("{s:o, s:o}", "some", pressure_line(text, "some"),
                          "full", pressure_line(text, "full"));
    free(text);
    return value;
}

static json_t *pressure_json(const char *root)
{
    return json_pack("{s:o, s:o, s:o}", "cpu", pressure_of(root, "cpu"), "io",
                     pressure_of(root, "io"), "memory",
                     pressure_of(root, "memory"));
}

static json_t *available_bytes(const char *root)
{
    char *text = td_probe_read(root, "/proc/meminfo");
    json_t *kib = td_probe_value_int(text, "MemAvailable", ':');
    if (json_is_integer(kib))
        json_integer_set(kib, json_integer_value(kib) * 1024);
    free(text);
    return kib;
}

static json_t *load_json(const char *root)
{
    char *text = td_probe_read(root, "/proc/loadavg");
    double one, five, fifteen;
    json_t *value = json_null();
    if (text && sscanf(text, "%lf %lf %lf", &one, &five, &fifteen) == 3)
        value = json_pack("[f, f, f]", one, five, fifteen);
    free(text);
    return value;
}

/* kHz of every online CPU; null where nothing scales. */
static json_t *frequencies(const char *root, const char *online)
{
    json_t *list = json_array();
    int cpu = -1;
    while (td_cpulist_next(online, &cpu)) {
        json_t *khz =
            td_probe_int(root, CPU_DIR "/cpu%d/cpufreq/scaling_cur_freq", cpu);
        if (json_is_integer(khz))
            json_array_append(list, khz);
        json_decref(khz);
    }
    if (json_array_size(list))
        return list;
    json_decref(list);
    return json_null();
}

/* A thermal counter over all CPUs.  A package's count stands at each of its
 * CPUs: the sum grows with it all the same. */
static json_t *throttle_count(const char *root, const char *online,
                              const char *name)
{
    json_int_t sum = 0;
    bool known = false;
    int cpu = -1;
    while (td_cpulist_next(online, &cpu)) {
        json_t *count =
            td_probe_int(root, CPU_DIR "/cpu%d/thermal_throttle/%s", cpu, name);
        known = known || json_is_integer(count);
        sum += json_integer_value(count);
        json_decref(count);
    }
    return known ? json_integer(sum) : json_null();
}

static json_t *thermal_json(const char *root, const char *online)
{
    return json_pack("{s:o, s:o}", "core",
                     throttle_count(root, online, "core_throttle_count"),
                     "package",
                     throttle_count(root, online, "package_throttle_count"));
}

json_t *td_noise_json(const char *root)
{
    char *stat = td_probe_read(root, "/proc/stat");
    char *read = td_probe_read(root, CPU_DIR "/online");
    const char *online = read ? read : "";
    json_t *value = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "ns",
        (json_int_t)td_clock_ns(), "ticks", ticks_json(stat), "ctxt",
        td_probe_value_int(stat, "ctxt", ' '), "softirq",
        td_probe_value_int(stat, "softirq", ' '), "procs_running",
        td_probe_value_int(stat, "procs_running", ' '), "pressure",
        pressure_json(root), "throttling", td_cgroup_throttling(root), "load",
        load_json(root), "available_bytes", available_bytes(root),
        "frequency_khz", frequencies(root, online), "thermal",
        thermal_json(root, online));
    free(read);
    free(stat);
    return value;
}

json_t *td_noise_counters_json(const char *root)
{
    json_t *value = td_noise_json(root), *resource, *kind;
    const char *name, *word;
    json_object_foreach(json_object_get(value, "pressure"), name, resource)
    {
        json_object_foreach(resource, word, kind)
        {
            json_object_del(kind, "avg10");
            json_object_del(kind, "avg60");
            json_object_del(kind, "avg300");
        }
    }
    json_object_del(value, "load");
    return value;
}

uint64_t td_noise_steal_ns(const char *root)
{
    char *stat = td_probe_read(root, "/proc/stat");
    unsigned long long ticks;
    bool known = stat && sscanf(stat, "cpu %*u %*u %*u %*u %*u %*u %*u %llu",
                                &ticks) == 1;
    free(stat);
    return known ? ticks * (1000000000 / (uint64_t)sysconf(_SC_CLK_TCK))
                 : UINT64_MAX;
}

const char *td_noise_root(void)
{
    const char *root = getenv("TANDEM_NOISE_ROOT");
    return root ? root : "";
}
