/*
 * The exec driver: any program that speaks PROTOCOL.md, named by a
 * [runtime NAME] section of a workload file.  The command is run in the
 * workload's directory; {workload}, {implementation} and {entry} in it are
 * replaced.  There is nothing to discover.
 */
#include "drivers/driver.h"

#include "base/files.h"
#include "plan/command_steps.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int expand(const struct td_case_spec *spec, struct td_strings *argv,
                  struct td_err *err)
{
    const struct td_strings *command = &spec->runtime->local->command;
    struct td_fields names = TD_FIELDS_INIT;
    int rc = 0;
    td_fields_set(&names, "workload", spec->workload->name);
    td_fields_set(&names, "implementation", spec->implementation->name);
    td_fields_set(&names, "entry", spec->entry);
    for (size_t i = 0; !rc && i < command->count; i++) {
        struct td_buf word = TD_BUF_INIT;
        rc = td_expand(command->at[i], &names, &word, err);
        td_strings_add(argv, td_buf_str(&word));
        td_buf_release(&word);
    }
    td_fields_release(&names);
    return rc;
}

/* A word with a slash that is not absolute lies in the workload's
 * directory. */
static char *in_dir(const char *dir, const char *word)
{
    return word[0] == '/' ? td_xstrdup(word) : td_xasprintf("%s/%s", dir, word);
}

static char *find_program(const char *dir, const char *word, const char *path)
{
    char *full, *found;
    if (!strchr(word, '/'))
        return td_program_find(word, path);
    full = in_dir(dir, word);
    found = td_program_find(full, path);
    free(full);
    return found;
}

static int hash_into(json_t *hashes, const char *path, struct td_err *err)
{
    char hex[TD_SHA256_HEX];
    int rc = td_file_sha256(path, hex, err);
    if (!rc)
        json_object_set_new(hashes, path, json_string(hex));
    return rc;
}

/* The program, and each word of the command that names a file. */
static int hash_files(const char *dir, const struct td_launch *launch,
                      json_t *hashes, struct td_err *err)
{
    int rc = hash_into(hashes, launch->program, err);
    for (size_t i = 1; !rc && i < launch->argv.count; i++) {
        char *path = in_dir(dir, launch->argv.at[i]);
        struct stat st;
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
            rc = hash_into(hashes, path, err);
        free(path);
    }
    return rc;
}

static int check_command(const struct td_case_spec *spec, struct td_err *err)
{
    if (!spec->runtime->local || !spec->runtime->local->command.count)
        return td_err_set(err, TD_EINPUT,
                          "runtime %s: the exec driver needs a command",
                          spec->runtime->name);
    return 0;
}

/* From argv to the program. */
static int locate(const struct td_case_spec *spec, struct td_launch *out,
                  json_t *hashes, struct td_err *err)
{
    const char *dir = spec->workload->dir;
    out->program =
        find_program(dir, out->argv.at[0], td_fields_get(&out->env, "PATH"));
    if (!out->program)
        return td_err_set(err, TD_EDEPENDENCY,
                          "runtime %s: cannot find the program \"%s\"; install "
                          "it or put it on PATH",
                          spec->runtime->name, out->argv.at[0]);
    return hash_files(dir, out, hashes, err);
}

static int prepare(const struct td_context *context,
                   const struct td_case_spec *spec, struct td_launch *out,
                   json_t *hashes, struct td_err *err)
{
    int rc = check_command(spec, err);
    (void)context;
    if (!rc)
        rc = expand(spec, &out->argv, err);
    if (rc)
        return rc;
    td_launch_env_base(out);
    out->cwd = td_xstrdup(spec->workload->dir);
    return locate(spec, out, hashes, err);
}

/* Everything in the command has been replaced but what is known only when
 * the program starts.  {runtime} is the command's own first word. */
static int prepare_program(const struct td_context *context,
                           const struct td_case_spec *spec,
                           struct td_launch *out, json_t *hashes,
                           struct td_err *err)
{
    const struct td_strings *command;
    size_t count;
    int rc = check_command(spec, err);
    (void)context;
    if (rc)
        return rc;
    command = &spec->runtime->local->command;
    count = strcmp(spec->entry, TD_NAME_RUNTIME) == 0 ? 1 : command->count;
    for (size_t i = 0; i < count; i++)
        td_strings_add(&out->argv, command->at[i]);
    return locate(spec, out, hashes, err);
}

const struct td_driver td_driver_exec = {
    .name = "exec",
    .family = "exec",
    .help = "any program that speaks the worker protocol",
    .prepare = prepare,
    .prepare_program = prepare_program,
};
