#include "load/origin.h"

#include "base/buf.h"
#include "load/origin_conn.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* The kernel takes as much of it as it allows. */
enum { BACKLOG = 65535 };

static void on_connection(uv_stream_t *listener, int status)
{
    if (status == 0)
        td_origin_accept(listener->data);
}

static void on_alarm(struct td_alarm *alarm)
{
    td_origin_run_due(alarm->data);
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* Closes everything; the loop then has nothing left to run. */
static void stop(struct td_origin *origin)
{
    td_origin_close_all(origin);
    td_alarm_close(&origin->alarm);
    close_handle((uv_handle_t *)&origin->listener);
    close_handle((uv_handle_t *)&origin->on_term);
    close_handle((uv_handle_t *)&origin->on_int);
}

static void on_signal(uv_signal_t *handle, int signum)
{
    (void)signum;
    stop(handle->data);
}

static int loopback_address(const struct td_origin_options *options,
                            struct sockaddr_storage *out, struct td_err *err)
{
    const char *host = options->host;
    int port = (int)options->port;
    if (options->port < 0 || options->port > 65535)
        return td_err_set(err, TD_EUSAGE, "port %lld: expected 0 to 65535",
                          (long long)options->port);
    if (strcmp(host, "::1") == 0)
        return uv_ip6_addr(host, port, (struct sockaddr_in6 *)(void *)out);
    if (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "localhost") == 0)
        return uv_ip4_addr("127.0.0.1", port,
                           (struct sockaddr_in *)(void *)out);
    return td_err_set(err, TD_EUSAGE,
                      "host \"%s\": the origin listens on loopback only "
                      "(127.0.0.1, ::1 or localhost)",
                      host);
}

static int listen_on(struct td_origin *origin,
                     const struct td_origin_options *options,
                     const struct sockaddr_storage *address, struct td_err *err)
{
    int rc =
        uv_tcp_bind(&origin->listener, (const struct sockaddr *)address, 0);
    if (!rc)
        rc =
            uv_listen((uv_stream_t *)&origin->listener, BACKLOG, on_connection);
    if (rc)
        return td_err_set(
            err, TD_EDEPENDENCY, "cannot listen on %s port %lld: %s%s",
            options->host, (long long)options->port, uv_strerror(rc),
            rc == UV_EADDRINUSE ? "; use --port 0 for a free one" : "");
    return 0;
}

static int say_address(struct td_origin *origin, FILE *announce,
                       struct td_err *err)
{
    struct sockaddr_storage bound;
    const struct sockaddr *address = (const struct sockaddr *)&bound;
    int len = sizeof bound, port;
    bool v6;
    char name[64];
    uv_tcp_getsockname(&origin->listener, (struct sockaddr *)&bound, &len);
    uv_ip_name(address, name, sizeof name);
    v6 = bound.ss_family == AF_INET6;
    port = v6 ? ((struct sockaddr_in6 *)(void *)&bound)->sin6_port
              : ((struct sockaddr_in *)(void *)&bound)->sin_port;
    fprintf(announce, v6 ? "http://[%s]:%u\n" : "http://%s:%u\n", name,
            ntohs((uint16_t)port));
    if (fflush(announce) || ferror(announce))
        return td_err_set(err, TD_EDEPENDENCY,
                          "cannot write the address: nobody reads it");
    return 0;
}

/* After this, every handle of origin can be closed. */
static int init_handles(struct td_origin *origin, struct td_err *err)
{
    int rc = uv_loop_init(&origin->loop);
    if (rc)
        return td_err_sys(err, rc, "cannot make an event loop");
    origin->alarm.data = origin;
    rc = td_alarm_init(&origin->alarm, &origin->loop, on_alarm, err);
    if (rc) {
        uv_run(&origin->loop, UV_RUN_DEFAULT);
        uv_loop_close(&origin->loop);
        return rc;
    }
    uv_tcp_init(&origin->loop, &origin->listener);
    uv_signal_init(&origin->loop, &origin->on_term);
    uv_signal_init(&origin->loop, &origin->on_int);
    origin->listener.data = origin;
    origin->on_term.data = origin;
    origin->on_int.data = origin;
    return 0;
}

/* As many connections as this user may have. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Signals that end it, among them the death of the parent; and timers that
 * the kernel may not round up. */
static int set_manners(struct td_origin *origin, pid_t parent,
                       struct td_err *err)
{
    int rc = uv_signal_start(&origin->on_term, on_signal, SIGTERM);
    if (!rc)
        rc = uv_signal_start(&origin->on_int, on_signal, SIGINT);
    if (rc)
        return td_err_sys(err, rc, "cannot watch signals");
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    prctl(PR_SET_TIMERSLACK, 1UL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        raise(SIGTERM);
    return 0;
}

static int check_stall(const struct td_origin_options *options,
                       struct td_err *err)
{
    if (options->stall_ns && options->stall_every_ns <= options->stall_ns)
        return td_err_set(err, TD_EUSAGE,
                          "--stall needs a longer --every: \"--stall 1s "
                          "--every 10s\" does nothing for 1 s in 10");
    return 0;
}

static struct td_origin *make(const struct td_origin_options *options)
{
    struct td_origin *origin = td_xcalloc(1, sizeof *origin);
    origin->idle_ns = options->idle_ns;
    origin->service = (struct td_service){
        options->service_ns, (size_t)options->servers,
        (enum td_service_law)options->service_law, (uint64_t)options->seed};
    origin->stall_ns = options->stall_ns;
    origin->stall_every_ns = options->stall_every_ns;
    return origin;
}

int td_origin_run(const struct td_origin_options *options, FILE *announce,
                  struct td_err *err)
{
    struct td_origin *origin;
    struct sockaddr_storage address;
    pid_t parent = getppid();
    int rc = check_stall(options, err);
    if (rc || (rc = loopback_address(options, &address, err)))
        return rc;
    origin = make(options);
    rc = init_handles(origin, err);
    if (rc) {
        free(origin);
        return rc;
    }
    rc = set_manners(origin, parent, err);
    if (!rc)
        rc = listen_on(origin, options, &address, err);
    if (!rc)
        rc = say_address(origin, announce, err);
    if (rc)
        stop(origin);
    uv_run(&origin->loop, UV_RUN_DEFAULT);
    uv_loop_close(&origin->loop);
    td_deadlines_release(&origin->deadlines);
    td_origin_release_queues(origin);
    free(origin);
    return rc;
}
