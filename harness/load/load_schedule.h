/*
 * load_schedule - when the requests of one thread are due, and which of the
 * mix each of them is.
 *
 * Pure: the same plan, seed and thread give the same times and requests,
 * whatever the server does.  Times come in order and are taken in order, so
 * the queue of those that wait for a connection needs no memory: it is the
 * schedule itself, not yet advanced.
 */
#ifndef TD_LOAD_LOAD_SCHEDULE_H
#define TD_LOAD_LOAD_SCHEDULE_H

#include "load/load.h"

#include <gsl/gsl_rng.h>

struct td_load_schedule {
    uint64_t next_ns; /* the first that was not taken; UINT64_MAX = none */

    enum td_arrivals arrivals;
    uint64_t begin_ns;
    double gap_ns;       /* mean, of this thread */
    double first, count; /* constant: of the times taken */
    double elapsed_ns;   /* Poisson */
    gsl_rng *rng;
};

/*
 * The times of thread `thread` of `threads`.  Constant: every threads'th
 * time of begin + k/rate, so that the threads together are one comb.
 * Poisson: a stream of its own at rate/threads; the sum of independent
 * Poisson streams is one.  rate 0: no times at all.
 */
void td_load_schedule_init(struct td_load_schedule *schedule,
                           const struct td_load_plan *plan, uint32_t thread,
                           uint64_t begin_ns);
void td_load_schedule_release(struct td_load_schedule *schedule);
/* Takes next_ns and finds the one after it. */
void td_load_schedule_advance(struct td_load_schedule *schedule);

/* Draws requests by weight. */
struct td_load_mix {
    size_t count;
    double *upto; /* sums of the weights, the last = 1 */
    gsl_rng *rng;
};
void td_load_mix_init(struct td_load_mix *mix,
                      const struct td_load_requests *requests, uint64_t seed,
                      uint32_t thread);
void td_load_mix_release(struct td_load_mix *mix);
size_t td_load_mix_draw(struct td_load_mix *mix);

#endif
