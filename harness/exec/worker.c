#include "exec/worker.h"

#include "base/clock.h"
#include "exec/proc_memory.h"
#include "exec/worker_talk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint64_t SECOND_NS = 1000000000;

void td_worker_limits_default(struct td_worker_limits *limits)
{
    limits->start_ns = 60 * SECOND_NS;
    limits->batch_ns = 120 * SECOND_NS;
    limits->quit_ns = 10 * SECOND_NS;
    limits->output_bytes = 16u << 20;
}

struct td_worker *td_worker_new(void)
{
    struct td_worker *worker = td_xcalloc(1, sizeof *worker);
    worker->samples = (struct td_sample_buffer)TD_SAMPLE_BUFFER_INIT;
    td_worker_limits_default(&worker->limits);
    return worker;
}

void td_worker_free(struct td_worker *worker)
{
    if (!worker)
        return;
    td_process_free(worker->process);
    td_sample_buffer_release(&worker->samples);
    td_lines_release(&worker->lines);
    td_fields_release(&worker->hello);
    td_fields_release(&worker->ready);
    td_fields_release(&worker->reply);
    td_buf_release(&worker->words);
    td_figures_release(&worker->figures);
    free(worker->verb);
    free(worker->expected);
    free(worker->answer);
    free(worker);
}

/* A call out of order is the harness's own fault. */
static int expect_state(const struct td_worker *worker,
                        enum td_worker_state state, const char *call,
                        struct td_err *err)
{
    if (worker->state == state)
        return 0;
    return td_err_set(err, TD_EINTERNAL, "%s: the worker is not in that state",
                      call);
}

int td_worker_start(struct td_worker *worker, struct td_loop *loop,
                    const struct td_launch *launch,
                    const struct td_worker_limits *limits, struct td_err *err)
{
    const char *protocol;
    uint64_t deadline_ns;
    int rc = expect_state(worker, TD_WORKER_NEW, "td_worker_start", err);
    if (!rc)
        rc = td_sample_buffer_init(&worker->samples, err);
    if (rc)
        return rc;
    if (limits)
        worker->limits = *limits;
    worker->process = td_process_new(loop, td_worker_take, worker);
    deadline_ns = td_deadline_ns(worker->limits.start_ns);
    worker->spawn_ns = td_clock_ns();
    rc = td_process_start(worker->process, launch, worker->samples.fd,
                          deadline_ns, err);
    if (rc) {
        worker->state = TD_WORKER_FAILED;
        return rc;
    }
    rc = td_worker_await(worker, "hello", worker->limits.start_ns, deadline_ns,
                         err);
    if (rc)
        return rc;
    td_fields_copy(&worker->hello, &worker->reply);
    protocol = td_fields_get(&worker->hello, "protocol");
    if (!protocol || strcmp(protocol, "1"))
        return td_worker_fail(worker, TD_EPROTOCOL, "does not speak protocol 1",
                              NULL, err);
    worker->state = TD_WORKER_GREETED;
    return 0;
}

/* CPU time of the worker's life so far, seen from outside. */
static uint64_t cpu_time_ns(const struct td_worker *worker)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(worker->process->said.pid, &clock) ||
        clock_gettime(clock, &t) < 0)
        return UINT64_MAX;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t idle_cpu_ns(const struct td_worker *worker)
{
    uint64_t now_ns = cpu_time_ns(worker);
    return now_ns == UINT64_MAX || worker->rest_cpu_ns == UINT64_MAX
               ? UINT64_MAX
               : now_ns - worker->rest_cpu_ns;
}

int td_worker_setup(struct td_worker *worker, const struct td_fields *setup,
                    uint64_t *setup_ns, struct td_err *err)
{
    struct td_fields fields = TD_FIELDS_INIT;
    const char *answer = td_fields_get(setup, "answer");
    uint64_t timeout_ns = worker->limits.start_ns;
    int rc = expect_state(worker, TD_WORKER_GREETED, "td_worker_setup", err);
    if (!rc)
        rc = td_worker_check_silence(worker, err);
    if (rc)
        return rc;
    td_fields_copy(&fields, setup);
    if (!td_fields_get(&fields, "capacity"))
        td_fields_setf(&fields, "capacity", "%d", TD_SAMPLE_CAPACITY);
    if (answer)
        worker->expected = td_xstrdup(answer);
    td_worker_say(worker, "setup", &fields);
    td_fields_release(&fields);
    rc = td_worker_await(worker, "ready", timeout_ns,
                         worker->spawn_ns > UINT64_MAX - timeout_ns
                             ? UINT64_MAX
                             : worker->spawn_ns + timeout_ns,
                         err);
    if (rc)
        return rc;
    if (setup_ns)
        *setup_ns = td_clock_ns() - worker->spawn_ns;
    td_fields_copy(&worker->ready, &worker->reply);
    worker->rest_cpu_ns = cpu_time_ns(worker);
    worker->state = TD_WORKER_READY;
    return 0;
}

/* The first answer seen stands where none was known beforehand. */
static int check_answer(struct td_worker *worker, struct td_err *err)
{
    const char *answer = td_fields_get(&worker->reply, "answer");
    const char *wrong = td_fields_get(&worker->reply, "wrong");
    bool told = wrong && strcmp(wrong, "0");
    char *detail;
    int rc;
    if (!answer)
        return td_worker_fail(worker, TD_EPROTOCOL, "gave no answer", NULL,
                              err);
    free(worker->answer);
    worker->answer = td_xstrdup(answer);
    if (!worker->expected && !told)
        worker->expected = td_xstrdup(answer);
    if (!told && !strcmp(worker->expected, answer))
        return 0;
    detail = td_xasprintf("%.200s, expected %.200s", answer,
                          worker->expected ? worker->expected
                                           : "what it returned at first");
    rc = td_worker_fail(worker, TD_EANSWER, "returned a wrong answer", detail,
                        err);
    free(detail);
    return rc;
}

static int read_done(const struct td_worker *worker,
                     const struct td_batch_request *request,
                     struct td_batch *out, struct td_err *err)
{
    const struct td_fields *reply = &worker->reply;
    int rc = td_fields_u64(reply, "count", UINT64_MAX, &out->count, err);
    if (!rc)
        rc = td_fields_u64(reply, "warm", UINT64_MAX, &out->warm, err);
    if (!rc)
        rc = td_fields_u64(reply, "cpu_ns", 0, &out->cpu_ns, err);
    out->cpu_known = td_fields_get(reply, "cpu_ns") != NULL;
    if (!rc)
        rc =
            td_fields_u64(reply, "gc_cycles", UINT64_MAX, &out->gc_cycles, err);
    if (!rc && out->count != request->count)
        rc = td_err_set(err, TD_EPROTOCOL,
                        "claims %" PRIu64 " samples where %" PRIu64
                        " were asked for",
                        out->count, request->count);
    if (!rc && (out->warm == UINT64_MAX || out->warm < request->warm))
        rc = td_err_set(err, TD_EPROTOCOL,
                        "warmed up less than the %" PRIu64
                        " times it was asked to",
                        request->warm);
    return rc;
}

/* The count of warm operations is the worker's word; that the time has passed
 * before the first reading can be seen. */
static int check_warmth(const struct td_batch_request *request,
                        const struct td_batch *batch, struct td_err *err)
{
    uint64_t waited_ns;
    if (!batch->count)
        return 0;
    waited_ns = batch->at[0].start_ns - batch->begin_ns;
    if (waited_ns >= request->warm_ns)
        return 0;
    return td_err_set(err, TD_EPROTOCOL,
                      "began to measure %" PRIu64 " ns after it was asked to "
                      "warm up for %" PRIu64 " ns",
                      waited_ns, request->warm_ns);
}

static void send_run(struct td_worker *worker,
                     const struct td_batch_request *request, uint64_t *begin_ns)
{
    struct td_fields run = TD_FIELDS_INIT;
    td_fields_setf(&run, "count", "%" PRIu64, request->count);
    td_fields_setf(&run, "loops", "%" PRIu64, request->loops);
    td_fields_setf(&run, "warm", "%" PRIu64, request->warm);
    td_fields_setf(&run, "warm_ns", "%" PRIu64, request->warm_ns);
    *begin_ns = td_clock_ns();
    td_worker_say(worker, "run", &run);
    td_fields_release(&run);
}

int td_worker_batch(struct td_worker *worker,
                    const struct td_batch_request *request,
                    struct td_batch *out, struct td_err *err)
{
    struct td_err bad = TD_ERR_INIT;
    uint64_t timeout_ns = worker->limits.batch_ns;
    int rc = expect_state(worker, TD_WORKER_READY, "td_worker_batch", err);
    memset(out, 0, sizeof *out);
    if (!rc && request->count > TD_SAMPLE_CAPACITY)
        rc = td_err_set(err, TD_EINTERNAL,
                        "a batch of %" PRIu64 " samples does not fit",
                        request->count);
    if (rc)
        return rc;
    rc = td_worker_check_silence(worker, err);
    if (rc)
        return rc;
    worker->batches++;
    worker->state = TD_WORKER_RUNNING;
    out->idle_cpu_ns = idle_cpu_ns(worker);
    send_run(worker, request, &out->begin_ns);
    rc = td_worker_await(worker, "done", timeout_ns, td_deadline_ns(timeout_ns),
                         err);
    out->end_ns = td_clock_ns();
    worker->rest_cpu_ns = cpu_time_ns(worker);
    if (!rc)
        rc = check_answer(worker, err);
    if (rc)
        return rc;
    rc = read_done(worker, request, out, &bad);
    if (!rc)
        rc = td_sample_buffer_take(&worker->samples, out->count, &bad);
    out->at = worker->samples.copy;
    if (!rc)
        rc = td_intervals_check(out->at, out->count, out->begin_ns, out->end_ns,
                                &bad);
    if (!rc)
        rc = check_warmth(request, out, &bad);
    if (rc)
        return td_worker_fail_err(worker, &bad, err);
    worker->state = TD_WORKER_READY;
    return 0;
}

/* The sample buffer lies in the worker's resident set, and is not its. */
static void measure_memory(struct td_worker *worker, struct td_usage *usage)
{
    struct td_proc_memory memory;
    uint64_t buffer = TD_SAMPLE_BUFFER_BYTES;
    td_proc_memory_read(worker->process->said.pid, &memory);
    if (memory.shmem_bytes < buffer)
        buffer = memory.shmem_bytes;
    usage->hwm_bytes = memory.hwm_bytes;
    if (memory.hwm_bytes != UINT64_MAX && memory.shmem_bytes != UINT64_MAX)
        usage->hwm_bytes -= buffer;
    usage->pss_bytes = memory.pss_bytes;
}

/* It says no more, or something that it must not say. */
static bool is_done_for(void *context)
{
    const struct td_worker *worker = context;
    return worker->failure.code || td_process_over(worker->process);
}

/* What was not taken as figures is a torn line, or one that came too soon. */
static void check_parting(struct td_worker *worker)
{
    const struct td_buf *left = &worker->lines.buf;
    struct td_buf quoted = TD_BUF_INIT;
    if (worker->failure.code || !left->len)
        return;
    td_quote(&quoted, left->data, left->len);
    td_err_set(&worker->failure, TD_EPROTOCOL,
               "broke the protocol: %s where a figure or the end was due",
               td_buf_str(&quoted));
    td_buf_release(&quoted);
}

static int quit(struct td_worker *worker, struct td_err *err)
{
    struct td_process *process = worker->process;
    uint64_t timeout_ns = worker->limits.quit_ns;
    int rc;
    worker->state = TD_WORKER_QUITTING;
    td_worker_say(worker, "quit", NULL);
    rc = td_loop_wait(process->loop, is_done_for, worker,
                      td_deadline_ns(timeout_ns));
    if (rc)
        return td_worker_fail_wait(worker, rc, "end", timeout_ns, err);
    check_parting(worker);
    if (worker->failure.code)
        return td_worker_fail_err(worker, &worker->failure, err);
    if (process->said.usage.exit_status != 0)
        return td_worker_fail_ended(worker, err);
    worker->state = TD_WORKER_FINISHED;
    return 0;
}

int td_worker_finish(struct td_worker *worker, struct td_usage *out,
                     struct td_err *err)
{
    struct td_usage memory;
    int rc = 0;
    td_usage_init(out);
    td_usage_init(&memory);
    if (!worker->process)
        return 0;
    if (worker->state == TD_WORKER_READY ||
        worker->state == TD_WORKER_GREETED) {
        measure_memory(worker, &memory);
        rc = quit(worker, err);
    }
    td_process_stop(worker->process);
    *out = worker->process->said.usage;
    out->hwm_bytes = memory.hwm_bytes;
    out->pss_bytes = memory.pss_bytes;
    return rc;
}

const struct td_fields *td_worker_hello(const struct td_worker *worker)
{
    return &worker->hello;
}

const struct td_fields *td_worker_ready(const struct td_worker *worker)
{
    return &worker->ready;
}

int td_worker_pid(const struct td_worker *worker)
{
    return worker->process ? worker->process->said.pid : 0;
}

const char *td_worker_answer(const struct td_worker *worker)
{
    return worker->answer ? worker->answer : "";
}

const struct td_figures *td_worker_figures(const struct td_worker *worker)
{
    return &worker->figures;
}

const char *td_worker_last_words(const struct td_worker *worker)
{
    td_text_clean(worker->words.data, worker->words.len);
    return td_buf_str(&worker->words);
}
