/*
 * worker_talk - the conversation with a worker, and how it fails: what
 * worker.c is made of.  Internal to exec/.
 *
 * Whatever goes wrong ends the invocation: the worker and its process group
 * are killed before the function that noticed returns.
 */
#ifndef TD_EXEC_WORKER_TALK_H
#define TD_EXEC_WORKER_TALK_H

#include "base/figures.h"
#include "exec/process.h"
#include "exec/sample_buffer.h"

enum td_worker_state {
    TD_WORKER_NEW,
    TD_WORKER_GREETED,
    TD_WORKER_READY,
    TD_WORKER_RUNNING,
    TD_WORKER_QUITTING,
    TD_WORKER_FAILED,
    TD_WORKER_FINISHED
};

struct td_worker {
    enum td_worker_state state;
    struct td_process *process;
    struct td_sample_buffer samples;
    struct td_lines lines;
    struct td_err failure; /* seen by a callback, told by the next call */
    struct td_worker_limits limits;
    uint64_t spawn_ns;
    uint64_t output_bytes;
    uint64_t batches;     /* begun */
    uint64_t rest_cpu_ns; /* its CPU time when it last went to rest */
    struct td_fields hello, ready;
    char *verb; /* of the last reply */
    struct td_fields reply;
    char *expected; /* answer; NULL until one is known */
    char *answer;
    struct td_buf words;
    struct td_figures figures; /* said after `quit` */
};

/* A td_stream_fn: takes in what the child writes. */
void td_worker_take(void *worker, enum td_stream stream, const char *data,
                    size_t len);

/* "worker HEAD during batch 3: DETAIL" (detail may be NULL). */
int td_worker_fail(struct td_worker *worker, int code, const char *head,
                   const char *detail, struct td_err *err);
/* The same for a cause that reads "HEAD" or "HEAD: DETAIL". */
int td_worker_fail_err(struct td_worker *worker, const struct td_err *cause,
                       struct td_err *err);
/* The process has ended by itself. */
int td_worker_fail_ended(struct td_worker *worker, struct td_err *err);
/* rc is TD_ETIMEOUT or TD_EINTERRUPTED; doing: "answer", "end". */
int td_worker_fail_wait(struct td_worker *worker, int rc, const char *doing,
                        uint64_t timeout_ns, struct td_err *err);

void td_worker_say(struct td_worker *worker, const char *verb,
                   const struct td_fields *fields);
/* A worker speaks only when spoken to, and waits until then. */
int td_worker_check_silence(struct td_worker *worker, struct td_err *err);
/* Waits for one line with this verb; its fields are in worker->reply. */
int td_worker_await(struct td_worker *worker, const char *verb,
                    uint64_t timeout_ns, uint64_t deadline_ns,
                    struct td_err *err);

#endif
