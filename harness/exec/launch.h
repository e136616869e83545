/*
 * launch - all that is needed to start one process: what a driver's
 * `prepare` fills in and exec/ uses.  The environment is built from nothing;
 * td_launch_env_base adds the few names that every program needs (PATH,
 * HOME, LANG=C.UTF-8, TMPDIR).
 */
#ifndef TD_EXEC_LAUNCH_H
#define TD_EXEC_LAUNCH_H

#include "base/fields.h"

#include <stdint.h>

/* By what a memory limit may be kept; see launcher_memory.h. */
enum td_memory_by {
    TD_MEMORY_ANY, /* a control group, else RLIMIT_AS */
    TD_MEMORY_CGROUP,
    TD_MEMORY_RLIMIT
};

struct td_launch {
    char *program;          /* path to execute */
    struct td_strings argv; /* argv[0] first; argv[0] may differ */
    struct td_fields env;
    char *cwd;  /* NULL = the harness's */
    char *cpus; /* "0,2-3" or NULL = no pinning */
    /* Of the process and all that it starts; 0 = none.  Which way it is kept
     * is known after the start (td_server_memory_by). */
    uint64_t memory_limit_bytes;
    enum td_memory_by memory_by;
};

#define TD_LAUNCH_INIT                                                         \
    {                                                                          \
        NULL, TD_STRINGS_INIT, TD_FIELDS_INIT, NULL, NULL, 0, TD_MEMORY_ANY    \
    }

void td_launch_release(struct td_launch *launch);
/* A deep copy; *to is overwritten. */
void td_launch_copy(struct td_launch *to, const struct td_launch *from);
void td_launch_env_base(struct td_launch *launch);

/* The executable that a word names, malloc'd: itself if it has a slash, else
 * looked up in path ("/a:/b"; NULL = the usual places).  NULL: none. */
char *td_program_find(const char *name, const char *path);

#endif
