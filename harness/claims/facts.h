/*
 * facts - what runs on disk say about a case: the figures that claims and
 * tables are made of.
 *
 * Read are manifest.json and summary.json of a run, or service.json of a run
 * of `tandem service`, so that an archived run does as well as a fresh one.
 * Where a run still has its samples and one of them is newer than
 * summary.json, the figures are made from the samples again: what counts is
 * what was measured.  Nothing is measured here, nothing is written.
 *
 * A case is looked up in the newest complete run that is not a quick one and
 * has it: first RESULTS, then RESULTS/reference.  Runs that the user named
 * are taken as they are, quick or not, and no others.  Of two runs that have
 * the case, one in which it has figures goes before one in which it failed,
 * and one with 15 invocations or, where none has so many, with the most before
 * one with fewer: a short look afterwards does not hide a long measurement.
 */
#ifndef TD_CLAIMS_FACTS_H
#define TD_CLAIMS_FACTS_H

#include "base/err.h"
#include "base/fields.h"
#include "stat/interval.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A case as an expression names it; every text is owned. */
struct td_case_name {
    char *workload, *set;
    char *runtime;        /* a family, "cpython", or the beginning of a
                             runtime's name that ends at a part of its version:
                             "cpython-3.13" */
    char *implementation; /* NULL: the group's default one; where the runtime
                             does not have that, its first */
    uint64_t memory_limit_bytes; /* of a service; 0 = without a limit */
};

struct td_fact_run; /* one run; see facts_run.h */

struct td_facts {
    struct td_fact_run *runs; /* in the order in which they are asked */
    size_t nruns;
    bool named; /* the user chose them */
};

/* One case, found.  All of it is borrowed from the td_facts. */
struct td_fact {
    const char *run;        /* its id */
    const json_t *manifest; /* of the run; `host` says which machine */
    const json_t *summary;  /* of the run; of a service run its title's
                               object in service.json */
    const json_t *group;    /* in summary.json; NULL of a service */
    const json_t *of;       /* the case in `group`, or the service's row */
    size_t index;           /* of the case, or of the row */
    bool quick;
};

/* Opens the runs named in `runs` (as td_run_dir_open takes them), or, where
 * it is NULL or empty, all of results_dir and results_dir/reference.  A run
 * that cannot be read is an error when it was named and left out when not.
 * Release *out either way. */
int td_facts_open(struct td_facts *out, const char *results_dir,
                  const struct td_strings *runs, struct td_err *err);
void td_facts_release(struct td_facts *facts);

/*
 * Finds names[0..n) all in one group of one run, so that they took turns
 * (service: in one title of a service run).  Where there is none, *missing
 * says why, malloc'd, and 0 is returned; an error is only what went wrong in
 * reading.  found[0..n) is filled where *missing is NULL.
 */
int td_facts_find(struct td_facts *facts, const struct td_case_name *names,
                  size_t n, bool service, struct td_fact *found, char **missing,
                  struct td_err *err);

void td_case_name_release(struct td_case_name *name);

#endif
