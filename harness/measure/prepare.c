#include "measure/cases.h"

#include "base/files.h"
#include "drivers/http/http.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t INPUT_TIMEOUT_NS = 600ull * 1000000000u;

/* What decides an input's content: its command and the files named in it. */
static int input_key(const struct td_workload *workload,
                     const struct td_strings *words, char key[TD_SHA256_HEX],
                     json_t *hashes, struct td_err *err)
{
    struct td_buf all = TD_BUF_INIT;
    int rc = 0;
    for (size_t i = 0; !rc && i < words->count; i++) {
        char *path = td_xasprintf("%s/%s", workload->dir, words->at[i]);
        char hex[TD_SHA256_HEX];
        td_buf_addf(&all, "%s\n", words->at[i]);
        if (words->at[i][0] && access(path, R_OK) == 0 &&
            strcmp(words->at[i], ".") != 0) {
            rc = td_file_sha256(path, hex, err);
            if (!rc) {
                td_buf_addf(&all, "%s\n", hex);
                json_object_set_new(hashes, words->at[i], json_string(hex));
            }
        }
        free(path);
    }
    if (!rc)
        td_sha256(all.data, all.len, key);
    td_buf_release(&all);
    return rc;
}

static int expand_words(const struct td_strings *words,
                        const struct td_fields *params, struct td_strings *out,
                        struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < words->count; i++) {
        struct td_buf word = TD_BUF_INIT;
        rc = td_expand(words->at[i], params, &word, err);
        td_strings_add(out, td_buf_str(&word));
        td_buf_release(&word);
    }
    return rc;
}

/* Runs the generator; its file appears under its name only when whole. */
static int generate(const struct td_context *context,
                    const struct td_workload *workload,
                    const struct td_helper *input,
                    const struct td_fields *params, const char *path,
                    struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result result;
    struct td_fields with_out = TD_FIELDS_INIT;
    char *temporary = td_xasprintf("%s.part.%ld", path, (long)getpid());
    int rc;
    memset(&result, 0, sizeof result);
    td_fields_copy(&with_out, params);
    td_fields_set(&with_out, "out", temporary);
    rc = expand_words(&input->command, &with_out, &launch.argv, err);
    if (rc)
        goto out;
    launch.program = td_xstrdup(launch.argv.at[0]);
    launch.cwd = td_xstrdup(workload->dir);
    td_launch_env_base(&launch);
    rc = td_child_run(context->loop, &launch, INPUT_TIMEOUT_NS, 65536, &result,
                      err);
    if (!rc && result.exit_status != 0)
        rc = td_err_set(err, TD_EDEPENDENCY, "%s ended with status %d:\n%s",
                        input->command.at[0], result.exit_status,
                        td_buf_str(&result.err));
    if (!rc && rename(temporary, path) < 0)
        rc = td_err_sys(err, -errno, "no input file %s was written", path);
out:
    if (rc)
        unlink(temporary);
    td_child_result_release(&result);
    td_fields_release(&with_out);
    td_launch_release(&launch);
    free(temporary);
    return rc;
}

static int prepare_input(const struct td_context *context,
                         struct td_group *group, const struct td_helper *input,
                         json_t *hashes, td_prepare_fn *tell, void *to,
                         struct td_err *err)
{
    struct td_fields params = TD_FIELDS_INIT;
    struct td_strings words = TD_STRINGS_INIT;
    char key[TD_SHA256_HEX], *dir, *path = NULL;
    int rc;
    dir = td_xasprintf("%s/inputs", context->cache_dir);
    td_fields_copy(&params, &group->set.params);
    td_fields_set(&params, "out", "{out}");
    rc = expand_words(&input->command, &params, &words, err);
    if (!rc)
        rc = input_key(group->workload, &words, key, hashes, err);
    if (!rc)
        rc = td_dir_make(dir, err);
    if (rc)
        goto out;
    path = td_xasprintf("%s/%s-%s-%.16s", dir, group->workload->name,
                        input->name, key);
    if (!td_file_exists(path)) {
        if (tell)
            tell(to, input->name);
        rc = generate(context, group->workload, input, &group->set.params, path,
                      err);
    }
    if (!rc)
        td_fields_set(&group->set.params, input->name, path);
out:
    if (rc)
        td_err_prefix(err, "%s: input %s", group->workload->name, input->name);
    free(path);
    free(dir);
    td_strings_release(&words);
    td_fields_release(&params);
    return rc;
}

/* A failure costs the group's cases, not the run. */
static void blame_group(struct td_plan *plan, const struct td_group *group,
                        struct td_err *why)
{
    for (size_t i = 0; i < group->ncases; i++) {
        struct td_case *c = &plan->cases[group->first_case + i];
        if (!c->problem)
            c->problem = td_xstrdup(why->msg);
    }
    td_err_clear(why);
}

static void prepare_group(struct td_plan *plan,
                          const struct td_context *context,
                          struct td_group *group, td_prepare_fn *tell, void *to)
{
    struct td_err why = TD_ERR_INIT;
    json_t *hashes = json_object();
    for (size_t i = 0; i < group->workload->ninputs; i++)
        if (prepare_input(context, group, &group->workload->inputs[i], hashes,
                          tell, to, &why))
            blame_group(plan, group, &why);
    for (size_t i = 0; i < group->ncases; i++)
        json_object_update(plan->cases[group->first_case + i].hashes, hashes);
    json_decref(hashes);
}

/* The mix decides what is measured as the sources do. */
static int hash_requests(const struct td_case *c,
                         const struct td_fields *params, struct td_err *err)
{
    const char *file = td_fields_get(params, "requests");
    char *path, hex[TD_SHA256_HEX];
    int rc;
    if (!file || !*file)
        return 0;
    path = td_xasprintf("%s/%s", c->spec.workload->dir, file);
    rc = td_file_sha256(path, hex, err);
    if (!rc)
        json_object_set_new(c->hashes, path, json_string(hex));
    free(path);
    return rc;
}

static int prepare_one(const struct td_plan *plan,
                       const struct td_context *context, struct td_case *c,
                       const char *cpus, struct td_err *why)
{
    const struct td_fields *params = &plan->groups[c->group].set.params;
    int rc;
    if (c->spec.workload->kind == TD_WORKLOAD_COMMAND)
        return td_command_prepare(context, &c->spec, params, &c->launch,
                                  &c->steps, c->hashes, why);
    if (c->spec.workload->kind != TD_WORKLOAD_SERVER)
        return c->spec.runtime->driver->prepare(context, &c->spec, &c->launch,
                                                c->hashes, why);
    rc = hash_requests(c, params, why);
    return rc ? rc
              : td_http_prepare(context, &c->spec, params, td_http_cores(cpus),
                                &c->launch, c->hashes, why);
}

static void keep_on(struct td_case *c, const char *cpus)
{
    c->launch.cpus = td_xstrdup(cpus);
    if (c->steps.prepare.program)
        c->steps.prepare.cpus = td_xstrdup(cpus);
    if (c->steps.cleanup.program)
        c->steps.cleanup.cpus = td_xstrdup(cpus);
}

static void prepare_case(struct td_plan *plan, const struct td_context *context,
                         struct td_case *c, const char *cpus,
                         td_prepare_fn *tell, void *to)
{
    struct td_err why = TD_ERR_INIT;
    if (c->problem)
        return;
    if (tell) {
        char *id = td_case_id(plan, c);
        tell(to, id);
        free(id);
    }
    if (prepare_one(plan, context, c, cpus, &why))
        c->problem = td_xstrdup(why.msg);
    else if (cpus)
        keep_on(c, cpus);
}

static bool is_server(const struct td_case *c)
{
    return c->spec.workload->kind == TD_WORKLOAD_SERVER;
}

int td_plan_prepare(struct td_plan *plan, const struct td_context *context,
                    const char *cpus, const char *server_cpus,
                    td_prepare_fn *tell, void *to, struct td_err *err)
{
    for (size_t i = 0; i < plan->ngroups && !td_loop_interrupts(context->loop);
         i++)
        prepare_group(plan, context, &plan->groups[i], tell, to);
    for (size_t i = 0; i < plan->ncases && !td_loop_interrupts(context->loop);
         i++)
        prepare_case(plan, context, &plan->cases[i],
                     is_server(&plan->cases[i]) ? server_cpus : cpus, tell, to);
    if (td_loop_interrupts(context->loop))
        return td_err_set(err, TD_EINTERRUPTED,
                          "interrupted before anything was measured");
    return 0;
}
