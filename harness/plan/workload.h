/*
 * workload - what a workload file (workloads/NAME/NAME.ini) says.
 *
 *     [workload]
 *     summary = count the primes below n by trial division
 *     base = go                  ; the runtime family that ratios divide by
 *     default = trial            ; the idiomatic implementation
 *     kind = function            ; or server, command: see below
 *     network = yes              ; of commands: they may fetch packages
 *
 *     [set n=1000000]            ; a parameter set: `tandem run` measures all
 *     n = 1000000                ;   sets, --param overrides values
 *     answer = 78498             ; what every runtime must return
 *     suites = bench             ; names of the suites the set belongs to
 *     ideal = 100ms              ; optional: the least time physics allows
 *     turn = 1s                  ; optional: turns last at least as long, for
 *                                ;   workloads whose tail needs many samples
 *
 *     [sweep n]                  ; optional: sets n=1000, n=2200 … to see how
 *     from = 1000                ;   time grows with n: 10 sizes, evenly
 *     to = 1000000               ;   spread on a log scale; or values = 1 2 …
 *     points = 10                ;   (at least 9, over 2 decades)
 *     suites = growth            ; measured with these suites alone
 *     implementations = trial    ; optional: the only ones that take part
 *
 *     [implementation trial]
 *     title = trial division up to the square root
 *     cpython = primes.py:trial  ; runtime family = where its source is
 *     go = BenchmarkTrial
 *     serial = yes               ; optional: it starts no thread or process
 *
 *     [runtime node]             ; optional: a runtime of this workload only
 *     driver = exec
 *     command = node {entry}     ; no shell; run in the workload's directory;
 *                                ;   {workload} and {implementation} too; of
 *                                ;   a server {port} and the parameters
 *
 *     [input log]                ; optional: a generated file, cached by
 *     command = python3 generate.py --entries {entries} {out}
 *                                ;   content; its path becomes parameter log
 *     [service origin]           ; optional: a server started by the harness;
 *     command = tandem origin --port 0
 *                                ;   its URL becomes the parameter origin
 *
 * Of a workload of kind `server` an entry names a program that serves HTTP,
 * with arguments of its own after it (drivers/http/README.md): `server.py:app
 * --workers 2`, `./nethttp`.  Keys of a set such as `rate` and `connections`
 * say how it is loaded (plan/server_load.h).
 *
 * Other keys of a sweep are parameters that it fixes; what it does not name
 * is as in the first set.  A named set with the same parameters becomes one of
 * the sweep's, with its answer.  Implementations with `sets` take no part in
 * the others, unless it names them.
 *
 * Of a workload of kind `command` an entry is a whole process, which is
 * timed from spawn to end (drivers/command/README.md): `hello.py`, `./hello`,
 * `{runtime} build ./x`.  plan/command_steps.h has its further keys.
 *
 * A set's keys other than the reserved words are parameters; {name} in a
 * command is replaced by the parameter's value.  Every mistake is an error
 * with file:line, what was found and the nearest right name.
 */
#ifndef TD_PLAN_WORKLOAD_H
#define TD_PLAN_WORKLOAD_H

#include "base/err.h"
#include "base/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct td_set {
    char *name; /* "n=1000000" */
    struct td_fields params;
    char *answer;             /* NULL: runtimes must agree among themselves */
    struct td_strings suites; /* "quick", "bench" … */
    uint64_t ideal_ns;        /* 0 = none */
    uint64_t turn_ns;         /* the least length of a turn; 0 = the run's */
    struct td_strings sweeps; /* parameters of which it is one of the sizes */
    /* As one of these, the implementations that take part; empty = all. */
    struct td_strings swept_only;
    bool swept;          /* a [sweep] made it: measured with its suites alone */
    int until;           /* of commands: enum td_command_until */
    uint64_t timeout_ns; /* of commands: one execution; 0 = default */
};

struct td_implementation {
    char *name;
    char *title;
    struct td_fields entries; /* runtime family -> entry point */
    struct td_fields steps;   /* of commands: "prepare", "go.env" -> text */
    struct td_strings sets;   /* optional key `sets`: only in these sets */
    bool serial; /* optional key: an operation starts no thread or process */
};

/* A [runtime NAME] section: a runtime that only this workload has. */
struct td_local_runtime {
    char *name;
    char *driver; /* "exec" */
    struct td_strings command;
};

/* An [input NAME] or [service NAME] section. */
struct td_helper {
    char *name;
    struct td_strings command; /* words; may hold {param} and {out} */
};

enum td_workload_kind {
    TD_WORKLOAD_FUNCTION,
    TD_WORKLOAD_SERVER,
    TD_WORKLOAD_COMMAND
};

struct td_workload {
    char *name;   /* directory name */
    int kind;     /* enum td_workload_kind */
    bool network; /* of commands: told how to reach package registries */
    char *dir;    /* absolute */
    char *file;   /* the INI file */
    char *summary;
    char *base; /* runtime family */
    char *default_implementation;
    struct td_set *sets;
    size_t nsets;
    struct td_implementation *implementations;
    size_t nimplementations;
    struct td_local_runtime *runtimes;
    size_t nruntimes;
    struct td_helper *inputs;
    size_t ninputs;
    struct td_helper *services;
    size_t nservices;
};

/* Reads DIR/NAME/NAME.ini.  TD_EINPUT on any mistake, -errno if unreadable,
 * TD_EUSAGE with the nearest name if there is no such workload.
 * *out is usable only on success; release it either way. */
int td_workload_load(struct td_workload *out, const char *workloads_dir,
                     const char *name, struct td_err *err);
void td_workload_release(struct td_workload *workload);

/* The same from memory: file is what messages call it, dir is taken as it
 * is. */
int td_workload_parse(struct td_workload *out, const char *name,
                      const char *dir, const char *file, const char *text,
                      size_t len, struct td_err *err);

/* The runtime families that an implementation may name besides the
 * workload's own [runtime …] sections; NULL-terminated.  Equal to the
 * drivers' families, which a test of the drivers checks. */
extern const char *const td_workload_families[];

/* Names of all workloads (directories that hold NAME/NAME.ini), sorted. */
int td_workload_names(const char *workloads_dir, struct td_strings *out,
                      struct td_err *err);

const struct td_implementation *
td_workload_implementation(const struct td_workload *workload,
                           const char *name);

/* Replaces {name} by params' values; TD_EINPUT with the nearest name when a
 * parameter does not exist ("{{" is a literal brace). */
int td_expand(const char *text, const struct td_fields *params,
              struct td_buf *out, struct td_err *err);
/* Splits a command into words at blanks; "…" holds a word together, \" and
 * \\ stand for themselves.  TD_EINPUT when a quotation mark is left open. */
int td_words_split(struct td_strings *words, const char *text,
                   struct td_err *err);

/*
 * The sets to measure.  suite: NULL (all but those of sweeps) or the name of a
 * suite: other sets are left out (none may remain: *count 0).  overrides are
 * "n=1000" or sweeps "n=1000,2000": each combination becomes one set.  It is
 * based on the first set left that has the overriding values, else on the
 * first.  If a set of the workload has all the same values, it is that set,
 * with its name, answer and ideal; otherwise it is named after what was
 * overridden and has neither.  A parameter with several values is one of its
 * `sweeps`.  Unknown parameter: TD_EUSAGE.  Returns a malloc'd array in *out;
 * td_sets_free frees it.
 */
int td_sets_select(const struct td_workload *workload,
                   const struct td_strings *overrides, const char *suite,
                   struct td_set **out, size_t *count, struct td_err *err);
void td_sets_free(struct td_set *sets, size_t count);
void td_set_copy(struct td_set *to, const struct td_set *from);
void td_set_release(struct td_set *set);

#endif
