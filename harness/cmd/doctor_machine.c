/* Checks of the machine itself, out of what host/ read. */
#include "base/json.h"
#include "cmd/doctor.h"
#include "host/probe.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GIB (1024.0 * 1024 * 1024)

void td_found(struct td_finding *out, enum td_level level, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    out->level = level;
    td_buf_clear(&out->found);
    td_buf_vaddf(&out->found, fmt, ap);
    va_end(ap);
}

void td_look_clock(const struct td_exam *exam, struct td_finding *out)
{
    const char *source = td_json_str(exam->host, "clocksource", NULL);
    bool slow = exam->pair_ns > 200;
    if (source &&
        (strcmp(source, "hpet") == 0 || strcmp(source, "acpi_pm") == 0 ||
         strcmp(source, "jiffies") == 0))
        slow = true;
    td_found(out, slow ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "%s, %.0f ns a pair of readings",
             source ? source : "clock source not told", exam->pair_ns);
    if (slow)
        td_buf_addf(&out->effect, "%.0f ns on every sample", exam->pair_ns);
}

/* CPUs that this process may use; 0 = not known. */
static int allowed_cpus(const struct td_exam *exam)
{
    return td_cpulist_count(
        td_json_str(json_object_get(exam->host, "cpu"), "allowed", NULL));
}

void td_look_cpus(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *cpu = json_object_get(exam->host, "cpu");
    int allowed = allowed_cpus(exam);
    td_found(out, allowed == 1 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "%d usable, %s (%d cores)", allowed,
             td_json_str(cpu, "model", "model not told"),
             (int)td_json_u64(cpu, "cores", 0));
}

void td_look_quota(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *cgroup = json_object_get(exam->host, "cgroup");
    double cpus = td_json_num(cgroup, "cpus", -1);
    if (cpus < 0)
        td_found(out, TD_LEVEL_OK, "no CPU quota");
    else
        td_found(out, cpus < allowed_cpus(exam) ? TD_LEVEL_WARN : TD_LEVEL_OK,
                 "quota of %.2f CPUs for %d usable", cpus, allowed_cpus(exam));
}

void td_look_governor(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *frequency = json_object_get(exam->host, "frequency");
    const char *governor = td_json_str(frequency, "governor", NULL);
    if (!governor)
        td_found(out, TD_LEVEL_OK,
                 "frequency is not this system's to set (virtual machine?)");
    else
        td_found(out,
                 strcmp(governor, "performance") == 0 ? TD_LEVEL_OK
                                                      : TD_LEVEL_WARN,
                 "%s (%s)", governor,
                 td_json_str(frequency, "driver", "driver not told"));
    if (governor)
        td_effect(out, &exam->idle, "work after idling", "work after work");
}

void td_look_turbo(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *turbo =
        json_object_get(json_object_get(exam->host, "frequency"), "turbo");
    if (!json_is_boolean(turbo))
        td_found(out, TD_LEVEL_OK, "not visible");
    else if (json_is_true(turbo))
        td_found(out, TD_LEVEL_WARN, "on");
    else
        td_found(out, TD_LEVEL_OK, "off");
    if (json_is_true(turbo))
        td_effect(out, &exam->neighbour, "work beside a busy core",
                  "work alone");
}

void td_look_smt(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *smt =
        json_object_get(json_object_get(exam->host, "cpu"), "smt");
    if (!json_is_boolean(smt))
        td_found(out, TD_LEVEL_OK, "not visible");
    else if (json_is_true(smt))
        td_found(out, TD_LEVEL_WARN, "on: two threads share a core");
    else
        td_found(out, TD_LEVEL_OK, "off");
    if (json_is_true(smt))
        td_effect(out, &exam->sibling, "work beside a busy sibling thread",
                  "work alone");
}

/* From before the trials: they are load themselves. */
void td_look_load(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *load = json_object_get(exam->before, "load");
    const json_t *cpu = json_object_get(
        json_object_get(json_object_get(exam->before, "pressure"), "cpu"),
        "some");
    double one = json_number_value(json_array_get(load, 0));
    double waiting = td_json_num(cpu, "avg10", -1);
    int cpus = allowed_cpus(exam);
    bool busy = one > 0.5 * (cpus ? cpus : 1) || waiting > 10 ||
                td_exceeds(&exam->waited, 1.02);
    if (!json_is_array(load))
        td_found(out, TD_LEVEL_OK, "not told");
    else if (waiting < 0)
        td_found(out, busy ? TD_LEVEL_WARN : TD_LEVEL_OK,
                 "%.2f over the last minute", one);
    else
        td_found(out, busy ? TD_LEVEL_WARN : TD_LEVEL_OK,
                 "%.2f over the last minute; tasks waited for a CPU %.1f %% "
                 "of the last 10 s",
                 one, waiting);
    td_effect(out, &exam->waited, "work", "its CPU time, as the machine is");
}

static double tick_sum(const json_t *noise)
{
    const json_t *ticks = json_object_get(noise, "ticks"), *value;
    const char *name;
    double sum = 0;
    json_object_foreach(json_object_get(noise, "ticks"), name, value)
    {
        if (strcmp(name, "per_second") != 0)
            sum += json_number_value(value);
    }
    return json_is_object(ticks) ? sum : -1;
}

void td_look_steal(const struct td_exam *exam, struct td_finding *out)
{
    double before =
        td_json_num(json_object_get(exam->before, "ticks"), "steal", -1);
    double after =
        td_json_num(json_object_get(exam->after, "ticks"), "steal", -1);
    double all = tick_sum(exam->after) - tick_sum(exam->before);
    double percent = all > 0 ? 100 * (after - before) / all : 0;
    if (before < 0 || after < 0)
        td_found(out, TD_LEVEL_OK, "not told");
    else
        td_found(out, percent > 0.5 ? TD_LEVEL_WARN : TD_LEVEL_OK,
                 "%.1f %% of the time during the trials", percent);
    if (percent > 0.05)
        td_buf_addf(&out->effect, "about %.1f %% longer samples",
                    percent < 100 ? 100 * percent / (100 - percent) : percent);
}

void td_look_throttling(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *before = json_object_get(exam->before, "throttling");
    const json_t *after = json_object_get(exam->after, "throttling");
    uint64_t count = td_json_u64(after, "nr_throttled", 0);
    uint64_t fresh = count - td_json_u64(before, "nr_throttled", 0);
    if (!json_is_object(after))
        td_found(out, TD_LEVEL_OK, "not told: no control group limits it");
    else
        td_found(out, count ? TD_LEVEL_WARN : TD_LEVEL_OK,
                 "%llu times, %llu during the trials",
                 (unsigned long long)count, (unsigned long long)fresh);
    if (json_is_object(after) && fresh)
        td_buf_addf(&out->effect, "%.1f ms of standstill during the trials",
                    (double)(td_json_u64(after, "throttled_us", 0) -
                             td_json_u64(before, "throttled_us", 0)) /
                        1e3);
}

void td_look_memory(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *memory = json_object_get(exam->host, "memory");
    const json_t *cgroup = json_object_get(exam->host, "cgroup");
    double total = td_json_num(memory, "total_bytes", -1);
    double limit = td_json_num(cgroup, "memory_bytes", -1);
    double free_bytes = td_json_num(exam->before, "available_bytes", -1);
    double usable = limit >= 0 && limit < free_bytes ? limit : free_bytes;
    if (usable < 0) {
        td_found(out, TD_LEVEL_OK, "not told");
        return;
    }
    td_found(out,
             usable < GIB / 16 ? TD_LEVEL_FAIL
             : usable < GIB    ? TD_LEVEL_WARN
                               : TD_LEVEL_OK,
             "%.1f of %.1f GiB available", usable / GIB, total / GIB);
}

void td_look_thp(const struct td_exam *exam, struct td_finding *out)
{
    const char *thp = td_json_str(exam->host, "thp", NULL);
    td_found(out,
             thp && strcmp(thp, "always") == 0 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "%s", thp ? thp : "not visible");
    td_effect(out, &exam->small, "first use of memory without huge pages",
              "with them");
}

void td_look_aslr(const struct td_exam *exam, struct td_finding *out)
{
    const json_t *aslr = json_object_get(exam->host, "aslr");
    bool off = json_is_integer(aslr) && json_integer_value(aslr) == 0;
    td_found(out, off ? TD_LEVEL_WARN : TD_LEVEL_OK, "%s",
             off                     ? "off"
             : json_is_integer(aslr) ? "on, and left on"
                                     : "not visible");
}

/* Asks for the counter that needs least: instructions of this process in
 * user mode.  Returns 0 or -errno. */
static int try_counter(void)
{
    struct perf_event_attr attr;
    long fd;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = PERF_TYPE_HARDWARE;
    attr.config = PERF_COUNT_HW_INSTRUCTIONS;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0)
        return -errno;
    close((int)fd);
    return 0;
}

void td_look_counters(const struct td_exam *exam, struct td_finding *out)
{
    int rc = try_counter();
    (void)exam;
    if (rc == 0)
        td_found(out, TD_LEVEL_OK, "available");
    else if (rc == -EACCES || rc == -EPERM)
        td_found(out, TD_LEVEL_WARN, "not permitted: left out");
    else
        td_found(out, TD_LEVEL_WARN,
                 "this machine has none (virtual machine?): left out");
}
