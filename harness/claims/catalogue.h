/*
 * catalogue - all workload files at once: the names that an expression may
 * use.  Nothing is built or run for it.
 */
#ifndef TD_CLAIMS_CATALOGUE_H
#define TD_CLAIMS_CATALOGUE_H

#include "plan/workload.h"

struct td_catalogue {
    struct td_workload *at;
    size_t count;
};

/* Reads every workload in the directory; the first mistake in one of them is
 * the error.  Release *out either way. */
int td_catalogue_load(struct td_catalogue *out, const char *workloads_dir,
                      struct td_err *err);
void td_catalogue_release(struct td_catalogue *catalogue);
/* NULL when there is none. */
const struct td_workload *td_catalogue_find(const struct td_catalogue *of,
                                            const char *workload);

#endif
