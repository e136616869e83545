#include "measure/cases.h"

#include "measure/choose.h"
#include "measure/reference.h"
#include "plan/server_load.h"

#include <stdlib.h>
#include <string.h>

static void case_release(struct td_case *c)
{
    td_launch_release(&c->launch);
    td_command_steps_release(&c->steps);
    json_decref(c->hashes);
    free(c->problem);
}

static void group_release(struct td_group *group)
{
    td_set_release(&group->set);
    free(group->answer);
    json_decref(group->answers);
}

void td_plan_release(struct td_plan *plan)
{
    for (size_t i = 0; i < plan->ncases; i++)
        case_release(&plan->cases[i]);
    for (size_t i = 0; i < plan->ngroups; i++)
        group_release(&plan->groups[i]);
    for (size_t i = 0; i < plan->nworkloads; i++)
        td_workload_release(&plan->workloads[i]);
    for (size_t i = 0; i < plan->nrevisions; i++)
        td_revision_release(&plan->revisions[i]);
    free(plan->revisions);
    td_runtimes_release(&plan->runtimes);
    free(plan->cases);
    free(plan->groups);
    free(plan->workloads);
    memset(plan, 0, sizeof *plan);
}

/* The names that were given, each once; all when none was. */
static int workload_names(const struct td_strings *wanted, const char *dir,
                          struct td_strings *names, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < wanted->count; i++)
        if (!td_strings_has(names, wanted->at[i]))
            td_strings_add(names, wanted->at[i]);
    if (!wanted->count)
        rc = td_workload_names(dir, names, err);
    if (!rc && !names->count)
        rc = td_err_set(err, TD_EUSAGE, "no workload in %s", dir);
    return rc;
}

/* From the directory of each revision; from the usual one without any. */
static int load_workloads(struct td_plan *plan,
                          const struct td_context *context,
                          const struct td_strings *wanted, struct td_err *err)
{
    size_t sources = plan->nrevisions ? plan->nrevisions : 1;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t r = 0; !rc && r < sources; r++) {
        const char *dir = plan->nrevisions ? plan->revisions[r].workloads_dir
                                           : context->workloads_dir;
        if (r == 0)
            rc = workload_names(wanted, dir, &names, err);
        /* One more for the reference: pointers into the array must last. */
        if (r == 0)
            plan->workloads =
                td_xcalloc(names.count * sources + 1, sizeof *plan->workloads);
        for (size_t i = 0; !rc && i < names.count; i++)
            rc = td_workload_load(&plan->workloads[plan->nworkloads++], dir,
                                  names.at[i], err);
    }
    td_strings_release(&names);
    return rc;
}

static int export_revisions(struct td_plan *plan,
                            const struct td_context *context,
                            const struct td_strings *words, struct td_err *err)
{
    int rc = 0;
    plan->revisions = td_xcalloc(words->count, sizeof *plan->revisions);
    for (size_t i = 0; !rc && i < words->count; i++)
        rc = td_revision_export(&plan->revisions[plan->nrevisions++], context,
                                words->at[i], err);
    if (!rc && words->count == 1)
        rc = td_err_set(err, TD_EUSAGE,
                        "one revision has nothing to be compared with");
    for (size_t i = 1; !rc && i < words->count; i++)
        for (size_t k = 0; !rc && k < i; k++)
            if (strcmp(plan->revisions[i].name, plan->revisions[k].name) == 0)
                rc = td_err_set(err, TD_EUSAGE,
                                "%s and %s are the same revision; to measure a "
                                "runtime against itself name it twice: "
                                "--runtime go,go",
                                words->at[k], words->at[i]);
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

/* `sets` of an implementation restrict it to some of the file's own sets, so
 * that it takes no part in those of a sweep. */
static bool is_in_set(const struct td_workload *workload,
                      const struct td_implementation *implementation,
                      const struct td_set *set)
{
    if (set->sweeps.count && set->swept_only.count) {
        if (!td_strings_has(&set->swept_only, implementation->name))
            return false;
        if (set->swept)
            return true;
    }
    if (!implementation->sets.count ||
        td_strings_has(&implementation->sets, set->name))
        return true;
    for (size_t i = 0; i < workload->nsets; i++)
        if (!workload->sets[i].swept &&
            strcmp(workload->sets[i].name, set->name) == 0)
            return false;
    return !set->swept;
}

void td_plan_add_case(struct td_plan *plan, const struct td_workload *workload,
                      const struct td_implementation *implementation,
                      const struct td_runtime *runtime)
{
    const char *entry =
        td_fields_get(&implementation->entries, runtime->family);
    struct td_group *group = &plan->groups[plan->ngroups - 1];
    struct td_case *c;
    /* A command is run by the runtime's own executable, however hosted. */
    if (!entry ||
        (runtime->counterpart && workload->kind == TD_WORKLOAD_COMMAND))
        return;
    group->ncases++;
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

/* The w-th workload as a runtime's revision has it. */
static const struct td_workload *workload_of(const struct td_plan *plan,
                                             size_t w, size_t nworkloads,
                                             const struct td_runtime *runtime)
{
    size_t r = 0;
    while (r < plan->nrevisions &&
           strcmp(plan->revisions[r].name, runtime->revision) != 0)
        r++;
    return &plan->workloads[r * nworkloads + w];
}

static void add_cases(struct td_plan *plan, size_t w, size_t nworkloads,
                      const struct td_set *set, const struct td_strings *wanted)
{
    const struct td_workload *workload = &plan->workloads[w];
    for (size_t r = 0; r < plan->nchosen; r++) {
        const struct td_runtime *runtime = &plan->runtimes.at[r];
        const struct td_workload *source =
            workload_of(plan, w, nworkloads, runtime);
        for (size_t i = 0; i < workload->nimplementations; i++) {
            const struct td_implementation *implementation =
                &workload->implementations[i];
            const struct td_implementation *own =
                td_workload_implementation(source, implementation->name);
            if (own && is_in_set(workload, implementation, set) &&
                is_wanted(workload, implementation, runtime->family, wanted))
                td_plan_add_case(plan, source, own, runtime);
        }
    }
}

struct td_group *td_plan_add_group(struct td_plan *plan,
                                   const struct td_workload *workload,
                                   const struct td_set *set)
{
    struct td_group *group;
    plan->groups =
        td_xrealloc(plan->groups, (plan->ngroups + 1) * sizeof *plan->groups);
    group = &plan->groups[plan->ngroups++];
    memset(group, 0, sizeof *group);
    group->workload = workload;
    group->first_case = plan->ncases;
    td_set_copy(&group->set, set);
    if (set->answer)
        group->answer = td_xstrdup(set->answer);
    return group;
}

void td_plan_drop_empty_group(struct td_plan *plan)
{
    struct td_group *last = &plan->groups[plan->ngroups - 1];
    if (last->ncases)
        return;
    group_release(last);
    plan->ngroups--;
}

/* --param can make a senseless load of a sensible one. */
static int check_load(const struct td_workload *workload,
                      const struct td_set *set, struct td_err *err)
{
    struct td_server_load load;
    char *where;
    int rc;
    if (workload->kind != TD_WORKLOAD_SERVER)
        return 0;
    where = td_xasprintf("%s %s", workload->name, set->name);
    rc = td_server_load_read(&load, &set->params, where, TD_EUSAGE, err);
    td_server_load_release(&load);
    free(where);
    return rc;
}

static int add_groups(struct td_plan *plan, size_t nworkloads,
                      const struct td_choice *choice, struct td_err *err)
{
    int rc = 0;
    for (size_t w = 0; !rc && w < nworkloads; w++) {
        struct td_set *sets = NULL;
        size_t count = 0;
        rc = td_sets_select(&plan->workloads[w], choice->params, choice->suite,
                            &sets, &count, err);
        for (size_t i = 0; !rc && i < count; i++) {
            rc = check_load(&plan->workloads[w], &sets[i], err);
            td_plan_add_group(plan, &plan->workloads[w], &sets[i]);
            add_cases(plan, w, nworkloads, &sets[i], choice->implementations);
            td_plan_drop_empty_group(plan);
        }
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
    size_t nworkloads;
    int rc = export_revisions(out, context, choice->revisions, err);
    if (!rc)
        rc = load_workloads(out, context, choice->workloads, err);
    if (!rc)
        rc = check_words(out, choice, err);
    if (!rc)
        rc = td_plan_choose_runtimes(out, context, choice->runtimes, err);
    if (!rc && out->nrevisions)
        td_plan_add_revisions(out);
    if (rc)
        return rc;
    if (choice->cross_check)
        td_plan_add_counterparts(out);
    out->nchosen = out->runtimes.count;
    nworkloads = out->nworkloads / (out->nrevisions ? out->nrevisions : 1);
    /* Revisions have a twin of their own to be held against. */
    if (choice->reference && !out->nrevisions)
        td_plan_reference_prepare(out, context);
    rc = add_groups(out, nworkloads, choice, err);
    if (!rc)
        td_plan_reference_add(out);
    return rc;
}

char *td_case_id(const struct td_plan *plan, const struct td_case *c)
{
    return td_xasprintf("%s/%s/%s/%s", c->spec.workload->name,
                        plan->groups[c->group].set.name,
                        c->spec.implementation->name, c->spec.runtime->name);
}

/* The runtime that a case's ratio divides by: the one it names; else the
 * base family's first; else the group's first. */
static const struct td_runtime *base_runtime(const struct td_plan *plan,
                                             const struct td_group *group,
                                             const struct td_case *c)
{
    const struct td_case *first = &plan->cases[group->first_case];
    const char *against = c->spec.runtime->against;
    for (size_t i = 0; i < group->ncases; i++)
        if (against ? strcmp(first[i].spec.runtime->name, against) == 0
                    : strcmp(first[i].spec.runtime->family,
                             group->workload->base) == 0)
            return first[i].spec.runtime;
    return first->spec.runtime;
}

const struct td_case *td_case_base(const struct td_plan *plan,
                                   const struct td_case *c)
{
    const struct td_group *group = &plan->groups[c->group];
    const struct td_runtime *base = base_runtime(plan, group, c);
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
