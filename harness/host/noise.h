/*
 * noise - what disturbs this machine: counters and levels at one moment.
 * Two snapshots around a measurement say what happened meanwhile.  What a
 * machine does not tell is null, never 0.
 */
#ifndef TD_HOST_NOISE_H
#define TD_HOST_NOISE_H

#include <jansson.h>
#include <stdint.h>

/* root as for td_host_json.  Never fails. */
json_t *td_noise_json(const char *root);
/* The same without averages over past time, which counters make needless
 * where one record follows another: a third shorter. */
json_t *td_noise_counters_json(const char *root);

/* Of that only what one has to know of every batch: the time that a
 * hypervisor took from all CPUs since boot, which is counted in ticks (10 ms
 * mostly); UINT64_MAX = not known. */
uint64_t td_noise_steal_ns(const char *root);

/* The root of this process's readings: "", or TANDEM_NOISE_ROOT of the
 * environment, by which tests make up a machine. */
const char *td_noise_root(void);

#endif
