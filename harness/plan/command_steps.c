#include "plan/command_steps.h"

#include <stdlib.h>
#include <string.h>

const char *const td_command_until_words[] = {"exit", "output", NULL};

static const char *const steps[] = {"prepare", "cleanup", "env", NULL};

bool td_command_is_step(const char *key)
{
    const char *dot = strrchr(key, '.');
    const char *step = dot ? dot + 1 : key;
    for (size_t i = 0; steps[i]; i++)
        if (strcmp(steps[i], step) == 0)
            return true;
    return false;
}

const char *td_command_step(const struct td_implementation *implementation,
                            const char *family, const char *step)
{
    const char *text = NULL;
    char *own;
    if (family) {
        own = td_xasprintf("%s.%s", family, step);
        text = td_fields_get(&implementation->steps, own);
        free(own);
        if (strcmp(step, "env") == 0)
            return text;
    }
    return text ? text : td_fields_get(&implementation->steps, step);
}

void td_command_names(const struct td_workload *workload,
                      const char *implementation,
                      const struct td_fields *params, struct td_fields *out)
{
    td_fields_copy(out, params);
    td_fields_set(out, "workload", workload->dir);
    td_fields_set(out, "implementation", implementation);
    td_fields_set(out, "scratch", TD_NAME_SCRATCH);
    td_fields_set(out, "fresh", TD_NAME_FRESH);
    td_fields_set(out, "runtime", TD_NAME_RUNTIME);
    td_fields_set(out, TD_KEPT, "");
}

bool td_command_has_name(const char *name)
{
    static const char *const names[] = {
        "workload", "implementation", "scratch", "fresh",
        "runtime",  TD_EXECUTABLE,    TD_KEPT,   NULL};
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

void td_command_add_steps(struct td_strings *families)
{
    size_t count = families->count;
    for (size_t i = 0; steps[i]; i++) {
        for (size_t k = 0; k < count; k++)
            td_strings_addf(families, "%s.%s", families->at[k], steps[i]);
        td_strings_add(families, steps[i]);
    }
}
