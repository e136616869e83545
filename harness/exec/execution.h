/*
 * execution - one whole process from spawn to end, timed.
 *
 * The launcher reads CLOCK_MONOTONIC just before it forks and just after
 * wait4, so that neither its own start nor the harness's waking up is in the
 * time.  Of a process that is timed until its first output the end is the
 * harness's reading when the first byte arrived; the process is then given a
 * moment to finish its line, and ended.  All readings must lie within the
 * harness's own bracket: TD_EPROTOCOL otherwise.
 */
#ifndef TD_EXEC_EXECUTION_H
#define TD_EXEC_EXECUTION_H

#include "exec/worker.h"

struct td_execution_request {
    const struct td_launch *launch;
    bool until_output;   /* else until it has ended */
    uint64_t timeout_ns; /* of the whole process */
    size_t out_limit;    /* bytes of stdout that are kept */
};

struct td_execution {
    struct td_interval timed;
    uint64_t begin_ns, end_ns; /* the harness's bracket of all of it */
    /* CPU time is of the process and its waited-for children.  maxrss is the
     * largest resident set of one process among them, not their sum; it
     * begins at the launcher's own size, about 1 MB.  Until its very end,
     * also where the time ended with the first output. */
    struct td_usage usage;
    struct td_buf out;   /* stdout, the first out_limit bytes */
    uint64_t out_bytes;  /* of stdout, all of it */
    struct td_buf words; /* tail of stdout and stderr, fit to be shown */
};

/* Runs it.  TD_EWORKER when it did not end well (a status other than 0; a
 * process that we ended may also die of SIGTERM) or said nothing;
 * TD_ETIMEOUT, TD_EINTERRUPTED (after a second signal), TD_EDEPENDENCY when
 * it cannot be executed.  *out is filled as far as known and must be released
 * either way. */
int td_execution_run(struct td_loop *loop,
                     const struct td_execution_request *request,
                     struct td_execution *out, struct td_err *err);
void td_execution_release(struct td_execution *execution);

#endif
