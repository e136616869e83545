#include "drivers/cpython/cpython.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"

/* Only names down to the oldest that is still met: what is too old to be
 * used is to be listed with the reason. */
enum { OLDEST_MINOR = 6, NEWEST_MINOR = 20 };

struct search {
    struct td_strings *out;
    struct td_strings seen; /* what makes two paths the same interpreter */
};

static char *parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    return td_xstrndup(path, slash ? (size_t)(slash - path) : 0);
}

char *td_cpython_absolute(const char *path)
{
    char *dir, *real, *absolute;
    if (path[0] == '/')
        return td_xstrdup(path);
    dir = strchr(path, '/') ? parent(path) : td_xstrdup(".");
    real = realpath(dir, NULL);
    absolute = td_xasprintf("%s/%s", real ? real : dir, basename(path));
    free(real);
    free(dir);
    return absolute;
}

char *td_cpython_venv(const char *path)
{
    char *bin = parent(path), *root = parent(bin);
    char *config = td_xasprintf("%s/pyvenv.cfg", root);
    bool there = td_file_exists(config);

    free(bin);
    free(root);
    if (there)
        return config;
    free(config);
    return NULL;
}

/* A virtual environment is itself; pyenv's shims are all one; anything else
 * is the file that is reached in the end. */
static char *identity(const char *path)
{
    char *mine = td_cpython_venv(path);
    if (!mine && strstr(path, "/shims/"))
        mine = parent(path);
    if (!mine)
        mine = realpath(path, NULL);
    return mine ? mine : td_xstrdup(path);
}

static void add(struct search *search, const char *path)
{
    char *absolute = td_cpython_absolute(path), *same = NULL;
    if (access(absolute, X_OK) == 0) {
        same = identity(absolute);
        if (!td_strings_has(&search->seen, same)) {
            td_strings_add(&search->seen, same);
            td_strings_add(search->out, absolute);
        }
    }
    free(same);
    free(absolute);
}

static void add_in(struct search *search, const char *dir, const char *name)
{
    char *path = td_xasprintf("%s/%s", dir, name);
    add(search, path);
    free(path);
}

static void add_versions(struct search *search, const char *dir)
{
    char name[32];
    add_in(search, dir, "python3");
    for (int minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor--) {
        snprintf(name, sizeof name, "python3.%d", minor);
        add_in(search, dir, name);
        snprintf(name, sizeof name, "python3.%dt", minor);
        add_in(search, dir, name);
    }
}

static void add_pyenv(struct search *search)
{
    const char *root = getenv("PYENV_ROOT"), *home = getenv("HOME");
    char *pattern = root ? td_xasprintf("%s/versions/*/bin/python3", root)
                         : td_xasprintf("%s/.pyenv/versions/*/bin/python3",
                                        home ? home : "");
    glob_t found;
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            add(search, found.gl_pathv[i]);
        globfree(&found);
    }
    free(pattern);
}

void td_cpython_find(const struct td_context *context, struct td_strings *out)
{
    struct search search = {.out = out, .seen = TD_STRINGS_INIT};
    struct td_strings dirs = TD_STRINGS_INIT;
    const char *venv = getenv("VIRTUAL_ENV"), *path = getenv("PATH");

    add_in(&search, context->build_dir, "venv/bin/python");
    if (venv && *venv)
        add_in(&search, venv, "bin/python");
    td_strings_split(&dirs, path ? path : "", ":");
    td_strings_add(&dirs, "/usr/local/bin");
    td_strings_add(&dirs, "/usr/bin");
    for (size_t i = 0; i < dirs.count; i++)
        add_versions(&search, dirs.at[i]);
    add_pyenv(&search);
    td_strings_release(&dirs);
    td_strings_release(&search.seen);
}
