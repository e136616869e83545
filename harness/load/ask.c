#include "load/ask.h"

#include "base/clock.h"
#include "load/load_socket.h"
#include "load/response.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MAX = 16 << 20 }; /* more is no answer to compare */

/* One question under way. */
struct asking {
    int fd;
    uint64_t end_ns;
    struct td_response response;
    struct td_answer *out;
    bool too_long;
};

void td_answer_release(struct td_answer *answer)
{
    td_buf_release(&answer->body);
    answer->status = 0;
}

static void keep(void *to, const char *data, size_t len)
{
    struct asking *asking = to;
    struct td_buf *body = &asking->out->body;
    if (len > BODY_MAX - body->len)
        asking->too_long = true;
    else
        td_buf_add(body, data, len);
}

/* 0, or TD_ETIMEOUT. */
static int wait_for(const struct asking *asking, short events,
                    struct td_err *err)
{
    struct pollfd poller = {.fd = asking->fd, .events = events};
    uint64_t now_ns;
    while ((now_ns = td_clock_ns()) < asking->end_ns) {
        uint64_t left_ms = (asking->end_ns - now_ns) / 1000000 + 1;
        int wait_ms = left_ms < 60000 ? (int)left_ms : 60000;
        if (poll(&poller, 1, wait_ms) > 0)
            return 0;
    }
    return td_err_set(err, TD_ETIMEOUT, "the server did not answer in time");
}

static int connect_to(struct asking *asking,
                      const struct sockaddr_storage *address,
                      struct td_err *err)
{
    int rc = td_load_socket_connect(address);
    if (rc >= 0) {
        asking->fd = rc;
        rc = wait_for(asking, POLLOUT, err);
        if (rc)
            return rc;
        rc = td_load_socket_error(asking->fd);
    }
    if (rc < 0)
        return td_err_set(err, TD_EDEPENDENCY, "cannot connect: %s",
                          strerror(-rc));
    return 0;
}

static void hang_up(struct asking *asking)
{
    if (asking->fd >= 0)
        close(asking->fd);
    asking->fd = -1;
}

/* The first address that takes a connection. */
static int connect_to_any(struct asking *asking,
                          const struct td_load_target *target,
                          struct td_err *err)
{
    const struct sockaddr_storage *all = target->addresses;
    int rc = TD_EDEPENDENCY;
    for (size_t i = 0; i < target->naddresses; i++) {
        td_err_clear(err);
        rc = connect_to(asking, &all[i], err);
        if (rc != TD_EDEPENDENCY)
            return rc;
        hang_up(asking);
    }
    return rc;
}

static int put_request(struct asking *asking,
                       const struct td_load_request *request,
                       struct td_err *err)
{
    size_t sent = 0;
    while (sent < request->len) {
        int rc = wait_for(asking, POLLOUT, err);
        ssize_t n;
        if (rc)
            return rc;
        n = send(asking->fd, request->bytes + sent, request->len - sent,
                 MSG_NOSIGNAL);
        if (n >= 0)
            sent += (size_t)n;
        else if (errno == EPIPE || errno == ECONNRESET)
            return 0; /* an answer may have come all the same */
        else if (errno != EAGAIN && errno != EINTR)
            return td_err_set(err, TD_EWORKER, "cannot send the request: %s",
                              strerror(errno));
    }
    return 0;
}

static int refuse(struct td_err *err, const char *what)
{
    return td_err_set(err, TD_EWORKER, "what came is not an answer: %s", what);
}

/* One recv; *done: the answer is whole. */
static int get_some(struct asking *asking, bool *done, struct td_err *err)
{
    struct td_response *response = &asking->response;
    char data[16384];
    ssize_t n = recv(asking->fd, data, sizeof data, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0)
        return refuse(err, strerror(errno));
    if (n == 0 && !(*done = td_response_eof(response)))
        return refuse(err, response->wire_bytes
                               ? "the connection ended within it"
                               : "the connection ended without a byte");
    if (n > 0)
        td_response_feed(response, data, (size_t)n, keep, asking);
    if (response->fault != TD_RESPONSE_OK)
        return refuse(err, td_response_fault_name(response->fault));
    if (asking->too_long)
        return refuse(err, "its body is longer than 16 MiB");
    *done = response->complete;
    return 0;
}

static int get_answer(struct asking *asking, bool head, struct td_err *err)
{
    bool done = false;
    int rc = 0;
    td_response_init(&asking->response, head);
    while (!rc && !done) {
        rc = wait_for(asking, POLLIN, err);
        if (!rc)
            rc = get_some(asking, &done, err);
    }
    asking->out->status = asking->response.status;
    return rc;
}

int td_ask(const struct td_load_target *target,
           const struct td_load_request *request, uint64_t timeout_ns,
           struct td_answer *out, struct td_err *err)
{
    struct asking asking = {
        .fd = -1, .end_ns = td_clock_ns() + timeout_ns, .out = out};
    struct td_err own = TD_ERR_INIT;
    int rc;
    *out = (struct td_answer){.body = TD_BUF_INIT};
    rc = connect_to_any(&asking, target, &own);
    if (!rc)
        rc = put_request(&asking, request, &own);
    if (!rc)
        rc = get_answer(&asking, request->head, &own);
    hang_up(&asking);
    if (rc) {
        td_answer_release(out);
        td_err_set(err, rc, "http://%s: %s", target->authority, own.msg);
    }
    return rc;
}
