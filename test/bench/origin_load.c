/*
 * origin_load - asks the origin for delayed answers at a constant rate and
 * says how late they were.
 *
 *     origin_load PORT [rate/s] [delay ms] [seconds] [connections]
 *
 * Open loop: request k is due at t0 + k/rate, whatever came of the others.
 * Lateness = time from the write of a request to the arrival of its answer,
 * minus the delay: the server's, the kernel's and this client's together.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNS = 4096, EVENTS = 256 };

struct conn {
    int fd;
    uint64_t sent_ns;
    size_t got; /* bytes of the answer so far */
};

struct load {
    uint64_t rate, delay_ns, total;
    int port, conn_count, epoll, timer;
    struct conn conns[MAX_CONNS];
    struct conn *idle[MAX_CONNS]; /* a stack */
    int idle_count;
    char request[160];
    size_t request_len, answer_len;
    uint64_t t0_ns, sent, done, no_conn;
    double *late_us;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "origin_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void send_request(struct load *load, struct conn *conn)
{
    conn->sent_ns = now_ns();
    conn->got = 0;
    if (write(conn->fd, load->request, load->request_len) !=
        (ssize_t)load->request_len)
        die("write");
}

/* One answer, waited for: says how long answers are. */
static void learn_length(struct load *load, struct conn *conn)
{
    char data[8192];
    ssize_t n;
    send_request(load, conn);
    n = read(conn->fd, data, sizeof data - 1);
    if (n < 12 || memcmp(data, "HTTP/1.1 200", 12) != 0)
        die("the first answer is not 200");
    load->answer_len = (size_t)n;
}

static void open_conns(struct load *load)
{
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < load->conn_count; i++) {
        struct conn *conn = &load->conns[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = conn};
        conn->fd = connect_to(load->port);
        if (i == 0)
            learn_length(load, conn);
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, conn->fd, &event);
        load->idle[load->idle_count++] = conn;
    }
}

static void start_clock(struct load *load)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    prctl(PR_SET_TIMERSLACK, 1UL);
    load->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->timer, &event);
    load->t0_ns = now_ns() + 1000000;
}

static uint64_t due_ns(const struct load *load)
{
    return load->t0_ns + load->sent * 1000000000u / load->rate;
}

static void send_due(struct load *load)
{
    struct itimerspec at = {.it_interval = {0, 0}};
    while (load->sent < load->total && due_ns(load) <= now_ns()) {
        if (!load->idle_count) {
            load->no_conn++;
            return;
        }
        send_request(load, load->idle[--load->idle_count]);
        load->sent++;
    }
    if (load->sent == load->total)
        return;
    at.it_value.tv_sec = (time_t)(due_ns(load) / 1000000000u);
    at.it_value.tv_nsec = (long)(due_ns(load) % 1000000000u);
    timerfd_settime(load->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

static void receive(struct load *load, struct conn *conn)
{
    char data[8192];
    ssize_t n = read(conn->fd, data, sizeof data);
    if (n <= 0)
        die("an answer was cut off");
    conn->got += (size_t)n;
    if (conn->got < load->answer_len)
        return;
    load->late_us[load->done++] =
        ((double)(now_ns() - conn->sent_ns) - (double)load->delay_ns) / 1e3;
    load->idle[load->idle_count++] = conn;
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS];
    uint64_t expirations;
    send_due(load);
    while (load->done < load->total) {
        int n = epoll_wait(load->epoll, events, EVENTS, 5000);
        if (n <= 0)
            die("no answer in 5 s");
        for (int i = 0; i < n; i++)
            if (events[i].data.ptr)
                receive(load, events[i].data.ptr);
            else if (read(load->timer, &expirations, 8) != 8)
                continue;
        send_due(load);
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const struct load *load, double p)
{
    return load->late_us[(size_t)(p * (double)(load->done - 1))];
}

static void report(struct load *load, double seconds)
{
    qsort(load->late_us, load->done, sizeof(double), by_value);
    printf("origin: %.0f requests/s of %llu asked, delay %.0f ms, %d "
           "connections\n",
           (double)load->done / seconds, (unsigned long long)load->rate,
           (double)load->delay_ns / 1e6, load->conn_count);
    printf("origin: lateness min %.0f  p50 %.0f  p90 %.0f  p99 %.0f  p99.9 "
           "%.0f  max %.0f us\n",
           quantile(load, 0), quantile(load, .5), quantile(load, .9),
           quantile(load, .99), quantile(load, .999), quantile(load, 1));
    if (load->no_conn)
        printf("origin: every connection was busy %llu times\n",
               (unsigned long long)load->no_conn);
    printf("origin: p99 jitter <= 1 ms: %s; never early: %s\n",
           quantile(load, .99) <= 1000 ? "yes" : "NO",
           quantile(load, 0) >= 0 ? "yes" : "NO");
}

static uint64_t argument(int argc, char **argv, int i, uint64_t fallback)
{
    return i < argc ? strtoull(argv[i], NULL, 10) : fallback;
}

int main(int argc, char **argv)
{
    struct load *load = calloc(1, sizeof *load);
    uint64_t delay_ms = argument(argc, argv, 3, 10), begin_ns;
    if (!load || argc < 2)
        die("usage: origin_load PORT [rate] [delay ms] [seconds] [conns]");
    load->port = (int)argument(argc, argv, 1, 0);
    load->rate = argument(argc, argv, 2, 10000);
    load->delay_ns = delay_ms * 1000000;
    load->total = load->rate * argument(argc, argv, 4, 5);
    load->conn_count = (int)argument(argc, argv, 5, 256);
    if (!load->rate || load->conn_count < 1 || load->conn_count > MAX_CONNS)
        die("rate and connections");
    load->late_us = calloc(load->total + 1, sizeof(double));
    load->request_len =
        (size_t)snprintf(load->request, sizeof load->request,
                         "GET /delay/%llums/1 HTTP/1.1\r\nHost: origin\r\n\r\n",
                         (unsigned long long)delay_ms);
    open_conns(load);
    start_clock(load);
    begin_ns = load->t0_ns;
    run(load);
    report(load, (double)(now_ns() - begin_ns) / 1e9);
    return quantile(load, 0) < 0;
}
