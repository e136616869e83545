/*
 * driver_gotest - finding Go toolchains and launching workloads that were
 * compiled by `go test -c`.
 */
#include "drivers/gotest/gotest.h"

#include "plan/command_steps.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OLDEST_PACKAGE = 22, OLDEST_SWITCHING = 21 };

#define HOW_TO_GET                                                             \
    "install Go 1.22 or later from https://go.dev/dl/ or as golang-go"

/* What compiling may depend on.  Not GOOS, GOARCH and GOROOT: the worker
 * must run here, and each go command knows its own root. */
static const char *const passed_on[] = {"GOPATH",
                                        "GOCACHE",
                                        "GOMODCACHE",
                                        "GOPROXY",
                                        "GOSUMDB",
                                        "GONOSUMDB",
                                        "GONOPROXY",
                                        "GOPRIVATE",
                                        "GOINSECURE",
                                        "GOAUTH",
                                        "GOVCS",
                                        "GOFLAGS",
                                        "GOENV",
                                        "GOAMD64",
                                        "GOARM64",
                                        "GOEXPERIMENT",
                                        "GOWORK",
                                        "GOTMPDIR",
                                        "CGO_ENABLED",
                                        "CGO_CFLAGS",
                                        "CGO_LDFLAGS",
                                        "CC",
                                        "CXX",
                                        "PKG_CONFIG_PATH",
                                        "http_proxy",
                                        "https_proxy",
                                        "no_proxy",
                                        "HTTP_PROXY",
                                        "HTTPS_PROXY",
                                        "NO_PROXY",
                                        "SSL_CERT_FILE",
                                        "SSL_CERT_DIR",
                                        "NETRC",
                                        "XDG_CACHE_HOME",
                                        "XDG_CONFIG_HOME",
                                        NULL};

int td_go_command(const struct td_context *context, const char *go,
                  const char *toolchain, const char *dir, const char *words,
                  const struct td_strings *more, int timeout_s,
                  struct td_child_result *out, struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    int rc;
    launch.program = td_xstrdup(go);
    launch.cwd = dir ? td_xstrdup(dir) : NULL;
    td_strings_add(&launch.argv, go);
    td_strings_split(&launch.argv, words, " ");
    for (size_t i = 0; more && i < more->count; i++)
        td_strings_add(&launch.argv, more->at[i]);
    td_launch_env_base(&launch);
    for (size_t i = 0; passed_on[i]; i++)
        if (getenv(passed_on[i]))
            td_fields_set(&launch.env, passed_on[i], getenv(passed_on[i]));
    td_fields_set(&launch.env, "GOTOOLCHAIN", toolchain);
    rc = td_child_run(context->loop, &launch, (uint64_t)timeout_s * 1000000000u,
                      1 << 20, out, err);
    td_launch_release(&launch);
    return rc;
}

bool td_go_new_enough(const char *version, int minor)
{
    int have_major = 0, have_minor = 0;
    if (sscanf(version, "%d.%d", &have_major, &have_minor) != 2)
        return false;
    return have_major > 1 || (have_major == 1 && have_minor >= minor);
}

/* Adds path unless it is there already or is no program. */
static void add_command(struct td_strings *list, const char *path)
{
    char *program = td_program_find(path, NULL);
    if (program && !td_strings_has(list, program))
        td_strings_add(list, program);
    free(program);
}

static void add_matching(struct td_strings *list, const char *home,
                         const char *pattern)
{
    char *full = td_xasprintf("%s/%s", home, pattern);
    glob_t found = {0};
    if (glob(full, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            add_command(list, found.gl_pathv[i]);
    globfree(&found);
    free(full);
}

/* Every go command worth asking, the one on the path first. */
static void find_commands(struct td_strings *list)
{
    char *first = td_program_find("go", getenv("PATH"));
    const char *home = getenv("HOME");
    if (first)
        td_strings_add(list, first);
    free(first);
    add_command(list, "/usr/local/go/bin/go");
    add_matching(list, "", "usr/lib/go-1.*/bin/go");
    if (!home)
        return;
    add_matching(list, home, "sdk/go*/bin/go");
    add_matching(list, home, "go/bin/go1.*");
}

/* Fills version, build and path from what `go env` printed. */
static int read_env(struct td_runtime *out, const char *go,
                    const char *toolchain, const char *text, struct td_err *err)
{
    json_error_t why;
    json_t *env = json_loads(text, 0, &why);
    const char *said = json_string_value(json_object_get(env, "GOVERSION"));
    if (!said || strncmp(said, "go", 2) != 0) {
        json_decref(env);
        return td_err_set(err, TD_EDEPENDENCY,
                          "%s env did not say which version it is", go);
    }
    out->driver = &td_driver_gotest;
    out->family = td_xstrdup(td_driver_gotest.family);
    out->version = td_xstrndup(said + 2, strcspn(said + 2, " "));
    out->path = td_xstrdup(go);
    out->build = env;
    json_object_set_new(env, "GOTOOLCHAIN", json_string(toolchain));
    if (!td_go_new_enough(out->version, OLDEST_PACKAGE))
        out->problem =
            td_xasprintf("go %s is too old; " HOW_TO_GET, out->version);
    return 0;
}

/* Asks a go command what it is.  On failure *out stays as it was. */
static int ask(const struct td_context *context, const char *go,
               const char *toolchain, int timeout_s, struct td_runtime *out,
               struct td_err *err)
{
    struct td_child_result said = {0};
    struct td_buf complaint = TD_BUF_INIT;
    int rc = td_go_command(context, go, toolchain, NULL,
                           "env -json GOVERSION GOROOT GOOS GOARCH GOAMD64 "
                           "GOARM64 CGO_ENABLED GOFLAGS GOEXPERIMENT CC "
                           "CGO_CFLAGS CGO_LDFLAGS",
                           NULL, timeout_s, &said, err);
    if (rc)
        goto out;
    td_go_complaint(td_buf_str(&said.err), &complaint);
    if (said.exit_status != 0)
        rc = td_err_set(err, TD_EDEPENDENCY, "%s (GOTOOLCHAIN=%s): %s", go,
                        toolchain, td_buf_str(&complaint));
    else
        rc = read_env(out, go, toolchain, td_buf_str(&said.out), err);
out:
    td_buf_release(&complaint);
    td_child_result_release(&said);
    return rc;
}

static bool is_known(const struct td_runtimes *known, const char *name)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->at[i].name, name) == 0)
            return true;
    return false;
}

static void add_problem(struct td_runtimes *out, const char *name,
                        const char *path, const char *problem)
{
    struct td_runtime *runtime = td_runtimes_add(out);
    runtime->driver = &td_driver_gotest;
    runtime->name = td_xstrdup(name);
    runtime->family = td_xstrdup(td_driver_gotest.family);
    runtime->version = td_xstrdup("");
    runtime->path = td_xstrdup(path);
    runtime->problem = td_xstrdup(problem);
    runtime->build = json_object();
}

static void add_found(const struct td_context *context, const char *go,
                      struct td_runtimes *out)
{
    struct td_err why = TD_ERR_INIT;
    struct td_runtime found = {0};
    if (ask(context, go, "local", TD_GO_ASK_S, &found, &why)) {
        char *name = td_xasprintf("go@%s", go);
        add_problem(out, name, go, why.msg);
        free(name);
        return;
    }
    found.name = td_xasprintf("go-%s", found.version);
    if (is_known(out, found.name))
        td_runtime_release(&found);
    else
        *td_runtimes_add(out) = found;
}

static int discover(const struct td_context *context, struct td_runtimes *out,
                    struct td_err *err)
{
    struct td_strings commands = TD_STRINGS_INIT;
    (void)err; /* a toolchain that fails is an entry that says why */
    find_commands(&commands);
    for (size_t i = 0; i < commands.count; i++)
        add_found(context, commands.at[i], out);
    if (!commands.count)
        add_problem(out, "go", "", "no go command found; " HOW_TO_GET);
    td_strings_release(&commands);
    return 0;
}

/* "1.22.12" and "1.23rc1" name one toolchain; "1.22" names a series. */
static bool names_one_version(const char *version)
{
    const char *dot = strchr(version, '.');
    return dot &&
           (strchr(dot + 1, '.') || strstr(dot, "rc") || strstr(dot, "beta"));
}

/* Has any installed go that can switch toolchains fetch the version. */
static int fetch(const struct td_context *context, const char *version,
                 struct td_runtime *out, struct td_err *err)
{
    struct td_strings commands = TD_STRINGS_INIT;
    char *toolchain = td_xasprintf("go%s", version);
    int rc = 1;
    find_commands(&commands);
    for (size_t i = 0; i < commands.count && rc > 0; i++) {
        struct td_err ignored = TD_ERR_INIT;
        struct td_runtime base = {0};
        if (ask(context, commands.at[i], "local", TD_GO_ASK_S, &base,
                &ignored) == 0 &&
            td_go_new_enough(base.version, OLDEST_SWITCHING))
            rc = ask(context, commands.at[i], toolchain, TD_GO_FETCH_S, out,
                     err);
        td_runtime_release(&base);
    }
    if (rc > 0)
        rc = td_err_set(err, TD_EDEPENDENCY,
                        "go-%s is not installed, and no Go of 1.21 or later is "
                        "there to fetch it; " HOW_TO_GET,
                        version);
    free(toolchain);
    td_strings_release(&commands);
    return rc;
}

static int resolve(const struct td_context *context, const char *name,
                   struct td_runtime *out, struct td_err *err)
{
    const char *version = name + 3;
    int rc;
    if (strncmp(name, "go@", 3) == 0)
        rc = ask(context, name + 3, "local", TD_GO_ASK_S, out, err);
    else if (strncmp(name, "go-", 3) != 0 || !isdigit((unsigned char)*version))
        return td_err_set(err, TD_EUSAGE, "%s is not a Go toolchain", name);
    else if (!names_one_version(version))
        return td_err_set(err, TD_EDEPENDENCY,
                          "no go %s is installed; give the whole version, like "
                          "go-%s.1, to have it fetched",
                          version, version);
    else if (!td_go_new_enough(version, OLDEST_PACKAGE))
        return td_err_set(err, TD_EDEPENDENCY, "%s is too old; " HOW_TO_GET,
                          name);
    else
        rc = fetch(context, version, out, err);
    if (rc == 0)
        out->name = td_xstrdup(name);
    return rc;
}

static int prepare(const struct td_context *context,
                   const struct td_case_spec *spec, struct td_launch *out,
                   json_t *hashes, struct td_err *err)
{
    struct td_buf pattern = TD_BUF_INIT;
    char *binary = NULL;
    int rc = td_go_build(context, spec, NULL, &binary, hashes, err);
    if (!rc)
        rc = td_go_check_entry(binary, spec, err);
    if (rc)
        goto out;
    td_go_pattern(spec->entry, &pattern);
    out->program = td_xstrdup(binary);
    out->cwd = td_xstrdup(spec->workload->dir);
    td_strings_add(&out->argv, binary);
    td_strings_add(&out->argv, "-test.run=^$");
    td_strings_addf(&out->argv, "-test.bench=%s", td_buf_str(&pattern));
    td_strings_split(&out->argv,
                     "-test.benchtime=1x -test.timeout=0 -test.count=1", " ");
    td_launch_env_base(out);
out:
    td_buf_release(&pattern);
    free(binary);
    return rc;
}

/* The go command itself: of the same toolchain, which it must not switch, and
 * with the modules that were fetched before, but with no cache of builds. */
static int prepare_go(const struct td_runtime *runtime, struct td_launch *out,
                      json_t *hashes, struct td_err *err)
{
    static const char *const where[] = {"GOPATH", "GOMODCACHE", NULL};
    const char *toolchain =
        json_string_value(json_object_get(runtime->build, "GOTOOLCHAIN"));
    out->program = td_xstrdup(runtime->path);
    td_strings_add(&out->argv, "go");
    td_fields_set(&out->env, "GOTOOLCHAIN", toolchain ? toolchain : "local");
    td_fields_set(&out->env, "GOENV", "off");
    td_fields_set(&out->env, "GOTELEMETRY", "off");
    for (size_t i = 0; where[i]; i++)
        if (getenv(where[i]))
            td_fields_set(&out->env, where[i], getenv(where[i]));
    return td_go_digest_file(runtime->path, NULL, hashes, err);
}

/* The entry is a main package, "./nethttp", or the go command. */
static int prepare_program(const struct td_context *context,
                           const struct td_case_spec *spec,
                           struct td_launch *out, json_t *hashes,
                           struct td_err *err)
{
    char *binary = NULL;
    int rc;
    if (strcmp(spec->entry, TD_NAME_RUNTIME) == 0)
        return prepare_go(spec->runtime, out, hashes, err);
    rc = td_go_build(context, spec, spec->entry, &binary, hashes, err);
    if (!rc) {
        out->program = td_xstrdup(binary);
        td_strings_add(&out->argv, binary);
    }
    free(binary);
    return rc;
}

const struct td_driver td_driver_gotest = {
    .name = "gotest",
    .family = "go",
    .help = "Go benchmarks compiled by go test -c",
    .discover = discover,
    .resolve = resolve,
    .prepare = prepare,
    .own_tool = &td_go_own_tool,
    .prepare_program = prepare_program,
};
