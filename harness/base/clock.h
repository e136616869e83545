/*
 * clock - the one timer: CLOCK_MONOTONIC, in nanoseconds, on every side of
 * the control channel.  Wall-clock time appears only in file names and
 * manifests.
 */
#ifndef TD_BASE_CLOCK_H
#define TD_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t td_clock_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The median cost in ns of reading the clock twice in a row (measured once
 * a process, about 1 ms). */
double td_clock_pair_ns(void);

/* Seconds since the epoch. */
double td_clock_wall_s(void);

#endif
