#include "cmd/app.h"

#include "base/files.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_source(const char *dir)
{
    char *workloads = td_xasprintf("%s/workloads", dir);
    char *module = td_xasprintf("%s/go.mod", dir);
    bool holds = td_file_exists(workloads) && td_file_exists(module);
    free(workloads);
    free(module);
    return holds;
}

/* The nearest directory at or above `from` that holds the sources. */
static char *source_above(const char *from)
{
    char *dir = td_xstrdup(from);
    while (!holds_source(dir)) {
        char *slash = strrchr(dir, '/');
        if (!slash || slash == dir) {
            free(dir);
            return NULL;
        }
        *slash = '\0';
    }
    return dir;
}

static char *from_env(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? realpath(value, NULL) : NULL;
}

static char *find_source(const char *self_dir)
{
    char *found = from_env("TANDEM_SOURCE"), *cwd, *installed;
    if (found)
        return found;
    installed = td_xasprintf("%s/../share/tandem", self_dir);
    if (holds_source(installed)) {
        found = realpath(installed, NULL);
        free(installed);
        return found;
    }
    free(installed);
    found = source_above(self_dir);
    if (found)
        return found;
    cwd = getcwd(NULL, 0);
    found = cwd ? source_above(cwd) : NULL;
    if (!found)
        found = cwd ? td_xstrdup(cwd) : td_xstrdup(".");
    free(cwd);
    return found;
}

static char *user_cache(void)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (xdg && xdg[0] == '/')
        return td_xasprintf("%s/tandem", xdg);
    return td_xasprintf("%s/.cache/tandem", home && *home ? home : "/tmp");
}

static void find_build(struct td_app *app, const char *self_dir)
{
    char *beside = td_xasprintf("%s/../libexec/tandem-launch", self_dir);
    char *parent = td_xstrdup(self_dir);
    bool in_place = td_file_exists(beside);
    app->build_dir = in_place ? td_xstrdup(dirname(parent)) : user_cache();
    app->cache_dir = in_place ? td_xasprintf("%s/cache", app->build_dir)
                              : td_xstrdup(app->build_dir);
    app->libexec_dir = from_env("TANDEM_LIBEXEC");
    if (!app->libexec_dir)
        app->libexec_dir =
            td_xasprintf(in_place ? "%s/libexec" : "%s/../libexec/tandem",
                         in_place ? app->build_dir : self_dir);
    free(beside);
    free(parent);
}

static void publish(struct td_app *app)
{
    app->context.build_dir = app->build_dir;
    app->context.cache_dir = app->cache_dir;
    app->context.libexec_dir = app->libexec_dir;
    app->context.source_dir = app->source_dir;
    app->context.workloads_dir = app->workloads_dir;
}

int td_app_init(struct td_app *app, int argc, char **argv, struct td_err *err)
{
    char *self_dir = td_self_dir();
    const char *results = getenv("TANDEM_RESULTS");
    memset(app, 0, sizeof *app);
    app->argc = argc;
    app->argv = argv;
    app->self = realpath("/proc/self/exe", NULL);
    if (!app->self) {
        free(self_dir);
        return td_err_sys(err, -errno, "cannot find this executable");
    }
    find_build(app, self_dir);
    app->source_dir = find_source(self_dir);
    app->workloads_dir = from_env("TANDEM_WORKLOADS");
    if (!app->workloads_dir)
        app->workloads_dir = td_xasprintf("%s/workloads", app->source_dir);
    app->results_dir = results && *results ? td_xstrdup(results)
                       : access(app->source_dir, W_OK) == 0 &&
                               strstr(app->source_dir, "/share/") == NULL
                           ? td_xasprintf("%s/results", app->source_dir)
                           : td_xstrdup("results");
    publish(app);
    free(self_dir);
    return 0;
}

int td_app_set_workloads(struct td_app *app, const char *dir,
                         struct td_err *err)
{
    char *absolute = realpath(dir, NULL);
    if (!absolute)
        return td_err_set(err, TD_EUSAGE, "--workloads %s: %s", dir,
                          strerror(errno));
    free(app->workloads_dir);
    app->workloads_dir = absolute;
    publish(app);
    return 0;
}

int td_app_loop(struct td_app *app, struct td_err *err)
{
    if (!app->context.loop)
        app->context.loop = td_loop_new(err);
    return app->context.loop ? 0 : err->code;
}

void td_app_release(struct td_app *app)
{
    if (app->context.loop)
        td_loop_free(app->context.loop);
    free(app->self);
    free(app->build_dir);
    free(app->cache_dir);
    free(app->libexec_dir);
    free(app->source_dir);
    free(app->workloads_dir);
    free(app->results_dir);
}
