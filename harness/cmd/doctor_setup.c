/* Checks of what must be there: places to write, tools, runtimes. */
#include "base/files.h"
#include "cmd/doctor.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (1024.0 * 1024)

/* The directory itself, or the nearest one above it that exists. */
static char *existing_above(const char *dir)
{
    char *path = td_xstrdup(dir);
    while (!td_file_exists(path)) {
        char *copy = td_xstrdup(path), *up = td_xstrdup(dirname(copy));
        free(copy);
        free(path);
        path = up;
    }
    return path;
}

void td_look_results(const struct td_exam *exam, struct td_finding *out)
{
    const char *dir = exam->app->results_dir;
    char *path = existing_above(dir);
    struct statvfs info;
    double free_mib = 0;
    if (statvfs(path, &info) == 0)
        free_mib = (double)info.f_bavail * (double)info.f_frsize / MIB;
    if (access(path, W_OK) != 0)
        td_found(out, TD_LEVEL_FAIL, "%s cannot be written: %s", dir,
                 strerror(errno));
    else
        td_found(out,
                 free_mib < 1     ? TD_LEVEL_FAIL
                 : free_mib < 500 ? TD_LEVEL_WARN
                                  : TD_LEVEL_OK,
                 "%s, %.1f GiB free", dir, free_mib / 1024);
    free(path);
}

void td_look_launcher(const struct td_exam *exam, struct td_finding *out)
{
    char *path =
        td_xasprintf("%s/tandem-launch", exam->app->context.libexec_dir);
    if (access(path, X_OK) == 0)
        td_found(out, TD_LEVEL_OK, "%s", path);
    else
        td_found(out, TD_LEVEL_FAIL, "%s: %s", path, strerror(errno));
    free(path);
}

/* The first program of that name in PATH; malloc'd, NULL = none. */
static char *in_path(const char *name)
{
    struct td_strings dirs = TD_STRINGS_INIT;
    const char *path = getenv("PATH");
    char *found = NULL;
    td_strings_split(&dirs, path ? path : "/usr/bin:/bin", ":");
    for (size_t i = 0; !found && i < dirs.count; i++) {
        char *candidate = td_xasprintf("%s/%s", dirs.at[i], name);
        if (access(candidate, X_OK) == 0)
            found = candidate;
        else
            free(candidate);
    }
    td_strings_release(&dirs);
    return found;
}

static void look_for(const char *name, struct td_finding *out)
{
    char *path = in_path(name);
    td_found(out, path ? TD_LEVEL_OK : TD_LEVEL_WARN, "%s",
             path ? path : "not found");
    free(path);
}

void td_look_compiler(const struct td_exam *exam, struct td_finding *out)
{
    (void)exam;
    look_for("cc", out);
}

void td_look_go(const struct td_exam *exam, struct td_finding *out)
{
    (void)exam;
    look_for("go", out);
}

void td_look_python(const struct td_exam *exam, struct td_finding *out)
{
    (void)exam;
    look_for("python3", out);
}

/* The null driver measures tandem itself, not a language. */
static bool is_language(const struct td_runtime *runtime)
{
    return strcmp(runtime->family, "null") != 0;
}

static bool family_works(const struct td_runtimes *all, const char *family)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->at[i].problem && strcmp(all->at[i].family, family) == 0)
            return true;
    return false;
}

/* The usable ones; and those that are not, where no other of their family
 * stands in. */
static void sort_runtimes(const struct td_runtimes *all, struct td_buf *usable,
                          struct td_buf *missed)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct td_runtime *runtime = &all->at[i];
        if (!is_language(runtime))
            continue;
        if (!runtime->problem)
            td_buf_addf(usable, "%s%s", usable->len ? ", " : "", runtime->name);
        else if (!family_works(all, runtime->family))
            td_buf_addf(missed, "%s%s: %s", missed->len ? "; " : "",
                        runtime->name, runtime->problem);
    }
}

void td_look_runtimes(const struct td_exam *exam, struct td_finding *out)
{
    struct td_buf usable = TD_BUF_INIT, missed = TD_BUF_INIT;
    if (!exam->searched) {
        td_found(out, TD_LEVEL_FAIL, "not looked for: %s", exam->problem.msg);
        return;
    }
    sort_runtimes(&exam->runtimes, &usable, &missed);
    if (!usable.len)
        td_found(out, TD_LEVEL_FAIL, "none is usable (%s)",
                 missed.len ? td_buf_str(&missed) : "none found");
    else if (missed.len)
        td_found(out, TD_LEVEL_WARN, "%s; not usable: %s", td_buf_str(&usable),
                 td_buf_str(&missed));
    else
        td_found(out, TD_LEVEL_OK, "%s", td_buf_str(&usable));
    td_buf_release(&usable);
    td_buf_release(&missed);
}

/* Whether the interpreter can be embedded as the distribution links it. */
void td_look_archive(const struct td_exam *exam, struct td_finding *out)
{
    for (size_t i = 0; i < exam->runtimes.count; i++) {
        const struct td_runtime *runtime = &exam->runtimes.at[i];
        if (!runtime->problem && runtime->hosting &&
            strcmp(runtime->hosting, "static") == 0) {
            td_found(out, TD_LEVEL_OK, "%s is linked with it", runtime->name);
            return;
        }
    }
    td_found(out, TD_LEVEL_WARN, "no CPython is hosted statically");
}
