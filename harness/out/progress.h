/*
 * progress - how far a run has got: one line that is written over on a
 * terminal, a plain line every 10 s where there is none.
 *
 * Nothing else may be written to the same terminal before
 * td_progress_clear.
 */
#ifndef TD_OUT_PROGRESS_H
#define TD_OUT_PROGRESS_H

#include "base/buf.h"
#include "measure/session.h"

#include <stdio.h>

struct td_progress_printer;

struct td_progress_printer *td_progress_new(FILE *to);
/* Clears the line and frees; NULL is fine. */
void td_progress_free(struct td_progress_printer *printer);
/* What is being done before the measuring: "preparing", "go-1.26.8 primes".
 * Always shown. */
void td_progress_note(struct td_progress_printer *printer, const char *doing,
                      const char *what);
/* Shown when it is time for it, or when the group is done. */
void td_progress_update(struct td_progress_printer *printer,
                        const struct td_event *event);
void td_progress_clear(struct td_progress_printer *printer);

/* "primes n=1000, pair 3 of 15, cpython-3.11.2 / go-1.26.8 9.44 ±1.2 %,
 * 2 min 5 s to go" */
void td_progress_describe(const struct td_event *event, struct td_buf *out);

#endif
