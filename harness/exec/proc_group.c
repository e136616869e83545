#include "exec/proc_group.h"

#include "base/files.h"
#include "exec/proc_memory.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Of /proc/PID/stat, counted from the state, which follows the name. */
enum {
    STATE,
    PARENT,
    GROUP,
    CHILDREN_USER = 13,
    CHILDREN_SYSTEM,
    THREADS = 17
};

struct stat_line {
    char state;
    long group, threads;
    unsigned long long dead_ticks; /* of children that were waited for */
};

static bool read_stat(int pid, struct stat_line *out)
{
    struct td_err ignored = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *path = td_xasprintf("/proc/%d/stat", pid), *word, *rest = NULL;
    int rc = td_file_read(path, &text, &ignored), i = 0;
    /* The name may hold blanks and parentheses; its own is the last. */
    char *after = rc || !text.len ? NULL : strrchr(text.data, ')');
    *out = (struct stat_line){0};
    for (word = after ? strtok_r(after + 1, " ", &rest) : NULL; word;
         word = strtok_r(NULL, " ", &rest), i++) {
        if (i == STATE)
            out->state = *word;
        else if (i == GROUP)
            out->group = strtol(word, NULL, 10);
        else if (i == CHILDREN_USER || i == CHILDREN_SYSTEM)
            out->dead_ticks += strtoull(word, NULL, 10);
        else if (i == THREADS)
            out->threads = strtol(word, NULL, 10);
    }
    free(path);
    td_buf_release(&text);
    return i > THREADS;
}

/* To the nanosecond, and of ended threads too. */
static uint64_t cpu_of(int pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t) < 0)
        return UINT64_MAX;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A sum with a part that is not known is not known. */
static void add(uint64_t *sum, uint64_t part)
{
    *sum = *sum == UINT64_MAX || part == UINT64_MAX ? UINT64_MAX : *sum + part;
}

static void add_memory(int pid, struct td_server_state *out)
{
    struct td_proc_memory memory;
    td_proc_memory_read(pid, &memory);
    add(&out->rss_bytes, memory.rss_bytes);
    add(&out->hwm_bytes, memory.hwm_bytes);
    add(&out->pss_bytes, memory.pss_bytes);
}

void td_proc_group_read(int group, bool memory, struct td_server_state *out)
{
    uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    *out = (struct td_server_state){0};
    while (proc && (entry = readdir(proc))) {
        struct stat_line line;
        int pid = atoi(entry->d_name);
        if (pid <= 0 || getpgid(pid) != group || !read_stat(pid, &line) ||
            line.group != group || strchr("ZX", line.state))
            continue;
        out->processes++;
        out->threads += (uint32_t)line.threads;
        add(&out->cpu_ns, cpu_of(pid));
        add(&out->cpu_ns, line.dead_ticks * tick_ns);
        if (memory)
            add_memory(pid, out);
    }
    if (proc)
        closedir(proc);
    if (!out->processes)
        out->cpu_ns = UINT64_MAX;
    if (!out->processes || !memory)
        out->rss_bytes = out->hwm_bytes = out->pss_bytes = UINT64_MAX;
}
