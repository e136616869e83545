#include "load/load_thread.h"

#include "base/clock.h"
#include "host/placement.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#define HOUSEKEEPING_NS UINT64_C(100000000)
/* Between answers, so that a pause of the generator's own is noticed. */
#define HEARTBEAT_NS UINT64_C(1000000)
#define SECOND_NS UINT64_C(1000000000)
#define OPENING_NS (10 * SECOND_NS)

static uint64_t thread_cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When there is something to do though nothing comes. */
static uint64_t next_deadline(const struct td_load_thread *thread,
                              uint64_t now_ns)
{
    const struct td_conn_list *lists = thread->lists;
    const struct td_load_tally *tally = &thread->tally;
    uint64_t patience_ns = thread->plan->timeout_ns;
    uint64_t at = now_ns + HOUSEKEEPING_NS;
    if (lists[TD_CONN_BUSY].first) {
        at = earlier(at, lists[TD_CONN_BUSY].first->sent_ns + patience_ns);
        if (thread->plan->rate > 0)
            at = earlier(at, now_ns + HEARTBEAT_NS);
    }
    if (lists[TD_CONN_CONNECTING].first)
        at =
            earlier(at, lists[TD_CONN_CONNECTING].first->sent_ns + patience_ns);
    if (lists[TD_CONN_WANT].first)
        at = earlier(at, thread->connect_at_ns);
    if (thread->phase == TD_LOAD_OPENING)
        return at;
    at = earlier(at, thread->phase == TD_LOAD_RUNNING ? tally->to_ns
                                                      : thread->drained_ns);
    if (!thread->counting)
        at = earlier(at, tally->from_ns);
    if (thread->schedule.next_ns < tally->to_ns &&
        (lists[TD_CONN_IDLE].first || td_load_thread_is_refused(thread)))
        at = earlier(at, thread->schedule.next_ns);
    return at;
}

static void on_alarm(struct td_alarm *alarm)
{
    (void)alarm; /* it has ended the wait; the next turn looks at the clock */
}

/* Waits for something to happen, then handles it.  An alarm that is set too
 * early only costs a turn, one that is moved costs a system call: it is
 * moved forward alone. */
static void wait_for_events(struct td_load_thread *thread, uint64_t now_ns)
{
    uint64_t at;
    if (thread->plan->busy_poll) {
        uv_run(&thread->loop, UV_RUN_NOWAIT);
        return;
    }
    at = next_deadline(thread, now_ns);
    if (at < 1)
        at = 1;
    if (thread->alarm.at_ns == 0 || at < thread->alarm.at_ns) {
        td_alarm_set(&thread->alarm, at);
        thread->armed_ns = at;
    }
    uv_run(&thread->loop, UV_RUN_ONCE);
}

/* Opens the connections before the load begins: until all are open, one was
 * refused, patience ends or it is called off. */
static void open_connections(struct td_load_thread *thread)
{
    uint64_t now_ns = td_clock_ns(), end_ns = now_ns + OPENING_NS;
    thread->phase = TD_LOAD_OPENING;
    while (thread->lists[TD_CONN_IDLE].count < thread->nconns &&
           thread->backoff_ns == 0 && now_ns < end_ns &&
           !atomic_load(&thread->gate->stop)) {
        td_load_thread_connect(thread, now_ns);
        td_load_thread_time_out(thread, now_ns);
        wait_for_events(thread, now_ns);
        now_ns = td_clock_ns();
    }
}

static void sleep_until(uint64_t at_ns)
{
    struct timespec at = {.tv_sec = (time_t)(at_ns / SECOND_NS),
                          .tv_nsec = (long)(at_ns % SECOND_NS)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

/* Says that it is ready and waits for the beginning; false: the load is
 * called off. */
static bool pass_gate(struct td_load_thread *thread)
{
    struct td_load_gate *gate = thread->gate;
    uint64_t begin_ns;
    pthread_mutex_lock(&gate->mutex);
    gate->ready++;
    pthread_cond_broadcast(&gate->changed);
    while (gate->begin_ns == 0)
        pthread_cond_wait(&gate->changed, &gate->mutex);
    begin_ns = gate->begin_ns;
    pthread_mutex_unlock(&gate->mutex);
    if (begin_ns == UINT64_MAX)
        return false;
    td_load_schedule_init(&thread->schedule, thread->plan, thread->index,
                          begin_ns);
    thread->tally.from_ns = begin_ns + thread->plan->warmup_ns;
    if (thread->plan->duration_ns)
        thread->tally.to_ns = thread->tally.from_ns + thread->plan->duration_ns;
    thread->pulse_at_ns = begin_ns + SECOND_NS;
    sleep_until(begin_ns);
    return true;
}

static void begin_counting(struct td_load_thread *thread)
{
    thread->counting = true;
    thread->cpu_begin_ns = thread_cpu_ns();
}

static void end_counting(struct td_load_thread *thread, uint64_t now_ns)
{
    if (thread->counting)
        thread->tally.cpu_ns = thread_cpu_ns() - thread->cpu_begin_ns;
    thread->phase = TD_LOAD_DRAINING;
    thread->drained_ns = now_ns + thread->plan->drain_ns;
}

static bool has_drained(const struct td_load_thread *thread, uint64_t now_ns)
{
    bool all = thread->lists[TD_CONN_BUSY].count == 0 &&
               thread->schedule.next_ns >= thread->tally.to_ns;
    return all || now_ns >= thread->drained_ns ||
           atomic_load_explicit(&thread->gate->hurry, memory_order_relaxed);
}

static void change_phase(struct td_load_thread *thread, uint64_t now_ns)
{
    struct td_load_tally *tally = &thread->tally;
    if (!thread->counting && now_ns >= tally->from_ns)
        begin_counting(thread);
    if (thread->phase == TD_LOAD_RUNNING && now_ns < tally->to_ns &&
        atomic_load_explicit(&thread->gate->stop, memory_order_relaxed)) {
        tally->to_ns = now_ns;
        thread->stopped = true;
    }
    if (thread->phase == TD_LOAD_RUNNING &&
        (now_ns >= tally->to_ns || thread->quota == 0))
        end_counting(thread, now_ns);
    if (thread->phase == TD_LOAD_DRAINING && has_drained(thread, now_ns)) {
        /* A load by number ends with its last answer. */
        tally->to_ns = earlier(tally->to_ns, now_ns);
        thread->phase = TD_LOAD_ENDED;
    }
}

static void show_pulse(struct td_load_thread *thread, uint64_t now_ns)
{
    if (!thread->gate->live || now_ns < thread->pulse_at_ns)
        return;
    thread->pulse_at_ns += SECOND_NS;
    pthread_mutex_lock(&thread->gate->mutex);
    td_load_pulse_move(&thread->shown, &thread->tally.pulse);
    pthread_mutex_unlock(&thread->gate->mutex);
}

/* What has no answer by now has none. */
static void censor(struct td_load_thread *thread)
{
    struct td_load_tally *tally = &thread->tally;
    struct td_load_schedule *schedule = &thread->schedule;
    uint64_t now_ns = td_clock_ns();
    for (struct td_load_conn *conn = thread->lists[TD_CONN_BUSY].first; conn;
         conn = conn->next)
        td_load_tally_censored(tally, conn->intended_ns, now_ns, false);
    for (; schedule->next_ns < tally->to_ns; td_load_schedule_advance(schedule))
        td_load_tally_censored(tally, schedule->next_ns, now_ns, true);
}

static void run_load(struct td_load_thread *thread)
{
    uint64_t now_ns = td_clock_ns();
    thread->phase = TD_LOAD_RUNNING;
    while (thread->phase != TD_LOAD_ENDED) {
        td_load_thread_time_out(thread, now_ns);
        td_load_thread_connect(thread, now_ns);
        td_load_thread_dispatch(thread, now_ns);
        show_pulse(thread, now_ns);
        wait_for_events(thread, now_ns);
        now_ns = td_clock_ns();
        change_phase(thread, now_ns);
    }
    censor(thread);
}

static void set_manners(struct td_load_thread *thread)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    prctl(PR_SET_TIMERSLACK, 1UL);
    td_placement_pin(thread->plan->cpus, &thread->err);
}

static void *run_thread(void *arg)
{
    struct td_load_thread *thread = arg;
    set_manners(thread);
    if (thread->plan->keepalive && !thread->err.code)
        open_connections(thread);
    if (pass_gate(thread))
        run_load(thread);
    pthread_mutex_lock(&thread->gate->mutex);
    thread->gate->ended++;
    pthread_cond_broadcast(&thread->gate->changed);
    pthread_mutex_unlock(&thread->gate->mutex);
    return NULL;
}

static void init_connections(struct td_load_thread *thread)
{
    enum td_conn_state state =
        thread->plan->keepalive ? TD_CONN_WANT : TD_CONN_IDLE;
    thread->conns = td_xcalloc(thread->nconns, sizeof *thread->conns);
    for (uint32_t i = 0; i < thread->nconns; i++) {
        thread->conns[i].thread = thread;
        thread->conns[i].fd = -1;
        thread->conns[i].state = TD_CONN_CLOSING;
        td_load_conn_enter(&thread->conns[i], state);
    }
}

int td_load_thread_start(struct td_load_thread *thread, struct td_err *err)
{
    int rc = uv_loop_init(&thread->loop);
    if (rc)
        return td_err_sys(err, rc, "cannot make an event loop");
    rc = td_alarm_init(&thread->alarm, &thread->loop, on_alarm, err);
    if (rc) {
        uv_run(&thread->loop, UV_RUN_DEFAULT);
        uv_loop_close(&thread->loop);
        return rc;
    }
    init_connections(thread);
    td_load_mix_init(&thread->mix, thread->plan->requests, thread->plan->seed,
                     thread->index);
    td_load_tally_init(&thread->tally);
    td_load_pulse_init(&thread->shown);
    rc = -pthread_create(&thread->id, NULL, run_thread, thread);
    if (rc) {
        td_load_thread_release(thread);
        return td_err_set(err, TD_EDEPENDENCY,
                          "cannot start thread %u of the load: %s",
                          thread->index + 1, uv_strerror(rc));
    }
    return 0;
}

void td_load_thread_release(struct td_load_thread *thread)
{
    for (uint32_t i = 0; i < thread->nconns; i++)
        td_load_conn_close(&thread->conns[i], TD_CONN_WANT);
    td_alarm_close(&thread->alarm);
    uv_run(&thread->loop, UV_RUN_DEFAULT);
    uv_loop_close(&thread->loop);
    free(thread->conns);
    td_load_schedule_release(&thread->schedule);
    td_load_mix_release(&thread->mix);
    td_load_tally_release(&thread->tally);
    td_load_pulse_release(&thread->shown);
}
