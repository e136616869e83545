/*
 * cases - what is to be measured: groups (a workload with one parameter set)
 * of cases (one implementation in one runtime), made from the command line
 * and the workload files, then prepared by the drivers.
 */
#ifndef TD_MEASURE_CASES_H
#define TD_MEASURE_CASES_H

#include "drivers/command/commands.h"
#include "measure/revisions.h"

#include <stdbool.h>

/* What the user chose. */
struct td_choice {
    const struct td_strings *workloads;       /* empty = all */
    const struct td_strings *runtimes;        /* empty = first per family */
    const struct td_strings *implementations; /* empty = all */
    const struct td_strings *params;          /* "n=1000,2000" */
    const char *suite;                        /* NULL = all sets */
    bool reference; /* add the reference group, where there is one */
    /* Git revisions of the workloads' sources, the first being the base of
     * all ratios; empty = the files at hand, runtimes against each other. */
    const struct td_strings *revisions;
    bool cross_check; /* add counterparts: see choose.h */
};

struct td_case {
    struct td_case_spec spec;
    size_t group;
    struct td_launch launch;       /* filled by td_plan_prepare */
    struct td_command_steps steps; /* of commands; likewise */
    json_t *hashes;
    char *problem; /* why it cannot run; NULL = it can */
    /* What calibration found: operations a sample, samples a turn, and the
     * time of one operation.  0 until the first invocation. */
    uint64_t loops, count;
    double operation_ns;
    uint32_t invocations; /* started so far */
    uint32_t failures;    /* in a row */
    bool dropped;
};

struct td_group {
    const struct td_workload *workload;
    struct td_set set;         /* params with inputs' paths added */
    char *answer;              /* known, or agreed on while running */
    json_t *answers;           /* of servers: what stands behind an answer that
                                  was agreed on; NULL = not known; owned */
    size_t first_case, ncases; /* range in plan.cases */
    bool is_reference;         /* the run's own A/A measurement */
};

struct td_plan {
    struct td_revision *revisions;
    size_t nrevisions;
    struct td_workload *workloads; /* of each revision in turn */
    size_t nworkloads;
    struct td_runtimes runtimes; /* those in use */
    size_t nchosen; /* of the runtimes: of all groups; what follows is the
                       reference group's alone */
    struct td_group *groups;
    size_t ngroups;
    struct td_case *cases;
    size_t ncases;
};

/* TD_EUSAGE / TD_EINPUT with the nearest right name.  *out must be zeroed;
 * release it either way. */
int td_plan_make(struct td_plan *out, const struct td_context *context,
                 const struct td_choice *choice, struct td_err *err);
void td_plan_release(struct td_plan *plan);

/* Tells what is being prepared; may be NULL. */
typedef void td_prepare_fn(void *to, const char *what);

/* Generates inputs and lets the drivers build.  cpus, server_cpus: of workers
 * and of servers; NULL = all.  A case whose driver fails gets `problem`; only
 * a fault of the harness itself is an error. */
int td_plan_prepare(struct td_plan *plan, const struct td_context *context,
                    const char *cpus, const char *server_cpus,
                    td_prepare_fn *tell, void *to, struct td_err *err);

/* "primes/n=1000000/trial/go-1.26.8"; malloc'd. */
char *td_case_id(const struct td_plan *plan, const struct td_case *c);

/* The case that ratios of c divide by: same implementation in the base
 * runtime, else its default one, else its first; NULL if c is itself of the
 * base runtime or there is none.  The base runtime is the one that c's
 * names (`against`), else the base family's first. */
const struct td_case *td_case_base(const struct td_plan *plan,
                                   const struct td_case *c);

#endif
