/*
 * load_thread - one thread of a load: a loop, its connections, its schedule
 * and its books.  Shares nothing with the others but the gate they start at
 * and the word that ends them.
 *
 * Each turn of the loop: look at the clock, end what has had its time, send
 * what is due, set the alarm, wait.  Whatever comes meanwhile sends what is
 * due as well, so that a long batch of answers delays no request.
 */
#ifndef TD_LOAD_LOAD_THREAD_H
#define TD_LOAD_LOAD_THREAD_H

#include "load/alarm.h"
#include "load/load_conn.h"
#include "load/load_schedule.h"
#include "load/load_tally.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum { TD_LOAD_READ_BYTES = 65536 };

/* What threads and the one that started them have in common. */
struct td_load_gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* waits on CLOCK_MONOTONIC */
    uint32_t ready, ended;  /* threads */
    uint64_t begin_ns;      /* 0 = not yet; UINT64_MAX = never: give up */
    bool live;              /* somebody looks at `shown` */
    atomic_bool stop;       /* end the measured time now */
    atomic_bool hurry;      /* and do not wait for answers */
};

enum td_load_phase {
    TD_LOAD_OPENING,
    TD_LOAD_RUNNING,
    TD_LOAD_DRAINING,
    TD_LOAD_ENDED
};

/* When the generator should have done something and did not: [from, to). */
struct td_load_pause {
    uint64_t from_ns, to_ns;
};

struct td_load_thread {
    const struct td_load_plan *plan;
    struct td_load_gate *gate;
    uint32_t index;
    uint32_t nconns;
    uint64_t quota; /* measured requests, closed loop; UINT64_MAX = any */
    struct sockaddr_storage address;
    pthread_t id;
    struct td_err err;

    uv_loop_t loop;
    struct td_alarm alarm;
    enum td_load_phase phase;
    struct td_load_conn *conns;
    struct td_conn_list lists[TD_CONN_STATES];
    uint64_t idle_since_ns; /* when the first of the idle ones came */
    uint64_t armed_ns;      /* what the alarm was set to last; 0 = never */
    struct td_load_pause pause;

    int refused;         /* -errno of the last attempt to connect; 0 = fine */
    uint64_t backoff_ns; /* grows while attempts fail */
    uint64_t connect_at_ns; /* no attempt before */
    unsigned burst;         /* attempts since the last pause */
    bool dispatching;

    struct td_load_schedule schedule;
    struct td_load_mix mix;
    struct td_load_tally tally;
    uint64_t cpu_begin_ns, drained_ns; /* drained: when patience ends */
    bool counting;                     /* the measured time has begun */
    bool stopped;                      /* it was ended early */

    uint64_t pulse_at_ns;
    struct td_load_pulse shown; /* under the gate's mutex */

    char buffer[TD_LOAD_READ_BYTES];
};

/* plan, gate, index, nconns, quota and address are set; the rest is zero.
 * The thread runs until its plan has ended or the gate says "never". */
int td_load_thread_start(struct td_load_thread *thread, struct td_err *err);
/* After it was joined. */
void td_load_thread_release(struct td_load_thread *thread);

/* Sends what is due and can be sent; opens what is to be opened and may be;
 * ends what has had its time.  (load_dispatch.c) */
void td_load_thread_dispatch(struct td_load_thread *thread, uint64_t now_ns);
void td_load_thread_connect(struct td_load_thread *thread, uint64_t now_ns);
void td_load_thread_time_out(struct td_load_thread *thread, uint64_t now_ns);
/* No connection is open, and the server refuses new ones: what is due fails
 * at once. */
bool td_load_thread_is_refused(const struct td_load_thread *thread);

/* What connections tell.  (load_dispatch.c) */
void td_load_thread_connected(struct td_load_conn *conn, uint64_t now_ns);
void td_load_thread_connect_failed(struct td_load_conn *conn, int error,
                                   uint64_t now_ns);
/* BUSY ones: the request's fate; keep: the connection can carry another. */
void td_load_thread_answered(struct td_load_conn *conn, bool keep,
                             uint64_t now_ns);
void td_load_thread_failed(struct td_load_conn *conn,
                           enum td_load_failure failure, bool keep,
                           const char *detail, uint64_t now_ns);
/* Its socket is gone, and what follows is `state`. */
void td_load_thread_closed(struct td_load_conn *conn, enum td_conn_state state);
/* The server has closed it while it was idle. */
void td_load_thread_idle_lost(struct td_load_conn *conn, uint64_t now_ns);

#endif
