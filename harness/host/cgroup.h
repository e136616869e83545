/*
 * cgroup - what this process's control groups allow it, of version 1, 2 or
 * both at once.  A limit of any ancestor binds, so the least one counts.
 */
#ifndef TD_HOST_CGROUP_H
#define TD_HOST_CGROUP_H

#include <jansson.h>

/* {"version", "cpus" (quota in CPUs), "cpuset", "memory_bytes"}; null where
 * nothing limits; null itself where there are no control groups. */
json_t *td_cgroup_limits(const char *root);
/* {"nr_periods", "nr_throttled", "throttled_us"}, summed over the ancestors;
 * null where the kernel does not say. */
json_t *td_cgroup_throttling(const char *root);

#endif
