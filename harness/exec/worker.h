/*
 * worker - one child process in which one case runs, spoken to over the
 * control channel (drivers/PROTOCOL.md) and the sample buffer.
 *
 * Calls are sequential: each runs the libuv loop until this worker has
 * answered, has died, or its time is up.  A worker that fails in any way is
 * killed with its whole process group and stays in state FAILED; usage and
 * last words can still be asked for.  Nothing here knows what is measured.
 *
 * Life: td_worker_start -> td_worker_setup -> td_worker_batch* ->
 * td_worker_finish; td_worker_release at any point kills what is left.
 * The caller supplies the struct and must not move it between start and
 * release.
 */
#ifndef TD_EXEC_WORKER_H
#define TD_EXEC_WORKER_H

#include "base/err.h"
#include "base/fields.h"
#include "base/figures.h"
#include "exec/launch.h"

#include <stdbool.h>
#include <stdint.h>

/* The event loop, the launcher's path and the signal state: one a process.
 * Opaque; in exec/loop.h for exec/ itself. */
struct td_loop;
struct td_loop *td_loop_new(struct td_err *err);
void td_loop_free(struct td_loop *loop);
/* 0, 1 or 2: how often SIGINT/SIGTERM came since the start.  At 1 the
 * schedule ends after the batch, and preparations at once; at 2 every wait
 * returns TD_EINTERRUPTED. */
int td_loop_interrupts(const struct td_loop *loop);
/* The directory that holds the launcher and the workers; TANDEM_LIBEXEC in
 * the environment goes before the one beside the executable. */
const char *td_loop_libexec(const struct td_loop *loop);
void td_loop_set_libexec(struct td_loop *loop, const char *dir);

struct td_worker_limits {
    uint64_t start_ns;     /* from spawn to `ready` */
    uint64_t batch_ns;     /* one batch */
    uint64_t quit_ns;      /* from `quit` to exit */
    uint64_t output_bytes; /* stdout + stderr of one life */
};
void td_worker_limits_default(struct td_worker_limits *limits);

struct td_batch_request {
    uint64_t count;   /* samples wanted, <= capacity of the buffer */
    uint64_t loops;   /* operations per sample, >= 1 */
    uint64_t warm;    /* untimed iterations before, at least */
    uint64_t warm_ns; /* … and until this much time has passed */
};

/* One timed interval, as it lies in the sample buffer. */
struct td_interval {
    uint64_t start_ns;
    uint64_t end_ns;
};

struct td_batch {
    const struct td_interval *at; /* valid until the next call on worker */
    uint64_t count;
    uint64_t warm;     /* untimed operations actually done */
    uint64_t begin_ns; /* the harness's bracket */
    uint64_t end_ns;
    uint64_t cpu_ns; /* worker's CPU time of the timed part; see cpu_known */
    bool cpu_known;
    /* CPU time it took between the batch before (or `ready`) and this one,
     * when others had their turn; UINT64_MAX = not known. */
    uint64_t idle_cpu_ns;
    /* Garbage collections during the timed part, by the worker's count;
     * UINT64_MAX = it does not tell. */
    uint64_t gc_cycles;
};

/* What the process cost, from outside.  Absent figures are UINT64_MAX. */
struct td_usage {
    uint64_t hwm_bytes;    /* VmHWM just before quit, buffer not counted */
    uint64_t maxrss_bytes; /* ru_maxrss from wait4 by the launcher */
    uint64_t pss_bytes;    /* smaps_rollup just before quit */
    uint64_t user_ns, system_ns;
    uint64_t minor_faults, major_faults;
    uint64_t voluntary_switches, involuntary_switches;
    /* Under a memory limit that a control group keeps: the most that was
     * charged to it, page cache included; processes that the limit killed. */
    uint64_t limited_peak_bytes, oom_kills;
    int exit_status; /* -1 unless it exited */
    int signal;      /* 0 unless killed */
};

struct td_worker;
struct td_worker *td_worker_new(void);
/* Kills and reaps what is left, then frees.  NULL is fine. */
void td_worker_free(struct td_worker *worker);

/* Spawns through the launcher and waits for `hello`. */
int td_worker_start(struct td_worker *worker, struct td_loop *loop,
                    const struct td_launch *launch,
                    const struct td_worker_limits *limits, struct td_err *err);
/* What `hello` said (runtime, version, build …). */
const struct td_fields *td_worker_hello(const struct td_worker *worker);
/* What `ready` added. */
const struct td_fields *td_worker_ready(const struct td_worker *worker);
int td_worker_pid(const struct td_worker *worker);

/* Sends `setup` with these fields, waits for `ready`.  *setup_ns: time from
 * spawn to ready as the harness saw it. */
int td_worker_setup(struct td_worker *worker, const struct td_fields *setup,
                    uint64_t *setup_ns, struct td_err *err);

/* Runs one batch and checks it: exactly count samples, inside the bracket,
 * in order, not overlapping, each end >= start, the first not before the
 * warm-up's time has passed (TD_EPROTOCOL otherwise);
 * the answer equal to `answer` of setup (TD_EANSWER otherwise). */
int td_worker_batch(struct td_worker *worker,
                    const struct td_batch_request *request,
                    struct td_batch *out, struct td_err *err);

/* The answer that the last batch reported ("" before the first). */
const char *td_worker_answer(const struct td_worker *worker);

/* Reads the memory figures, says `quit`, takes the figures that the worker
 * reports then, reaps.  Works on a failed worker too (then only what wait4
 * knew is filled in). */
int td_worker_finish(struct td_worker *worker, struct td_usage *out,
                     struct td_err *err);

/* What it reported when it was told to end; empty before td_worker_finish, and
 * of most workers. */
const struct td_figures *td_worker_figures(const struct td_worker *worker);

/* The tail (at most 4 KiB) of what it wrote on stdout and stderr. */
const char *td_worker_last_words(const struct td_worker *worker);

/* For progress: called about every 100 ms while any call waits. */
typedef void td_tick_fn(void *context);
void td_loop_on_tick(struct td_loop *loop, td_tick_fn *fn, void *context);

/*
 * A plain child (generator, service, compiler, interpreter probe): spawned
 * through the launcher too, no control channel.
 */
struct td_child_result {
    int exit_status; /* -1 unless it exited */
    int signal;
    struct td_buf out; /* stdout, at most limit bytes */
    struct td_buf err; /* tail of stderr, at most 4 KiB */
};
void td_child_result_release(struct td_child_result *result);
/* Runs to the end or to the time-out (TD_ETIMEOUT). Exit status is not an
 * error here. */
int td_child_run(struct td_loop *loop, const struct td_launch *launch,
                 uint64_t timeout_ns, size_t out_limit,
                 struct td_child_result *result, struct td_err *err);

/* A service: started, and its first line of stdout waited for (returned in
 * *first_line, malloc'd); runs until td_service_free. */
struct td_service;
struct td_service *td_service_start(struct td_loop *loop,
                                    const struct td_launch *launch,
                                    uint64_t timeout_ns, char **first_line,
                                    struct td_err *err);
/* 0, or TD_EWORKER with its last words when it has died. */
int td_service_check(struct td_service *service, struct td_err *err);
/* SIGTERM, and after five seconds SIGKILL, which what it started gets in any
 * case; then frees.  NULL is fine. */
void td_service_free(struct td_service *service);

#endif
