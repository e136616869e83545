#include "drivers/command/commands.h"

#include "base/files.h"
#include "drivers/program/program.h"
#include "plan/command_steps.h"

#include <stdlib.h>
#include <string.h>

/* How to reach package registries; the values are nowhere recorded. */
static const char *const network_names[] = {"http_proxy",
                                            "https_proxy",
                                            "no_proxy",
                                            "all_proxy",
                                            "HTTP_PROXY",
                                            "HTTPS_PROXY",
                                            "NO_PROXY",
                                            "ALL_PROXY",
                                            "SSL_CERT_FILE",
                                            "SSL_CERT_DIR",
                                            "NETRC",
                                            "GOPROXY",
                                            "GOFLAGS",
                                            "GOSUMDB",
                                            "GONOSUMDB",
                                            "GONOPROXY",
                                            "GOPRIVATE",
                                            "GOINSECURE",
                                            "GOAUTH",
                                            "REQUESTS_CA_BUNDLE",
                                            NULL};

extern char **environ;

void td_command_steps_release(struct td_command_steps *steps)
{
    td_launch_release(&steps->prepare);
    td_launch_release(&steps->cleanup);
}

static void add_network(struct td_fields *env)
{
    for (size_t i = 0; network_names[i]; i++)
        if (getenv(network_names[i]))
            td_fields_set(env, network_names[i], getenv(network_names[i]));
    for (char **at = environ; *at; at++) {
        size_t len = strcspn(*at, "=");
        char *name = td_xstrndup(*at, len);
        if (strncmp(name, "PIP_", 4) == 0 && (*at)[len] == '=')
            td_fields_set(env, name, *at + len + 1);
        free(name);
    }
}

static int add_assignments(const char *text, const struct td_fields *names,
                           struct td_fields *env, struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    int rc = text ? td_program_words(text, names, &words, err) : 0;
    for (size_t i = 0; !rc && i < words.count; i++) {
        size_t len = strcspn(words.at[i], "=");
        char *name = td_xstrndup(words.at[i], len);
        td_fields_set(env, name, words.at[i][len] ? words.at[i] + len + 1 : "");
        free(name);
    }
    td_strings_release(&words);
    return rc;
}

static void add_parameters(const struct td_fields *params,
                           struct td_fields *env)
{
    for (size_t i = 0; i < params->count; i++) {
        char *name = td_xasprintf("TANDEM_P_%s", params->at[i].name);
        td_fields_set(env, name, params->at[i].value);
        free(name);
    }
    td_fields_set(env, "TANDEM_SCRATCH", TD_NAME_SCRATCH);
}

/* Of everything but the program itself, which `out` has already. */
static int complete(const struct td_case_spec *spec,
                    const struct td_fields *names,
                    const struct td_fields *params, struct td_launch *out,
                    struct td_err *err)
{
    const struct td_implementation *implementation = spec->implementation;
    int rc;
    if (spec->workload->network)
        add_network(&out->env);
    add_parameters(params, &out->env);
    rc = add_assignments(td_command_step(implementation, NULL, "env"), names,
                         &out->env, err);
    if (!rc)
        rc = add_assignments(
            td_command_step(implementation, spec->runtime->family, "env"),
            names, &out->env, err);
    return rc;
}

/* A step is found as a shell would find it; {runtime} is the runtime's own
 * executable. */
static int prepare_step(const struct td_context *context,
                        const struct td_case_spec *spec,
                        const struct td_fields *names,
                        const struct td_launch *command, const char *step,
                        struct td_launch *out, json_t *hashes,
                        struct td_err *err)
{
    const char *text =
        td_command_step(spec->implementation, spec->runtime->family, step);
    struct td_strings words = TD_STRINGS_INIT;
    struct td_case_spec own = *spec;
    int rc = 0;
    if (!text)
        return 0;
    rc = td_program_words(text, names, &words, err);
    if (!rc && strcmp(words.at[0], TD_NAME_RUNTIME) == 0) {
        own.entry = TD_NAME_RUNTIME;
        rc = spec->runtime->driver->prepare_program(context, &own, out, hashes,
                                                    err);
    } else if (!rc) {
        out->program = td_xstrdup(words.at[0]);
        td_strings_add(&out->argv, words.at[0]);
    }
    for (size_t i = 1; !rc && i < words.count; i++)
        td_strings_add(&out->argv, words.at[i]);
    if (!rc) {
        td_fields_copy(&out->env, &command->env);
        out->cwd = td_xstrdup(spec->workload->dir);
    }
    td_strings_release(&words);
    return rc;
}

/* The set's parameters, as the command is to see them. */
static void resolve(const struct td_fields *params, const char *kept,
                    struct td_fields *out)
{
    for (size_t i = 0; i < params->count; i++) {
        char *value =
            td_program_replace(params->at[i].value, "{" TD_KEPT "}", kept);
        td_fields_set(out, params->at[i].name, value);
        free(value);
    }
}

int td_command_prepare(const struct td_context *context,
                       const struct td_case_spec *spec,
                       const struct td_fields *params, struct td_launch *out,
                       struct td_command_steps *steps, json_t *hashes,
                       struct td_err *err)
{
    struct td_fields names = TD_FIELDS_INIT, resolved = TD_FIELDS_INIT;
    char *kept = td_xasprintf("%s/commands/%s", context->cache_dir,
                              spec->workload->name);
    int rc = td_dir_make(kept, err);
    resolve(params, kept, &resolved);
    td_command_names(spec->workload, spec->implementation->name, &resolved,
                     &names);
    td_fields_set(&names, TD_KEPT, kept);
    free(kept);
    if (!rc && !spec->runtime->driver->prepare_program)
        rc = td_err_set(err, TD_EINPUT, "runtime %s runs no commands",
                        spec->runtime->name);
    if (!rc)
        rc = td_program_prepare(context, spec, &names, out, hashes, err);
    if (!rc)
        rc = complete(spec, &names, &resolved, out, err);
    if (!rc)
        td_fields_set(&names, TD_EXECUTABLE, out->program);
    if (!rc)
        rc = prepare_step(context, spec, &names, out, "prepare",
                          &steps->prepare, hashes, err);
    if (!rc)
        rc = prepare_step(context, spec, &names, out, "cleanup",
                          &steps->cleanup, hashes, err);
    td_fields_release(&resolved);
    td_fields_release(&names);
    return rc;
}

static char *in_place(const char *word, const char *scratch, const char *fresh)
{
    char *half = td_program_replace(word, TD_NAME_SCRATCH, scratch);
    char *whole = td_program_replace(half, TD_NAME_FRESH, fresh);
    free(half);
    return whole;
}

void td_command_launch(const struct td_launch *prepared, const char *scratch,
                       const char *fresh, struct td_launch *out)
{
    td_launch_copy(out, prepared);
    free(out->program);
    out->program = in_place(prepared->program, scratch, fresh);
    for (size_t i = 0; i < out->argv.count; i++) {
        char *word = in_place(out->argv.at[i], scratch, fresh);
        free(out->argv.at[i]);
        out->argv.at[i] = word;
    }
    for (size_t i = 0; i < out->env.count; i++) {
        char *value = in_place(out->env.at[i].value, scratch, fresh);
        free(out->env.at[i].value);
        out->env.at[i].value = value;
    }
}
