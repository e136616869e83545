/*
 * facts_run - one run as facts.c reads it: the manifest at once, the figures
 * when somebody asks for them.  Nobody else needs this.
 */
#ifndef TD_CLAIMS_FACTS_RUN_H
#define TD_CLAIMS_FACTS_RUN_H

#include "store/run_dir.h"

#include <stdbool.h>

struct td_fact_run {
    struct td_run_dir dir;
    bool is_service; /* of `tandem service` */
    json_t *figures; /* summary.json, or service.json: an array of titles;
                        NULL until td_fact_run_load; owned */
};

/* Opens the run to read it; release it either way. */
int td_fact_run_open(struct td_fact_run *out, const char *results_dir,
                     const char *word, struct td_err *err);
void td_fact_run_release(struct td_fact_run *run);
/* Complete, and not a quick one. */
bool td_fact_run_counts(const struct td_fact_run *run);
/* Reads the figures, once; makes them again from samples that are newer. */
int td_fact_run_load(struct td_fact_run *run, struct td_err *err);

#endif
