/* [sweep NAME]: the sets of a sweep, from its section and the named sets. */
#include "base/opt.h"
#include "plan/workload_parse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_SIZES = 9, LEAST_DECADES = 2, POINTS = 10, MOST_POINTS = 1000 };

/* What a section says. */
struct sweep {
    const char *parameter; /* the section's name */
    struct td_strings values, suites, implementations;
    int64_t from, to, points;
    struct td_fields fixed; /* other parameters */
    const struct td_section *section;
    const char *file;
};

#define ROW(field) offsetof(struct sweep, field)

static const struct td_opt keys[] = {
    {"values", TD_OPT_LIST, ROW(values), NULL, 0, 0, NULL, NULL,
     "sizes, one by one"},
    {"from", TD_OPT_INT, ROW(from), NULL, 1, 1e15, NULL, NULL,
     "the least size"},
    {"to", TD_OPT_INT, ROW(to), NULL, 1, 1e15, NULL, NULL, "the largest size"},
    {"points", TD_OPT_INT, ROW(points), NULL, LEAST_SIZES, MOST_POINTS, NULL,
     NULL, "how many sizes, evenly spread on a log scale"},
    {"suites", TD_OPT_LIST, ROW(suites), NULL, 0, 0, NULL, NULL,
     "suites that the sets belong to (growth)"},
    {"implementations", TD_OPT_LIST, ROW(implementations), NULL, 0, 0, NULL,
     NULL, "the only ones that take part"},
    TD_OPT_END};

static int complain(const struct sweep *sweep, const char *key,
                    struct td_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static int complain(const struct sweep *sweep, const char *key,
                    struct td_err *err, const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    int rc;
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    rc = td_err_set(err, TD_EINPUT, "%s:%d: [sweep %s] %s", sweep->file,
                    td_section_line(sweep->section, key), sweep->parameter,
                    td_buf_str(&text));
    td_buf_release(&text);
    return rc;
}

/* 0: not a positive number. */
static double size_of(const char *text)
{
    size_t digits = strspn(text, "0123456789.");
    double value = digits && !text[digits] ? strtod(text, NULL) : 0;
    return isfinite(value) ? value : 0;
}

/* To two significant digits: 2154 to 2200. */
static int64_t rounded(double value)
{
    double step = pow(10, floor(log10(value)) - 1);
    return (int64_t)llround(step > 1 ? round(value / step) * step : value);
}

/* The ends as they are, what lies between rounded, each once. */
static void spread(struct sweep *sweep)
{
    int64_t points = sweep->points ? sweep->points : POINTS, last = 0;
    double step =
        log((double)sweep->to / (double)sweep->from) / (double)(points - 1);
    for (int64_t i = 0; i < points; i++) {
        int64_t value =
            i == 0 ? sweep->from
            : i == points - 1
                ? sweep->to
                : rounded((double)sweep->from * exp(step * (double)i));
        if (value > last && value <= sweep->to)
            td_strings_addf(&sweep->values, "%lld", (long long)value);
        last = value > last ? value : last;
    }
}

static int check_values(const struct sweep *sweep, struct td_err *err)
{
    const char *key = sweep->from ? "points" : "values";
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < sweep->values.count; i++) {
        double size = size_of(sweep->values.at[i]);
        if (!(size > 0))
            return complain(sweep, key, err,
                            "values: expected positive numbers such as 1000, "
                            "found \"%s\"",
                            sweep->values.at[i]);
        for (size_t k = 0; k < i; k++)
            if (size_of(sweep->values.at[k]) == size)
                return complain(sweep, key, err, "values: %s is there twice",
                                sweep->values.at[i]);
        least = fmin(least, size);
        most = fmax(most, size);
    }
    if (sweep->values.count < LEAST_SIZES ||
        most < least * pow(10, LEAST_DECADES))
        return complain(sweep, key, err,
                        "%zu sizes over %.1f decades: a law of growth takes "
                        "at least %d over %d",
                        sweep->values.count, most > 0 ? log10(most / least) : 0,
                        LEAST_SIZES, LEAST_DECADES);
    return 0;
}

static int find_values(struct sweep *sweep, struct td_err *err)
{
    bool range = sweep->from || sweep->to || sweep->points;
    if (range && sweep->values.count)
        return complain(sweep, "values", err,
                        "has values and from, to or points: give one of them");
    if (!range && !sweep->values.count)
        return complain(sweep, NULL, err,
                        "lacks its sizes: values = 1000 2000 …, or from, to "
                        "and points");
    if (range && (!sweep->from || !sweep->to))
        return complain(sweep, NULL, err, "lacks the key %s",
                        sweep->from ? "to" : "from");
    if (range && sweep->from >= sweep->to)
        return complain(sweep, "to", err,
                        "to: expected more than %lld, found %lld",
                        (long long)sweep->from, (long long)sweep->to);
    if (range)
        spread(sweep);
    return check_values(sweep, err);
}

/* The name must be one of the sets' parameters. */
static int check_parameter(const struct sweep *sweep, const char *name,
                           const char *key, const struct td_set *first,
                           struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *near;
    int rc = 0;
    for (size_t i = 0; i < first->params.count; i++)
        td_strings_add(&names, first->params.at[i].name);
    near = td_strings_nearest(&names, name);
    if (!td_strings_has(&names, name))
        rc = complain(sweep, key, err,
                      "\"%s\" is not a parameter of [set %s]%s%s%s", name,
                      first->name, near ? "; did you mean " : "",
                      near ? near : "", near ? "?" : "");
    td_strings_release(&names);
    return rc;
}

static int check_fixed(const struct sweep *sweep, const struct td_set *first,
                       struct td_err *err)
{
    int rc = check_parameter(sweep, sweep->parameter, NULL, first, err);
    for (size_t i = 0; !rc && i < sweep->fixed.count; i++) {
        const char *name = sweep->fixed.at[i].name;
        if (strcmp(name, sweep->parameter) == 0)
            rc = complain(sweep, name, err,
                          "%s is what varies: write its sizes as values", name);
        else
            rc = check_parameter(sweep, name, name, first, err);
    }
    return rc;
}

static int check_implementations(const struct sweep *sweep,
                                 const struct td_workload *w,
                                 struct td_err *err)
{
    const struct td_strings *named = &sweep->implementations;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < w->nimplementations; i++)
        td_strings_add(&names, w->implementations[i].name);
    for (size_t i = 0; !rc && i < named->count; i++) {
        const char *near = td_strings_nearest(&names, named->at[i]);
        if (!td_strings_has(&names, named->at[i]))
            rc = complain(sweep, "implementations", err,
                          "implementations: \"%s\" is not one%s%s%s",
                          named->at[i], near ? "; did you mean " : "",
                          near ? near : "", near ? "?" : "");
    }
    td_strings_release(&names);
    return rc;
}

static bool has_all(const struct td_fields *all, const struct td_fields *of)
{
    for (size_t i = 0; i < of->count; i++) {
        const char *value = td_fields_get(all, of->at[i].name);
        if (!value || strcmp(value, of->at[i].value) != 0)
            return false;
    }
    return true;
}

/* The set that has these very parameters, or the name; NULL: none yet. */
static struct td_set *find_set(struct td_workload *w,
                               const struct td_fields *params, const char *name)
{
    for (size_t i = 0; i < w->nsets; i++)
        if (has_all(&w->sets[i].params, params))
            return &w->sets[i];
    for (size_t i = 0; i < w->nsets; i++)
        if (strcmp(w->sets[i].name, name) == 0)
            return &w->sets[i];
    return NULL;
}

/* Like the first set in all that its parameters do not change. */
static struct td_set *new_set(struct td_workload *w,
                              const struct td_fields *params, const char *name)
{
    struct td_set *set;
    w->sets = td_xrealloc(w->sets, (w->nsets + 1) * sizeof *w->sets);
    set = &w->sets[w->nsets++];
    td_set_copy(set, &w->sets[0]);
    td_fields_copy(&set->params, params);
    free(set->name);
    set->name = td_xstrdup(name);
    free(set->answer);
    set->answer = NULL;
    set->ideal_ns = 0;
    set->turn_ns = 0;
    td_strings_release(&set->suites);
    td_strings_release(&set->sweeps);
    td_strings_release(&set->swept_only);
    set->swept = true;
    return set;
}

static void join_suites(struct td_set *set, const struct sweep *sweep)
{
    const struct td_strings *named = &sweep->implementations;
    for (size_t i = 0; i < named->count; i++)
        if (!td_strings_has(&set->swept_only, named->at[i]))
            td_strings_add(&set->swept_only, named->at[i]);
    for (size_t i = 0; i < sweep->suites.count; i++)
        if (!td_strings_has(&set->suites, sweep->suites.at[i]))
            td_strings_add(&set->suites, sweep->suites.at[i]);
    if (!td_strings_has(&set->sweeps, sweep->parameter))
        td_strings_add(&set->sweeps, sweep->parameter);
}

static int add_size(struct td_workload *w, const struct sweep *sweep,
                    const char *size, struct td_err *err)
{
    struct td_fields params = TD_FIELDS_INIT;
    char *name = td_xasprintf("%s=%s", sweep->parameter, size);
    struct td_set *set;
    int rc = 0;
    td_fields_copy(&params, &w->sets[0].params);
    td_fields_copy(&params, &sweep->fixed);
    td_fields_set(&params, sweep->parameter, size);
    set = find_set(w, &params, name);
    if (!set)
        set = new_set(w, &params, name);
    if (has_all(&set->params, &params))
        join_suites(set, sweep);
    else
        rc = complain(sweep, NULL, err,
                      "makes a set %s, but [set %s] has other parameters: "
                      "rename that",
                      name, name);
    td_fields_release(&params);
    free(name);
    return rc;
}

static int take_keys(struct sweep *sweep, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < sweep->section->nkeys; i++) {
        const struct td_key *key = &sweep->section->keys[i];
        char *where = td_xasprintf("%s:%d", sweep->file, key->line);
        const struct td_opt *opt = keys;
        while (opt->name && strcmp(opt->name, key->name) != 0)
            opt++;
        if (opt->name)
            rc = td_opt_set(keys, sweep, key->name, key->value, where,
                            TD_EINPUT, err);
        else
            td_fields_set(&sweep->fixed, key->name, key->value);
        free(where);
    }
    if (!sweep->suites.count)
        td_strings_add(&sweep->suites, "growth");
    return rc;
}

static int expand(struct td_workload *w, const struct td_sections *from,
                  const struct td_section *section, struct td_err *err)
{
    struct sweep sweep = {
        .parameter = section->name, .section = section, .file = from->file};
    int rc = take_keys(&sweep, err);
    if (!rc)
        rc = find_values(&sweep, err);
    if (!rc)
        rc = check_fixed(&sweep, &w->sets[0], err);
    if (!rc)
        rc = check_implementations(&sweep, w, err);
    for (size_t i = 0; !rc && i < sweep.values.count; i++)
        rc = add_size(w, &sweep, sweep.values.at[i], err);
    td_strings_release(&sweep.values);
    td_strings_release(&sweep.suites);
    td_strings_release(&sweep.implementations);
    td_fields_release(&sweep.fixed);
    return rc;
}

int td_sweeps_expand(struct td_workload *workload,
                     const struct td_sections *from, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < from->count; i++)
        if (strcmp(from->at[i].kind, "sweep") == 0)
            rc = expand(workload, from, &from->at[i], err);
    return rc;
}
