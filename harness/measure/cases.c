#include "measure/cases.h"

#include <stdlib.h>
#include <string.h>

static void case_release(struct td_case *c)
{
    td_launch_release(&c->launch);
    json_decref(c->hashes);
    free(c->problem);
}

static void group_release(struct td_group *group)
{
    td_set_release(&group->set);
    free(group->answer);
}

void td_plan_release(struct td_plan *plan)
{
    for (size_t i = 0; i < plan->ncases; i++)
        case_release(&plan->cases[i]);
    for (size_t i = 0; i < plan->ngroups; i++)
        group_release(&plan->groups[i]);
    for (size_t i = 0; i < plan->nworkloads; i++)
        td_workload_release(&plan->workloads[i]);
    td_runtimes_release(&plan->runtimes);
    free(plan->cases);
    free(plan->groups);
    free(plan->workloads);
    memset(plan, 0, sizeof *plan);
}

static int load_workloads(struct td_plan *plan, const char *dir,
                          const struct td_strings *wanted, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    if (wanted->count)
        for (size_t i = 0; i < wanted->count; i++) {
            if (!td_strings_has(&names, wanted->at[i]))
                td_strings_add(&names, wanted->at[i]);
        }
    else
        rc = td_workload_names(dir, &names, err);
    if (!rc && !names.count)
        rc = td_err_set(err, TD_EUSAGE, "no workload in %s", dir);
    plan->workloads = td_xcalloc(names.count, sizeof *plan->workloads);
    for (size_t i = 0; !rc && i < names.count; i++)
        rc = td_workload_load(&plan->workloads[plan->nworkloads++], dir,
                              names.at[i], err);
    td_strings_release(&names);
    return rc;
}

static bool have_runtime(const struct td_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->runtimes.count; i++)
        if (strcmp(plan->runtimes.at[i].name, name) == 0)
            return true;
    return false;
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

static int add_named(struct td_plan *plan, const struct td_context *context,
                     const struct td_runtimes *known, const char *word,
                     struct td_err *err)
{
    struct td_runtime found;
    const struct td_local_runtime *local = find_local(plan, word);
    int rc;
    if (local)
        return have_runtime(plan, word) ? 0 : add_local(plan, local, err);
    memset(&found, 0, sizeof found);
    rc = td_runtime_find(context, known, word, &found, err);
    if (rc || have_runtime(plan, found.name)) {
        td_runtime_release(&found);
        return rc;
    }
    *td_runtimes_add(&plan->runtimes) = found;
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

static int choose_runtimes(struct td_plan *plan,
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

static int check_word(const struct td_strings *names, const char *word,
                      const char *option, const char *noun, struct td_err *err)
{
    const char *nearest;
    if (td_strings_has(names, word))
        return 0;
    nearest = td_strings_nearest(names, word);
    return td_err_set(err, TD_EUSAGE, "%s %s: no such %s%s%s%s", option, word,
                      noun, nearest ? "; did you mean \"" : "",
                      nearest ? nearest : "", nearest ? "\"?" : "");
}

/* Every name of --impl must exist in a chosen workload, and the suite. */
static int check_words(const struct td_plan *plan,
                       const struct td_choice *choice, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT, suites = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < plan->nworkloads; i++) {
        const struct td_workload *w = &plan->workloads[i];
        for (size_t j = 0; j < w->nimplementations; j++)
            td_strings_add(&names, w->implementations[j].name);
        for (size_t j = 0; j < w->nsets; j++)
            for (size_t k = 0; k < w->sets[j].suites.count; k++)
                td_strings_add(&suites, w->sets[j].suites.at[k]);
    }
    for (size_t i = 0; !rc && i < choice->implementations->count; i++)
        rc = check_word(&names, choice->implementations->at[i], "--impl",
                        "implementation", err);
    if (!rc && choice->suite)
        rc = check_word(&suites, choice->suite, "--suite", "suite", err);
    td_strings_release(&names);
    td_strings_release(&suites);
    return rc;
}

/* Without its base a workload has no ratio: when --impl names none that the
 * base family has, the base family's own implementations stay in. */
static bool is_wanted(const struct td_workload *workload,
                      const struct td_implementation *implementation,
                      const char *family, const struct td_strings *wanted)
{
    if (!wanted->count || td_strings_has(wanted, implementation->name))
        return true;
    if (strcmp(family, workload->base) != 0)
        return false;
    for (size_t i = 0; i < workload->nimplementations; i++) {
        const struct td_implementation *other = &workload->implementations[i];
        if (td_fields_get(&other->entries, workload->base) &&
            td_strings_has(wanted, other->name))
            return false;
    }
    return true;
}

/* `sets` of an implementation restrict it to some of the file's own sets. */
static bool is_in_set(const struct td_workload *workload,
                      const struct td_implementation *implementation,
                      const char *set)
{
    if (!implementation->sets.count ||
        td_strings_has(&implementation->sets, set))
        return true;
    for (size_t i = 0; i < workload->nsets; i++)
        if (strcmp(workload->sets[i].name, set) == 0)
            return false;
    return true;
}

static void add_case(struct td_plan *plan, const struct td_workload *workload,
                     const struct td_implementation *implementation,
                     const struct td_runtime *runtime, const char *entry)
{
    struct td_case *c;
    plan->cases =
        td_xrealloc(plan->cases, (plan->ncases + 1) * sizeof *plan->cases);
    c = &plan->cases[plan->ncases++];
    memset(c, 0, sizeof *c);
    c->spec.workload = workload;
    c->spec.implementation = implementation;
    c->spec.runtime = runtime;
    c->spec.entry = entry;
    c->group = plan->ngroups - 1;
    c->hashes = json_object();
    c->launch = (struct td_launch)TD_LAUNCH_INIT;
    if (runtime->problem)
        c->problem = td_xstrdup(runtime->problem);
}

static void add_cases(struct td_plan *plan, const struct td_workload *workload,
                      const char *set, const struct td_strings *wanted)
{
    for (size_t r = 0; r < plan->runtimes.count; r++) {
        const struct td_runtime *runtime = &plan->runtimes.at[r];
        for (size_t i = 0; i < workload->nimplementations; i++) {
            const struct td_implementation *implementation =
                &workload->implementations[i];
            const char *entry =
                td_fields_get(&implementation->entries, runtime->family);
            if (entry && is_in_set(workload, implementation, set) &&
                is_wanted(workload, implementation, runtime->family, wanted))
                add_case(plan, workload, implementation, runtime, entry);
        }
    }
}

/* One group; dropped again when no case is left in it. */
static void add_group(struct td_plan *plan, const struct td_workload *workload,
                      const struct td_set *set, const struct td_strings *wanted)
{
    struct td_group *group;
    plan->groups =
        td_xrealloc(plan->groups, (plan->ngroups + 1) * sizeof *plan->groups);
    group = &plan->groups[plan->ngroups++];
    memset(group, 0, sizeof *group);
    group->workload = workload;
    group->first_case = plan->ncases;
    add_cases(plan, workload, set->name, wanted);
    group->ncases = plan->ncases - group->first_case;
    if (!group->ncases) {
        plan->ngroups--;
        return;
    }
    td_set_copy(&group->set, set);
    if (set->answer)
        group->answer = td_xstrdup(set->answer);
}

static int add_groups(struct td_plan *plan, const struct td_choice *choice,
                      struct td_err *err)
{
    int rc = 0;
    for (size_t w = 0; !rc && w < plan->nworkloads; w++) {
        struct td_set *sets = NULL;
        size_t count = 0;
        rc = td_sets_select(&plan->workloads[w], choice->params, choice->suite,
                            &sets, &count, err);
        for (size_t i = 0; !rc && i < count; i++)
            add_group(plan, &plan->workloads[w], &sets[i],
                      choice->implementations);
        td_sets_free(sets, count);
    }
    if (!rc && !plan->ncases)
        rc = td_err_set(err, TD_EUSAGE,
                        "nothing to measure: no implementation of the chosen "
                        "workloads fits the chosen runtimes, sets and suite "
                        "(see `tandem list`)");
    return rc;
}

int td_plan_make(struct td_plan *out, const struct td_context *context,
                 const struct td_choice *choice, struct td_err *err)
{
    int rc =
        load_workloads(out, context->workloads_dir, choice->workloads, err);
    if (!rc)
        rc = check_words(out, choice, err);
    if (!rc)
        rc = choose_runtimes(out, context, choice->runtimes, err);
    if (!rc)
        rc = add_groups(out, choice, err);
    return rc;
}

char *td_case_id(const struct td_plan *plan, const struct td_case *c)
{
    return td_xasprintf("%s/%s/%s/%s", c->spec.workload->name,
                        plan->groups[c->group].set.name,
                        c->spec.implementation->name, c->spec.runtime->name);
}

/* The runtime that a group's ratios divide by: the base family's first, else
 * the group's first. */
static const struct td_runtime *base_runtime(const struct td_plan *plan,
                                             const struct td_group *group)
{
    const struct td_case *first = &plan->cases[group->first_case];
    for (size_t i = 0; i < group->ncases; i++)
        if (strcmp(first[i].spec.runtime->family, group->workload->base) == 0)
            return first[i].spec.runtime;
    return first->spec.runtime;
}

const struct td_case *td_case_base(const struct td_plan *plan,
                                   const struct td_case *c)
{
    const struct td_group *group = &plan->groups[c->group];
    const struct td_runtime *base = base_runtime(plan, group);
    const struct td_case *fallback = NULL;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case *other = &plan->cases[group->first_case + i];
        const char *name = other->spec.implementation->name;
        if (other->spec.runtime != base)
            continue;
        if (strcmp(name, c->spec.implementation->name) == 0)
            return other == c ? NULL : other;
        if (!fallback ||
            strcmp(name, group->workload->default_implementation) == 0)
            fallback = other;
    }
    return c->spec.runtime == base ? NULL : fallback;
}
