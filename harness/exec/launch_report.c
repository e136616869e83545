#include "exec/launch_report.h"

#include "base/fields.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void td_usage_init(struct td_usage *usage)
{
    memset(usage, 0xff, sizeof *usage);
    usage->exit_status = -1;
    usage->signal = 0;
}

void td_report_init(struct td_report *report)
{
    memset(report, 0, sizeof *report);
    td_usage_init(&report->usage);
}

void td_report_release(struct td_report *report)
{
    free(report->failed_step);
    free(report->memory_by);
    td_report_init(report);
}

static void take_end(struct td_report *report, const struct td_fields *fields)
{
    struct td_usage *usage = &report->usage;
    struct td_err ignored = TD_ERR_INIT;
    uint64_t status = UINT64_MAX, sig = 0, user = 0, sys = 0, rss = 0;
    td_fields_u64(fields, "status", UINT64_MAX, &status, &ignored);
    td_fields_u64(fields, "signal", 0, &sig, &ignored);
    td_fields_u64(fields, "user_us", 0, &user, &ignored);
    td_fields_u64(fields, "system_us", 0, &sys, &ignored);
    td_fields_u64(fields, "maxrss_kib", 0, &rss, &ignored);
    td_fields_u64(fields, "minor_faults", UINT64_MAX, &usage->minor_faults,
                  &ignored);
    td_fields_u64(fields, "major_faults", UINT64_MAX, &usage->major_faults,
                  &ignored);
    td_fields_u64(fields, "voluntary", UINT64_MAX, &usage->voluntary_switches,
                  &ignored);
    td_fields_u64(fields, "involuntary", UINT64_MAX,
                  &usage->involuntary_switches, &ignored);
    td_fields_u64(fields, "limited_peak_bytes", UINT64_MAX,
                  &usage->limited_peak_bytes, &ignored);
    td_fields_u64(fields, "oom_kills", UINT64_MAX, &usage->oom_kills, &ignored);
    td_fields_u64(fields, "at_ns", 0, &report->reaped_ns, &ignored);
    usage->exit_status = status == UINT64_MAX ? -1 : (int)status;
    usage->signal = (int)sig;
    usage->user_ns = user * 1000;
    usage->system_ns = sys * 1000;
    usage->maxrss_bytes = rss * 1024;
    report->ended = true;
}

void td_report_line(struct td_report *report, const char *line)
{
    struct td_fields fields = TD_FIELDS_INIT;
    struct td_err err = TD_ERR_INIT;
    char *verb = NULL;
    uint64_t number = 0;
    if (td_fields_decode(line, &verb, &fields, &err))
        goto out;
    if (!strcmp(verb, "started")) {
        const char *by = td_fields_get(&fields, "memory_by");
        td_fields_u64(&fields, "pid", 0, &number, &err);
        report->pid = (int)number;
        td_fields_u64(&fields, "at_ns", 0, &report->spawned_ns, &err);
        free(report->memory_by);
        report->memory_by = by ? td_xstrdup(by) : NULL;
    } else if (!strcmp(verb, "failed")) {
        const char *step = td_fields_get(&fields, "step");
        free(report->failed_step);
        report->failed_step = td_xstrdup(step ? step : "start");
        td_fields_u64(&fields, "errno", 0, &number, &err);
        report->failed_errno = (int)number;
    } else if (!strcmp(verb, "ended")) {
        take_end(report, &fields);
    }
out:
    free(verb);
    td_fields_release(&fields);
}

static const char *signal_name(int sig)
{
    static const struct {
        int sig;
        const char *name;
    } names[] = {
        {SIGKILL, "SIGKILL"}, {SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"},
        {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"},   {SIGFPE, "SIGFPE"},
        {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"},   {SIGPIPE, "SIGPIPE"},
        {SIGHUP, "SIGHUP"},   {SIGXCPU, "SIGXCPU"}, {SIGTRAP, "SIGTRAP"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].sig == sig)
            return names[i].name;
    return NULL;
}

void td_report_describe_end(const struct td_report *report, bool ours,
                            struct td_buf *out)
{
    const struct td_usage *usage = &report->usage;
    const char *name = signal_name(usage->signal);
    if (!report->ended)
        td_buf_adds(out, "is gone, and its launcher with it");
    else if (!usage->signal)
        td_buf_addf(out, "exited with status %d", usage->exit_status);
    else if (name)
        td_buf_addf(out, "was killed by %s", name);
    else
        td_buf_addf(out, "was killed by signal %d", usage->signal);
    if (report->ended && usage->oom_kills && usage->oom_kills != UINT64_MAX)
        td_buf_adds(out, ": out of the memory that it was allowed");
    else if (report->ended && usage->signal == SIGKILL && !ours)
        td_buf_adds(out, " from outside (out of memory?)");
}
