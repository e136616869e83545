#include "host/process_noise.h"

#include "base/buf.h"
#include "base/json.h"
#include "host/probe.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sums begin as "not known" and become known with the first thread. */
static void add(uint64_t *sum, uint64_t value)
{
    if (value != UINT64_MAX)
        *sum = *sum == UINT64_MAX ? value : *sum + value;
}

static uint64_t figure(const char *text, const char *key)
{
    char *value = td_probe_value(text, key, ':');
    uint64_t number = value ? strtoull(value, NULL, 10) : UINT64_MAX;
    free(value);
    return number;
}

static void add_switches(const char *root, const char *thread,
                         struct td_process_noise *out)
{
    char *status = td_probe_read(root, "%s/status", thread);
    add(&out->voluntary_switches, figure(status, "voluntary_ctxt_switches"));
    add(&out->involuntary_switches,
        figure(status, "nonvoluntary_ctxt_switches"));
    free(status);
}

/* "time on a CPU, time waiting for one, slices", in ns. */
static void add_times(const char *root, const char *thread,
                      struct td_process_noise *out)
{
    char *text = td_probe_read(root, "%s/schedstat", thread);
    unsigned long long run_ns, wait_ns;
    if (text && sscanf(text, "%llu %llu", &run_ns, &wait_ns) == 2) {
        add(&out->run_ns, run_ns);
        add(&out->wait_ns, wait_ns);
    }
    free(text);
}

static void add_migrations(const char *root, const char *thread,
                           struct td_process_noise *out)
{
    char *text = td_probe_read(root, "%s/sched", thread);
    add(&out->migrations, figure(text, "se.nr_migrations"));
    free(text);
}

static void read_threads(const char *root, int pid, bool migrations,
                         struct td_process_noise *out)
{
    char *path = td_xasprintf("%s/proc/%d/task", root, pid);
    DIR *tasks = opendir(path);
    const struct dirent *entry;
    while (tasks && (entry = readdir(tasks))) {
        char thread[64];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(thread, sizeof thread, "/proc/%d/task/%.20s", pid,
                 entry->d_name);
        add(&out->threads, 1);
        add_switches(root, thread, out);
        add_times(root, thread, out);
        if (migrations)
            add_migrations(root, thread, out);
    }
    if (tasks)
        closedir(tasks);
    free(path);
}

/* Fields 10 and 12 of /proc/PID/stat; the name before them, in parentheses,
 * may hold anything (proc_pid_stat(5)). */
static void read_faults(const char *root, int pid, struct td_process_noise *out)
{
    char *text = td_probe_read(root, "/proc/%d/stat", pid);
    char *after = text ? strrchr(text, ')') : NULL;
    unsigned long long minor, major;
    if (after && sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %llu %*u %llu",
                        &minor, &major) == 2) {
        out->minor_faults = minor;
        out->major_faults = major;
    }
    free(text);
}

void td_process_noise_glance(const char *root, int pid,
                             struct td_process_noise *out)
{
    memset(out, 0xff, sizeof *out);
    read_threads(root, pid, false, out);
}

void td_process_noise_read(const char *root, int pid,
                           struct td_process_noise *out)
{
    memset(out, 0xff, sizeof *out);
    read_threads(root, pid, true, out);
    read_faults(root, pid, out);
}

json_t *td_process_noise_json(const struct td_process_noise *noise)
{
    if (noise->threads == UINT64_MAX)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "threads",
        td_json_known(noise->threads), "voluntary_switches",
        td_json_known(noise->voluntary_switches), "involuntary_switches",
        td_json_known(noise->involuntary_switches), "run_ns",
        td_json_known(noise->run_ns), "wait_ns", td_json_known(noise->wait_ns),
        "migrations", td_json_known(noise->migrations), "minor_faults",
        td_json_known(noise->minor_faults), "major_faults",
        td_json_known(noise->major_faults));
}

uint64_t td_noise_growth(uint64_t before, uint64_t after)
{
    if (before == UINT64_MAX || after == UINT64_MAX || after < before)
        return UINT64_MAX;
    return after - before;
}
