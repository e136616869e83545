#include "measure/choose.h"

#include <stdlib.h>
#include <string.h>

/* Its index; SIZE_MAX = not there. */
static size_t find_runtime(const struct td_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->runtimes.count; i++)
        if (plan->runtimes.at[i].name &&
            strcmp(plan->runtimes.at[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static bool have_family(const struct td_plan *plan, const char *family)
{
    for (size_t i = 0; i < plan->runtimes.count; i++)
        if (strcmp(plan->runtimes.at[i].family, family) == 0)
            return true;
    return false;
}

/* A runtime that a workload file defines for itself, by name. */
static const struct td_local_runtime *find_local(const struct td_plan *plan,
                                                 const char *name)
{
    for (size_t i = 0; i < plan->nworkloads; i++)
        for (size_t j = 0; j < plan->workloads[i].nruntimes; j++)
            if (strcmp(plan->workloads[i].runtimes[j].name, name) == 0)
                return &plan->workloads[i].runtimes[j];
    return NULL;
}

static int add_local(struct td_plan *plan, const struct td_local_runtime *local,
                     struct td_err *err)
{
    const struct td_driver *driver = td_driver_by_name(local->driver);
    struct td_runtime *runtime;
    if (!driver)
        return td_err_set(err, TD_EINPUT, "runtime %s: no driver \"%s\"",
                          local->name, local->driver);
    runtime = td_runtimes_add(&plan->runtimes);
    runtime->driver = driver;
    runtime->name = td_xstrdup(local->name);
    runtime->family = td_xstrdup(local->name);
    runtime->version = td_xstrdup("");
    runtime->path = td_xstrdup("");
    runtime->build = json_object();
    runtime->local = local;
    return 0;
}

/* Stands in for a family of which nothing usable was found: its cases are
 * shown with the problem. */
static void add_missing(struct td_plan *plan, const char *family,
                        const char *problem)
{
    struct td_runtime *runtime = td_runtimes_add(&plan->runtimes);
    for (size_t i = 0; td_drivers[i]; i++)
        if (strcmp(td_drivers[i]->family, family) == 0)
            runtime->driver = td_drivers[i];
    runtime->name = td_xstrdup(family);
    runtime->family = td_xstrdup(family);
    runtime->version = td_xstrdup("");
    runtime->path = td_xstrdup("");
    runtime->build = json_object();
    runtime->problem = td_xstrdup(problem);
}

size_t td_plan_add_twin(struct td_plan *plan, size_t of)
{
    struct td_runtime *twin = td_runtimes_add(&plan->runtimes);
    td_runtime_copy(twin, &plan->runtimes.at[of]);
    twin->twin = true;
    free(twin->against);
    twin->against = twin->name;
    twin->name = NULL;
    for (unsigned k = 2; !twin->name; k++) {
        char *name = td_xasprintf("%s#%u", twin->against, k);
        if (find_runtime(plan, name) == SIZE_MAX)
            twin->name = name;
        else
            free(name);
    }
    return plan->runtimes.count - 1;
}

/* "cpython-3.12.1:shared" to "cpython-3.12.1:stock". */
static char *counterpart_name(const struct td_runtime *of)
{
    size_t len = strlen(of->name), tail = strlen(of->hosting);
    if (len > tail && of->name[len - tail - 1] == ':' &&
        strcmp(of->name + len - tail, of->hosting) == 0)
        len -= tail + 1;
    return td_xasprintf("%.*s:stock", (int)len, of->name);
}

void td_plan_add_counterparts(struct td_plan *plan)
{
    for (size_t i = 0, n = plan->runtimes.count; i < n; i++) {
        const struct td_runtime *of = &plan->runtimes.at[i];
        struct td_runtime copy;
        if (of->problem || of->twin || !of->hosting ||
            strcmp(of->hosting, "stock") == 0)
            continue;
        td_runtime_copy(&copy, of);
        free(copy.name);
        free(copy.hosting);
        copy.name = counterpart_name(of);
        copy.hosting = td_xstrdup("stock");
        copy.counterpart = true;
        if (find_runtime(plan, copy.name) == SIZE_MAX)
            *td_runtimes_add(&plan->runtimes) = copy;
        else
            td_runtime_release(&copy);
    }
}

/* A runtime for one revision: "go-1.26.8@4f3c2a1b09". */
static void add_revised(struct td_runtimes *to, const struct td_runtime *from,
                        const char *revision, const char *against)
{
    struct td_runtime *added = td_runtimes_add(to);
    td_runtime_copy(added, from);
    free(added->name);
    free(added->against);
    added->name = td_xasprintf("%s@%s", from->name, revision);
    added->revision = td_xstrdup(revision);
    added->against = td_xasprintf("%s@%s", from->name, against);
}

void td_plan_add_revisions(struct td_plan *plan)
{
    struct td_runtimes plain = plan->runtimes;
    const char *first = plan->revisions[0].name;
    plan->runtimes = (struct td_runtimes){NULL, 0};
    for (size_t i = 0; i < plain.count; i++) {
        add_revised(&plan->runtimes, &plain.at[i], first, first);
        td_plan_add_twin(plan, plan->runtimes.count - 1);
        for (size_t r = 1; r < plan->nrevisions; r++)
            add_revised(&plan->runtimes, &plain.at[i], plan->revisions[r].name,
                        first);
    }
    td_runtimes_release(&plain);
}

static int add_named(struct td_plan *plan, const struct td_context *context,
                     const struct td_runtimes *known, const char *word,
                     struct td_err *err)
{
    struct td_runtime found;
    const struct td_local_runtime *local = find_local(plan, word);
    size_t first;
    int rc = 0;
    memset(&found, 0, sizeof found);
    if (!local)
        rc = td_runtime_find(context, known, word, &found, err);
    if (rc)
        return rc;
    first = find_runtime(plan, local ? local->name : found.name);
    if (first != SIZE_MAX)
        td_plan_add_twin(plan, first);
    else if (local)
        return add_local(plan, local, err);
    else
        *td_runtimes_add(&plan->runtimes) = found;
    if (first != SIZE_MAX)
        td_runtime_release(&found);
    return 0;
}

/* The first usable runtime of a family, or a stand-in that says why not. */
static int add_family(struct td_plan *plan, const struct td_context *context,
                      const struct td_runtimes *known, const char *family,
                      struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    if (have_family(plan, family))
        return 0;
    if (add_named(plan, context, known, family, &why) == 0)
        return 0;
    if (why.code != TD_EUSAGE && why.code != TD_EDEPENDENCY)
        return td_err_set(err, why.code, "%s", why.msg);
    add_missing(plan, family, why.msg);
    return 0;
}

static int add_defaults(struct td_plan *plan, const struct td_context *context,
                        const struct td_runtimes *known, struct td_err *err)
{
    int rc = 0;
    for (size_t w = 0; w < plan->nworkloads; w++) {
        const struct td_workload *workload = &plan->workloads[w];
        rc = add_family(plan, context, known, workload->base, err);
        for (size_t i = 0; i < workload->nimplementations; i++) {
            const struct td_fields *entries =
                &workload->implementations[i].entries;
            for (size_t e = 0; !rc && e < entries->count; e++)
                rc = add_family(plan, context, known, entries->at[e].name, err);
        }
        if (rc)
            break;
    }
    return rc;
}

int td_plan_choose_runtimes(struct td_plan *plan,
                            const struct td_context *context,
                            const struct td_strings *words, struct td_err *err)
{
    struct td_runtimes known = {NULL, 0};
    int rc = 0;
    td_runtimes_discover(context, &known);
    for (size_t i = 0; !rc && i < words->count; i++)
        rc = add_named(plan, context, &known, words->at[i], err);
    if (!rc && !words->count)
        rc = add_defaults(plan, context, &known, err);
    td_runtimes_release(&known);
    return rc;
}
