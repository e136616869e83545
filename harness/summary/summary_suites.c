/* One figure for a whole suite: geometric means of ratios. */
#include "summary/summary_parts.h"

#include "base/buf.h"
#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ratios of one runtime against one base. */
struct collected {
    double *logs, *errors;
    size_t count;
};

/* The case that stands for a group: the default implementation's, else the
 * first that has a ratio. */
static const struct td_case_summary *
of_group(const struct td_group_summary *group, const char *standard,
         const char *runtime)
{
    const struct td_case_summary *found = NULL;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *c = &group->cases[i];
        if (!c->ratio.known || c->is_twin || strcmp(c->runtime, runtime) != 0)
            continue;
        if (!found || strcmp(c->implementation, standard) == 0)
            found = c;
    }
    return found;
}

static void add(struct collected *to, const struct td_case_summary *c)
{
    to->logs[to->count] = log(c->ratio.value);
    to->errors[to->count++] = c->log_error;
}

static void one_suite(struct td_summary *out, const json_t *groups,
                      const char *runtime)
{
    struct collected all = {td_xmalloc(out->ngroups * sizeof(double)),
                            td_xmalloc(out->ngroups * sizeof(double)), 0};
    const char *base = NULL;
    for (size_t g = 0; g < out->ngroups; g++) {
        /* Sizes of one sweep would count as so many workloads. */
        if (json_array_size(
                json_object_get(json_array_get(groups, g), "sweeps")))
            continue;
        const char *standard =
            td_json_str(json_array_get(groups, g), "default", "");
        const struct td_case_summary *c =
            of_group(&out->groups[g], standard, runtime);
        if (!c || (base && strcmp(base, c->base_runtime) != 0))
            continue;
        base = c->base_runtime;
        add(&all, c);
    }
    if (all.count >= 2) {
        out->suites =
            td_xrealloc(out->suites, (out->nsuites + 1) * sizeof *out->suites);
        out->suites[out->nsuites++] = (struct td_suite){
            runtime, base, all.count,
            td_suite_geomean(all.logs, all.errors, all.count, out->confidence)};
    }
    free(all.logs);
    free(all.errors);
}

void td_summary_suites(struct td_summary *out, const json_t *manifest)
{
    const json_t *groups = json_object_get(manifest, "groups");
    struct td_strings seen = TD_STRINGS_INIT;
    for (size_t g = 0; g < out->ngroups; g++)
        for (size_t i = 0; i < out->groups[g].ncases; i++) {
            const struct td_case_summary *c = &out->groups[g].cases[i];
            if (!c->ratio.known || c->is_twin ||
                td_strings_has(&seen, c->runtime))
                continue;
            td_strings_add(&seen, c->runtime);
            one_suite(out, groups, c->runtime);
        }
    td_strings_release(&seen);
}
