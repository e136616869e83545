#include "cmd/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list_options {
    char *workloads;
};

static const struct td_opt options[] = {
    {"workloads", TD_OPT_STRING, offsetof(struct list_options, workloads), NULL,
     0, 0, NULL, "DIR", "where the workload directories are"},
    TD_OPT_END,
};

static void print_sets(const struct td_workload *workload)
{
    for (size_t i = 0; i < workload->nsets; i++) {
        const struct td_set *set = &workload->sets[i];
        if (set->swept)
            continue;
        printf("  set %s", set->name);
        for (size_t k = 0; k < set->params.count; k++)
            printf("%s%s=%s", k ? ", " : ": ", set->params.at[k].name,
                   set->params.at[k].value);
        printf("; answer %s", set->answer ? set->answer : "by agreement");
        for (size_t k = 0; k < set->suites.count; k++)
            printf("%s%s", k ? ", " : "; suites ", set->suites.at[k]);
        putchar('\n');
    }
}

static int by_size(const void *a, const void *b)
{
    double x = strtod(*(char *const *)a, NULL);
    double y = strtod(*(char *const *)b, NULL);
    return (x > y) - (x < y);
}

/* The sizes of one sweep, in one line. */
static void print_sweep(const struct td_workload *workload,
                        const char *parameter, const struct td_set *one)
{
    struct td_strings sizes = TD_STRINGS_INIT;
    for (size_t i = 0; i < workload->nsets; i++)
        if (td_strings_has(&workload->sets[i].sweeps, parameter))
            td_strings_add(&sizes,
                           td_fields_get(&workload->sets[i].params, parameter));
    qsort(sizes.at, sizes.count, sizeof *sizes.at, by_size);
    printf("  sweep %s:", parameter);
    for (size_t i = 0; i < sizes.count; i++)
        printf("%s%s", i ? ", " : " ", sizes.at[i]);
    td_strings_release(&sizes);
    for (size_t k = 0; k < one->suites.count; k++)
        printf("%s%s", k ? ", " : "; suites ", one->suites.at[k]);
    putchar('\n');
}

static void print_sweeps(const struct td_workload *workload)
{
    struct td_strings seen = TD_STRINGS_INIT;
    for (size_t i = 0; i < workload->nsets; i++) {
        const struct td_set *set = &workload->sets[i];
        if (!set->swept || td_strings_has(&seen, set->sweeps.at[0]))
            continue;
        td_strings_add(&seen, set->sweeps.at[0]);
        print_sweep(workload, set->sweeps.at[0], set);
    }
    td_strings_release(&seen);
}

static void print_implementations(const struct td_workload *workload)
{
    for (size_t i = 0; i < workload->nimplementations; i++) {
        const struct td_implementation *one = &workload->implementations[i];
        bool is_default =
            strcmp(one->name, workload->default_implementation) == 0;
        printf("  implementation %s%s", one->name,
               is_default ? " (default)" : "");
        if (one->title)
            printf(": %s", one->title);
        printf("\n     ");
        for (size_t k = 0; k < one->entries.count; k++)
            printf(" %s=%s", one->entries.at[k].name, one->entries.at[k].value);
        putchar('\n');
    }
}

static int list_one(const char *dir, const char *name, struct td_err *err)
{
    struct td_workload workload;
    int rc = td_workload_load(&workload, dir, name, err);
    if (!rc) {
        printf("%s: %s\n", workload.name, workload.summary);
        print_sets(&workload);
        print_sweeps(&workload);
        print_implementations(&workload);
    }
    td_workload_release(&workload);
    return rc;
}

static int run(struct td_app *app, const void *given,
               const struct td_strings *args, struct td_err *err)
{
    const struct list_options *o = given;
    struct td_strings names = TD_STRINGS_INIT;
    int rc = o->workloads ? td_app_set_workloads(app, o->workloads, err) : 0;
    if (!rc && !args->count)
        rc = td_workload_names(app->workloads_dir, &names, err);
    for (size_t i = 0; !rc && i < args->count; i++)
        td_strings_add(&names, args->at[i]);
    for (size_t i = 0; !rc && i < names.count; i++)
        rc = list_one(app->workloads_dir, names.at[i], err);
    td_strings_release(&names);
    return rc;
}

const struct td_command td_cmd_list = {
    .name = "list",
    .args = "[WORKLOAD...]",
    .summary = "list workloads, their parameters and implementations",
    .options = options,
    .options_size = sizeof(struct list_options),
    .run = run,
};
