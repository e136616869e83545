#include "load/origin_conn.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* How long a closing side waits for the peer's FIN: closing at once with
 * unread bytes would send RST, which can destroy the answer on its way. */
#define LINGER_NS UINT64_C(1000000000)

enum state {
    READING,  /* for a request */
    WAITING,  /* until the answer is due */
    WRITING,  /* the rest of an answer that did not fit */
    LINGERING /* everything said; waits for the peer's end */
};

struct td_origin_conn {
    uv_tcp_t tcp;
    uv_write_t write;
    uv_shutdown_t shutdown;
    struct td_deadline deadline;
    struct td_origin *origin;
    struct td_origin_conn *prev, *next;
    enum state state;
    bool stopped;        /* not reading: the buffer was full */
    bool ended;          /* the peer will send no more */
    bool keep_alive;     /* after the answer in `out` */
    uint64_t skip_bytes; /* of a request's body, still to come */
    size_t in_len, out_len;
    char in[TD_REQUEST_HEAD_MAX];
    char out[TD_REPLY_MAX];
};

static struct td_origin_conn *conn_of_deadline(struct td_deadline *node)
{
    return (struct td_origin_conn *)(void *)((char *)node -
                                             offsetof(struct td_origin_conn,
                                                      deadline));
}

static void on_close(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_conn(struct td_origin_conn *conn)
{
    struct td_origin *origin = conn->origin;
    if (uv_is_closing((uv_handle_t *)&conn->tcp))
        return;
    td_deadlines_remove(&origin->deadlines, &conn->deadline);
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        origin->first = conn->next;
    if (conn->next)
        conn->next->prev = conn->prev;
    uv_close((uv_handle_t *)&conn->tcp, on_close);
}

static void enter(struct td_origin_conn *conn, enum state state,
                  uint64_t from_ns, uint64_t patience_ns)
{
    conn->state = state;
    td_deadlines_set(&conn->origin->deadlines, &conn->deadline,
                     from_ns + patience_ns);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    struct td_origin_conn *conn = request->data;
    if (status < 0 || conn->ended)
        close_conn(conn);
}

static void linger(struct td_origin_conn *conn)
{
    conn->in_len = 0;
    conn->shutdown.data = conn;
    enter(conn, LINGERING, td_clock_ns(), LINGER_NS);
    if (uv_shutdown(&conn->shutdown, (uv_stream_t *)&conn->tcp, on_shutdown))
        close_conn(conn);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct td_origin_conn *conn = handle->data;
    (void)suggested;
    buf->base = conn->in + conn->in_len;
    buf->len = sizeof conn->in - conn->in_len;
}

static void advance(struct td_origin_conn *conn);
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void consume(struct td_origin_conn *conn, size_t n)
{
    memmove(conn->in, conn->in + n, conn->in_len - n);
    conn->in_len -= n;
    if (conn->stopped && n) {
        conn->stopped = false;
        uv_read_start((uv_stream_t *)&conn->tcp, on_alloc, on_read);
    }
}

static void replied(struct td_origin_conn *conn)
{
    if (conn->keep_alive)
        enter(conn, READING, td_clock_ns(), conn->origin->idle_ns);
    else
        linger(conn);
}

static void on_written(uv_write_t *request, int status)
{
    struct td_origin_conn *conn = request->data;
    if (status < 0) {
        close_conn(conn);
        return;
    }
    replied(conn);
    advance(conn);
    td_origin_run_due(conn->origin);
}

/* Writes the answer: nearly always in one call. */
static void send_reply(struct td_origin_conn *conn)
{
    uv_stream_t *stream = (uv_stream_t *)&conn->tcp;
    uv_buf_t buf = uv_buf_init(conn->out, (unsigned)conn->out_len);
    int n = uv_try_write(stream, &buf, 1);
    if (n == (int)conn->out_len) {
        replied(conn);
        return;
    }
    if (n < 0 && n != UV_EAGAIN) {
        close_conn(conn);
        return;
    }
    n = n < 0 ? 0 : n;
    buf = uv_buf_init(conn->out + n, (unsigned)conn->out_len - (unsigned)n);
    conn->write.data = conn;
    enter(conn, WRITING, td_clock_ns(), conn->origin->idle_ns);
    if (uv_write(&conn->write, stream, &buf, 1, on_written))
        close_conn(conn);
}

static void reply(struct td_origin_conn *conn, const struct td_reply *answer)
{
    conn->keep_alive = answer->keep_alive;
    conn->out_len = td_reply_compose(answer, conn->out);
    if (answer->delay_ns)
        enter(conn, WAITING, td_clock_ns(), answer->delay_ns);
    else
        send_reply(conn);
}

static void skip_body(struct td_origin_conn *conn)
{
    size_t n = conn->in_len < conn->skip_bytes ? conn->in_len
                                               : (size_t)conn->skip_bytes;
    conn->skip_bytes -= n;
    consume(conn, n);
}

/* Takes one request from the buffer; false when there is none. */
static bool next_request(struct td_origin_conn *conn)
{
    struct td_request request;
    struct td_reply answer;
    long n;
    skip_body(conn);
    n = td_request_parse(conn->in, conn->in_len, &request);
    if (n == 0)
        return false;
    if (n < 0) {
        answer = (struct td_reply){.status = (int)-n};
        reply(conn, &answer);
        return true;
    }
    td_reply_route(&request, &answer);
    conn->skip_bytes = request.body_bytes;
    reply(conn, &answer);
    if (conn->state != LINGERING)
        consume(conn, (size_t)n);
    return true;
}

/* Goes on until a request has to wait or more bytes are needed. */
static void advance(struct td_origin_conn *conn)
{
    while (conn->state == READING && !uv_is_closing((uv_handle_t *)&conn->tcp))
        if (!next_request(conn)) {
            if (conn->ended)
                close_conn(conn);
            break;
        }
}

/* The peer ended its side: what it asked for before is still answered. */
static void on_end(struct td_origin_conn *conn, ssize_t code)
{
    conn->ended = true;
    uv_read_stop((uv_stream_t *)&conn->tcp);
    if (code != UV_EOF || conn->state == READING || conn->state == LINGERING)
        close_conn(conn);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct td_origin_conn *conn = stream->data;
    (void)buf;
    if (n == UV_ENOBUFS) {
        conn->stopped = true;
        uv_read_stop(stream);
    } else if (n < 0) {
        on_end(conn, n);
    } else if (conn->state != LINGERING) {
        conn->in_len += (size_t)n;
        advance(conn);
    }
    td_origin_run_due(conn->origin);
}

void td_origin_accept(struct td_origin *origin)
{
    struct td_origin_conn *conn = td_xcalloc(1, sizeof *conn);
    uv_stream_t *stream = (uv_stream_t *)&conn->tcp;
    conn->origin = origin;
    conn->deadline = (struct td_deadline)TD_DEADLINE_INIT;
    if (uv_tcp_init(&origin->loop, &conn->tcp)) {
        free(conn);
        return;
    }
    conn->tcp.data = conn;
    conn->next = origin->first;
    if (conn->next)
        conn->next->prev = conn;
    origin->first = conn;
    enter(conn, READING, td_clock_ns(), origin->idle_ns);
    if (uv_accept((uv_stream_t *)&origin->listener, stream) ||
        uv_tcp_nodelay(&conn->tcp, 1) ||
        uv_read_start(stream, on_alloc, on_read))
        close_conn(conn);
    td_origin_run_due(origin);
}

static void on_deadline(struct td_origin_conn *conn)
{
    if (conn->state != WAITING) {
        close_conn(conn);
        return;
    }
    send_reply(conn);
    advance(conn);
}

void td_origin_run_due(struct td_origin *origin)
{
    struct td_deadline *first;
    while ((first = td_deadlines_first(&origin->deadlines)) &&
           first->at_ns <= td_clock_ns())
        on_deadline(conn_of_deadline(first));
    td_alarm_set(&origin->alarm, first ? first->at_ns : 0);
}

void td_origin_close_all(struct td_origin *origin)
{
    while (origin->first)
        close_conn(origin->first);
}
