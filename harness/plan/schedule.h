/*
 * schedule - who takes which turn.
 *
 * Within a pair (or block, above two workers) all workers are alive and take
 * turns.  Two workers: ABBA or BAAB by a seeded coin, per repetition.  More:
 * rows of a Williams design (each worker precedes every other equally
 * often; Williams 1949), relabelled by a seeded permutation.
 *
 * The schedule of pair p depends only on (seed, group, p): the same seed
 * gives the same schedule, and a resumed run continues it.
 */
#ifndef TD_PLAN_SCHEDULE_H
#define TD_PLAN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

struct td_schedule {
    uint32_t *turn;    /* worker index of each turn */
    size_t nturns;     /* workers * 2 * repetitions */
    uint32_t padding;  /* 0..4096 bytes of environment, same for all */
    uint32_t hashseed; /* PYTHONHASHSEED, same for all; 1..4294967295 */
};

/* Every worker gets 2 * repetitions turns. */
void td_schedule_make(struct td_schedule *out, uint64_t seed, uint32_t group,
                      uint32_t pair, uint32_t workers, uint32_t repetitions);
void td_schedule_release(struct td_schedule *schedule);

#endif
