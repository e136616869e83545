/*
 * seat_journal - what is written of a seat: lines of the journal, and its
 * samples.  Used by seat.c and the occupants alone.  Non-zero: the run cannot
 * go on.
 */
#ifndef TD_MEASURE_SEAT_JOURNAL_H
#define TD_MEASURE_SEAT_JOURNAL_H

#include "measure/seat.h"

/* A record of the machine's noise, also kept in *kept; with the worker's own
 * (NULL: there is none yet). */
int td_seat_note_noise(struct td_seat *seat, const char *when, json_t **kept,
                       const struct td_process_noise *process,
                       struct td_err *err);
int td_seat_note_invocation(struct td_seat *seat, uint64_t setup_ns,
                            struct td_err *err);
int td_seat_note_calibration(struct td_seat *seat, struct td_err *err);
/* A batch's samples, then its line.  kind: 0, TD_SAMPLE_FIRST or
 * TD_SAMPLE_WARM; more: further fields of the line, taken over; may be
 * NULL. */
int td_seat_note_batch(struct td_seat *seat, size_t turn, uint64_t loops,
                       uint32_t kind, const struct td_batch *batch,
                       json_t *more, struct td_err *err);
/* why: what failed, or NULL. */
int td_seat_note_end(struct td_seat *seat, const char *status,
                     const struct td_usage *usage, const struct td_err *why,
                     struct td_err *err);
int td_seat_note_dropped(struct td_seat *seat, const char *message,
                         struct td_err *err);

#endif
