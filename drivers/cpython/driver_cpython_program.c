/*
 * Programs in Python.  Of a server, in any hosting: FILE.py is run as a
 * program, FILE.py:APP is an ASGI application, which `python -m uvicorn`
 * serves.  That is what the uvicorn command runs as well; with the hosting
 * `stock` it is the same process to the byte of its code.
 *
 * A command is always run by the interpreter's own executable: its start is
 * part of what is measured, and a worker that embeds Python starts otherwise.
 */
#include "drivers/cpython/cpython.h"

#include "base/files.h"
#include "plan/command_steps.h"

#include <stdlib.h>
#include <string.h>

/* No line a request: that would measure the writing of logs. */
#define UVICORN                                                                \
    "-m uvicorn --host 127.0.0.1 --port {port} --no-access-log "               \
    "--log-level warning"

static bool is_command(const struct td_case_spec *spec)
{
    return spec->workload->kind == TD_WORKLOAD_COMMAND;
}

static int check_file(const struct td_case_spec *spec, size_t len,
                      struct td_err *err)
{
    const struct td_workload *workload = spec->workload;
    char *path = td_xasprintf("%s/%.*s", workload->dir, (int)len, spec->entry);
    int rc = 0;
    if (len < 4 || strncmp(spec->entry + len - 3, ".py", 3) != 0)
        rc = td_err_set(err, TD_EINPUT, "%s: cpython = %s: expected FILE.py%s",
                        workload->file, spec->entry,
                        is_command(spec) ? " or " TD_NAME_RUNTIME
                                         : " or FILE.py:APP");
    else if (!td_file_exists(path))
        rc = td_err_set(err, TD_EINPUT, "%s: cpython = %s: there is no %s",
                        workload->file, spec->entry, path);
    free(path);
    return rc;
}

/* The interpreter itself, not the worker that embeds it. */
static void own_interpreter(const struct td_runtime *runtime,
                            struct td_launch *out, struct td_strings *files)
{
    out->program = td_xstrdup(runtime->path);
    td_strings_add(&out->argv, runtime->path);
    td_strings_add(files, runtime->path);
}

int td_cpython_prepare_program(const struct td_context *context,
                               const struct td_case_spec *spec,
                               struct td_launch *out, json_t *hashes,
                               struct td_err *err)
{
    bool bare = strcmp(spec->entry, TD_NAME_RUNTIME) == 0;
    const char *colon = is_command(spec) ? NULL : strrchr(spec->entry, ':');
    size_t len = colon ? (size_t)(colon - spec->entry) : strlen(spec->entry);
    struct td_strings files = TD_STRINGS_INIT;
    int rc = bare ? 0 : check_file(spec, len, err);
    if (rc)
        return rc;
    if (is_command(spec))
        own_interpreter(spec->runtime, out, &files);
    else
        td_cpython_hosting_interpreter(context, spec->runtime, out, &files);
    if (colon) {
        td_strings_split(&out->argv, UVICORN, " ");
        td_strings_addf(&out->argv, "%.*s%s", (int)len - 3, spec->entry, colon);
    } else if (!bare) { /* else the further words are its arguments */
        td_strings_add(&out->argv, spec->entry);
    }
    rc = td_cpython_add_hashes(spec->workload, &files, hashes, err);
    td_strings_release(&files);
    return rc;
}
