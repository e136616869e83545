#include "drivers/cpython/cpython.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>

static const char FAMILY[] = "cpython";
enum { OLDEST_MINOR = 8 };

/* A free-threaded build needs a module that was compiled for it. */
static char *free_threaded_problem(const struct td_context *context,
                                   const json_t *facts)
{
    char *module = td_cpython_hosting_module(context, facts);
    char *problem = NULL;
    if (!td_file_exists(module))
        problem = td_xstrdup("a free-threaded build has a binary interface of "
                             "its own; `make PYTHON_T=` and its path builds "
                             "what a worker needs");
    free(module);
    return problem;
}

/* Why no worker can run in it, whatever the hosting; malloc'd or NULL. */
static char *problem_of(const struct td_context *context, const json_t *facts)
{
    const char *implementation = td_cpython_fact(facts, "implementation");
    const char *version = td_cpython_fact(facts, "version");
    int major = 0, minor = 0;

    if (!implementation || strcmp(implementation, FAMILY) != 0)
        return td_xasprintf("it is %s, not CPython",
                            implementation ? implementation : "unknown");
    if (sscanf(version, "%d.%d", &major, &minor) != 2 || major != 3 ||
        minor < OLDEST_MINOR)
        return td_xasprintf("%s is too old: workers need 3.%d or later",
                            version, OLDEST_MINOR);
    return td_cpython_is_free_threaded(facts)
               ? free_threaded_problem(context, facts)
               : NULL;
}

/* cpython-3.13.5, and of a free-threaded build cpython-3.13t.5: so whoever
 * asks for 3.13 does not get one, and for 3.13t nothing else.  Malloc'd. */
static char *name_of(const struct td_runtime *runtime)
{
    const char *version = runtime->version ? runtime->version : "unknown";
    const char *patch = strrchr(version, '.');
    if (!patch || !td_cpython_is_free_threaded(runtime->build))
        return td_xasprintf("%s-%s", FAMILY, version);
    return td_xasprintf("%s-%.*st%s", FAMILY, (int)(patch - version), version,
                        patch);
}

/* Fills what is known of the interpreter at path; never fails: what cannot
 * be used gets a problem. */
static void describe(const struct td_context *context,
                     struct td_cpython_probes *probes, const char *path,
                     struct td_runtime *out)
{
    struct td_err err = TD_ERR_INIT;
    json_t *facts = td_cpython_probe(probes, path, &err);

    out->driver = &td_driver_cpython;
    out->family = td_xstrdup(FAMILY);
    out->path = td_xstrdup(path);
    if (!facts) {
        out->name = td_xasprintf("%s@%s", FAMILY, path);
        out->problem = td_xstrdup(err.msg);
        return;
    }
    out->build = json_incref(facts);
    out->version = td_xstrdup(td_cpython_fact(facts, "version"));
    out->name = name_of(out);
    out->problem = problem_of(context, facts);
    out->hosting = td_xstrdup(td_cpython_hosting_default(context, facts));
}

/* The preferred interpreter of a version has the plain name. */
static void tell_apart(const struct td_runtimes *found, size_t first,
                       struct td_runtime *last)
{
    char *longer;
    for (size_t i = first; &found->at[i] != last; i++) {
        if (strcmp(found->at[i].name, last->name) == 0) {
            longer = td_xasprintf("%s@%s", last->name, last->path);
            free(last->name);
            last->name = longer;
            return;
        }
    }
}

static int discover(const struct td_context *context, struct td_runtimes *out,
                    struct td_err *err)
{
    struct td_strings paths = TD_STRINGS_INIT;
    struct td_cpython_probes probes;
    size_t first = out->count;

    (void)err;
    td_cpython_find(context, &paths);
    td_cpython_probes_open(&probes, context);
    for (size_t i = 0; i < paths.count; i++) {
        struct td_runtime *runtime = td_runtimes_add(out);
        describe(context, &probes, paths.at[i], runtime);
        tell_apart(out, first, runtime);
    }
    td_cpython_probes_close(&probes);
    td_strings_release(&paths);
    return 0;
}

/* A user's word in parts: cpython[-VERSION][@PATH][:HOSTING]. */
struct word {
    char *base; /* without the hosting */
    const char *path;
    const char *hosting;
};

static int split(const char *name, struct word *out, struct td_err *err)
{
    char *at, *colon;
    *out = (struct word){.base = td_xstrdup(name)};
    at = strchr(out->base, '@');
    colon = strrchr(out->base, ':');
    if (colon && td_cpython_is_hosting(colon + 1)) {
        *colon = '\0';
        out->hosting = colon + 1;
    } else if (colon && !at) {
        return td_err_set(err, TD_EUSAGE,
                          "%s: after the colon goes static, shared or stock",
                          name);
    }
    out->path = at ? at + 1 : NULL;
    return 0;
}

/* 3.9.1 before 3.10.0; what follows the digits does not matter. */
static int compare_versions(const char *a, const char *b)
{
    int x[3] = {0}, y[3] = {0};
    sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2]);
    sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2]);
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static bool names(const char *base, const struct td_runtime *runtime)
{
    size_t len = strlen(base);
    return strncmp(runtime->name, base, len) == 0 &&
           strchr(".@-", runtime->name[len]) != NULL; /* NUL is in it too */
}

/* What the word means among those found: "cpython" the preferred one, else
 * the newest; a usable one before the others. */
static struct td_runtime *choose(struct td_runtimes *found, const char *base)
{
    struct td_runtime *best = NULL;
    bool any = strcmp(base, FAMILY) == 0;

    for (size_t i = 0; i < found->count; i++) {
        struct td_runtime *one = &found->at[i];
        if (!names(base, one))
            continue;
        if (!best || (best->problem && !one->problem) ||
            (!any && !one->problem &&
             compare_versions(best->version, one->version) < 0))
            best = one;
    }
    return best;
}

static void resolve_path(const struct td_context *context, const char *path,
                         struct td_runtime *out)
{
    struct td_cpython_probes probes;
    char *absolute = td_cpython_absolute(path), *name;
    td_cpython_probes_open(&probes, context);
    describe(context, &probes, absolute, out);
    td_cpython_probes_close(&probes);
    free(out->name);
    name = name_of(out);
    out->name = td_xasprintf("%s@%s", name, absolute);
    free(name);
    free(absolute);
}

static int resolve_name(const struct td_context *context, const char *base,
                        struct td_runtime *out, struct td_err *err)
{
    struct td_runtimes found = {NULL, 0};
    struct td_runtime *chosen;
    int rc = discover(context, &found, err);

    chosen = rc == 0 ? choose(&found, base) : NULL;
    if (chosen) {
        *out = *chosen;
        *chosen = (struct td_runtime){NULL};
    } else if (rc == 0) {
        rc = td_err_set(err, TD_EUSAGE,
                        "no %s on this machine; `tandem runtimes` lists what "
                        "there is, cpython@PATH names any other",
                        base);
    }
    td_runtimes_release(&found);
    return rc;
}

/* Replaces the default hosting and says so in the name. */
static void set_hosting(const struct td_context *context, const char *hosting,
                        struct td_runtime *runtime)
{
    char *name = td_xasprintf("%s:%s", runtime->name, hosting);
    free(runtime->name);
    free(runtime->hosting);
    runtime->name = name;
    runtime->hosting = td_xstrdup(hosting);
    if (!runtime->problem)
        runtime->problem =
            td_cpython_hosting_problem(context, runtime->build, hosting);
}

static bool is_mine(const char *name)
{
    size_t len = sizeof FAMILY - 1;
    return strncmp(name, FAMILY, len) == 0 && strchr("-@:", name[len]);
}

static int resolve(const struct td_context *context, const char *name,
                   struct td_runtime *out, struct td_err *err)
{
    struct td_runtime runtime = {NULL};
    struct word word = {NULL, NULL, NULL};
    int rc;

    if (!is_mine(name))
        return td_err_set(err, TD_EUSAGE, "%s is no CPython", name);
    rc = split(name, &word, err);
    if (rc < 0)
        goto out;
    if (word.path)
        resolve_path(context, word.path, &runtime);
    else
        rc = resolve_name(context, word.base, &runtime, err);
    if (rc == 0 && word.hosting)
        set_hosting(context, word.hosting, &runtime);
    if (rc == 0 && runtime.problem)
        rc = td_err_set(err, TD_EDEPENDENCY, "%s: %s", name, runtime.problem);
out:
    free(word.base);
    if (rc == 0)
        *out = runtime;
    else
        td_runtime_release(&runtime);
    return rc;
}

/* The entry is FILE.py:FUNCTION; the file must be there. */
static int check_entry(const struct td_case_spec *spec, struct td_err *err)
{
    const char *colon = strrchr(spec->entry, ':');
    const struct td_workload *workload = spec->workload;
    char *path;
    int rc = 0;

    if (!colon || colon == spec->entry || !colon[1])
        return td_err_set(err, TD_EINPUT,
                          "%s: %s = %s: expected FILE.py:FUNCTION",
                          workload->file, FAMILY, spec->entry);
    path = td_xasprintf("%s/%.*s", workload->dir, (int)(colon - spec->entry),
                        spec->entry);
    if (!td_file_exists(path))
        rc = td_err_set(err, TD_EINPUT, "%s: %s = %s: there is no %s",
                        workload->file, FAMILY, spec->entry, path);
    free(path);
    return rc;
}

static int prepare(const struct td_context *context,
                   const struct td_case_spec *spec, struct td_launch *out,
                   json_t *hashes, struct td_err *err)
{
    struct td_strings files = TD_STRINGS_INIT;
    int rc = check_entry(spec, err);

    if (rc < 0)
        return rc;
    td_launch_env_base(out);
    out->cwd = td_xstrdup(spec->workload->dir);
    td_cpython_hosting_launch(context, spec->runtime, out, &files);
    rc = td_cpython_add_hashes(spec->workload, &files, hashes, err);
    td_strings_release(&files);
    return rc;
}

const struct td_driver td_driver_cpython = {
    .name = "cpython",
    .family = FAMILY,
    .help = "CPython 3.8 and later, embedded or in its own executable",
    .discover = discover,
    .resolve = resolve,
    .prepare = prepare,
    .own_tool = &td_cpython_own_tool,
    .prepare_program = td_cpython_prepare_program,
};
