/*
 * The null driver: a worker whose latencies are known exactly, to test the
 * harness itself.  "null-F" for any factor F multiplies every latency by F;
 * so the true ratio of two null runtimes is known too.
 */
#include "drivers/null/null.h"

#include "base/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(const struct td_context *context, const char *factor,
                 struct td_runtime *out)
{
    out->driver = &td_driver_null;
    out->name = td_xasprintf("null-%s", factor);
    out->family = td_xstrdup(td_driver_null.family);
    out->version = td_xstrdup(factor);
    out->path = td_xasprintf("%s/tandem-null", context->libexec_dir);
    out->build = json_pack("{s:s}", "factor", factor);
    if (!td_file_exists(out->path))
        out->problem = td_xasprintf("%s is missing", out->path);
}

static int discover(const struct td_context *context, struct td_runtimes *out,
                    struct td_err *err)
{
    (void)err;
    fill(context, "1", td_runtimes_add(out));
    fill(context, "2", td_runtimes_add(out));
    return 0;
}

static int resolve(const struct td_context *context, const char *name,
                   struct td_runtime *out, struct td_err *err)
{
    const char *factor = name + strlen("null-");
    char *end;
    if (strncmp(name, "null-", strlen("null-")) != 0 ||
        !(strtod(factor, &end) > 0) || *end || strlen(factor) > 20)
        return td_err_set(err, TD_EUSAGE, "not null-FACTOR: %s", name);
    fill(context, factor, out);
    return 0;
}

static int prepare(const struct td_context *context,
                   const struct td_case_spec *spec, struct td_launch *out,
                   json_t *hashes, struct td_err *err)
{
    const struct td_runtime *runtime = spec->runtime;
    char hex[TD_SHA256_HEX];
    int rc = td_file_sha256(runtime->path, hex, err);
    (void)context;
    if (rc)
        return rc;
    json_object_set_new(hashes, runtime->path, json_string(hex));
    td_launch_env_base(out);
    out->program = td_xstrdup(runtime->path);
    out->cwd = td_xstrdup(spec->workload->dir);
    td_strings_add(&out->argv, "tandem-null");
    td_strings_add(&out->argv, runtime->name);
    td_strings_add(&out->argv, runtime->version);
    return 0;
}

const struct td_driver td_driver_null = {
    .name = "null",
    .family = "null",
    .help = "known latencies, to test the harness itself",
    .discover = discover,
    .resolve = resolve,
    .prepare = prepare,
    .own_tool = &td_null_own_tool,
};
