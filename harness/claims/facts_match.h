/*
 * facts_match - whether one run has the cases that an expression names, and
 * which they are.
 */
#ifndef TD_CLAIMS_FACTS_MATCH_H
#define TD_CLAIMS_FACTS_MATCH_H

#include "claims/facts.h"

/* names[0..n) in one group of the run.  *there: the run has the workload and
 * set; *why: what it lacks of it all the same, malloc'd, or NULL: found[0..n)
 * is filled.  The run's figures are read only where they are needed. */
int td_facts_match(struct td_fact_run *run, const struct td_case_name *names,
                   size_t n, struct td_fact *found, bool *there, char **why,
                   struct td_err *err);

/* "cpython" and "cpython-3.13" both mean cpython-3.13.2; neither means
 * cpython-3.1 or cpythonx.  family: NULL where it is not known. */
bool td_runtime_meant(const char *word, const char *family, const char *name);

#endif
