/*
 * Servers in Python, in any hosting: FILE.py is run as a program, FILE.py:APP
 * is an ASGI application, which `python -m uvicorn` serves.  That is what the
 * uvicorn command runs as well; with the hosting `stock` it is the same
 * process to the byte of its code.
 */
#include "drivers/cpython/cpython.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>

/* No line a request: that would measure the writing of logs. */
#define UVICORN                                                                \
    "-m uvicorn --host 127.0.0.1 --port {port} --no-access-log "               \
    "--log-level warning"

static int check_file(const struct td_case_spec *spec, size_t len,
                      struct td_err *err)
{
    const struct td_workload *workload = spec->workload;
    char *path = td_xasprintf("%s/%.*s", workload->dir, (int)len, spec->entry);
    int rc = 0;
    if (len < 4 || strncmp(spec->entry + len - 3, ".py", 3) != 0)
        rc = td_err_set(err, TD_EINPUT,
                        "%s: cpython = %s: expected FILE.py or FILE.py:APP",
                        workload->file, spec->entry);
    else if (!td_file_exists(path))
        rc = td_err_set(err, TD_EINPUT, "%s: cpython = %s: there is no %s",
                        workload->file, spec->entry, path);
    free(path);
    return rc;
}

int td_cpython_prepare_server(const struct td_context *context,
                              const struct td_case_spec *spec,
                              struct td_launch *out, json_t *hashes,
                              struct td_err *err)
{
    const char *colon = strrchr(spec->entry, ':');
    size_t len = colon ? (size_t)(colon - spec->entry) : strlen(spec->entry);
    struct td_strings files = TD_STRINGS_INIT;
    int rc = check_file(spec, len, err);
    if (rc)
        return rc;
    td_cpython_hosting_interpreter(context, spec->runtime, out, &files);
    if (colon) {
        td_strings_split(&out->argv, UVICORN, " ");
        td_strings_addf(&out->argv, "%.*s%s", (int)len - 3, spec->entry, colon);
    } else {
        td_strings_add(&out->argv, spec->entry);
    }
    rc = td_cpython_add_hashes(spec->workload, &files, hashes, err);
    td_strings_release(&files);
    return rc;
}
