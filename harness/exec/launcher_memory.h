/*
 * launcher_memory - a limit on the memory of the launcher's child and of all
 * that it starts.
 *
 * A control group where one can be made: the child enters it before it
 * becomes its program, the launcher stays outside.  Page cache and the
 * kernel's part count as well there, swap is not allowed, and the process
 * that asks for more is killed.  The group is made below the launcher's own,
 * so that every limit above goes on to hold; with version 2, whose groups
 * hold either processes or groups, beside it if that is allowed.
 *
 * Else RLIMIT_AS: of addresses, not of memory, of each process by itself, and
 * malloc fails in place of a kill.  A runtime that reserves more addresses
 * than that at its start (Go does) cannot start.
 *
 * Part of the launcher: nothing of the library is used here.
 */
#ifndef TD_EXEC_LAUNCHER_MEMORY_H
#define TD_EXEC_LAUNCHER_MEMORY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct td_memory_limit {
    unsigned long long bytes; /* 0 = no limit */
    bool may_group, may_rlimit;
    /* "cgroup-v1", "cgroup-v2", "rlimit-as"; NULL = no limit */
    const char *by;
    char group[PATH_MAX]; /* its directory; "" = none */
};

/* What the launcher does before the fork.  -1 with errno set: none of the
 * ways that are allowed is open. */
int td_memory_limit_prepare(struct td_memory_limit *limit);
/* What the child does after it.  -1 with errno set. */
int td_memory_limit_enter(const struct td_memory_limit *limit);
/* " limited_peak_bytes= oom_kills=": the most that was ever charged to the
 * group, and processes killed because of the limit; "" where not known. */
void td_memory_limit_describe(const struct td_memory_limit *limit, char *out,
                              size_t size);
/* Removes the group, of which nobody is left. */
void td_memory_limit_remove(struct td_memory_limit *limit);

#endif
