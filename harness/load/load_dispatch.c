#include "load/load_thread.h"

#include "base/clock.h"

#include <errno.h>
#include <string.h>

enum {
    SENDS_A_TURN = 32, /* then answers have their turn */
    CONNECTING_MAX = 64,
    CONNECTS_A_BURST = 16 /* one every PAUSE_NS, for small accept queues */
};
#define PAUSE_NS UINT64_C(1000000)
#define BACKOFF_FIRST_NS UINT64_C(5000000)
#define BACKOFF_MAX_NS UINT64_C(100000000)

static bool is_open_loop(const struct td_load_thread *thread)
{
    return thread->plan->rate > 0;
}

bool td_load_thread_is_refused(const struct td_load_thread *thread)
{
    return thread->refused && thread->lists[TD_CONN_IDLE].count == 0 &&
           thread->lists[TD_CONN_BUSY].count == 0;
}

static void back_off(struct td_load_thread *thread, uint64_t now_ns)
{
    uint64_t longer = thread->backoff_ns * 2;
    if (longer < BACKOFF_FIRST_NS)
        longer = BACKOFF_FIRST_NS;
    thread->backoff_ns = longer < BACKOFF_MAX_NS ? longer : BACKOFF_MAX_NS;
    thread->connect_at_ns = now_ns + thread->backoff_ns;
}

static void ask(struct td_load_thread *thread, struct td_load_conn *conn,
                uint64_t intended_ns, uint64_t now_ns)
{
    size_t which = td_load_mix_draw(&thread->mix);
    td_load_conn_ask(conn, &thread->plan->requests->at[which], intended_ns,
                     now_ns);
}

/* Closed loop: an intended time comes up when a connection is there. */
static void enter_now(struct td_load_thread *thread, uint64_t now_ns)
{
    td_load_tally_due(&thread->tally, now_ns);
    if (thread->quota != UINT64_MAX &&
        td_load_tally_holds(&thread->tally, now_ns))
        thread->quota--;
}

static void fail_unconnected(struct td_load_thread *thread, int error,
                             uint64_t intended_ns, uint64_t now_ns)
{
    enum td_load_failure failure = error == -ECONNREFUSED
                                       ? TD_LOAD_CONNECT_REFUSED
                                       : TD_LOAD_CONNECT_OTHER;
    if (td_load_tally_failed(&thread->tally, failure, intended_ns, now_ns))
        td_load_tally_explain(&thread->tally, "%s", strerror(-error));
}

/*
 * The alarm has passed: from then to now the generator was away, be it by
 * the few microseconds that waking up takes or because another process had
 * its CPU.  Requests due meanwhile waited for the generator, whether or not
 * a connection was free as it came back: answers may have lain unread.
 * The longest pause of which requests are still waiting is remembered.
 */
static void note_pause(struct td_load_thread *thread, uint64_t now_ns)
{
    struct td_load_pause *pause = &thread->pause;
    if (thread->armed_ns == 0 || now_ns <= thread->armed_ns)
        return;
    if (thread->schedule.next_ns < pause->to_ns &&
        now_ns - thread->armed_ns < pause->to_ns - pause->from_ns)
        return;
    pause->from_ns = thread->armed_ns;
    pause->to_ns = now_ns;
}

/* What of the request's wait is the generator's doing. */
static void record_lag(struct td_load_thread *thread, uint64_t intended_ns,
                       uint64_t now_ns)
{
    const struct td_load_pause *pause = &thread->pause;
    if (thread->idle_since_ns <= intended_ns)
        td_load_tally_lag(&thread->tally, intended_ns, now_ns);
    else if (intended_ns >= pause->from_ns && intended_ns < pause->to_ns)
        td_load_tally_lag(&thread->tally, intended_ns, pause->to_ns);
}

/* Takes the next intended time, which has come; false: it has to wait. */
static bool send_next(struct td_load_thread *thread, uint64_t now_ns)
{
    struct td_load_conn *conn = thread->lists[TD_CONN_IDLE].first;
    uint64_t intended_ns = thread->schedule.next_ns;
    if (!conn && !td_load_thread_is_refused(thread))
        return false;
    td_load_schedule_advance(&thread->schedule);
    td_load_tally_due(&thread->tally, intended_ns);
    if (!conn) {
        fail_unconnected(thread, thread->refused, intended_ns, now_ns);
        return true;
    }
    record_lag(thread, intended_ns, now_ns);
    ask(thread, conn, intended_ns, now_ns);
    return true;
}

static void dispatch_open(struct td_load_thread *thread, uint64_t now_ns)
{
    const struct td_load_schedule *schedule = &thread->schedule;
    note_pause(thread, now_ns);
    for (int n = 0; n < SENDS_A_TURN && schedule->next_ns <= now_ns &&
                    schedule->next_ns < thread->tally.to_ns;
         n++) {
        if (!send_next(thread, now_ns))
            return;
        now_ns = td_clock_ns();
    }
}

static void dispatch_closed(struct td_load_thread *thread, uint64_t now_ns)
{
    const struct td_conn_list *idle = &thread->lists[TD_CONN_IDLE];
    while (idle->first && thread->phase == TD_LOAD_RUNNING &&
           thread->quota > 0 && now_ns < thread->tally.to_ns) {
        enter_now(thread, now_ns);
        ask(thread, idle->first, now_ns, now_ns);
        if (idle->first)
            now_ns = td_clock_ns();
    }
}

/* A request that fails while it is being sent leads here again: the first
 * call goes on with what follows, else the stack would hold a frame for
 * every dead connection. */
void td_load_thread_dispatch(struct td_load_thread *thread, uint64_t now_ns)
{
    if (thread->dispatching ||
        (thread->phase != TD_LOAD_RUNNING && thread->phase != TD_LOAD_DRAINING))
        return;
    thread->dispatching = true;
    if (is_open_loop(thread))
        dispatch_open(thread, now_ns);
    else
        dispatch_closed(thread, now_ns);
    thread->dispatching = false;
}

/* At the beginning, and when a server that was gone is back, connections
 * come in such numbers that they would overflow its accept queue. */
static bool has_to_pause(struct td_load_thread *thread)
{
    if (thread->phase != TD_LOAD_OPENING && thread->backoff_ns == 0)
        return false;
    if (thread->burst++ < CONNECTS_A_BURST)
        return false;
    thread->burst = 0;
    return true;
}

void td_load_thread_connect(struct td_load_thread *thread, uint64_t now_ns)
{
    const struct td_conn_list *want = &thread->lists[TD_CONN_WANT];
    const struct td_conn_list *connecting = &thread->lists[TD_CONN_CONNECTING];
    while (want->first && now_ns >= thread->connect_at_ns &&
           connecting->count < (thread->refused ? 1 : CONNECTING_MAX)) {
        if (!thread->plan->keepalive)
            td_load_thread_closed(want->first, TD_CONN_IDLE);
        else if (has_to_pause(thread))
            thread->connect_at_ns = now_ns + PAUSE_NS;
        else
            td_load_conn_connect(want->first, now_ns);
    }
}

/* All have the same patience: the lists are in the order of their ends. */
void td_load_thread_time_out(struct td_load_thread *thread, uint64_t now_ns)
{
    static const enum td_conn_state states[] = {TD_CONN_BUSY,
                                                TD_CONN_CONNECTING};
    for (int i = 0; i < 2; i++) {
        const struct td_conn_list *list = &thread->lists[states[i]];
        while (list->first &&
               now_ns - list->first->sent_ns >= thread->plan->timeout_ns)
            td_load_conn_time_out(list->first, now_ns);
    }
}

/* Where a connection without a socket waits. */
static enum td_conn_state unconnected(const struct td_load_thread *thread)
{
    return thread->plan->keepalive ? TD_CONN_WANT : TD_CONN_IDLE;
}

static void make_idle(struct td_load_conn *conn, uint64_t now_ns)
{
    struct td_load_thread *thread = conn->thread;
    if (thread->lists[TD_CONN_IDLE].count == 0)
        thread->idle_since_ns = now_ns;
    td_load_conn_enter(conn, TD_CONN_IDLE);
}

void td_load_thread_connected(struct td_load_conn *conn, uint64_t now_ns)
{
    struct td_load_thread *thread = conn->thread;
    thread->tally.connects++;
    if (conn->once && thread->plan->keepalive)
        thread->tally.reconnects++;
    conn->once = true;
    if (thread->refused)
        thread->connect_at_ns = 0;
    thread->refused = 0;
    if (conn->state == TD_CONN_BUSY)
        return;
    make_idle(conn, now_ns);
    td_load_thread_dispatch(thread, now_ns);
}

/* Closed loop: the attempt was a request's.  Open loop: requests that are
 * due find out in dispatch. */
void td_load_thread_connect_failed(struct td_load_conn *conn, int error,
                                   uint64_t now_ns)
{
    struct td_load_thread *thread = conn->thread;
    bool open = is_open_loop(thread);
    thread->refused = error;
    back_off(thread, now_ns);
    if (conn->state == TD_CONN_BUSY) {
        fail_unconnected(thread, error, conn->intended_ns, now_ns);
    } else if (!open && thread->phase == TD_LOAD_RUNNING &&
               now_ns < thread->tally.to_ns && thread->quota > 0) {
        enter_now(thread, now_ns);
        fail_unconnected(thread, error, now_ns, now_ns);
    }
    td_load_conn_close(conn, open ? unconnected(thread) : TD_CONN_WANT);
    td_load_thread_dispatch(thread, now_ns);
}

void td_load_thread_closed(struct td_load_conn *conn, enum td_conn_state state)
{
    if (state == TD_CONN_IDLE)
        make_idle(conn, td_clock_ns());
    else
        td_load_conn_enter(conn, state);
}

static void finish(struct td_load_conn *conn, bool keep, uint64_t now_ns)
{
    struct td_load_thread *thread = conn->thread;
    if (keep && thread->plan->keepalive)
        make_idle(conn, now_ns);
    else
        td_load_conn_close(conn, unconnected(thread));
    td_load_thread_dispatch(thread, now_ns);
}

void td_load_thread_answered(struct td_load_conn *conn, bool keep,
                             uint64_t now_ns)
{
    struct td_load_thread *thread = conn->thread;
    struct td_load_sample sample = {
        .intended_ns = conn->intended_ns,
        .sent_ns = conn->sent_ns,
        .end_ns = now_ns,
        .request = (uint32_t)(conn->request - thread->plan->requests->at)};
    td_load_tally_answered(&thread->tally, &sample);
    thread->backoff_ns = 0;
    finish(conn, keep, now_ns);
}

void td_load_thread_failed(struct td_load_conn *conn,
                           enum td_load_failure failure, bool keep,
                           const char *detail, uint64_t now_ns)
{
    struct td_load_tally *tally = &conn->thread->tally;
    if (td_load_tally_failed(tally, failure, conn->intended_ns, now_ns))
        td_load_tally_explain(tally, "%s", detail);
    finish(conn, keep, now_ns);
}

/* A server that closes connections it has not even answered on is not asked
 * for new ones without end. */
void td_load_thread_idle_lost(struct td_load_conn *conn, uint64_t now_ns)
{
    if (!conn->answered)
        back_off(conn->thread, now_ns);
    td_load_conn_close(conn, TD_CONN_WANT);
}
