#include "claims/catalogue.h"

#include <stdlib.h>
#include <string.h>

int td_catalogue_load(struct td_catalogue *out, const char *workloads_dir,
                      struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    int rc;
    *out = (struct td_catalogue){NULL, 0};
    rc = td_workload_names(workloads_dir, &names, err);
    if (!rc && names.count)
        out->at = td_xcalloc(names.count, sizeof *out->at);
    for (size_t i = 0; !rc && i < names.count; i++)
        rc = td_workload_load(&out->at[out->count++], workloads_dir,
                              names.at[i], err);
    td_strings_release(&names);
    return rc;
}

void td_catalogue_release(struct td_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        td_workload_release(&catalogue->at[i]);
    free(catalogue->at);
    *catalogue = (struct td_catalogue){NULL, 0};
}

const struct td_workload *td_catalogue_find(const struct td_catalogue *of,
                                            const char *workload)
{
    for (size_t i = 0; i < of->count; i++)
        if (strcmp(of->at[i].name, workload) == 0)
            return &of->at[i];
    return NULL;
}
