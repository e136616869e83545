/*
 * session - the run itself: groups one after the other, pair after pair,
 * until enough pairs are done or the time is up; all of it journalled.
 *
 * A session can be taken up again: what the journal holds decides where to
 * go on, and the seed makes the rest of the schedule the same.
 */
#ifndef TD_MEASURE_SESSION_H
#define TD_MEASURE_SESSION_H

#include "measure/block.h"

/* What is going on, for the progress line. */
struct td_event {
    const char *workload, *set;
    uint32_t pair, pairs; /* complete so far, wanted */
    /* Of the first ratio; half_width relative (.012); NAN while unknown. */
    double ratio, half_width;
    double target; /* half-width that ends the group; 0 = pairs do */
    const char *numerator, *denominator; /* runtimes; NULL = unknown */
    double elapsed_s, eta_s; /* of the whole run; eta NAN while unknown */
    size_t groups_left;      /* after this one */
    bool done;               /* this group has ended */
};
typedef void td_event_fn(void *to, const struct td_event *event);

struct td_session {
    const struct td_context *context;
    struct td_plan *plan;
    struct td_run_dir *run;
    struct td_settings settings;
    double clock_pair_ns;
    td_event_fn *tell; /* may be NULL */
    void *to;
    /* Worst thing that happened: 0, TD_EWORKER, TD_EANSWER. */
    int worst;
    /* Per group: pairs that the journal already holds (those that count, and
     * those set aside), and the next number. */
    uint32_t *pairs_done, *pairs_aside, *next_pair;
    bool *stopped;
};

/* Call once plan, run, context and settings are set. */
void td_session_init(struct td_session *session);
void td_session_release(struct td_session *session);

/* Remembers that something failed, for the exit code: a wrong answer is
 * worse than a worker's failure. */
void td_session_blame(struct td_session *session, bool wrong_answer);

/* The rule and the length of a turn that hold for a group. */
struct td_stopping td_session_stopping(const struct td_session *session,
                                       size_t group);
uint64_t td_session_turn_ns(const struct td_session *session, size_t group);
/* Into how many turns those of the next pair of a group are cut; 1 = not. */
uint32_t td_session_cuts(const struct td_session *session, size_t group);

/* Runs or goes on.  0: as planned (look at session->worst);
 * TD_EINTERRUPTED: the user stopped it, all is on disk; else the harness's
 * fault. */
int td_session_run(struct td_session *session, struct td_err *err);

/* Fills pairs_done and the cases' state from the journal of session->run. */
int td_session_resume(struct td_session *session, struct td_err *err);

/* The manifest of a new run (results/FORMAT.md), without host and noise. */
json_t *td_manifest_make(const struct td_plan *plan,
                         const struct td_settings *settings, int argc,
                         char **argv, double clock_pair_ns);

#endif
