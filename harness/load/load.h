/*
 * load - an HTTP/1.1 load generator that a stalled server does not fool.
 *
 * Open loop: every request has an intended time, t0 + k/rate or a seeded
 * Poisson stream, that does not move when the server is slow.  When all
 * connections are busy the intended times wait in a queue (FIFO), and the
 * latency counts from the intended time.  Closed loop: each connection sends
 * its next request when it has the answer; the intended time is the time of
 * sending then.
 *
 * Each thread has its own loop, connections, schedule and histograms; there
 * is nothing shared and nothing atomic but the word that says "stop".
 *
 * Invariant, in every result: sent = answered + failed + censored, where
 * `sent` has every intended time of the measured time, those among them that
 * never found a connection too (`unsent`, which are censored: they have
 * waited).  Nothing is dropped in silence.
 *
 * While the server is down (no connection is open and the last attempt was
 * refused), a request that is due fails at once, as it would for anybody who
 * asked then; connections are tried every 5 to 100 ms.  While connections
 * are merely busy, or the first attempt is under way, requests wait.  Nothing
 * is ever sent twice.  In a closed loop an attempt to connect that fails is a
 * failed request.
 *
 * Validity.  An open loop is invalid when its own lateness could be taken
 * for the server's: when the median of the send lag is above 250 us and above
 * a tenth of the median latency, or its p99 above 1 ms and above a tenth of
 * the p99 latency; or when a thread used more than 95 % of a CPU (without
 * busy_poll), for then answers too wait to be read.  The absolute limits are
 * about what a timer and a wake-up cost on a machine with other processes.
 */
#ifndef TD_LOAD_LOAD_H
#define TD_LOAD_LOAD_H

#include "base/buf.h"
#include "base/err.h"
#include "stat/hist.h"

#include <stdbool.h>
#include <stdint.h>

enum td_arrivals { TD_ARRIVALS_CONSTANT, TD_ARRIVALS_POISSON };

/* One request of a mix.  The bytes are made once (load_request.h) and sent
 * as they are. */
struct td_load_request {
    char *bytes; /* head and body; owned */
    size_t len;
    bool head;         /* a HEAD request: the answer has no body */
    double weight;     /* > 0 */
    int expect_status; /* 0: any 2xx */
    char *expect_body; /* NULL: any; compared byte for byte; owned */
    size_t expect_body_len;
};

struct td_load_requests {
    struct td_load_request *at;
    size_t count;
};
void td_load_requests_release(struct td_load_requests *requests);

/* Where to: filled by td_load_target_parse. */
struct td_load_target {
    char *host;      /* as in the URL, without brackets; owned */
    char *path;      /* with the query; "/" at least; owned */
    char *authority; /* for the Host header; owned */
    uint16_t port;
    /* Addresses to connect to, the first that answers; sockaddr_storage. */
    void *addresses;
    size_t naddresses;
};
/* "http://127.0.0.1:8080/users/1".  TD_EUSAGE: not http, a name that is not
 * localhost, or an address off this machine, unless allow_remote. */
int td_load_target_parse(struct td_load_target *out, const char *url,
                         bool allow_remote, struct td_err *err);
void td_load_target_release(struct td_load_target *target);

struct td_load_plan {
    const struct td_load_target *target;
    const struct td_load_requests *requests;
    double rate; /* requests a second, over all threads; 0 = closed loop */
    enum td_arrivals arrivals;
    uint32_t connections; /* over all threads, >= threads */
    uint32_t threads;     /* >= 1 */
    uint64_t duration_ns; /* measured time, after the warm-up */
    uint64_t warmup_ns;   /* same load, not counted */
    uint64_t count;       /* closed loop: end after so many; 0 = by time */
    uint64_t timeout_ns;  /* of one request, from its sending; of a connect */
    uint64_t drain_ns;    /* how long to wait for answers after the end */
    uint64_t seed;
    bool keepalive;   /* false: a connection a request, part of its service */
    bool busy_poll;   /* spin in place of sleeping; only where pinned apart */
    const char *cpus; /* "1" or NULL: of the generator's threads */
};

/* Why a request failed. */
enum td_load_failure {
    TD_LOAD_CONNECT_REFUSED,
    TD_LOAD_CONNECT_OTHER, /* unreachable, out of ports … */
    /* The connection was reset, or ended before the first byte of the answer
     * (an end after that is SHORT_BODY). */
    TD_LOAD_RESET,
    /* The connection had served a request, and not a byte of this one got to
     * the server: it had closed the connection while it was idle.  (That is
     * so when its kernel acknowledged nothing.)  An idle connection that ends
     * while nobody asks costs no request: it is a reconnect. */
    TD_LOAD_IDLE_RESET,
    TD_LOAD_TIMEOUT,        /* the connection is given up with it */
    TD_LOAD_SHORT_BODY,     /* the connection ended within a response */
    TD_LOAD_BAD_HTTP,       /* also: more bytes than the response has */
    TD_LOAD_STATUS_1XX_3XX, /* unexpected status, by class */
    TD_LOAD_STATUS_4XX,
    TD_LOAD_STATUS_5XX,
    TD_LOAD_STATUS_2XX, /* a 2xx where another status was expected */
    TD_LOAD_BODY,       /* other bytes than expected, told at the first */
    TD_LOAD_FAILURES
};
/* "connect_refused": the key in JSON; the words for a table. */
extern const char *const td_load_failure_keys[TD_LOAD_FAILURES];
extern const char *const td_load_failure_words[TD_LOAD_FAILURES];

/* One second of the measured time, by intended time. */
struct td_load_second {
    uint64_t sent, answered, failed;
    int64_t p50_ns, p99_ns, max_ns; /* of what is in `latency`; 0 = nothing */
};

struct td_load_result {
    uint64_t sent;     /* whose intended time lies in the measured time */
    uint64_t answered; /* as expected */
    uint64_t failed[TD_LOAD_FAILURES];
    uint64_t censored; /* had no answer when the drain ended; with `unsent` */
    uint64_t unsent;   /* of these: no connection was ever free */
    double measured_s; /* from the end of the warm-up to the end */
    double requested_rate; /* 0 = closed */
    /* Answers that came within the measured time, a second: what was caught
     * up with in the drain does not count, the warm-up's late ones do. */
    double achieved_rate;
    uint64_t bytes_in;
    uint64_t connects, reconnects; /* the warm-up's too */
    /* From the intended time; from the sending; from the intended time to the
     * sending where a connection was free, or to the end of a pause of the
     * generator's (it woke up late) where that was when the request was due.
     * Censored requests are in latency at their age; failed ones (time-outs
     * apart, at their age) are not. */
    struct td_hist latency, service, send_lag;
    struct td_load_second *seconds;
    size_t nseconds;
    uint64_t cpu_ns; /* of the generator's threads, in the measured time */
    bool valid;      /* false: the generator itself was late */
    char invalid_reason[256];
    bool stopped; /* by the tick, before its time */
    /* First failure of all, in words, with errno's text; "" = none. */
    char first_failure[256];
};
void td_load_result_init(struct td_load_result *result);
void td_load_result_release(struct td_load_result *result);
uint64_t td_load_failed(const struct td_load_result *result); /* all classes */

/* What has happened since the last tick, over all threads. */
struct td_load_live {
    double elapsed_s, rate, p50_ms, p99_ms;
    uint64_t answered, failed;
    bool warming_up;
};
/* About every second, from the calling thread; true = stop now, and again
 * true = do not wait for answers either. */
typedef bool td_load_tick_fn(void *to, const struct td_load_live *live);

/* One request's times, for callers that keep samples. */
struct td_load_sample {
    uint64_t intended_ns, sent_ns, end_ns; /* CLOCK_MONOTONIC */
    uint32_t request;                      /* index in the mix */
};
struct td_load_samples {
    struct td_load_sample *at; /* the caller's */
    size_t cap, count;         /* answered ones, in no order; each thread
                                  has an equal part of the room */
};

/*
 * Runs the plan to its end; blocks.  samples may be NULL; of more answers
 * than cap the rest is not kept (result->answered says how many there were).
 * *result: td_load_result_init before; release after, also on failure.
 * A server that fails is not an error: its failures are counted.  TD_EUSAGE:
 * a senseless plan; TD_EDEPENDENCY: too few descriptors, no thread.
 */
int td_load_run(const struct td_load_plan *plan,
                struct td_load_samples *samples, td_load_tick_fn *tick,
                void *to, struct td_load_result *result, struct td_err *err);

#endif
