/*
 * watch - what disturbed a worker during one batch: read before `run` and
 * after `done`, while the worker waits, never in between.
 *
 * So it is known of the batch as a whole, its untimed warming up included:
 * all its samples carry the same flags.
 */
#ifndef TD_MEASURE_WATCH_H
#define TD_MEASURE_WATCH_H

#include "exec/worker.h"
#include "host/process_noise.h"

struct td_watch {
    struct td_process_noise process;
    uint64_t steal_ns;
};

/* Of one batch; UINT64_MAX = not known. */
struct td_disturbance {
    uint64_t switches;  /* involuntary, of all the worker's threads */
    uint64_t wait_ns;   /* that they were runnable and had no CPU */
    uint64_t steal_ns;  /* taken from all CPUs; counted in ticks */
    uint64_t gc_cycles; /* in the timed part, by the worker's own count */
};

void td_watch_begin(struct td_watch *watch, int pid);
void td_watch_end(const struct td_watch *watch, int pid,
                  const struct td_batch *batch, struct td_disturbance *out);

/* TD_SAMPLE_SWITCHED, TD_SAMPLE_STOLEN, TD_SAMPLE_GC. */
uint32_t td_disturbance_flags(const struct td_disturbance *disturbance);
/* Its fields of the `batch` line; not known is null. */
void td_disturbance_add_json(const struct td_disturbance *disturbance,
                             json_t *line);

#endif
