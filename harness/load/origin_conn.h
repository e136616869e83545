/*
 * origin_conn - one connection of the origin: reads requests, waits, writes.
 *
 * A connection is in exactly one state and has exactly one deadline: the
 * moment to answer (WAITING) or to lose patience (all others).  It frees
 * itself in its close callback.
 */
#ifndef TD_LOAD_ORIGIN_CONN_H
#define TD_LOAD_ORIGIN_CONN_H

#include "load/alarm.h"
#include "load/deadlines.h"
#include "load/origin_reply.h"

struct td_origin_conn;

/* What the connections of one server share. */
struct td_origin {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_signal_t on_term, on_int;
    struct td_alarm alarm;
    struct td_deadlines deadlines;
    struct td_origin_conn *first; /* of all the open connections */
    uint64_t idle_ns;
};

/* Accepts what the listener has. */
void td_origin_accept(struct td_origin *origin);
/* Acts on every deadline that has passed and arms the alarm for the next. */
void td_origin_run_due(struct td_origin *origin);
void td_origin_close_all(struct td_origin *origin);

#endif
