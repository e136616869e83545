/*
 * noise - what disturbs this machine: counters and levels at one moment.
 * Two snapshots around a measurement say what happened meanwhile.  What a
 * machine does not tell is null, never 0.
 */
#ifndef TD_HOST_NOISE_H
#define TD_HOST_NOISE_H

#include <jansson.h>

/* root as for td_host_json.  Never fails. */
json_t *td_noise_json(const char *root);

#endif
