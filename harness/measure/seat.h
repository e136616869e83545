/*
 * seat - one case's part in one block: its worker from start to end, with
 * every step journalled (seat_journal.c).  Used by block.c alone.
 *
 * A worker's failure ends the seat (worker NULL, failed) and is written to
 * the journal; the functions return non-zero only when the run as a whole
 * cannot go on.
 */
#ifndef TD_MEASURE_SEAT_H
#define TD_MEASURE_SEAT_H

#include "measure/session.h"
#include "measure/watch.h"

struct td_seat {
    struct td_session *session;
    struct td_case *c;
    size_t index; /* of the case in the plan */
    struct td_worker *worker;
    uint32_t invocation;
    uint32_t batch;                    /* next */
    struct td_disturbance disturbance; /* of the last recorded batch */
    bool failed;
    bool warmed;   /* the first turn's warming up is done */
    double sum_ns; /* of all steady samples */
    uint64_t operations;
    /* Of the machine, around the invocation; NULL = not taken (yet). */
    json_t *noise_before, *noise_after;
    struct td_process_noise process; /* just before the worker is told to end */
};

/* Frees the seats of a block and what is left in them. */
void td_seats_free(struct td_seat *seats, size_t count);

/* Spawn, set-up, first iteration and, once a case, calibration. */
int td_seat_start(struct td_seat *seat, uint32_t pair,
                  const struct td_schedule *schedule, struct td_err *err);
int td_seat_turn(struct td_seat *seat, size_t turn, struct td_err *err);
/* Ends the worker in peace.  whole: it took all its turns. */
int td_seat_end(struct td_seat *seat, bool whole, struct td_err *err);

/* calibrate.c: finds loops, count and operation_ns for seat->c with
 * unrecorded batches; first_ns is the first iteration's time.  Errors are
 * the worker's. */
int td_calibrate(struct td_seat *seat, double first_ns, struct td_err *why);

#endif
