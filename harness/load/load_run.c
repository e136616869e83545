#include "load/load_thread.h"

#include "base/clock.h"
#include "load/load_socket.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define SECOND_NS UINT64_C(1000000000)
/* Threads hand their figures over on the second, at the next turn. */
#define TICK_DELAY_NS UINT64_C(100000000)
#define BEGIN_DELAY_NS UINT64_C(1000000) /* for all threads to wake up */

/* Beyond what a machine can send; every intended time costs a little. */
static const double RATE_MAX = 1e7;
/* Of a duration: sums of times stay far from the end of 64 bits. */
static const uint64_t TIME_MAX_NS = UINT64_MAX / 16;

enum {
    OTHER_DESCRIPTORS = 64, /* of the process, besides the connections */
    PROBE_MS = 1000
};

/* One load under way. */
struct load {
    const struct td_load_plan *plan;
    struct td_load_gate gate;
    struct td_load_thread **threads;
    uint32_t started;
    struct td_load_samples *samples;
    td_load_tick_fn *tick;
    void *to;
    uint64_t begin_ns, ticked_ns;
};

static int check_rates(const struct td_load_plan *plan, struct td_err *err)
{
    if (!isfinite(plan->rate) || plan->rate < 0 || plan->rate > RATE_MAX)
        return td_err_set(err, TD_EUSAGE,
                          "a load of %g requests a second: expected 0 (a "
                          "closed loop) to %g",
                          plan->rate, RATE_MAX);
    if (plan->rate > 0 && plan->count)
        return td_err_set(err, TD_EUSAGE,
                          "a load at a rate ends by time, not by a number of "
                          "requests");
    if (plan->duration_ns == 0 && plan->count == 0)
        return td_err_set(err, TD_EUSAGE, "a load without a duration");
    return 0;
}

static int check_plan(const struct td_load_plan *plan, struct td_err *err)
{
    uint64_t most;
    if (plan->requests->count == 0 || plan->target->naddresses == 0)
        return td_err_set(err, TD_EUSAGE, "a load without request or target");
    if (plan->threads == 0 || plan->connections < plan->threads)
        return td_err_set(err, TD_EUSAGE,
                          "%u connections for %u threads: every thread needs "
                          "one at least",
                          plan->connections, plan->threads);
    if (plan->timeout_ns == 0)
        return td_err_set(err, TD_EUSAGE, "a time-out of nothing");
    if (plan->timeout_ns > TIME_MAX_NS || plan->duration_ns > TIME_MAX_NS ||
        plan->warmup_ns > TIME_MAX_NS || plan->drain_ns > TIME_MAX_NS)
        return td_err_set(err, TD_EUSAGE, "a load of more than 36 years");
    most = td_load_socket_raise_limit();
    if (plan->connections + UINT64_C(8) * plan->threads + OTHER_DESCRIPTORS >
        most)
        return td_err_set(err, TD_EDEPENDENCY,
                          "%u connections: this process may have %llu "
                          "descriptors (ulimit -Hn)",
                          plan->connections, (unsigned long long)most);
    return check_rates(plan, err);
}

static bool answers(const struct sockaddr_storage *address)
{
    struct pollfd poller = {.fd = td_load_socket_connect(address),
                            .events = POLLOUT};
    bool fine;
    if (poller.fd < 0)
        return false;
    fine =
        poll(&poller, 1, PROBE_MS) == 1 && td_load_socket_error(poller.fd) == 0;
    close(poller.fd);
    return fine;
}

/* The first that answers; the first of all when none does.  A single one is
 * not tried: the server would see a connection too many. */
static const struct sockaddr_storage *
choose_address(const struct td_load_target *target)
{
    const struct sockaddr_storage *all = target->addresses;
    for (size_t i = 0; target->naddresses > 1 && i < target->naddresses; i++)
        if (answers(&all[i]))
            return &all[i];
    return all;
}

/* Part i of n equal parts of a whole number, the rest on the first ones. */
static uint64_t share(uint64_t whole, uint32_t i, uint32_t n)
{
    return whole / n + (i < whole % n);
}

static int start_threads(struct load *load, struct td_err *err)
{
    const struct td_load_plan *plan = load->plan;
    const struct sockaddr_storage *address = choose_address(plan->target);
    int rc = 0;
    for (uint32_t i = 0; !rc && i < plan->threads; i++) {
        struct td_load_thread *thread = td_xcalloc(1, sizeof *thread);
        thread->plan = plan;
        thread->gate = &load->gate;
        thread->index = i;
        thread->nconns = (uint32_t)share(plan->connections, i, plan->threads);
        thread->quota =
            plan->count ? share(plan->count, i, plan->threads) : UINT64_MAX;
        thread->address = *address;
        rc = td_load_thread_start(thread, err);
        if (rc)
            free(thread);
        else
            load->threads[load->started++] = thread;
    }
    return rc;
}

/* Each thread has a part of the caller's array to itself. */
static void give_samples(struct load *load)
{
    size_t given = 0;
    for (uint32_t i = 0; load->samples && i < load->started; i++) {
        struct td_load_samples *part = &load->threads[i]->tally.samples;
        part->at = load->samples->at + given;
        part->cap = (size_t)share(load->samples->cap, i, load->started);
        given += part->cap;
    }
}

/* Moves the parts together. */
static void take_samples(struct load *load)
{
    struct td_load_samples *all = load->samples;
    if (!all)
        return;
    all->count = 0;
    for (uint32_t i = 0; i < load->started; i++) {
        const struct td_load_samples *part = &load->threads[i]->tally.samples;
        for (size_t k = 0; k < part->count; k++)
            all->at[all->count++] = part->at[k];
    }
}

/* Waits until something changes at the gate or the time has come.  With the
 * mutex held. */
static void wait_at_gate(struct td_load_gate *gate, uint64_t until_ns)
{
    struct timespec until = {.tv_sec = (time_t)(until_ns / SECOND_NS),
                             .tv_nsec = (long)(until_ns % SECOND_NS)};
    pthread_cond_timedwait(&gate->changed, &gate->mutex, &until);
}

static void collect(struct load *load, struct td_load_pulse *sum)
{
    pthread_mutex_lock(&load->gate.mutex);
    for (uint32_t i = 0; i < load->started; i++)
        td_load_pulse_move(sum, &load->threads[i]->shown);
    pthread_mutex_unlock(&load->gate.mutex);
}

/* Calls the tick; true = stop.  Without the mutex. */
static bool tick(struct load *load, uint64_t now_ns)
{
    struct td_load_live live = {.warming_up = true};
    struct td_load_pulse sum;
    if (!load->tick)
        return false;
    td_load_pulse_init(&sum);
    collect(load, &sum);
    live.answered = sum.answered;
    live.failed = sum.failed;
    live.p50_ms = (double)td_hist_percentile(&sum.latency, 50) * 1e-6;
    live.p99_ms = (double)td_hist_percentile(&sum.latency, 99) * 1e-6;
    if (load->begin_ns && now_ns > load->begin_ns) {
        live.elapsed_s = (double)(now_ns - load->begin_ns) * 1e-9;
        live.rate =
            (double)sum.answered / ((double)(now_ns - load->ticked_ns) * 1e-9);
        live.warming_up = now_ns < load->begin_ns + load->plan->warmup_ns;
    }
    td_load_pulse_release(&sum);
    load->ticked_ns = now_ns;
    return load->tick(load->to, &live);
}

/* Waits until `*count` threads have come so far; ticks each second.  The
 * first "stop" of the tick ends the load, the second the wait for answers. */
static void wait_for_threads(struct load *load, const uint32_t *count)
{
    struct td_load_gate *gate = &load->gate;
    uint64_t next_ns = (load->begin_ns ? load->begin_ns : td_clock_ns()) +
                       SECOND_NS + TICK_DELAY_NS;
    bool all = false;
    while (!all) {
        uint64_t now_ns;
        pthread_mutex_lock(&gate->mutex);
        if (*count < load->started)
            wait_at_gate(gate, next_ns);
        all = *count == load->started;
        pthread_mutex_unlock(&gate->mutex);
        now_ns = td_clock_ns();
        if (all || now_ns < next_ns)
            continue;
        next_ns += SECOND_NS;
        if (tick(load, now_ns))
            atomic_store(atomic_load(&gate->stop) ? &gate->hurry : &gate->stop,
                         true);
    }
}

static void open_gate(struct load *load, uint64_t begin_ns)
{
    pthread_mutex_lock(&load->gate.mutex);
    load->gate.begin_ns = begin_ns;
    pthread_cond_broadcast(&load->gate.changed);
    pthread_mutex_unlock(&load->gate.mutex);
}

/* Lets the threads begin together when all are ready and well. */
static int begin(struct load *load, struct td_err *err)
{
    wait_for_threads(load, &load->gate.ready);
    for (uint32_t i = 0; i < load->started; i++)
        if (load->threads[i]->err.code)
            return td_err_set(err, load->threads[i]->err.code, "%s",
                              load->threads[i]->err.msg);
    if (atomic_load(&load->gate.stop))
        return 0;
    give_samples(load);
    load->begin_ns = td_clock_ns() + BEGIN_DELAY_NS;
    load->ticked_ns = load->begin_ns;
    open_gate(load, load->begin_ns);
    wait_for_threads(load, &load->gate.ended);
    return 0;
}

static void summarise(struct load *load, struct td_load_result *result)
{
    const struct td_load_tally **tallies =
        td_xcalloc(load->started, sizeof(void *));
    for (uint32_t i = 0; i < load->started; i++) {
        tallies[i] = &load->threads[i]->tally;
        result->stopped |= load->threads[i]->stopped;
    }
    td_load_merge(result, load->plan, tallies, load->started);
    result->stopped |= load->begin_ns == 0;
    take_samples(load);
    free(tallies);
}

static void init_gate(struct td_load_gate *gate, bool live)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&gate->mutex, NULL);
    gate->live = live;
}

static void release(struct load *load)
{
    for (uint32_t i = 0; i < load->started; i++) {
        td_load_thread_release(load->threads[i]);
        free(load->threads[i]);
    }
    free(load->threads);
    pthread_cond_destroy(&load->gate.changed);
    pthread_mutex_destroy(&load->gate.mutex);
}

int td_load_run(const struct td_load_plan *plan,
                struct td_load_samples *samples, td_load_tick_fn *tick_fn,
                void *to, struct td_load_result *result, struct td_err *err)
{
    struct load load = {
        .plan = plan, .samples = samples, .tick = tick_fn, .to = to};
    int rc = check_plan(plan, err);
    if (rc)
        return rc;
    init_gate(&load.gate, tick_fn != NULL);
    load.threads = td_xcalloc(plan->threads, sizeof(void *));
    rc = start_threads(&load, err);
    if (!rc)
        rc = begin(&load, err);
    if (load.begin_ns == 0)
        open_gate(&load, UINT64_MAX);
    for (uint32_t i = 0; i < load.started; i++)
        pthread_join(load.threads[i]->id, NULL);
    if (!rc)
        summarise(&load, result);
    release(&load);
    return rc;
}
