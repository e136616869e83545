/*
 * proc_memory - what /proc says of a living process's memory.  (ru_maxrss
 * begins with the size of whoever forked; this does not.)
 */
#ifndef TD_EXEC_PROC_MEMORY_H
#define TD_EXEC_PROC_MEMORY_H

#include <stdint.h>

struct td_proc_memory {
    uint64_t rss_bytes;   /* VmRSS: resident set, now */
    uint64_t hwm_bytes;   /* VmHWM: peak resident set */
    uint64_t shmem_bytes; /* RssShmem: shared memory in the resident set */
    uint64_t pss_bytes;   /* proportional set size, now */
};

/* Absent figures are UINT64_MAX. */
void td_proc_memory_read(int pid, struct td_proc_memory *out);

#endif
