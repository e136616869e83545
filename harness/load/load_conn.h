/*
 * load_conn - one connection of a load: connects, writes a request, reads
 * the answer, and tells its thread what came of it.
 *
 * A connection is in one state and in the thread's list of that state.  Two
 * system calls a request: a send and a recv.  Nothing of an answer is kept:
 * it is scanned, compared and forgotten in the thread's one buffer, so that
 * no server can make the generator grow.
 *
 * It knows no schedule: the thread (load_thread.h) says when to connect and
 * what to ask, and decides what follows from what it is told.
 */
#ifndef TD_LOAD_LOAD_CONN_H
#define TD_LOAD_LOAD_CONN_H

#include "load/load.h"
#include "load/response.h"

#include <uv.h>

struct td_load_thread;

enum td_conn_state {
    TD_CONN_WANT,       /* no socket; waits for its turn to connect */
    TD_CONN_CONNECTING, /* without a request */
    TD_CONN_IDLE,       /* can take a request (without keep-alive: no socket) */
    TD_CONN_BUSY,       /* has a request */
    TD_CONN_STATES,     /* each of those has a list; this one has none: */
    TD_CONN_CLOSING     /* until the loop has let the handle go */
};

struct td_load_conn {
    struct td_load_conn *prev, *next;
    struct td_load_thread *thread;
    enum td_conn_state state;
    int fd; /* -1 = none */

    /* Of the request, while BUSY.  sent_ns also says when CONNECTING began. */
    const struct td_load_request *request;
    uint64_t intended_ns, sent_ns;
    size_t written;  /* bytes of the request */
    size_t compared; /* bytes of the body */
    bool connecting; /* BUSY, without keep-alive: not yet connected */
    bool wrong_body;
    struct td_response response;

    /* Of the connection. */
    bool once;           /* was connected before: the next is a reconnect */
    bool answered;       /* an answer has come on this connection */
    uint64_t wire_bytes; /* of requests before the one under way */
    enum td_conn_state after; /* CLOSING: the state that follows */
    uv_poll_t poll;
};

struct td_conn_list {
    struct td_load_conn *first, *last;
    size_t count;
};

/* Puts it at the end of the list of that state (none: TD_CONN_CLOSING). */
void td_load_conn_enter(struct td_load_conn *conn, enum td_conn_state state);

/* From WANT; ends in td_load_thread_connected or _connect_failed, at once or
 * later. */
void td_load_conn_connect(struct td_load_conn *conn, uint64_t now_ns);

/* From IDLE to BUSY.  The fate of the request is told the thread, at once
 * or later. */
void td_load_conn_ask(struct td_load_conn *conn,
                      const struct td_load_request *request,
                      uint64_t intended_ns, uint64_t now_ns);

/* Its request or its attempt has taken too long. */
void td_load_conn_time_out(struct td_load_conn *conn, uint64_t now_ns);

/* Lets the socket go.  When the loop has let go of the handle, the
 * connection enters `after`. */
void td_load_conn_close(struct td_load_conn *conn, enum td_conn_state after);

#endif
