/*
 * load_tally - the books of one thread of a load: what became of every
 * request whose intended time lies in the measured time.
 *
 * A request is entered once when its intended time is taken (due) and once
 * when its fate is known (answered, failed or censored); nothing else adds
 * to the counts, so sent = answered + failed + censored says that no request
 * was lost.  Requests outside the measured time go through the same calls
 * and leave no trace.  Pure: times are arguments.
 */
#ifndef TD_LOAD_LOAD_TALLY_H
#define TD_LOAD_LOAD_TALLY_H

#include "load/load.h"

struct td_load_tally_second {
    uint64_t sent, answered, failed;
    struct td_hist latency; /* without counts until the first value */
};

/* What the live line shows: since it was last handed over. */
struct td_load_pulse {
    uint64_t answered, failed;
    struct td_hist latency;
};
void td_load_pulse_init(struct td_load_pulse *pulse);
void td_load_pulse_release(struct td_load_pulse *pulse);
/* Moves what is in `from` to `to`. */
void td_load_pulse_move(struct td_load_pulse *to, struct td_load_pulse *from);

struct td_load_tally {
    uint64_t from_ns, to_ns; /* the measured time: [from, to) */
    uint64_t sent, answered, failed[TD_LOAD_FAILURES], censored, unsent;
    uint64_t arrived; /* answers that came in the measured time, to requests
                         of any time: the throughput */
    uint64_t bytes_in, connects, reconnects, cpu_ns;
    struct td_hist latency, service, send_lag;
    struct td_load_tally_second *seconds;
    size_t nseconds;
    struct td_load_samples samples; /* this thread's part of the caller's */
    struct td_load_pulse pulse;
    uint64_t first_failure_ns; /* 0 = none */
    char first_failure[256];
};

void td_load_tally_init(struct td_load_tally *tally);
void td_load_tally_release(struct td_load_tally *tally);

/* Whether that intended time is in the measured time. */
static inline bool td_load_tally_holds(const struct td_load_tally *tally,
                                       uint64_t intended_ns)
{
    return intended_ns >= tally->from_ns && intended_ns < tally->to_ns;
}

/* An intended time has been taken from the schedule. */
void td_load_tally_due(struct td_load_tally *tally, uint64_t intended_ns);
/* It was sent at once, so to speak: a connection was free at its time. */
void td_load_tally_lag(struct td_load_tally *tally, uint64_t intended_ns,
                       uint64_t sent_ns);
void td_load_tally_answered(struct td_load_tally *tally,
                            const struct td_load_sample *sample);
/* true: it is the first one, and td_load_tally_explain should be called. */
bool td_load_tally_failed(struct td_load_tally *tally,
                          enum td_load_failure failure, uint64_t intended_ns,
                          uint64_t now_ns);
void td_load_tally_explain(struct td_load_tally *tally, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* unsent: it never had a connection; then `due` was not called for it, and
 * is not to be. */
void td_load_tally_censored(struct td_load_tally *tally, uint64_t intended_ns,
                            uint64_t now_ns, bool unsent);

/* Adds up the books of all threads and judges whether the result is valid
 * (the rule is in load.h).  result: as td_load_result_init left it. */
void td_load_merge(struct td_load_result *result,
                   const struct td_load_plan *plan,
                   const struct td_load_tally *const *tallies, size_t count);

#endif
