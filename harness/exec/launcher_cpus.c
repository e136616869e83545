#include "exec/launcher_cpus.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

/* "0,2-3" */
static bool parse_cpus(const char *list, cpu_set_t *set)
{
    const char *p = list;
    CPU_ZERO(set);
    while (*p) {
        char *end;
        long first = strtol(p, &end, 10), last = first;
        if (end == p)
            return false;
        if (*end == '-') {
            p = end + 1;
            last = strtol(p, &end, 10);
            if (end == p)
                return false;
        }
        if (first < 0 || last < first || last >= CPU_SETSIZE)
            return false;
        for (long cpu = first; cpu <= last; cpu++)
            CPU_SET((size_t)cpu, set);
        p = *end == ',' ? end + 1 : end;
        if (*end && *end != ',')
            return false;
    }
    return p != list;
}

int td_pin(const char *list)
{
    cpu_set_t set;
    if (!list)
        return 0;
    if (!parse_cpus(list, &set)) {
        errno = EINVAL;
        return -1;
    }
    return sched_setaffinity(0, sizeof set, &set);
}
