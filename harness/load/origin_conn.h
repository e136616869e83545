/*
 * origin_conn - one connection of the origin: reads requests, waits, writes.
 *
 * A connection is in exactly one state and has exactly one deadline: the
 * moment to go on (WAITING) or to lose patience (all others).  It frees
 * itself in its close callback.
 *
 * It keeps no buffer but the bytes of requests that it cannot answer yet
 * (TD_REQUEST_HEAD_MAX at most) and the rest of a piece that the socket did
 * not take (TD_PIECE_MAX at most); idle or waiting it is below 1 KiB.
 */
#ifndef TD_LOAD_ORIGIN_CONN_H
#define TD_LOAD_ORIGIN_CONN_H

#include "load/alarm.h"
#include "load/deadlines.h"
#include "load/origin_queue.h"
#include "load/origin_reply.h"

struct td_origin_conn;

/* What /stats says. */
struct td_origin_stats {
    uint64_t requests;          /* whose answers were begun or are waited for */
    uint64_t work;              /* of these, to /queue */
    uint64_t first_ns, last_ns; /* arrival of work; 0 = none yet */
    uint64_t accepted;
    uint64_t open, most_open; /* connections */
};

/* What the connections of one server share. */
struct td_origin {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_signal_t on_term, on_int;
    struct td_alarm alarm;
    struct td_deadlines deadlines;
    struct td_origin_conn *first; /* of all the open connections */
    uint64_t idle_ns;
    struct td_service service;
    struct td_queue *queues[TD_QUEUES_MAX]; /* made on first use */
    uint64_t stall_ns, stall_every_ns;      /* 0 = never */
    uint64_t stall_at_ns;                   /* 0 = not before the first work */
    struct td_origin_stats stats;
    char in[TD_REQUEST_HEAD_MAX]; /* what is being read now */
    char out[TD_PIECE_MAX];       /* what is being written now */
};

/* Accepts what the listener has. */
void td_origin_accept(struct td_origin *origin);
/* Acts on every deadline that has passed and arms the alarm for the next. */
void td_origin_run_due(struct td_origin *origin);
void td_origin_close_all(struct td_origin *origin);

/* origin_work.c: a request for work has come; when is it served? */
uint64_t td_origin_work(struct td_origin *origin, uint32_t queue,
                        uint64_t now_ns);
/* Does nothing at all for the time of a stall that is due. */
void td_origin_stall(struct td_origin *origin);
/* The body of /stats. */
enum { TD_STATS_MAX = 512 };
void td_origin_say_stats(const struct td_origin *origin,
                         char out[TD_STATS_MAX]);
void td_origin_release_queues(struct td_origin *origin);

#endif
