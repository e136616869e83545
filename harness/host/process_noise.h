/*
 * process_noise - what has disturbed a living process so far: how often its
 * threads lost the CPU or moved to another one, and how long they waited for
 * one.
 *
 * /proc/PID/status, sched and schedstat speak of the first thread alone, so
 * those of all threads under task/ are summed up.  A thread that has ended
 * takes its part of the sums with it; faults are of the whole process.
 */
#ifndef TD_HOST_PROCESS_NOISE_H
#define TD_HOST_PROCESS_NOISE_H

#include <jansson.h>
#include <stdint.h>

/* Since the process began; UINT64_MAX = not known. */
struct td_process_noise {
    uint64_t threads; /* now */
    uint64_t voluntary_switches, involuntary_switches;
    uint64_t run_ns, wait_ns; /* on a CPU; runnable without one */
    uint64_t migrations;      /* to another CPU */
    uint64_t minor_faults, major_faults;
};

/* root as for td_host_json.  Nothing is known of a process that is gone. */
void td_process_noise_read(const char *root, int pid,
                           struct td_process_noise *out);
/* The same without migrations and faults: half the cost, for every batch. */
void td_process_noise_glance(const char *root, int pid,
                             struct td_process_noise *out);
/* {"threads": …, …}, each null where not known; null itself for a process
 * that is gone.  New reference. */
json_t *td_process_noise_json(const struct td_process_noise *noise);

/* What a counter grew by; UINT64_MAX when either reading is not known, or
 * when it shrank because a thread has ended. */
uint64_t td_noise_growth(uint64_t before, uint64_t after);

#endif
