/*
 * server - a child process that serves requests: started through the
 * launcher like a worker, but spoken to over its own port and not over a
 * control channel.  It and all its children are one process group, which is
 * what is measured and what is killed.
 */
#ifndef TD_EXEC_SERVER_H
#define TD_EXEC_SERVER_H

#include "exec/worker.h"

struct td_server;

/* Spawns; does not wait until it listens.  *spawned_ns: CLOCK_MONOTONIC just
 * before the spawn.  NULL with err set when it cannot be spawned. */
struct td_server *td_server_start(struct td_loop *loop,
                                  const struct td_launch *launch,
                                  uint64_t *spawned_ns, struct td_err *err);
/* Runs the loop once without waiting; 0, or TD_EWORKER with its last words
 * when it has died. */
int td_server_check(struct td_server *server, struct td_err *err);
int td_server_pid(const struct td_server *server);
/* What keeps launch->memory_limit_bytes: "cgroup-v1", "cgroup-v2",
 * "rlimit-as"; NULL = no limit was asked for. */
const char *td_server_memory_by(const struct td_server *server);
/* Lets time pass while its output is read; else as td_server_check.
 * TD_EINTERRUPTED after a second signal. */
int td_server_rest(struct td_server *server, uint64_t ns, struct td_err *err);

/* Of the whole group, now. */
struct td_server_state {
    uint64_t rss_bytes, pss_bytes; /* UINT64_MAX = not known */
    uint64_t hwm_bytes;            /* sum of the members' peaks */
    uint64_t cpu_ns;               /* since the start, the dead included
                                      where they were waited for (those to
                                      the tick, the living to the ns) */
    uint32_t processes, threads;
};
/* Reading the memory makes the kernel walk the page tables: not in the
 * middle of what is timed. */
void td_server_state(const struct td_server *server,
                     struct td_server_state *out);
/* The same without memory (UINT64_MAX), which disturbs nobody. */
void td_server_glance(const struct td_server *server,
                      struct td_server_state *out);

/* SIGTERM to the first process, which is to end the others; SIGKILL to the
 * group after quit_ns; reaps.  usage as a worker's, memory summed over the
 * group.  TD_EWORKER: it had ended before, it did not end in time, or with
 * another status than 0 (143, and death by SIGTERM itself, are fine). */
int td_server_finish(struct td_server *server, uint64_t quit_ns,
                     struct td_usage *out, struct td_err *err);
const char *td_server_last_words(const struct td_server *server);
/* Kills what is left, then frees.  NULL is fine. */
void td_server_free(struct td_server *server);

#endif
