/*
 * steer - lets the workers of a block take their turns on the same CPU.
 *
 * On shared machines each CPU has neighbours of its own (another tenant on
 * the core's other thread), which slow a process by half for a second and
 * leave the next CPU alone.  Workers that sit on different CPUs are then
 * compared through their neighbours.  So all of a block are moved to one CPU
 * for a repetition of turns, and to the next one for the next.
 *
 * Only where it changes nothing else: every worker of the block runs an
 * implementation that its workload file calls `serial`, and has one thread.
 * Go, whose runtime has threads of its own, is left where it is, and so is
 * whoever is compared with it.  Everything else is up to the scheduler.
 */
#ifndef TD_MEASURE_STEER_H
#define TD_MEASURE_STEER_H

#include "measure/seat.h"

#include <sched.h>

struct td_steer {
    bool on;
    cpu_set_t allowed; /* where the scheduler may put the workers */
    int first;         /* counts through the allowed CPUs */
    struct td_seat *seats;
    uint32_t count;
};

/* Call when all workers have started; `first` is a chance number, the same
 * for the same pair of the same seed. */
void td_steer_begin(struct td_steer *steer, struct td_seat *seats,
                    uint32_t count, uint32_t first);
/* Before a seat's turn.  A worker that has more threads now ends the
 * steering: all of the block may go where they like again. */
void td_steer_turn(struct td_steer *steer, const struct td_seat *seat,
                   size_t turn);

#endif
