/*
 * doctor_work - the work that doctor's trials repeat, and how two ways of
 * doing it are compared: in pairs, in turns, the order changing from pair to
 * pair.  The work keeps several arithmetic units and the second-level cache
 * busy: a chain of dependent additions would hardly notice a sibling thread.
 */
#ifndef TD_CMD_DOCTOR_WORK_H
#define TD_CMD_DOCTOR_WORK_H

#include "stat/interval.h"

#include <stdint.h>

enum { TD_WORK_WORDS = 1 << 15 }; /* 256 KiB */

struct td_work {
    uint64_t rounds; /* that take about a millisecond here */
    uint64_t state[4];
    uint64_t *table; /* TD_WORK_WORDS */
};

/* Finds out how many rounds a millisecond takes (a few milliseconds). */
void td_work_init(struct td_work *work);
/* The same size and speed, another table: for another thread. */
void td_work_init_like(struct td_work *work, const struct td_work *other);
void td_work_release(struct td_work *work);

/* Does about so many milliseconds of work; returns what it took, in ns. */
double td_work_ns(struct td_work *work, double ms);

/* One turn, disturbed or not: what the timed part took, in ns. */
typedef double td_turn_fn(void *arg, bool disturbed);

/* disturbed : plain, over so many pairs or as many as begin before until_ns
 * (CLOCK_MONOTONIC): the median over pairs with its order-statistic interval,
 * as one turn that another program hits must not stand for the rest. */
struct td_figure td_work_compare(td_turn_fn *turn, void *arg, int pairs,
                                 uint64_t until_ns);

#endif
