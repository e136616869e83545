#include "plan/workload.h"

#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void td_set_release(struct td_set *set)
{
    free(set->name);
    td_fields_release(&set->params);
    free(set->answer);
    td_strings_release(&set->suites);
    td_strings_release(&set->sweeps);
    td_strings_release(&set->swept_only);
}

void td_sets_free(struct td_set *sets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        td_set_release(&sets[i]);
    free(sets);
}

static void free_implementations(struct td_implementation *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(at[i].name);
        free(at[i].title);
        td_fields_release(&at[i].entries);
        td_fields_release(&at[i].steps);
        td_strings_release(&at[i].sets);
    }
    free(at);
}

static void free_helpers(struct td_helper *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(at[i].name);
        td_strings_release(&at[i].command);
    }
    free(at);
}

static void free_runtimes(struct td_local_runtime *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(at[i].name);
        free(at[i].driver);
        td_strings_release(&at[i].command);
    }
    free(at);
}

void td_workload_release(struct td_workload *workload)
{
    td_sets_free(workload->sets, workload->nsets);
    free_implementations(workload->implementations, workload->nimplementations);
    free_runtimes(workload->runtimes, workload->nruntimes);
    free_helpers(workload->inputs, workload->ninputs);
    free_helpers(workload->services, workload->nservices);
    free(workload->name);
    free(workload->dir);
    free(workload->file);
    free(workload->summary);
    free(workload->base);
    free(workload->default_implementation);
    *workload = (struct td_workload){0};
}

const struct td_implementation *
td_workload_implementation(const struct td_workload *workload, const char *name)
{
    for (size_t i = 0; i < workload->nimplementations; i++)
        if (strcmp(workload->implementations[i].name, name) == 0)
            return &workload->implementations[i];
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int td_workload_names(const char *workloads_dir, struct td_strings *out,
                      struct td_err *err)
{
    DIR *dir = opendir(workloads_dir);
    struct dirent *entry;
    if (!dir)
        return td_err_sys(err, -errno, "cannot list workloads in %s",
                          workloads_dir);
    while ((entry = readdir(dir))) {
        const char *name = entry->d_name;
        char *file = td_xasprintf("%s/%s/%s.ini", workloads_dir, name, name);
        if (name[0] != '.' && td_file_exists(file))
            td_strings_add(out, name);
        free(file);
    }
    closedir(dir);
    if (out->count)
        qsort(out->at, out->count, sizeof out->at[0], by_name);
    return 0;
}

static int no_such(const char *workloads_dir, const char *name,
                   struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    int rc = td_workload_names(workloads_dir, &names, err);
    if (!rc) {
        const char *near = td_strings_nearest(&names, name);
        rc = td_err_set(err, TD_EUSAGE, "no workload \"%s\" in %s%s%s%s", name,
                        workloads_dir, near ? "; did you mean " : "",
                        near ? near : "", near ? "?" : "");
    }
    td_strings_release(&names);
    return rc;
}

int td_workload_load(struct td_workload *out, const char *workloads_dir,
                     const char *name, struct td_err *err)
{
    char *given = td_xasprintf("%s/%s", workloads_dir, name);
    char *dir = realpath(given, NULL);
    char *file = td_xasprintf("%s/%s.ini", dir ? dir : given, name);
    struct td_buf text = TD_BUF_INIT;
    int rc;
    *out = (struct td_workload){0};
    if (!dir || !*name || strchr(name, '/') || !td_file_exists(file))
        rc = no_such(workloads_dir, name, err);
    else
        rc = td_file_read(file, &text, err);
    if (!rc)
        rc = td_workload_parse(out, name, dir, file, td_buf_str(&text),
                               text.len, err);
    td_buf_release(&text);
    free(file);
    free(dir);
    free(given);
    return rc;
}
