/* What stands for a tool of the null runtimes' own (null_own.c). */
#include "drivers/null/null.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void launch(const struct td_context *context,
                   const struct td_case_spec *spec,
                   const struct td_launch *prepared,
                   const struct td_fields *params, uint64_t iterations,
                   struct td_launch *out)
{
    (void)context;
    out->program = td_xstrdup(prepared->program);
    out->cwd = td_xstrdup(prepared->cwd);
    td_fields_copy(&out->env, &prepared->env);
    for (size_t i = 0; i < prepared->argv.count; i++)
        td_strings_add(&out->argv, prepared->argv.at[i]);
    td_strings_add(&out->argv, "own");
    td_strings_add(&out->argv, spec->entry);
    td_strings_addf(&out->argv, "%" PRIu64, iterations);
    for (size_t i = 0; i < params->count; i++) {
        char *name = td_xasprintf("TANDEM_P_%s", params->at[i].name);
        td_fields_set(&out->env, name, params->at[i].value);
        free(name);
    }
}

static int figure(const char *printed, uint64_t iterations, double *ns,
                  struct td_err *err)
{
    uint64_t count = 0, sum = 0;
    if (sscanf(printed, "%" SCNu64 " operations in %" SCNu64 " ns", &count,
               &sum) != 2 ||
        count != iterations || !sum)
        return td_err_set(err, TD_EWORKER, "not a sum: \"%.200s\"", printed);
    *ns = (double)sum / (double)count;
    return 0;
}

const struct td_own_tool td_null_own_tool = {
    .name = "the formula",
    .launch = launch,
    .figure = figure,
};
