/*
 * load_fixture - small servers that misbehave in one way each, and a load
 * on them.  Every connection is served by a thread of its own, blocking.
 */
#ifndef TD_TEST_LOAD_FIXTURE_H
#define TD_TEST_LOAD_FIXTURE_H

#include "load/load.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)
#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

enum { SERVED_MAX = 4096 };

struct server;
/* Answers one request on fd; false = close the connection now. */
typedef bool answer_fn(struct server *server, int fd);

struct server {
    int listener;
    uint16_t port;
    answer_fn *answer;
    pthread_t acceptor;
    pthread_mutex_t mutex;
    int fds[SERVED_MAX]; /* accepted; -1 = gone */
    pthread_t threads[SERVED_MAX];
    int count;
    atomic_int requests;
    atomic_bool ending;
    char url[64];
};

static inline void sleep_ms(unsigned ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

static bool say_bytes(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static inline bool say(int fd, const char *text)
{
    return say_bytes(fd, text, strlen(text));
}

/* Closing then sends RST in place of FIN. */
static inline bool will_reset(int fd)
{
    struct linger linger = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    return false;
}

/* Reads up to the end of a request's head; false: the client has gone. */
static bool read_request(int fd)
{
    const char *end = "\r\n\r\n";
    size_t matched = 0;
    char c;
    while (matched < 4) {
        if (recv(fd, &c, 1, 0) != 1)
            return false;
        matched = c == end[matched] ? matched + 1 : c == '\r';
    }
    return true;
}

struct served {
    struct server *server;
    int index;
};

static void *serve(void *arg)
{
    struct served *served = arg;
    struct server *server = served->server;
    int fd = server->fds[served->index];
    while (read_request(fd)) {
        server->requests++;
        if (!server->answer(server, fd))
            break;
    }
    pthread_mutex_lock(&server->mutex);
    server->fds[served->index] = -1;
    close(fd);
    pthread_mutex_unlock(&server->mutex);
    free(served);
    return NULL;
}

static void accept_one(struct server *server, int fd)
{
    struct served *served = malloc(sizeof *served);
    pthread_mutex_lock(&server->mutex);
    if (server->count == SERVED_MAX || server->ending) {
        close(fd);
        free(served);
    } else {
        *served = (struct served){server, server->count};
        server->fds[server->count] = fd;
        pthread_create(&server->threads[server->count++], NULL, serve, served);
    }
    pthread_mutex_unlock(&server->mutex);
}

static void *accept_all(void *arg)
{
    struct server *server = arg;
    int fd;
    while ((fd = accept(server->listener, NULL, NULL)) >= 0)
        accept_one(server, fd);
    return NULL;
}

/* port 0: any. */
static int listen_at(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(*port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 128), 0);
    getsockname(fd, (struct sockaddr *)&address, &len);
    *port = ntohs(address.sin_port);
    return fd;
}

static void server_listen(struct server *server)
{
    server->listener = listen_at(&server->port);
    server->ending = false;
    pthread_create(&server->acceptor, NULL, accept_all, server);
}

static inline void server_start(struct server *server, answer_fn *answer)
{
    memset(server, 0, sizeof *server);
    pthread_mutex_init(&server->mutex, NULL);
    server->answer = answer;
    server_listen(server);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u/",
             server->port);
}

/* Stops listening and ends every connection; it can listen again. */
static inline void server_stop(struct server *server)
{
    server->ending = true;
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->acceptor, NULL);
    close(server->listener);
    pthread_mutex_lock(&server->mutex);
    for (int i = 0; i < server->count; i++)
        if (server->fds[i] >= 0) {
            will_reset(server->fds[i]);
            shutdown(server->fds[i], SHUT_RDWR);
        }
    pthread_mutex_unlock(&server->mutex);
    for (int i = 0; i < server->count; i++)
        pthread_join(server->threads[i], NULL);
    server->count = 0;
}

static inline bool answer_hello(struct server *server, int fd)
{
    (void)server;
    return say(fd, HELLO);
}

/* A load of one request, open loop: 200 a second for 300 ms on two
 * connections, unless a test says otherwise. */
struct load {
    struct td_load_target target;
    struct td_load_request request;
    struct td_load_requests requests;
    struct td_load_plan plan;
    struct td_load_result result;
    struct td_load_samples samples;
    td_load_tick_fn *tick;
};

static inline void load_init(struct load *load, const char *url)
{
    struct td_err err = TD_ERR_INIT;
    static char get[] = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    memset(load, 0, sizeof *load);
    assert_int_equal(td_load_target_parse(&load->target, url, false, &err), 0);
    load->request = (struct td_load_request){
        .bytes = get, .len = sizeof get - 1, .weight = 1};
    load->requests = (struct td_load_requests){&load->request, 1};
    load->plan = (struct td_load_plan){.target = &load->target,
                                       .requests = &load->requests,
                                       .rate = 200,
                                       .connections = 2,
                                       .threads = 1,
                                       .duration_ns = 300 * MS,
                                       .timeout_ns = 5000 * MS,
                                       .drain_ns = 5000 * MS,
                                       .seed = 1,
                                       .keepalive = true};
    td_load_result_init(&load->result);
}

/* Runs it; the books must balance, whatever happened. */
static inline const struct td_load_result *load_run(struct load *load)
{
    struct td_err err = TD_ERR_INIT;
    struct td_load_result *r = &load->result;
    uint64_t sent = 0, answered = 0, failed = 0;
    if (td_load_run(&load->plan, load->samples.at ? &load->samples : NULL,
                    load->tick, NULL, r, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(r->sent, r->answered + td_load_failed(r) + r->censored);
    assert_true(r->unsent <= r->censored);
    assert_int_equal(r->latency.total + r->latency.clipped,
                     r->answered + r->failed[TD_LOAD_TIMEOUT] + r->censored);
    assert_int_equal(r->service.total, r->answered);
    for (size_t i = 0; i < r->nseconds; i++) {
        sent += r->seconds[i].sent;
        answered += r->seconds[i].answered;
        failed += r->seconds[i].failed;
    }
    assert_int_equal(sent, r->sent);
    assert_int_equal(answered, r->answered);
    assert_int_equal(failed, td_load_failed(r));
    assert_int_equal(r->first_failure[0] == 0, td_load_failed(r) == 0);
    return r;
}

static inline void load_release(struct load *load)
{
    td_load_target_release(&load->target);
    td_load_result_release(&load->result);
}

#endif
