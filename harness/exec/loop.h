/*
 * loop - the one libuv loop of the harness: waiting with a deadline, counting
 * SIGINT and SIGTERM, the tick for progress lines, and where tandem's own
 * executables lie.
 *
 * Only exec/ and load/ include this header.  Every wait runs the whole loop,
 * so all children's streams are read while one of them is waited for.
 */
#ifndef TD_EXEC_LOOP_H
#define TD_EXEC_LOOP_H

#include "exec/worker.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct td_loop {
    uv_loop_t uv;
    uv_signal_t sigint, sigterm;
    uv_timer_t tick, deadline;
    td_tick_fn *tick_fn;
    void *tick_context;
    char *libexec;
    int interrupts;
    bool counting; /* signal handlers are installed at the first wait */
};

typedef bool td_done_fn(void *context);

/* Runs the loop until done(context).  TD_ETIMEOUT at the deadline (on the
 * common timer; UINT64_MAX = never), TD_EINTERRUPTED after the second
 * signal.  Sets no error: the caller knows what was waited for. */
int td_loop_wait(struct td_loop *loop, td_done_fn *done, void *context,
                 uint64_t deadline_ns);
/* The same for what leaves nothing to finish: the first signal ends it. */
int td_loop_wait_eagerly(struct td_loop *loop, td_done_fn *done, void *context,
                         uint64_t deadline_ns);
/* The same for clearing up: signals do not cut it short. */
int td_loop_settle(struct td_loop *loop, td_done_fn *done, void *context,
                   uint64_t deadline_ns);

/* now + timeout without overflow. */
uint64_t td_deadline_ns(uint64_t timeout_ns);

#endif
