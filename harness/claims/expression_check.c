/* The names in an expression against those of the workload files. */
#include "claims/expression_parts.h"
#include "summary/service_figures.h"

#include <ctype.h>
#include <string.h>

/* One side of a value or ratio, with what its names were found to be. */
struct side {
    const struct td_expression *e;
    const struct td_workload *workload;
    const struct td_case_name *name;
    int column;
    struct td_err *err;
};

/* "FOUND; did you mean NEAR?" */
static int not_found(const struct side *side, int column,
                     const struct td_strings *names, const char *word,
                     const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static int not_found(const struct side *side, int column,
                     const struct td_strings *names, const char *word,
                     const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    int rc;
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    td_add_nearest(&text, names, word);
    rc = td_place_fail(&side->e->place, column, side->err, "%s",
                       td_buf_str(&text));
    td_buf_release(&text);
    return rc;
}

static int find_workload(struct side *side, const struct td_catalogue *in)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *word = side->e->names[0].workload;
    int rc = 0;
    side->workload = td_catalogue_find(in, word);
    for (size_t i = 0; i < in->count; i++)
        td_strings_add(&names, in->at[i].name);
    if (!side->workload)
        rc = not_found(side, side->e->workload_column, &names, word,
                       "no workload \"%s\"", word);
    td_strings_release(&names);
    return rc;
}

static int find_set(const struct side *side)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *word = side->e->names[0].set;
    int rc = 0;
    for (size_t i = 0; i < side->workload->nsets; i++)
        td_strings_add(&names, side->workload->sets[i].name);
    if (!td_strings_has(&names, word))
        rc = not_found(side,
                       side->e->workload_column +
                           (int)strlen(side->workload->name) + 1,
                       &names, word, "workload %s has no set \"%s\"",
                       side->workload->name, word);
    td_strings_release(&names);
    return rc;
}

/* What is known about a service; and only servers are services. */
static int check_service(const struct side *side)
{
    const struct td_expression *e = side->e;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
        td_strings_add(&names, td_service_keys[i]);
    if (side->workload->kind != TD_WORKLOAD_SERVER)
        rc = td_place_fail(&e->place, e->measure_column, side->err,
                           "service.%s of workload %s, whose kind is not "
                           "server",
                           e->key, side->workload->name);
    else if (!td_strings_has(&names, e->key))
        rc = not_found(side, e->measure_column, &names, e->key,
                       "`tandem service` measures no \"%s\"", e->key);
    td_strings_release(&names);
    return rc;
}

/* The family of "cpython-3.13" or "cpython", NULL where there is none such. */
static const char *family_of(const struct td_workload *workload,
                             const char *word)
{
    for (size_t i = 0; i < workload->nruntimes; i++)
        if (strcmp(workload->runtimes[i].name, word) == 0)
            return workload->runtimes[i].name;
    for (size_t i = 0; td_workload_families[i]; i++) {
        const char *family = td_workload_families[i];
        size_t n = strlen(family);
        if (strncmp(word, family, n) == 0 &&
            (!word[n] ||
             (word[n] == '-' && isdigit((unsigned char)word[n + 1]))))
            return family;
    }
    return NULL;
}

static int unknown_runtime(const struct side *side)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *word = side->name->runtime;
    int rc;
    for (size_t i = 0; td_workload_families[i]; i++)
        td_strings_add(&names, td_workload_families[i]);
    for (size_t i = 0; i < side->workload->nruntimes; i++)
        td_strings_add(&names, side->workload->runtimes[i].name);
    rc = not_found(side, side->column, &names, word,
                   "workload %s has no runtime family \"%s\"",
                   side->workload->name, word);
    td_strings_release(&names);
    return rc;
}

static bool has(const struct td_implementation *one, const char *family,
                const char *set)
{
    return td_fields_get(&one->entries, family) &&
           (!one->sets.count || td_strings_has(&one->sets, set));
}

static int find_implementation(const struct side *side, const char *family)
{
    const struct td_workload *w = side->workload;
    const char *word = side->name->implementation;
    const char *set = side->e->names[0].set;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < w->nimplementations; i++)
        if (has(&w->implementations[i], family, set))
            td_strings_add(&names, w->implementations[i].name);
    if (!names.count)
        rc = not_found(side, side->column, &names, "",
                       "workload %s has nothing for %s in set %s", w->name,
                       family, set);
    else if (word && !td_strings_has(&names, word))
        rc = not_found(side, side->column, &names, word,
                       "workload %s has no implementation \"%s\" for %s in "
                       "set %s",
                       w->name, word, family, set);
    td_strings_release(&names);
    return rc;
}

static int check_side(struct side *side)
{
    const char *family = family_of(side->workload, side->name->runtime);
    return family ? find_implementation(side, family) : unknown_runtime(side);
}

static int check_case(const struct td_expression *e,
                      const struct td_catalogue *catalogue, struct td_err *err)
{
    struct side side = {e, NULL, NULL, 0, err};
    int rc = find_workload(&side, catalogue);
    if (!rc)
        rc = find_set(&side);
    if (!rc && e->service)
        rc = check_service(&side);
    for (int i = 0; !rc && i < 2 && e->names[i].runtime; i++) {
        side.name = &e->names[i];
        side.column = e->name_columns[i];
        rc = check_side(&side);
    }
    return rc;
}

int td_expression_check(const struct td_expression *expression,
                        const struct td_catalogue *catalogue,
                        struct td_err *err)
{
    int rc = expression->nparts ? 0 : check_case(expression, catalogue, err);
    for (size_t i = 0; !rc && i < expression->nparts; i++)
        rc = td_expression_check(expression->parts[i], catalogue, err);
    return rc;
}

const char *td_expression_unit(const struct td_expression *expression)
{
    switch (expression->kind) {
    case TD_EXPRESSION_RATIO:
    case TD_EXPRESSION_GEOMEAN:
        return "x";
    case TD_EXPRESSION_SCALE:
        return expression->unit;
    case TD_EXPRESSION_VALUE:
        break;
    }
    if (expression->service)
        return td_service_unit(expression->key);
    return expression->measure ? expression->measure->unit : NULL;
}
