#include "load/origin_conn.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* How long a closing side waits for the peer's FIN: closing at once with
 * unread bytes would send RST, which can destroy the answer on its way. */
#define LINGER_NS UINT64_C(1000000000)

enum state {
    READING,   /* for a request */
    WAITING,   /* until the next piece of an answer is due */
    WRITING,   /* the rest of a piece that did not fit */
    HANGING,   /* will say nothing more */
    LINGERING, /* everything said; waits for the peer's end */
    GONE       /* closing */
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
    uint64_t skip_bytes; /* of a request's body, still to come */
    struct td_reply reply;
    uint64_t piece;   /* number of the reply's next one */
    char *rest;       /* of a piece, while WRITING; owned */
    struct td_buf in; /* not answered yet */
};

static struct td_origin_conn *conn_of_deadline(struct td_deadline *node)
{
    return (struct td_origin_conn *)(void *)((char *)node -
                                             offsetof(struct td_origin_conn,
                                                      deadline));
}

static void on_close(uv_handle_t *handle)
{
    struct td_origin_conn *conn = handle->data;
    td_buf_release(&conn->in);
    free(conn->rest);
    free(conn);
}

/* Takes it out of all that the origin knows; the handle is still to close. */
static void forget(struct td_origin_conn *conn)
{
    struct td_origin *origin = conn->origin;
    td_deadlines_remove(&origin->deadlines, &conn->deadline);
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        origin->first = conn->next;
    if (conn->next)
        conn->next->prev = conn->prev;
    origin->stats.open--;
    conn->state = GONE;
}

static void close_conn(struct td_origin_conn *conn)
{
    if (conn->state == GONE)
        return;
    forget(conn);
    uv_close((uv_handle_t *)&conn->tcp, on_close);
}

static void reset_conn(struct td_origin_conn *conn)
{
    forget(conn);
    if (uv_tcp_close_reset(&conn->tcp, on_close))
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
    conn->shutdown.data = conn;
    enter(conn, LINGERING, td_clock_ns(), LINGER_NS);
    if (uv_shutdown(&conn->shutdown, (uv_stream_t *)&conn->tcp, on_shutdown))
        close_conn(conn);
}

/* Reads go into the buffer that all share; what has to wait is kept. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct td_origin_conn *conn = handle->data;
    (void)suggested;
    buf->base = conn->origin->in;
    buf->len = sizeof conn->origin->in - conn->in.len;
}

static void advance(struct td_origin_conn *conn);
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void end_reply(struct td_origin_conn *conn)
{
    uint64_t idle_ns = conn->origin->idle_ns;
    switch (conn->reply.end) {
    case TD_END_RESET:
        reset_conn(conn);
        return;
    case TD_END_HANG:
        enter(conn, HANGING, td_clock_ns(), idle_ns);
        return;
    case TD_END_CLOSE:
        linger(conn);
        return;
    case TD_END_AGREED:
    default:
        if (conn->reply.keep_alive)
            enter(conn, READING, td_clock_ns(), idle_ns);
        else
            linger(conn);
    }
}

static void send_pieces(struct td_origin_conn *conn);

static void piece_sent(struct td_origin_conn *conn)
{
    if (conn->reply.pause_ns)
        enter(conn, WAITING, td_clock_ns(), conn->reply.pause_ns);
    else
        send_pieces(conn);
}

static void on_written(uv_write_t *request, int status)
{
    struct td_origin_conn *conn = request->data;
    struct td_origin *origin = conn->origin;
    if (conn->state == GONE)
        return;
    free(conn->rest);
    conn->rest = NULL;
    if (status < 0) {
        close_conn(conn);
        return;
    }
    piece_sent(conn);
    advance(conn);
    td_origin_run_due(origin);
}

static void send_rest(struct td_origin_conn *conn, const char *data, size_t len)
{
    uv_buf_t buf;
    conn->rest = td_xmalloc(len);
    memcpy(conn->rest, data, len);
    buf = uv_buf_init(conn->rest, (unsigned)len);
    conn->write.data = conn;
    enter(conn, WRITING, td_clock_ns(), conn->origin->idle_ns);
    if (uv_write(&conn->write, (uv_stream_t *)&conn->tcp, &buf, 1, on_written))
        close_conn(conn);
}

/* Nearly always one call for the whole answer. */
static void send_pieces(struct td_origin_conn *conn)
{
    char *out = conn->origin->out;
    size_t len = td_reply_piece(&conn->reply, conn->piece++, out);
    uv_buf_t buf = uv_buf_init(out, (unsigned)len);
    int n;
    if (!len) {
        end_reply(conn);
        return;
    }
    n = uv_try_write((uv_stream_t *)&conn->tcp, &buf, 1);
    if (n < 0 && n != UV_EAGAIN)
        close_conn(conn);
    else if (n == (int)len)
        piece_sent(conn);
    else
        send_rest(conn, out + (n < 0 ? 0 : n), len - (size_t)(n < 0 ? 0 : n));
}

/* The answer in conn->reply, whose request came now. */
static void begin_reply(struct td_origin_conn *conn)
{
    struct td_origin *origin = conn->origin;
    char stats[TD_STATS_MAX];
    uint64_t now_ns = td_clock_ns(), at_ns = now_ns + conn->reply.delay_ns;
    conn->piece = 0;
    origin->stats.requests++;
    if (conn->reply.kind == TD_REPLY_WORK)
        at_ns = td_origin_work(origin, conn->reply.queue, now_ns);
    if (conn->reply.kind == TD_REPLY_STATS) {
        td_origin_say_stats(origin, stats);
        conn->reply.body = stats; /* sent before this returns, or kept */
    }
    if (at_ns > now_ns)
        enter(conn, WAITING, at_ns, 0);
    else
        send_pieces(conn);
    conn->reply.body = conn->reply.body == stats ? NULL : conn->reply.body;
}

/* Answers one request at the beginning of the data; returns its bytes, 0 =
 * it is not whole. */
static size_t next_request(struct td_origin_conn *conn, const char *data,
                           size_t len)
{
    struct td_request request;
    long n = td_request_parse(data, len, &request);
    if (n == 0)
        return 0;
    if (n < 0) {
        conn->reply = (struct td_reply){.status = (int)-n};
        begin_reply(conn);
        return len;
    }
    td_reply_route(&request, &conn->reply);
    conn->skip_bytes = request.body_bytes;
    begin_reply(conn);
    return (size_t)n;
}

static size_t skip_body(struct td_origin_conn *conn, size_t len)
{
    size_t n = len < conn->skip_bytes ? len : (size_t)conn->skip_bytes;
    conn->skip_bytes -= n;
    return n;
}

/* Goes on until a request has to wait or more bytes are needed; returns the
 * bytes that are done with. */
static size_t take(struct td_origin_conn *conn, const char *data, size_t len)
{
    size_t used = 0, n;
    while (conn->state == READING) {
        used += skip_body(conn, len - used);
        n = next_request(conn, data + used, len - used);
        if (n == 0) {
            if (conn->ended)
                close_conn(conn);
            break;
        }
        used += n;
    }
    return conn->state == LINGERING || conn->state == HANGING ? len : used;
}

/* Takes from the bytes that were kept. */
static void advance(struct td_origin_conn *conn)
{
    size_t used = take(conn, td_buf_str(&conn->in), conn->in.len);
    td_buf_consume(&conn->in, used);
    if (!conn->in.len)
        td_buf_release(&conn->in);
    if (conn->stopped && used && conn->state != GONE) {
        conn->stopped = false;
        uv_read_start((uv_stream_t *)&conn->tcp, on_alloc, on_read);
    }
}

static void received(struct td_origin_conn *conn, const char *data, size_t len)
{
    size_t used;
    if (conn->in.len) {
        td_buf_add(&conn->in, data, len);
        advance(conn);
        return;
    }
    used = take(conn, data, len);
    if (used < len)
        td_buf_add(&conn->in, data + used, len - used);
}

/* The peer ended its side: what it asked for before is still answered. */
static void on_end(struct td_origin_conn *conn, ssize_t code)
{
    conn->ended = true;
    uv_read_stop((uv_stream_t *)&conn->tcp);
    if (code != UV_EOF || conn->state == READING || conn->state == HANGING ||
        conn->state == LINGERING)
        close_conn(conn);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct td_origin_conn *conn = stream->data;
    struct td_origin *origin = conn->origin;
    if (n == UV_ENOBUFS) {
        conn->stopped = true;
        uv_read_stop(stream);
    } else if (n < 0) {
        on_end(conn, n);
    } else if (conn->state != LINGERING && conn->state != HANGING) {
        received(conn, buf->base, (size_t)n);
    }
    td_origin_run_due(origin);
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
    origin->stats.accepted++;
    if (++origin->stats.open > origin->stats.most_open)
        origin->stats.most_open = origin->stats.open;
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
    send_pieces(conn);
    advance(conn);
}

void td_origin_run_due(struct td_origin *origin)
{
    struct td_deadline *first;
    uint64_t next_ns;
    td_origin_stall(origin);
    while ((first = td_deadlines_first(&origin->deadlines)) &&
           first->at_ns <= td_clock_ns())
        on_deadline(conn_of_deadline(first));
    next_ns = first ? first->at_ns : 0;
    if (origin->stall_at_ns && (!next_ns || origin->stall_at_ns < next_ns))
        next_ns = origin->stall_at_ns;
    td_alarm_set(&origin->alarm, next_ns);
}

void td_origin_close_all(struct td_origin *origin)
{
    while (origin->first)
        close_conn(origin->first);
}
