#include "load/load_conn.h"

#include "base/clock.h"
#include "load/load_socket.h"
#include "load/load_thread.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void on_poll(uv_poll_t *poll, int status, int events);

static void leave(struct td_load_conn *conn)
{
    struct td_conn_list *list;
    if (conn->state >= TD_CONN_STATES)
        return;
    list = &conn->thread->lists[conn->state];
    *(conn->prev ? &conn->prev->next : &list->first) = conn->next;
    *(conn->next ? &conn->next->prev : &list->last) = conn->prev;
    conn->prev = conn->next = NULL;
    list->count--;
}

void td_load_conn_enter(struct td_load_conn *conn, enum td_conn_state state)
{
    struct td_conn_list *list;
    leave(conn);
    conn->state = state;
    if (state >= TD_CONN_STATES)
        return;
    list = &conn->thread->lists[state];
    conn->prev = list->last;
    *(list->last ? &list->last->next : &list->first) = conn;
    list->last = conn;
    list->count++;
}

static void on_close(uv_handle_t *handle)
{
    struct td_load_conn *conn = handle->data;
    td_load_thread_closed(conn, conn->after);
}

void td_load_conn_close(struct td_load_conn *conn, enum td_conn_state after)
{
    conn->connecting = false;
    if (conn->fd < 0) {
        td_load_thread_closed(conn, after);
        return;
    }
    conn->after = after;
    td_load_conn_enter(conn, TD_CONN_CLOSING);
    uv_close((uv_handle_t *)&conn->poll, on_close);
    close(conn->fd);
    conn->fd = -1;
    conn->answered = false;
    conn->wire_bytes = 0;
}

static void watch(struct td_load_conn *conn, int events)
{
    uv_poll_start(&conn->poll, events, on_poll);
}

/* Opens the socket; 0 or -errno. */
static int begin_connect(struct td_load_conn *conn)
{
    int fd = td_load_socket_connect(&conn->thread->address), rc;
    if (fd < 0)
        return fd;
    rc = uv_poll_init(&conn->thread->loop, &conn->poll, fd);
    if (rc) {
        close(fd);
        return rc;
    }
    conn->fd = fd;
    conn->poll.data = conn;
    watch(conn, UV_WRITABLE);
    return 0;
}

void td_load_conn_connect(struct td_load_conn *conn, uint64_t now_ns)
{
    int rc;
    conn->sent_ns = now_ns;
    td_load_conn_enter(conn, TD_CONN_CONNECTING);
    rc = begin_connect(conn);
    if (rc)
        td_load_thread_connect_failed(conn, rc, now_ns);
}

/* The request cannot be answered any more: why, by what is known of its
 * connection.  error: -errno, or 0 for an orderly end. */
static void lost(struct td_load_conn *conn, int error, uint64_t now_ns)
{
    const char *detail =
        error ? strerror(-error) : "the server closed the connection";
    enum td_load_failure failure = TD_LOAD_RESET;
    if (conn->response.wire_bytes > 0)
        failure = error ? TD_LOAD_RESET : TD_LOAD_SHORT_BODY;
    else if (conn->answered &&
             !td_load_socket_was_taken(conn->fd, conn->wire_bytes))
        failure = TD_LOAD_IDLE_RESET;
    td_load_thread_failed(conn, failure, false, detail, now_ns);
}

/* Writes what is left of the request. */
static void write_on(struct td_load_conn *conn, uint64_t now_ns)
{
    const struct td_load_request *request = conn->request;
    ssize_t n = send(conn->fd, request->bytes + conn->written,
                     request->len - conn->written, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        lost(conn, -errno, now_ns);
        return;
    }
    if (n > 0)
        conn->written += (size_t)n;
    if (conn->written < request->len)
        watch(conn, UV_READABLE | UV_WRITABLE);
}

void td_load_conn_ask(struct td_load_conn *conn,
                      const struct td_load_request *request,
                      uint64_t intended_ns, uint64_t now_ns)
{
    int rc;
    conn->request = request;
    conn->intended_ns = intended_ns;
    conn->sent_ns = now_ns;
    conn->written = 0;
    conn->compared = 0;
    conn->wrong_body = false;
    td_response_init(&conn->response, request->head);
    td_load_conn_enter(conn, TD_CONN_BUSY);
    if (conn->fd >= 0) {
        write_on(conn, now_ns);
        return;
    }
    conn->connecting = true;
    rc = begin_connect(conn);
    if (rc)
        td_load_thread_connect_failed(conn, rc, now_ns);
}

void td_load_conn_time_out(struct td_load_conn *conn, uint64_t now_ns)
{
    if (conn->state == TD_CONN_CONNECTING || conn->connecting)
        td_load_thread_connect_failed(conn, -ETIMEDOUT, now_ns);
    else
        td_load_thread_failed(conn, TD_LOAD_TIMEOUT, false,
                              conn->response.wire_bytes
                                  ? "the answer was not complete"
                                  : "no answer",
                              now_ns);
}

static void on_connect(struct td_load_conn *conn, uint64_t now_ns)
{
    int rc = td_load_socket_error(conn->fd);
    bool has_request = conn->connecting;
    if (rc) {
        td_load_thread_connect_failed(conn, rc, now_ns);
        return;
    }
    watch(conn, UV_READABLE);
    conn->connecting = false;
    td_load_thread_connected(conn, now_ns);
    if (has_request)
        write_on(conn, now_ns);
}

static void compare(void *to, const char *data, size_t len)
{
    struct td_load_conn *conn = to;
    const struct td_load_request *request = conn->request;
    if (!request->expect_body || conn->wrong_body)
        return;
    if (len > request->expect_body_len - conn->compared ||
        memcmp(data, request->expect_body + conn->compared, len) != 0)
        conn->wrong_body = true;
    else
        conn->compared += len;
}

static bool is_expected(const struct td_load_request *request, int status)
{
    if (request->expect_status)
        return status == request->expect_status;
    return status >= 200 && status <= 299;
}

static enum td_load_failure class_of(int status)
{
    if (status >= 500)
        return TD_LOAD_STATUS_5XX;
    if (status >= 400)
        return TD_LOAD_STATUS_4XX;
    return status >= 200 && status <= 299 ? TD_LOAD_STATUS_2XX
                                          : TD_LOAD_STATUS_1XX_3XX;
}

/* The answer is complete; extra: more bytes came than belong to it. */
static void judge(struct td_load_conn *conn, bool extra, uint64_t now_ns)
{
    const struct td_load_request *request = conn->request;
    const struct td_response *response = &conn->response;
    bool keep = response->keep_alive && !response->to_eof && !extra &&
                conn->written == request->len;
    char status[32];
    conn->wire_bytes += conn->written;
    conn->answered = true;
    if (extra) {
        td_load_thread_failed(conn, TD_LOAD_BAD_HTTP, false,
                              "bytes after the end of the answer", now_ns);
    } else if (!is_expected(request, response->status)) {
        snprintf(status, sizeof status, "status %d", response->status);
        td_load_thread_failed(conn, class_of(response->status), keep, status,
                              now_ns);
    } else if (request->expect_body &&
               (conn->wrong_body ||
                conn->compared != request->expect_body_len)) {
        td_load_thread_failed(conn, TD_LOAD_BODY, keep,
                              conn->wrong_body ? "other bytes" : "too short",
                              now_ns);
    } else {
        td_load_thread_answered(conn, keep, now_ns);
    }
}

/* Takes bytes of the answer. */
static void take(struct td_load_conn *conn, size_t n, uint64_t now_ns)
{
    struct td_response *response = &conn->response;
    size_t used =
        td_response_feed(response, conn->thread->buffer, n, compare, conn);
    if (td_load_tally_holds(&conn->thread->tally, conn->intended_ns))
        conn->thread->tally.bytes_in += n;
    if (response->fault != TD_RESPONSE_OK)
        td_load_thread_failed(conn, TD_LOAD_BAD_HTTP, false,
                              td_response_fault_name(response->fault), now_ns);
    else if (response->complete)
        judge(conn, used < n, now_ns);
    else if (conn->wrong_body && is_expected(conn->request, response->status))
        td_load_thread_failed(conn, TD_LOAD_BODY, false, "other bytes", now_ns);
}

/* One recv; false: there was nothing to read (more). */
static bool read_on(struct td_load_conn *conn)
{
    ssize_t n =
        recv(conn->fd, conn->thread->buffer, sizeof conn->thread->buffer, 0);
    int error = n < 0 ? -errno : 0;
    uint64_t now_ns;
    if (error == -EAGAIN || error == -EINTR)
        return false;
    now_ns = td_clock_ns();
    if (conn->state == TD_CONN_IDLE)
        td_load_thread_idle_lost(conn, now_ns);
    else if (n > 0)
        take(conn, (size_t)n, now_ns);
    else if (n == 0 && td_response_eof(&conn->response))
        judge(conn, false, now_ns);
    else
        lost(conn, error, now_ns);
    return true;
}

/* libuv has stopped watching: the socket is in error.  What came before is
 * still there to be read. */
static void on_error(struct td_load_conn *conn)
{
    uint64_t now_ns = td_clock_ns();
    while (conn->fd >= 0 && conn->state == TD_CONN_BUSY && !conn->connecting)
        if (!read_on(conn)) {
            lost(conn, -ECONNRESET, now_ns);
            return;
        }
    if (conn->fd >= 0 &&
        (conn->state == TD_CONN_CONNECTING || conn->connecting))
        on_connect(conn, now_ns);
    else if (conn->fd >= 0 && conn->state == TD_CONN_IDLE)
        td_load_thread_idle_lost(conn, now_ns);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct td_load_conn *conn = poll->data;
    if (status < 0) {
        on_error(conn);
        return;
    }
    if (conn->state == TD_CONN_CONNECTING || conn->connecting) {
        on_connect(conn, td_clock_ns());
        return;
    }
    if ((events & UV_WRITABLE) && conn->state == TD_CONN_BUSY) {
        watch(conn, UV_READABLE);
        write_on(conn, td_clock_ns());
    }
    if ((events & UV_READABLE) && conn->fd >= 0)
        read_on(conn);
}
