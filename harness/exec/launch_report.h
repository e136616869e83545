/*
 * launch_report - what the launcher says of its child, line by line: when it
 * was started, why it could not be, how it ended and what it cost.
 */
#ifndef TD_EXEC_LAUNCH_REPORT_H
#define TD_EXEC_LAUNCH_REPORT_H

#include "base/buf.h"
#include "exec/worker.h"

struct td_report {
    int pid; /* 0 until it has started */
    /* The launcher's CLOCK_MONOTONIC just before it forked, and just after it
     * reaped the child; 0 = not yet. */
    uint64_t spawned_ns, reaped_ns;
    char
        *failed_step; /* "exec", "cwd", "cpus", "memory", "fork"; NULL = none */
    int failed_errno;
    char *memory_by; /* "cgroup-v1", "cgroup-v2", "rlimit-as"; NULL: no limit */
    bool ended;      /* usage is known */
    struct td_usage usage;
};

void td_report_init(struct td_report *report);
void td_report_release(struct td_report *report);
/* Takes in one line; what it does not understand it passes over. */
void td_report_line(struct td_report *report, const char *line);
/* "exited with status 3", "was killed by SIGSEGV".  ours: the harness sent
 * the SIGKILL. */
void td_report_describe_end(const struct td_report *report, bool ours,
                            struct td_buf *out);
/* All figures unknown. */
void td_usage_init(struct td_usage *usage);

#endif
