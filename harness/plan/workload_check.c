#include "plan/command_steps.h"
#include "plan/server_load.h"
#include "plan/workload_parse.h"

#include <stdlib.h>
#include <string.h>

const char *const td_workload_families[] = {"cpython", "go", "null", NULL};

/* What every check reads; `where` is set before each complaint. */
struct check {
    const struct td_workload *workload;
    const struct td_sections *from;
    struct td_err *err;
};

static int complain(const struct check *check, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int complain(const struct check *check, int line, const char *fmt, ...)
{
    va_list ap;
    int rc;
    va_start(ap, fmt);
    rc = td_err_vinput(check->err, check->from->file, line, fmt, ap);
    va_end(ap);
    return rc;
}

/* Complains that word is not one of names, with the nearest one; before and
 * after are what the sentence says around the quoted word. */
static int not_among(const struct check *check, int line, const char *before,
                     const char *word, const char *after,
                     const struct td_strings *names)
{
    const char *near = td_strings_nearest(names, word);
    return complain(check, line, "%s\"%s\" %s%s%s%s", before, word, after,
                    near ? "; did you mean " : "", near ? near : "",
                    near ? "?" : "");
}

static const struct td_section *section_of(const struct check *check,
                                           const char *kind, const char *name)
{
    return td_sections_find(check->from, kind, name);
}

static int line_of(const struct check *check, const char *kind,
                   const char *name, const char *key)
{
    return td_section_line(section_of(check, kind, name), key);
}

static int check_required(const struct check *check)
{
    const struct td_workload *w = check->workload;
    const struct td_section *head = section_of(check, "workload", NULL);
    const struct {
        const char *key, *value, *example;
    } keys[] = {
        {"summary", w->summary, "what the workload does"},
        {"base", w->base, "the runtime family that ratios divide by"},
        {"default", w->default_implementation, "the idiomatic implementation"},
    };
    if (!head)
        return complain(check, 1, "section [workload] is missing");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!keys[i].value)
            return complain(check, head->line,
                            "[workload] lacks the key %s (%s)", keys[i].key,
                            keys[i].example);
    if (!w->nsets)
        return complain(check, head->line,
                        "no section [set NAME]: there is nothing to measure");
    if (!w->nimplementations)
        return complain(check, head->line,
                        "no section [implementation NAME]: there is nothing "
                        "to measure");
    return 0;
}

/* Names that the harness gives a value: a set must not use them. */
static bool is_made_by_harness(const struct td_workload *w, const char *name)
{
    for (size_t i = 0; i < w->ninputs; i++)
        if (strcmp(w->inputs[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < w->nservices; i++)
        if (strcmp(w->services[i].name, name) == 0)
            return true;
    return strcmp(name, "out") == 0 ||
           (w->kind == TD_WORKLOAD_COMMAND && td_command_has_name(name));
}

static int check_parameter_name(const struct check *check,
                                const struct td_set *set, const char *name)
{
    struct td_strings reserved = TD_STRINGS_INIT;
    int line = line_of(check, "set", set->name, name), rc = 0;
    const char *near;
    td_strings_split(&reserved, "answer suites ideal turn", " ");
    if (check->workload->kind == TD_WORKLOAD_COMMAND)
        td_strings_split(&reserved, "until timeout", " ");
    near = td_strings_nearest(&reserved, name);
    if (near)
        rc = complain(check, line,
                      "parameter \"%s\" looks like the reserved word %s; did "
                      "you mean that? If not, choose another name",
                      name, near);
    else if (is_made_by_harness(check->workload, name))
        rc = complain(check, line,
                      "parameter \"%s\" is set by tandem itself: choose "
                      "another name",
                      name);
    else if (name[strcspn(name, " \t{}=%")])
        rc = complain(check, line,
                      "parameter \"%s\": a name is one word without braces",
                      name);
    td_strings_release(&reserved);
    return rc;
}

/* What a set of a server workload says of its load. */
static int check_load(const struct check *check, const struct td_set *set)
{
    struct td_server_load load;
    char *where;
    int rc;
    if (check->workload->kind != TD_WORKLOAD_SERVER)
        return 0;
    where = td_xasprintf("%s:%d: [set %s]", check->from->file,
                         line_of(check, "set", set->name, NULL), set->name);
    rc = td_server_load_read(&load, &set->params, where, TD_EINPUT, check->err);
    td_server_load_release(&load);
    free(where);
    return rc;
}

/* Every set has the parameters of the first. */
static int check_set(const struct check *check, const struct td_set *set)
{
    const struct td_set *first = &check->workload->sets[0];
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; !rc && i < set->params.count; i++)
        rc = check_parameter_name(check, set, set->params.at[i].name);
    for (size_t i = 0; i < first->params.count; i++)
        td_strings_add(&names, first->params.at[i].name);
    for (size_t i = 0; !rc && i < set->params.count; i++) {
        const char *name = set->params.at[i].name;
        if (!td_strings_has(&names, name))
            rc = not_among(check, line_of(check, "set", set->name, name),
                           "parameter ", name, "is not one of the first set's",
                           &names);
    }
    for (size_t i = 0; !rc && i < names.count; i++)
        if (!td_fields_get(&set->params, names.at[i]))
            rc = complain(check, line_of(check, "set", set->name, NULL),
                          "[set %s] lacks parameter %s, which [set %s] has",
                          set->name, names.at[i], first->name);
    td_strings_release(&names);
    return rc ? rc : check_load(check, set);
}

static int check_sets(const struct check *check)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < check->workload->nsets; i++)
        rc = check_set(check, &check->workload->sets[i]);
    return rc;
}

static void add_families(const struct td_workload *w, struct td_strings *out)
{
    for (size_t i = 0; td_workload_families[i]; i++)
        td_strings_add(out, td_workload_families[i]);
    for (size_t i = 0; i < w->nruntimes; i++)
        td_strings_add(out, w->runtimes[i].name);
}

/* families also holds the reserved words, so that a misspelt one is named. */
static int check_entries(const struct check *check,
                         const struct td_implementation *implementation,
                         const struct td_strings *families)
{
    const char *name = implementation->name;
    if (!implementation->entries.count)
        return complain(check, line_of(check, "implementation", name, NULL),
                        "[implementation %s] has no entry: expected a line "
                        "such as cpython = file.py:function",
                        name);
    for (size_t i = 0; i < implementation->entries.count; i++) {
        const char *family = implementation->entries.at[i].name;
        if (!td_strings_has(families, family))
            return not_among(
                check, line_of(check, "implementation", name, family), "",
                family, "is neither a key nor a runtime family", families);
    }
    return 0;
}

static int check_named_sets(const struct check *check,
                            const struct td_implementation *implementation,
                            const struct td_strings *sets)
{
    const struct td_strings *named = &implementation->sets;
    for (size_t i = 0; i < named->count; i++)
        if (!td_strings_has(sets, named->at[i]))
            return not_among(
                check,
                line_of(check, "implementation", implementation->name, "sets"),
                "sets: ", named->at[i], "is not a set", sets);
    return 0;
}

static int check_implementations(const struct check *check)
{
    const struct td_workload *w = check->workload;
    struct td_strings families = TD_STRINGS_INIT, sets = TD_STRINGS_INIT;
    int rc = 0;
    add_families(w, &families);
    td_strings_split(&families, "title sets", " ");
    if (w->kind == TD_WORKLOAD_COMMAND)
        td_command_add_steps(&families);
    for (size_t i = 0; i < w->nsets; i++)
        td_strings_add(&sets, w->sets[i].name);
    for (size_t i = 0; !rc && i < w->nimplementations; i++) {
        rc = check_entries(check, &w->implementations[i], &families);
        if (!rc)
            rc = check_named_sets(check, &w->implementations[i], &sets);
    }
    td_strings_release(&families);
    td_strings_release(&sets);
    return rc;
}

static int check_default(const struct check *check)
{
    const struct td_workload *w = check->workload;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < w->nimplementations; i++)
        td_strings_add(&names, w->implementations[i].name);
    if (!td_strings_has(&names, w->default_implementation))
        rc = not_among(check, line_of(check, "workload", "", "default"),
                       "default: ", w->default_implementation,
                       "is not an implementation", &names);
    td_strings_release(&names);
    return rc;
}

static int check_base(const struct check *check)
{
    const struct td_workload *w = check->workload;
    struct td_strings used = TD_STRINGS_INIT;
    int rc = 0;
    for (size_t i = 0; i < w->nimplementations; i++)
        for (size_t k = 0; k < w->implementations[i].entries.count; k++)
            td_strings_add(&used, w->implementations[i].entries.at[k].name);
    if (!td_strings_has(&used, w->base))
        rc = not_among(check, line_of(check, "workload", "", "base"),
                       "base: ", w->base, "has no entry in any implementation",
                       &used);
    td_strings_release(&used);
    return rc;
}

/* A worker's command is the same for all sets (parameters reach it through
 * the protocol); a server's and the others are expanded for each. */
static void known_names(const struct td_workload *w, const char *kind,
                        struct td_fields *known)
{
    if (strcmp(kind, "runtime") == 0) {
        td_fields_set(known, "workload", "");
        td_fields_set(known, "implementation", "");
        td_fields_set(known, "entry", "");
        if (w->kind == TD_WORKLOAD_FUNCTION)
            return;
        if (w->kind == TD_WORKLOAD_SERVER)
            td_fields_set(known, "port", "");
        else
            td_command_names(w, "", &w->sets[0].params, known);
    }
    td_fields_copy(known, &w->sets[0].params);
    for (size_t i = 0; i < w->ninputs; i++)
        td_fields_set(known, w->inputs[i].name, "");
    for (size_t i = 0; i < w->nservices; i++)
        td_fields_set(known, w->services[i].name, "");
    if (strcmp(kind, "input") == 0)
        td_fields_set(known, "out", "");
}

/* A command must be there, and its {names} must have a value. */
static int check_command(const struct check *check, const char *kind,
                         const char *name, const struct td_strings *command)
{
    struct td_fields known = TD_FIELDS_INIT;
    struct td_buf text = TD_BUF_INIT;
    struct td_err why = TD_ERR_INIT;
    int line = line_of(check, kind, name, "command"), rc = 0;
    if (!command->count)
        return complain(check, line, "[%s %s] lacks the key command", kind,
                        name);
    known_names(check->workload, kind, &known);
    for (size_t i = 0; !rc && i < command->count; i++)
        if (td_expand(command->at[i], &known, &text, &why))
            rc = complain(check, line, "command: %s", why.msg);
    td_buf_release(&text);
    td_fields_release(&known);
    return rc;
}

static int check_runtime(const struct check *check,
                         const struct td_local_runtime *runtime)
{
    struct td_strings drivers = TD_STRINGS_INIT;
    int line = line_of(check, "runtime", runtime->name, "driver"), rc = 0;
    td_strings_add(&drivers, "exec");
    for (size_t i = 0; td_workload_families[i]; i++)
        if (strcmp(td_workload_families[i], runtime->name) == 0)
            rc = complain(check, line,
                          "[runtime %s]: that is one of tandem's own runtime "
                          "families: choose another name",
                          runtime->name);
    if (!rc && !runtime->driver)
        rc = complain(check, line, "[runtime %s] lacks the key driver",
                      runtime->name);
    if (!rc && !td_strings_has(&drivers, runtime->driver))
        rc = not_among(check, line, "driver: ", runtime->driver,
                       "is not one that a workload can name", &drivers);
    td_strings_release(&drivers);
    return rc ? rc
              : check_command(check, "runtime", runtime->name,
                              &runtime->command);
}

/* An input and a service of one name would be one parameter. */
static int check_helper_names(const struct check *check)
{
    const struct td_workload *w = check->workload;
    for (size_t i = 0; i < w->ninputs; i++) {
        const char *name = w->inputs[i].name;
        const struct td_section *service = section_of(check, "service", name);
        if (service)
            return complain(check, service->line,
                            "[service %s] and [input %s] would be the same "
                            "parameter: choose another name",
                            name, name);
    }
    return 0;
}

static int check_processes(const struct check *check)
{
    const struct td_workload *w = check->workload;
    int rc = check_helper_names(check);
    for (size_t i = 0; !rc && i < w->nruntimes; i++)
        rc = check_runtime(check, &w->runtimes[i]);
    for (size_t i = 0; !rc && i < w->ninputs; i++)
        rc = check_command(check, "input", w->inputs[i].name,
                           &w->inputs[i].command);
    for (size_t i = 0; !rc && i < w->nservices; i++)
        rc = check_command(check, "service", w->services[i].name,
                           &w->services[i].command);
    return rc;
}

int td_workload_check(const struct td_workload *workload,
                      const struct td_sections *from, struct td_err *err)
{
    static int (*const checks[])(const struct check *) = {
        check_required, check_sets, check_implementations,
        check_default,  check_base, check_processes,
    };
    struct check check = {workload, from, err};
    int rc = 0;
    for (size_t i = 0; !rc && i < sizeof checks / sizeof checks[0]; i++)
        rc = checks[i](&check);
    return rc ? rc : td_workload_check_commands(workload, from, err);
}
