#include "measure/reference.h"

#include "measure/choose.h"

#include <string.h>

/* The workload's set in the suite; NULL: it has none. */
static const struct td_set *reference_set(const struct td_workload *workload)
{
    for (size_t i = 0; i < workload->nsets; i++)
        if (td_strings_has(&workload->sets[i].suites, TD_REFERENCE_SUITE))
            return &workload->sets[i];
    return NULL;
}

/* Loads the first workload with such a set behind the plan's own.  What is
 * wrong with a workload that was not asked for is not this run's matter. */
static bool load(struct td_plan *plan, const struct td_context *context)
{
    struct td_workload *at = &plan->workloads[plan->nworkloads];
    struct td_strings names = TD_STRINGS_INIT;
    struct td_err ignored = TD_ERR_INIT;
    bool found = false;
    td_workload_names(context->workloads_dir, &names, &ignored);
    for (size_t i = 0; i < names.count && !found; i++) {
        struct td_err why = TD_ERR_INIT;
        found = td_workload_load(at, context->workloads_dir, names.at[i],
                                 &why) == 0 &&
                reference_set(at);
        if (!found) {
            td_workload_release(at);
            memset(at, 0, sizeof *at);
        }
    }
    td_strings_release(&names);
    return found;
}

static const struct td_implementation *
default_of(const struct td_workload *workload)
{
    return td_workload_implementation(workload,
                                      workload->default_implementation);
}

/* The first chosen runtime that can run it, of the base family if one is. */
static size_t choose(const struct td_plan *plan,
                     const struct td_workload *workload)
{
    const struct td_fields *entries = &default_of(workload)->entries;
    size_t any = SIZE_MAX;
    for (size_t i = 0; i < plan->nchosen; i++) {
        const struct td_runtime *runtime = &plan->runtimes.at[i];
        if (runtime->problem || runtime->twin ||
            !td_fields_get(entries, runtime->family))
            continue;
        if (strcmp(runtime->family, workload->base) == 0)
            return i;
        if (any == SIZE_MAX)
            any = i;
    }
    return any;
}

void td_plan_reference_prepare(struct td_plan *plan,
                               const struct td_context *context)
{
    struct td_workload *workload = &plan->workloads[plan->nworkloads];
    size_t runtime;
    if (!load(plan, context))
        return;
    runtime = choose(plan, workload);
    if (runtime == SIZE_MAX) {
        td_workload_release(workload);
        return;
    }
    plan->nworkloads++;
    td_plan_add_twin(plan, runtime);
}

void td_plan_reference_add(struct td_plan *plan)
{
    const struct td_workload *workload;
    const struct td_runtime *twin;
    if (plan->runtimes.count == plan->nchosen)
        return;
    workload = &plan->workloads[plan->nworkloads - 1];
    twin = &plan->runtimes.at[plan->nchosen];
    td_plan_add_group(plan, workload, reference_set(workload))->is_reference =
        true;
    for (size_t i = 0; i < plan->nchosen; i++)
        if (strcmp(plan->runtimes.at[i].name, twin->against) == 0)
            td_plan_add_case(plan, workload, default_of(workload),
                             &plan->runtimes.at[i]);
    td_plan_add_case(plan, workload, default_of(workload), twin);
}
