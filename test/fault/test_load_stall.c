/*
 * A load on a server in a process of its own: one that is stopped for a
 * while, one that has ten thousand connections, and one whose generator is
 * stopped.
 */
#include "load/load_socket.h"
#include "load_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { MANY = 10000, EVENTS = 256 };

static void accept_some(int epoll, int listener)
{
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

/* Every request comes in one piece: it is short. */
static void answer_one(int fd)
{
    char request[4096];
    ssize_t n = recv(fd, request, sizeof request, 0);
    if (n > 0)
        say(fd, HELLO);
    else if (n == 0 || errno != EAGAIN)
        close(fd);
}

static void serve_for_ever(int listener)
{
    struct epoll_event events[EVENTS], event = {.events = EPOLLIN};
    int epoll = epoll_create1(0);
    event.data.fd = listener;
    fcntl(listener, F_SETFL, O_NONBLOCK);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                accept_some(epoll, listener);
            else
                answer_one(events[i].data.fd);
        }
    }
}

static pid_t start(char url[64])
{
    uint16_t port = 0;
    int listener = listen_at(&port);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        td_load_socket_raise_limit();
        serve_for_ever(listener);
    }
    close(listener);
    snprintf(url, 64, "http://127.0.0.1:%u/", port);
    return pid;
}

static void finish(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Stops the process from 400 ms to 700 ms after now. */
static pid_t stop_for_a_while(pid_t process)
{
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sleep_ms(400);
        kill(process, SIGSTOP);
        sleep_ms(300);
        kill(process, SIGCONT);
        _exit(0);
    }
    return pid;
}

/*
 * A stall of X = 300 ms in P = 1.5 s: those that are due within it wait for
 * its end, the first the whole of it.  A fifth of all waits, from 300 ms
 * down, so p90 is X - .1 P = 150 ms (Poisson: a little less where more than
 * .1 P came meanwhile; a busy machine adds to it); a generator that waits
 * along with the server would say 1 ms.
 */
static void a_stall_delays_all_who_would_have_come(uint32_t connections,
                                                   enum td_arrivals arrivals,
                                                   uint64_t duration_ms)
{
    struct load load;
    const struct td_load_result *r;
    char url[64];
    pid_t server = start(url), stopper;
    load_init(&load, url);
    load.plan.rate = 1000;
    load.plan.arrivals = arrivals;
    load.plan.connections = connections;
    load.plan.duration_ns = duration_ms * MS;
    stopper = stop_for_a_while(server);
    r = load_run(&load);
    waitpid(stopper, NULL, 0);
    finish(server);
    assert_int_equal(r->answered, r->sent);
    assert_true(td_hist_percentile(&r->latency, 90) >= (int64_t)(120 * MS));
    assert_true(r->latency.max >= (int64_t)(290 * MS));
    /* It was not the generator's doing. */
    assert_true(td_hist_percentile(&r->send_lag, 90) < (int64_t)(100 * MS));
    load_release(&load);
}

static void stalls_show(void **state)
{
    (void)state;
    a_stall_delays_all_who_would_have_come(1, TD_ARRIVALS_CONSTANT, 1500);
    a_stall_delays_all_who_would_have_come(64, TD_ARRIVALS_CONSTANT, 1500);
    a_stall_delays_all_who_would_have_come(64, TD_ARRIVALS_POISSON, 1500);
    /* Under way as the measured time ends. */
    a_stall_delays_all_who_would_have_come(1, TD_ARRIVALS_CONSTANT, 600);
    a_stall_delays_all_who_would_have_come(64, TD_ARRIVALS_CONSTANT, 600);
}

/* In a process of its own, which can be stopped: 0 = invalid, and it says so
 * of a fifth of all requests. */
static pid_t start_generator(const char *url, uint32_t connections)
{
    struct load load;
    struct td_err err = TD_ERR_INIT;
    pid_t pid;
    load_init(&load, url);
    load.plan.rate = 1000;
    load.plan.connections = connections;
    load.plan.duration_ns = 1500 * MS;
    pid = fork();
    if (pid == 0) {
        const struct td_load_result *r = &load.result;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(td_load_run(&load.plan, NULL, NULL, NULL, &load.result, &err) ||
              r->valid || !strstr(r->invalid_reason, "late") ||
              td_hist_percentile(&r->send_lag, 90) < (int64_t)(120 * MS));
    }
    load_release(&load);
    return pid;
}

/* The generator is the one that stalls.  What was due meanwhile waited for
 * it, though only one request found a connection free. */
static void a_generator_that_stalls_says_so(void **state)
{
    static const uint32_t connections[] = {1, 64};
    char url[64];
    pid_t server = start(url);
    (void)state;
    for (int i = 0; i < 2; i++) {
        pid_t generator = start_generator(url, connections[i]);
        int status = -1;
        waitpid(stop_for_a_while(generator), NULL, 0);
        waitpid(generator, &status, 0);
        assert_int_equal(status, 0);
    }
    finish(server);
}

static void ten_thousand_connections_open(void **state)
{
    struct load load;
    const struct td_load_result *r;
    char url[64];
    pid_t server;
    (void)state;
    if (td_load_socket_raise_limit() < MANY + 200)
        skip();
    server = start(url);
    load_init(&load, url);
    load.plan.rate = 10000;
    load.plan.connections = MANY;
    load.plan.threads = 2;
    load.plan.duration_ns = 1500 * MS;
    r = load_run(&load);
    finish(server);
    assert_int_equal(r->connects, MANY);
    assert_int_equal(r->reconnects, 0);
    assert_int_equal(r->answered, 15000);
    load_release(&load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stalls_show),
        cmocka_unit_test(a_generator_that_stalls_says_so),
        cmocka_unit_test(ten_thousand_connections_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
