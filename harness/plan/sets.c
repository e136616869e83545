#include "plan/workload.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

/* With fewer there is no growth to speak of. */
enum { LEAST_SIZES = 3 };

/* One override: a parameter and the values it takes. */
struct sweep {
    char *name;
    struct td_strings values;
};

/* What td_sets_select works on. */
struct selection {
    const struct td_workload *workload;
    const char *suite;
    struct sweep *sweeps;
    size_t nsweeps;
    struct td_set *sets;
    size_t count;
};

static bool in_suite(const struct td_set *set, const char *suite)
{
    return suite ? td_strings_has(&set->suites, suite) : !set->swept;
}

void td_set_copy(struct td_set *to, const struct td_set *from)
{
    *to = (struct td_set){0};
    to->name = td_xstrdup(from->name);
    td_fields_copy(&to->params, &from->params);
    to->answer = from->answer ? td_xstrdup(from->answer) : NULL;
    for (size_t i = 0; i < from->suites.count; i++)
        td_strings_add(&to->suites, from->suites.at[i]);
    to->ideal_ns = from->ideal_ns;
    to->turn_ns = from->turn_ns;
    for (size_t i = 0; i < from->sweeps.count; i++)
        td_strings_add(&to->sweeps, from->sweeps.at[i]);
    for (size_t i = 0; i < from->swept_only.count; i++)
        td_strings_add(&to->swept_only, from->swept_only.at[i]);
    to->swept = from->swept;
    to->until = from->until;
    to->timeout_ns = from->timeout_ns;
}

static struct td_set *append(struct selection *selection)
{
    selection->sets = td_xrealloc(selection->sets, (selection->count + 1) *
                                                       sizeof *selection->sets);
    return &selection->sets[selection->count++];
}

static int unknown_parameter(const struct td_workload *workload,
                             const char *name, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *near;
    int rc;
    for (size_t i = 0; i < workload->sets[0].params.count; i++)
        td_strings_add(&names, workload->sets[0].params.at[i].name);
    near = td_strings_nearest(&names, name);
    rc = td_err_set(err, TD_EUSAGE,
                    "--param %s: workload %s has no such parameter%s%s%s", name,
                    workload->name, near ? "; did you mean " : "",
                    near ? near : "", near ? "?" : "");
    td_strings_release(&names);
    return rc;
}

static int add_sweep(struct selection *selection, const char *text,
                     struct td_err *err)
{
    const char *equals = strchr(text, '=');
    struct sweep sweep = {NULL, TD_STRINGS_INIT};
    int rc = 0;
    if (equals)
        td_strings_split(&sweep.values, equals + 1, ",");
    if (!td_json_can_hold(text, strlen(text)))
        rc = td_err_set(err, TD_EUSAGE, "--param: a value is not UTF-8");
    else if (!equals || equals == text || !sweep.values.count)
        rc = td_err_set(err, TD_EUSAGE,
                        "--param: expected NAME=VALUE or NAME=VALUE,VALUE, "
                        "found \"%s\"",
                        text);
    else
        sweep.name = td_xstrndup(text, (size_t)(equals - text));
    if (!rc && !td_fields_get(&selection->workload->sets[0].params, sweep.name))
        rc = unknown_parameter(selection->workload, sweep.name, err);
    for (size_t i = 0; !rc && i < selection->nsweeps; i++)
        if (strcmp(selection->sweeps[i].name, sweep.name) == 0)
            rc = td_err_set(err, TD_EUSAGE,
                            "--param %s is given twice; several values are "
                            "written %s=1,2",
                            sweep.name, sweep.name);
    selection->sweeps =
        td_xrealloc(selection->sweeps,
                    (selection->nsweeps + 1) * sizeof *selection->sweeps);
    selection->sweeps[selection->nsweeps++] = sweep;
    return rc;
}

/* The i-th combination: the last sweep turns fastest. */
static void combination(const struct selection *selection, size_t i,
                        struct td_fields *out)
{
    size_t *digit = td_xcalloc(selection->nsweeps, sizeof *digit);
    for (size_t s = selection->nsweeps; s-- > 0;) {
        digit[s] = i % selection->sweeps[s].values.count;
        i /= selection->sweeps[s].values.count;
    }
    for (size_t s = 0; s < selection->nsweeps; s++)
        td_fields_set(out, selection->sweeps[s].name,
                      selection->sweeps[s].values.at[digit[s]]);
    free(digit);
}

static bool has_values(const struct td_set *set, const struct td_fields *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const char *own = td_fields_get(&set->params, values->at[i].name);
        if (!own || strcmp(own, values->at[i].value) != 0)
            return false;
    }
    return true;
}

/* The first set of the suite with these values; else the suite's first. */
static const struct td_set *basis(const struct selection *selection,
                                  const struct td_fields *values)
{
    const struct td_set *first = NULL;
    for (size_t i = 0; i < selection->workload->nsets; i++) {
        const struct td_set *set = &selection->workload->sets[i];
        if (!in_suite(set, selection->suite))
            continue;
        if (has_values(set, values))
            return set;
        if (!first)
            first = set;
    }
    return first;
}

static const struct td_set *equal_set(const struct td_workload *workload,
                                      const struct td_fields *params)
{
    for (size_t i = 0; i < workload->nsets; i++)
        if (!workload->sets[i].swept && has_values(&workload->sets[i], params))
            return &workload->sets[i];
    return NULL;
}

static void forget_answer(struct td_set *set, const struct td_fields *values)
{
    struct td_buf name = TD_BUF_INIT;
    for (size_t i = 0; i < values->count; i++)
        td_buf_addf(&name, "%s%s=%s", i ? "," : "", values->at[i].name,
                    values->at[i].value);
    free(set->name);
    set->name = td_buf_detach(&name);
    free(set->answer);
    set->answer = NULL;
    set->ideal_ns = 0;
    set->swept = false;
}

/* What took some values on the command line is a sweep too. */
static void mark_sweeps(const struct selection *selection, struct td_set *set)
{
    td_strings_release(&set->sweeps);
    td_strings_release(&set->swept_only);
    for (size_t s = 0; s < selection->nsweeps; s++)
        if (selection->sweeps[s].values.count >= LEAST_SIZES)
            td_strings_add(&set->sweeps, selection->sweeps[s].name);
}

static void add_combination(struct selection *selection,
                            const struct td_fields *values)
{
    const struct td_set *base = basis(selection, values), *same;
    struct td_fields params = TD_FIELDS_INIT;
    struct td_set *set;
    if (!base)
        return;
    td_fields_copy(&params, &base->params);
    td_fields_copy(&params, values);
    same = equal_set(selection->workload, &params);
    set = append(selection);
    td_set_copy(set, same ? same : base);
    td_fields_copy(&set->params, values);
    if (!same)
        forget_answer(set, values);
    mark_sweeps(selection, set);
    td_fields_release(&params);
}

/* Does the suite measure a sweep of this parameter? */
static bool is_swept(const struct selection *selection, const char *parameter)
{
    for (size_t i = 0; i < selection->workload->nsets; i++) {
        const struct td_set *set = &selection->workload->sets[i];
        if (set->swept && in_suite(set, selection->suite) &&
            td_strings_has(&set->sweeps, parameter))
            return true;
    }
    return false;
}

/* In another suite a set is by itself, and no size among sizes. */
static void add_suite(struct selection *selection)
{
    for (size_t i = 0; i < selection->workload->nsets; i++) {
        const struct td_set *from = &selection->workload->sets[i];
        struct td_set *set;
        if (!in_suite(from, selection->suite))
            continue;
        set = append(selection);
        td_set_copy(set, from);
        td_strings_release(&set->sweeps);
        for (size_t k = 0; k < from->sweeps.count; k++)
            if (is_swept(selection, from->sweeps.at[k]))
                td_strings_add(&set->sweeps, from->sweeps.at[k]);
    }
}

static void add_combinations(struct selection *selection)
{
    size_t total = 1;
    for (size_t s = 0; s < selection->nsweeps; s++)
        total *= selection->sweeps[s].values.count;
    for (size_t i = 0; i < total; i++) {
        struct td_fields values = TD_FIELDS_INIT;
        combination(selection, i, &values);
        add_combination(selection, &values);
        td_fields_release(&values);
    }
}

int td_sets_select(const struct td_workload *workload,
                   const struct td_strings *overrides, const char *suite,
                   struct td_set **out, size_t *count, struct td_err *err)
{
    struct selection selection = {.workload = workload, .suite = suite};
    int rc = 0;
    for (size_t i = 0; !rc && overrides && i < overrides->count; i++)
        rc = add_sweep(&selection, overrides->at[i], err);
    if (!rc && selection.nsweeps)
        add_combinations(&selection);
    else if (!rc)
        add_suite(&selection);
    for (size_t s = 0; s < selection.nsweeps; s++) {
        free(selection.sweeps[s].name);
        td_strings_release(&selection.sweeps[s].values);
    }
    free(selection.sweeps);
    *out = selection.sets;
    *count = selection.count;
    return rc;
}
