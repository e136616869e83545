/*
 * driver - the code that knows how to launch one kind of runtime.
 *
 * A driver is one const struct; registry.c holds the one const table.  To
 * add a driver: write drivers/NAME/NAME.c with its struct, declare it below,
 * add it to the table, describe it in the README; the unit test of the
 * registry checks the rest.
 *
 * A runtime is a driver plus a toolchain found on this machine.
 */
#ifndef TD_DRIVERS_DRIVER_H
#define TD_DRIVERS_DRIVER_H

#include "base/err.h"
#include "base/fields.h"
#include "exec/launch.h"
#include "exec/worker.h"
#include "plan/workload.h"

#include <jansson.h>

struct td_driver;

struct td_runtime {
    const struct td_driver *driver;
    char *name;    /* "cpython-3.11.2", "cpython-3.12.1:shared", "go-1.26.8" */
    char *family;  /* "cpython", "go": the key in a workload file */
    char *version; /* "3.11.2" */
    char *path;    /* the interpreter or the go command */
    char *hosting; /* "static", "shared", "stock"; NULL where senseless */
    char *problem; /* why it cannot be used; NULL = usable */
    json_t *build; /* build flags and all else worth recording; owned */
    const struct td_local_runtime *local; /* exec: from the workload file */
    bool twin;        /* a runtime once more, named "…#2" */
    char *against;    /* name of the runtime that its ratios divide by; NULL =
                         the one that the workload's `base` says */
    bool counterpart; /* there only to show what the hosting of another one
                       does; its ratios decide nothing */
    char *revision;   /* of the sources that it runs; NULL = those at hand */
};

void td_runtime_release(struct td_runtime *runtime);
/* A deep copy; *to is overwritten. */
void td_runtime_copy(struct td_runtime *to, const struct td_runtime *from);

struct td_runtimes {
    struct td_runtime *at;
    size_t count;
};
void td_runtimes_release(struct td_runtimes *runtimes);
/* Appends a zeroed entry and returns it. */
struct td_runtime *td_runtimes_add(struct td_runtimes *runtimes);

/* Where things are; made once by main, read-only for drivers. */
struct td_context {
    struct td_loop *loop;
    const char *build_dir;     /* compiled things and caches: build/ */
    const char *cache_dir;     /* build/cache */
    const char *libexec_dir;   /* launcher, workers, _tandem module */
    const char *source_dir;    /* root of the Go module: repository or share/ */
    const char *workloads_dir; /* absolute */
};

/* One case, as a driver sees it. */
struct td_case_spec {
    const struct td_workload *workload;
    const struct td_implementation *implementation;
    const struct td_runtime *runtime;
    const char *entry; /* "primes.py:trial", "BenchmarkTrial" */
};

/*
 * The tool that the users of a runtime would measure the case with
 * themselves: what the harness adds shows in the difference.  Only for a
 * runtime that runs as itself, not for one that is embedded.
 */
struct td_own_tool {
    const char *name; /* "go test -bench" */

    /* Fills *out (TD_LAUNCH_INIT) for the same binary or interpreter as in
     * `prepared`, which the driver's prepare made, with its environment. */
    void (*launch)(const struct td_context *context,
                   const struct td_case_spec *spec,
                   const struct td_launch *prepared,
                   const struct td_fields *params, uint64_t iterations,
                   struct td_launch *out);

    /* The time of one operation from what the tool printed; TD_EWORKER when
     * that is not what it prints. */
    int (*figure)(const char *printed, uint64_t iterations, double *ns,
                  struct td_err *err);
};

struct td_driver {
    const char *name;   /* "cpython" */
    const char *family; /* key in workload files; "cpython", "go", "null" */
    const char *help;   /* one line for `tandem runtimes` */

    /* Appends every runtime found, usable or not (problem says why).  May be
     * NULL: the driver has nothing to find. */
    int (*discover)(const struct td_context *context, struct td_runtimes *out,
                    struct td_err *err);

    /* Makes *out for a name the user gave that discover did not list
     * ("go-1.22.12", "cpython@/path/python", "cpython-3.11:stock").  May be
     * NULL.  Returns TD_EUSAGE when the name is not this driver's. */
    int (*resolve)(const struct td_context *context, const char *name,
                   struct td_runtime *out, struct td_err *err);

    /* Does what must be done before a worker can start (compiling, with a
     * content-addressed cache under cache_dir) and fills *out except cpus.
     * Adds the sources' and binaries' hashes to `hashes` (path -> sha256).
     * Called once a case; must be cheap the second time. */
    int (*prepare)(const struct td_context *context,
                   const struct td_case_spec *spec, struct td_launch *out,
                   json_t *hashes, struct td_err *err);

    const struct td_own_tool *own_tool; /* NULL: it has none */

    /* The same for a workload of kind `server` or `command`, of which the
     * runtime runs a program of its own (drivers/http/README.md,
     * drivers/command/README.md).  spec->entry is the entry's first word; its
     * other words are appended to argv afterwards, and environment and cwd
     * are filled already.  NULL: it has no programs.  Called through
     * td_program_prepare alone. */
    int (*prepare_program)(const struct td_context *context,
                           const struct td_case_spec *spec,
                           struct td_launch *out, json_t *hashes,
                           struct td_err *err);
};

extern const struct td_driver td_driver_cpython;
extern const struct td_driver td_driver_gotest;
extern const struct td_driver td_driver_exec;
extern const struct td_driver td_driver_null;

/* The table, NULL-terminated. */
extern const struct td_driver *const td_drivers[];
const struct td_driver *td_driver_by_name(const char *name);

/* All drivers' runtimes.  A driver whose discovery fails contributes one
 * unusable entry that says why. */
void td_runtimes_discover(const struct td_context *context,
                          struct td_runtimes *out);
/*
 * The runtime a user means by a word: exact name, "family", or a prefix at a
 * version boundary ("cpython-3.11" = newest usable 3.11.x), then every
 * driver's resolve.  TD_EUSAGE with the nearest name if none;
 * TD_EDEPENDENCY with the problem if it exists but cannot be used.
 * *out is a copy; release it.
 */
int td_runtime_find(const struct td_context *context,
                    const struct td_runtimes *known, const char *word,
                    struct td_runtime *out, struct td_err *err);

#endif
