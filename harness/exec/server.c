#include "exec/server.h"

#include "base/clock.h"
#include "exec/proc_group.h"
#include "exec/process.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum { SHELL_SIGTERM = 128 + SIGTERM };
static const uint64_t START_PATIENCE_NS = 60000000000;
static const uint64_t MILLISECOND_NS = 1000000;

struct td_server {
    struct td_process *process;
    struct td_buf words;
    bool finished;
};

static void take(void *context, enum td_stream stream, const char *data,
                 size_t len)
{
    struct td_server *server = context;
    (void)stream;
    td_tail_add(&server->words, data, len);
}

static int explain(struct td_server *server, struct td_err *err)
{
    struct td_buf end = TD_BUF_INIT;
    td_report_describe_end(&server->process->said, server->process->stopping,
                           &end);
    td_err_set(err, TD_EWORKER, "server %s", td_buf_str(&end));
    td_buf_release(&end);
    return err->code;
}

struct td_server *td_server_start(struct td_loop *loop,
                                  const struct td_launch *launch,
                                  uint64_t *spawned_ns, struct td_err *err)
{
    struct td_server *server = td_xcalloc(1, sizeof *server);
    server->process = td_process_new(loop, take, server);
    *spawned_ns = td_clock_ns();
    if (td_process_start(server->process, launch, -1,
                         td_deadline_ns(START_PATIENCE_NS), err)) {
        td_server_free(server);
        return NULL;
    }
    return server;
}

static bool has_ended(const struct td_server *server)
{
    return server->process->said.ended || server->process->exited;
}

static bool is_over(void *server)
{
    return has_ended(server) &&
           td_process_over(((struct td_server *)server)->process);
}

static bool ended(void *server)
{
    return has_ended(server);
}

/* It has died: what it said last is read before that is told. */
static int fail_ended(struct td_server *server, struct td_err *err)
{
    td_process_stop(server->process);
    return explain(server, err);
}

int td_server_check(struct td_server *server, struct td_err *err)
{
    uv_run(&server->process->loop->uv, UV_RUN_NOWAIT);
    return has_ended(server) ? fail_ended(server, err) : 0;
}

int td_server_rest(struct td_server *server, uint64_t ns, struct td_err *err)
{
    struct timespec brief = {0, (long)(ns % MILLISECOND_NS)};
    int rc;
    if (ns < MILLISECOND_NS) { /* finer than the loop's timers */
        nanosleep(&brief, NULL);
        if (td_loop_interrupts(server->process->loop) < 2)
            return td_server_check(server, err);
    }
    rc = td_loop_wait(server->process->loop, ended, server, td_deadline_ns(ns));
    if (rc == TD_EINTERRUPTED)
        return td_err_set(err, rc, "interrupted while waiting for a server");
    return rc == TD_ETIMEOUT ? 0 : fail_ended(server, err);
}

int td_server_pid(const struct td_server *server)
{
    return server->process->said.pid;
}

const char *td_server_memory_by(const struct td_server *server)
{
    return server->process->said.memory_by;
}

void td_server_state(const struct td_server *server,
                     struct td_server_state *out)
{
    td_proc_group_read(server->process->said.pid, true, out);
}

void td_server_glance(const struct td_server *server,
                      struct td_server_state *out)
{
    td_proc_group_read(server->process->said.pid, false, out);
}

static bool ended_well(const struct td_usage *usage)
{
    return usage->signal == SIGTERM || usage->exit_status == 0 ||
           usage->exit_status == SHELL_SIGTERM;
}

/* It runs still: tells it to end, and waits for that. */
static int terminate(struct td_server *server, uint64_t quit_ns,
                     struct td_err *err)
{
    struct td_process *process = server->process;
    int rc;
    kill(process->said.pid, SIGTERM);
    rc = td_loop_wait(process->loop, is_over, server, td_deadline_ns(quit_ns));
    td_process_stop(process);
    if (rc == TD_EINTERRUPTED)
        return td_err_set(err, rc, "interrupted while a server was to end");
    if (rc)
        return td_err_set(err, TD_EWORKER,
                          "server did not end within %.3g s of SIGTERM",
                          (double)quit_ns / 1e9);
    return ended_well(&process->said.usage) ? 0 : explain(server, err);
}

int td_server_finish(struct td_server *server, uint64_t quit_ns,
                     struct td_usage *out, struct td_err *err)
{
    struct td_server_state memory;
    int rc = 0;
    td_server_state(server, &memory);
    if (!server->finished) {
        server->finished = true;
        rc = td_server_check(server, err);
        if (!rc)
            rc = terminate(server, quit_ns, err);
    }
    td_process_stop(server->process);
    *out = server->process->said.usage;
    out->hwm_bytes = memory.hwm_bytes;
    out->pss_bytes = memory.pss_bytes;
    return rc;
}

const char *td_server_last_words(const struct td_server *server)
{
    td_text_clean(server->words.data, server->words.len);
    return td_buf_str(&server->words);
}

void td_server_free(struct td_server *server)
{
    if (!server)
        return;
    td_process_free(server->process);
    td_buf_release(&server->words);
    free(server);
}
