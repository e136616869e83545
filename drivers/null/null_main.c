/*
 * tandem-null RUNTIME FACTOR [badhello|slowquit|own …] - a worker whose
 * latencies come from a formula (null.h).
 *
 * The first sample begins when the batch's timed part does; each sample ends
 * where the formula says and the next begins there.  The worker then waits
 * until the last end has passed, so that no clock was lied to and every
 * duration is exact.
 */
#include "base/clock.h"
#include "drivers/null/null.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEADER_BYTES = 64, BUFFER_BYTES = 1 << 20, SPIN_NS = 100000 };

struct null_worker {
    int control;
    struct td_interval *at;
    struct td_buf input;
    const char *runtime;
    bool slow_quit;
    double factor;
    struct null_formula formula;
    struct null_fault fault;
    char *answer;
    char *figures; /* NULL = none */
    uint64_t invocation;
    uint64_t gc_cycles;  /* UINT64_MAX = says nothing of them */
    uint64_t operations; /* so far */
    uint64_t batches;
};

static int environment_fd(const char *name)
{
    const char *text = getenv(name);
    return text ? atoi(text) : -1;
}

/* One line without its newline, malloc'd; NULL at the end. */
static char *read_line(struct null_worker *worker)
{
    struct td_buf *input = &worker->input;
    char *newline, *line;
    while (!(newline = strchr(td_buf_str(input), '\n'))) {
        char piece[4096];
        ssize_t n = read(worker->control, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return NULL;
        td_buf_add(input, piece, (size_t)n);
    }
    line = td_xstrndup(input->data, (size_t)(newline - input->data));
    td_buf_consume(input, (size_t)(newline - input->data) + 1);
    return line;
}

static void say(struct null_worker *worker, const char *verb,
                const struct td_fields *fields)
{
    struct td_buf line = TD_BUF_INIT;
    td_fields_encode(&line, verb, fields);
    td_buf_addc(&line, '\n');
    (void)!write(worker->control, line.data, line.len);
    td_buf_release(&line);
}

static void say_error(struct null_worker *worker, const struct td_err *err)
{
    struct td_fields fields = TD_FIELDS_INIT;
    td_fields_set(&fields, "message", err->msg);
    say(worker, "error", &fields);
    td_fields_release(&fields);
}

static void hold_memory(uint64_t bytes)
{
    char *held;
    if (!bytes)
        return;
    held = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (held != MAP_FAILED)
        memset(held, 1, bytes);
}

static int setup(struct null_worker *worker, const struct td_fields *fields,
                 struct td_err *err)
{
    const char *entry = td_fields_get(fields, "entry");
    const char *answer = td_fields_get(fields, "answer");
    const char *figures = td_fields_get(fields, "p.figures");
    uint64_t held;
    int rc = null_formula_read(&worker->formula, entry ? entry : "constant",
                               fields, err);
    worker->formula.factor = worker->factor;
    if (!rc)
        rc = null_fault_read(&worker->fault, worker->runtime, fields, err);
    if (!rc)
        rc = td_fields_u64(fields, "p.touch_bytes", 0, &held, err);
    if (!rc)
        rc = td_fields_u64(fields, "p.gc_cycles", UINT64_MAX,
                           &worker->gc_cycles, err);
    if (!rc)
        rc = td_fields_u64(fields, "invocation", 0, &worker->invocation, err);
    if (rc)
        return rc;
    if (!answer)
        answer = td_fields_get(fields, "p.answer");
    worker->answer = td_xstrdup(answer ? answer : "0");
    worker->figures = figures ? td_xstrdup(figures) : NULL;
    hold_memory(held);
    null_fault_act(&worker->fault, 0, worker->control);
    say(worker, "ready", NULL);
    return 0;
}

static void wait_until(uint64_t when_ns)
{
    const struct timespec when = {(time_t)(when_ns / 1000000000),
                                  (long)(when_ns % 1000000000)};
    if (when_ns > td_clock_ns() + SPIN_NS)
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) ==
               EINTR)
            ;
    while (td_clock_ns() < when_ns)
        ;
}

static uint64_t loops_ns(struct null_worker *worker, uint64_t loops)
{
    uint64_t sum = 0;
    if (worker->formula.kind == 'e')
        return 0;
    for (uint64_t i = 0; i < loops; i++)
        sum += null_formula_ns(&worker->formula, worker->operations++);
    return sum;
}

/* At least `warm` operations and at least warm_ns. */
static uint64_t warm_up(struct null_worker *worker, uint64_t warm,
                        uint64_t warm_ns)
{
    uint64_t begin = td_clock_ns(), end = begin, done = 0;
    while (done < warm || end - begin < warm_ns) {
        uint64_t took = loops_ns(worker, 1);
        end = took ? end + took : td_clock_ns();
        done++;
    }
    wait_until(end);
    return done;
}

static void empty_batch(struct td_interval *at, uint64_t count, uint64_t loops)
{
    for (uint64_t i = 0; i < count; i++) {
        at[i].start_ns = td_clock_ns();
        for (uint64_t j = 1; j < loops; j++)
            __asm__ volatile("");
        at[i].end_ns = td_clock_ns();
    }
}

static void timed_batch(struct null_worker *worker, uint64_t count,
                        uint64_t loops)
{
    uint64_t t = td_clock_ns();
    for (uint64_t i = 0; i < count; i++) {
        worker->at[i].start_ns = t;
        t += loops_ns(worker, loops);
        worker->at[i].end_ns = t;
    }
    wait_until(t);
}

static void say_done(struct null_worker *worker, uint64_t count, uint64_t warm,
                     uint64_t cpu_ns)
{
    struct td_fields fields = TD_FIELDS_INIT;
    const struct null_fault *fault = &worker->fault;
    uint64_t batch = worker->batches;
    bool wrong = null_fault_is(fault, batch, "wrong");
    if (null_fault_is(fault, batch, "toomany"))
        count++;
    if (null_fault_is(fault, batch, "cold"))
        warm = 0;
    td_fields_setf(&fields, "count", "%" PRIu64, count);
    td_fields_setf(&fields, "warm", "%" PRIu64, warm);
    td_fields_setf(&fields, "cpu_ns", "%" PRIu64, cpu_ns);
    if (worker->gc_cycles != UINT64_MAX)
        td_fields_setf(&fields, "gc_cycles", "%" PRIu64, worker->gc_cycles);
    td_fields_set(&fields, "answer",
                  wrong || null_fault_is(fault, batch, "lie") ? "nonsense"
                                                              : worker->answer);
    if (wrong)
        td_fields_set(&fields, "wrong", "1");
    say(worker, "done", &fields);
    if (null_fault_is(fault, batch, "chatter"))
        say(worker, "done", &fields);
    td_fields_release(&fields);
}

static uint64_t cpu_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int run(struct null_worker *worker, const struct td_fields *fields,
               struct td_err *err)
{
    uint64_t count, loops, warm, warm_ns, cpu_ns;
    int rc = td_fields_u64(fields, "count", 1, &count, err);
    if (!rc)
        rc = td_fields_u64(fields, "loops", 1, &loops, err);
    if (!rc)
        rc = td_fields_u64(fields, "warm", 0, &warm, err);
    if (!rc)
        rc = td_fields_u64(fields, "warm_ns", 0, &warm_ns, err);
    if (rc)
        return rc;
    worker->batches++;
    null_fault_act(&worker->fault, worker->batches, worker->control);
    if (!null_fault_is(&worker->fault, worker->batches, "rush"))
        warm = warm_up(worker, warm, warm_ns);
    cpu_ns = cpu_now_ns();
    if (worker->formula.kind == 'e')
        empty_batch(worker->at, count, loops);
    else
        timed_batch(worker, count, loops);
    cpu_ns = cpu_now_ns() - cpu_ns;
    null_fault_lie(&worker->fault, worker->batches, worker->at, count);
    say_done(worker, count, warm, cpu_ns);
    return 0;
}

static int obey(struct null_worker *worker, const char *verb,
                const struct td_fields *fields, struct td_err *err)
{
    if (!strcmp(verb, "setup"))
        return setup(worker, fields, err);
    if (!strcmp(verb, "run"))
        return run(worker, fields, err);
    return td_err_set(err, TD_EPROTOCOL, "unknown verb \"%s\"", verb);
}

/* 0 = quit, 1 = go on. */
static int one_line(struct null_worker *worker)
{
    struct td_fields fields = TD_FIELDS_INIT;
    struct td_err err = TD_ERR_INIT;
    char *line = read_line(worker), *verb = NULL;
    int go_on = 0;
    if (!line)
        return 0;
    if (td_fields_decode(line, &verb, &fields, &err) ||
        (strcmp(verb, "quit") && obey(worker, verb, &fields, &err)))
        say_error(worker, &err);
    go_on = verb && strcmp(verb, "quit");
    if (!go_on)
        null_figures_tell(worker->figures, worker->factor, worker->invocation,
                          &worker->fault, worker->control);
    free(verb);
    free(line);
    td_fields_release(&fields);
    return go_on;
}

static void hello(struct null_worker *worker, bool bad)
{
    struct td_fields fields = TD_FIELDS_INIT;
    td_fields_set(&fields, "protocol", bad ? "99" : "1");
    td_fields_set(&fields, "runtime", "null");
    td_fields_setf(&fields, "version", "%g", worker->factor);
    say(worker, "hello", &fields);
    td_fields_release(&fields);
}

int main(int argc, char **argv)
{
    struct null_worker worker = {.control = environment_fd("TANDEM_CONTROL"),
                                 .runtime = argc > 1 ? argv[1] : "null-1",
                                 .factor = argc > 2 ? atof(argv[2]) : 1};
    const char *fault = argc > 3 ? argv[3] : "";
    void *map;
    if (argc == 6 && !strcmp(fault, "own"))
        return null_own(worker.factor, argv[4], argv[5]);
    map = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
               environment_fd("TANDEM_SAMPLES"), 0);
    if (worker.control < 0 || map == MAP_FAILED) {
        fputs("tandem-null is started by tandem, not by hand\n", stderr);
        return 2;
    }
    worker.at = (struct td_interval *)(void *)((char *)map + HEADER_BYTES);
    hello(&worker, !strcmp(fault, "badhello"));
    while (one_line(&worker))
        ;
    if (!strcmp(fault, "slowquit") ||
        (worker.fault.kind && !strcmp(worker.fault.kind, "slowquit")))
        sleep(3600);
    free(worker.fault.kind);
    free(worker.answer);
    free(worker.figures);
    td_buf_release(&worker.input);
    return 0;
}
