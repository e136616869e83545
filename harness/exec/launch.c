#include "exec/launch.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void td_launch_release(struct td_launch *launch)
{
    free(launch->program);
    td_strings_release(&launch->argv);
    td_fields_release(&launch->env);
    free(launch->cwd);
    free(launch->cpus);
    *launch = (struct td_launch)TD_LAUNCH_INIT;
}

static char *copy_text(const char *text)
{
    return text ? td_xstrdup(text) : NULL;
}

void td_launch_copy(struct td_launch *to, const struct td_launch *from)
{
    *to = (struct td_launch)TD_LAUNCH_INIT;
    to->program = copy_text(from->program);
    for (size_t i = 0; i < from->argv.count; i++)
        td_strings_add(&to->argv, from->argv.at[i]);
    td_fields_copy(&to->env, &from->env);
    to->cwd = copy_text(from->cwd);
    to->cpus = copy_text(from->cpus);
    to->memory_limit_bytes = from->memory_limit_bytes;
    to->memory_by = from->memory_by;
}

static void inherit(struct td_launch *launch, const char *name,
                    const char *fallback)
{
    const char *value = getenv(name);
    if (!value || !*value)
        value = fallback;
    if (value)
        td_fields_set(&launch->env, name, value);
}

void td_launch_env_base(struct td_launch *launch)
{
    inherit(launch, "PATH", "/usr/local/bin:/usr/bin:/bin");
    inherit(launch, "HOME", "/");
    inherit(launch, "TMPDIR", NULL);
    td_fields_set(&launch->env, "LANG", "C.UTF-8");
}

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

char *td_program_find(const char *name, const char *path)
{
    struct td_strings dirs = TD_STRINGS_INIT;
    char *found = NULL;
    if (strchr(name, '/'))
        return is_program(name) ? td_xstrdup(name) : NULL;
    td_strings_split(&dirs, path ? path : "/usr/local/bin:/usr/bin:/bin", ":");
    for (size_t i = 0; !found && i < dirs.count; i++) {
        found = td_xasprintf("%s/%s", dirs.at[i], name);
        if (!is_program(found)) {
            free(found);
            found = NULL;
        }
    }
    td_strings_release(&dirs);
    return found;
}
