/*
 * progress - how far a run has got: one line that is written over on a
 * terminal, a plain line every 10 s where there is none.
 */
#ifndef TD_OUT_PROGRESS_H
#define TD_OUT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct td_progress {
    const char *workload, *set;
    uint32_t pair, pairs; /* complete, wanted (0 = not known) */
    double ratio;         /* so far; NAN = not known */
    double half_width;    /* relative: .012; NAN = not known */
    const char *ratio_of; /* "cpython-3.11.2/go-1.26.8"; may be NULL */
    double eta_s;         /* of the whole run; NAN = not known */
    const char *note;     /* "building primes for go-1.26.8"; may be NULL */
};

struct td_progress_line {
    FILE *to;
    bool terminal;
    bool shown;       /* a line stands on the terminal */
    uint64_t last_ns; /* when the last one was written */
    bool any;         /* something was written */
};

/* Finds out whether `to` is a terminal. */
void td_progress_init(struct td_progress_line *line, FILE *to);
/* Shows it if it is time: 10 times a second on a terminal, every 10 s
 * elsewhere. */
void td_progress_show(struct td_progress_line *line,
                      const struct td_progress *progress, uint64_t now_ns);
/* Clears the line, so that other text can be printed. */
void td_progress_clear(struct td_progress_line *line);

#endif
