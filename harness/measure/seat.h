/*
 * seat - one case's part in one block: what sits there (a worker, a server
 * under load, or a command that is run again and again) from start to end,
 * with every step journalled (seat_journal.c).  Used by block.c alone.
 *
 * A failure of what sits there ends the seat (seated false, failed) and is
 * written to the journal; the functions return non-zero only when the run as
 * a whole cannot go on.
 */
#ifndef TD_MEASURE_SEAT_H
#define TD_MEASURE_SEAT_H

#include "measure/session.h"
#include "measure/watch.h"

struct td_seat;
struct td_stand;      /* seat_server.h */
struct td_repetition; /* seat_command.c */

/* What can sit in a seat.  why: its own failure, which costs it the
 * invocation; err: a failure of the run. */
struct td_occupant {
    /* Starts it and waits until it is ready.  *setup_ns: from spawn. */
    int (*bring_up)(struct td_seat *seat, uint64_t *setup_ns,
                    struct td_err *why);
    /* Adds what is known of it to its `invocation` line. */
    void (*describe)(const struct td_seat *seat, json_t *line);
    /* The first operation and, once a case, calibration; recorded.  A failure
     * goes through td_seat_give_up. */
    int (*begin)(struct td_seat *seat, struct td_err *err);
    int (*turn)(struct td_seat *seat, size_t turn, struct td_err *err);
    int (*pid)(const struct td_seat *seat);
    /* What it answered; "" = nothing yet. */
    const char *(*answer)(const struct td_seat *seat);
    /* That its answer is not the one that the group agreed on: why, in words
     * (TD_EANSWER). */
    void (*explain)(const struct td_seat *seat, struct td_err *why);
    const char *(*last_words)(const struct td_seat *seat);
    /* Ends it in peace; what it cost. */
    int (*finish)(struct td_seat *seat, struct td_usage *usage,
                  struct td_err *why);
    /* Kills what is left.  Fine where bring_up was never called. */
    void (*discard)(struct td_seat *seat);
};
extern const struct td_occupant td_occupant_worker, td_occupant_server,
    td_occupant_command;

struct td_seat {
    struct td_session *session;
    struct td_case *c;
    size_t index; /* of the case in the plan */
    const struct td_occupant *kind;
    struct td_worker *worker; /* one of these three, by kind */
    struct td_stand *stand;
    struct td_repetition *repetition;
    bool seated; /* somebody sits there */
    bool failed;
    uint32_t invocation;
    uint32_t pair;
    uint32_t batch;                    /* next */
    uint32_t cuts;                     /* td_session_cuts of this pair */
    struct td_disturbance disturbance; /* of the last recorded batch */
    bool warmed;                       /* the first turn's warming up is done */
    double sum_ns;                     /* of all steady samples */
    uint64_t operations;
    /* What the invocation reported of itself, for its `end`; what sits there
     * fills it, in `finish` at the latest. */
    struct td_figures figures;
    /* Of the machine, around the invocation; NULL = not taken (yet). */
    json_t *noise_before, *noise_after;
    struct td_process_noise process; /* just before it is told to end */
};

void td_seat_init(struct td_seat *seat, struct td_session *session,
                  size_t index);
/* Frees the seats of a block and what is left in them. */
void td_seats_free(struct td_seat *seats, size_t count);

/* Spawn, set-up, first iteration and, once a case, calibration. */
int td_seat_start(struct td_seat *seat, uint32_t pair,
                  const struct td_schedule *schedule, struct td_err *err);
int td_seat_turn(struct td_seat *seat, size_t turn, struct td_err *err);
/* An answer that differs from the group's ends the seat. */
int td_seat_agree(struct td_seat *seat, struct td_err *err);
/* Ends it in peace.  whole: it took all its turns. */
int td_seat_end(struct td_seat *seat, bool whole, struct td_err *err);
const char *td_seat_answer(const struct td_seat *seat);

/* For occupants: it failed; its invocation is lost, the run goes on. */
int td_seat_give_up(struct td_seat *seat, const struct td_err *why,
                    struct td_err *err);

/* calibrate.c: finds loops, count and operation_ns for seat->c with
 * unrecorded batches of a worker; first_ns is the first iteration's time.
 * Errors are the worker's. */
int td_calibrate(struct td_seat *seat, double first_ns, struct td_err *why);

#endif
