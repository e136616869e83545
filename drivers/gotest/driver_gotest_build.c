/*
 * driver_gotest_build - compiling a workload at most once.
 *
 * cache/gotest/ID.sources   what the binary was made of, as `go list` said;
 *                           ID stands for workload and toolchain
 * cache/gotest/KEY/         the binary and the names of its benchmarks; KEY
 *                           is the digest of all those sources' content
 *
 * A line of .sources is "D directory", "F file" or "M go.mod".  The list
 * stays true as long as no content changes: a new import is a change in a
 * listed file, a new file a change in a listed directory.  So a case whose
 * KEY exists needs no go command at all.
 */
#include "drivers/gotest/gotest.h"

#include "base/files.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUILD_S = 900, ID_DIGITS = 16, KEY_DIGITS = 32, COMPLAINT = 1400 };

/* One workload's way through the cache. */
struct build {
    const struct td_context *context;
    const struct td_case_spec *spec;
    const char *package; /* of a program; NULL: the benchmarks */
    char *dir;           /* where go runs: the package's own folder, so that
                            a go.mod in it counts */
    char *list;          /* path of ID.sources */
    char *binary;        /* path, once the key is known */
    json_t *sources;     /* path -> sha256 */
};

static void build_release(struct build *build)
{
    free(build->dir);
    free(build->list);
    free(build->binary);
    json_decref(build->sources);
}

void td_go_pattern(const char *entry, struct td_buf *out)
{
    td_buf_addc(out, '^');
    for (const char *c = entry; *c; c++) {
        if (*c == '/') {
            td_buf_adds(out, "$/^");
            continue;
        }
        if (!isalnum((unsigned char)*c) && *c != '_')
            td_buf_addc(out, '\\');
        td_buf_addc(out, *c);
    }
    td_buf_addc(out, '$');
}

void td_go_complaint(const char *text, struct td_buf *out)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool news = strncmp(text, "go: downloading", 15) == 0 ||
                    strncmp(text, "go: finding", 11) == 0;
        if (len && !news && out->len + len + 1 < COMPLAINT) {
            if (out->len)
                td_buf_addc(out, '\n');
            td_buf_add(out, text, len);
        }
        text += len + (text[len] == '\n');
    }
}

/* Everything that decides the compiled code and is not a file. */
static void describe(const struct build *build, struct td_buf *text)
{
    const struct td_runtime *runtime = build->spec->runtime;
    char *flags = json_dumps(runtime->build, JSON_COMPACT | JSON_SORT_KEYS);
    td_buf_addf(text, "2 %s %s %s\n", runtime->version, flags ? flags : "",
                build->spec->workload->dir);
    if (build->package)
        td_buf_addf(text, "build %s\n", build->package);
    free(flags);
}

static void locate_list(struct build *build)
{
    struct td_buf text = TD_BUF_INIT;
    char hex[TD_SHA256_HEX];
    describe(build, &text);
    td_sha256(text.data, text.len, hex);
    build->list = td_xasprintf("%s/gotest/%.*s.sources",
                               build->context->cache_dir, ID_DIGITS, hex);
    td_buf_release(&text);
}

/* From the list of sources to the path of the binary. */
static int locate_binary(struct build *build, struct td_err *err)
{
    struct td_buf list = TD_BUF_INIT, text = TD_BUF_INIT;
    char hex[TD_SHA256_HEX];
    int rc = td_file_read(build->list, &list, err);
    describe(build, &text);
    json_object_clear(build->sources);
    if (!rc)
        rc = td_go_digest(td_buf_str(&list), build->context->source_dir, &text,
                          build->sources, err);
    if (!rc) {
        td_sha256(text.data, text.len, hex);
        free(build->binary);
        build->binary = td_xasprintf(
            "%s/gotest/%.*s/%s%s", build->context->cache_dir, KEY_DIGITS, hex,
            build->spec->workload->name, build->package ? "" : ".test");
    }
    td_buf_release(&text);
    td_buf_release(&list);
    return rc;
}

/* Runs go in build->dir; TD_EDEPENDENCY when it fails. */
static int go(struct build *build, const char *words,
              const struct td_strings *more, struct td_child_result *said,
              struct td_err *err)
{
    const struct td_runtime *runtime = build->spec->runtime;
    const char *toolchain =
        json_string_value(json_object_get(runtime->build, "GOTOOLCHAIN"));
    struct td_buf complaint = TD_BUF_INIT;
    int rc = td_go_command(build->context, runtime->path,
                           toolchain ? toolchain : "local", build->dir, words,
                           more, BUILD_S, said, err);
    if (!rc && said->exit_status != 0) {
        td_go_complaint(td_buf_str(&said->err), &complaint);
        rc = td_err_set(err, TD_EDEPENDENCY,
                        "%s cannot compile workload %s in %s:\n%s",
                        runtime->name, build->spec->workload->name, build->dir,
                        td_buf_str(&complaint));
    }
    td_buf_release(&complaint);
    return rc;
}

/* Modules of the module cache never change and are left out: go.sum names
 * them. */
static const char list_format[] =
    "{{if and .Dir (not .Standard)"
    " (or (not .Module) .Module.Main .Module.Replace)}}"
    "D {{.Dir}}\n"
    "{{range .EmbedFiles}}F {{$.Dir}}/{{.}}\n{{end}}"
    "{{range .TestEmbedFiles}}F {{$.Dir}}/{{.}}\n{{end}}"
    "{{range .XTestEmbedFiles}}F {{$.Dir}}/{{.}}\n{{end}}"
    "{{with .Module}}{{with .GoMod}}M {{.}}\n{{end}}{{end}}"
    "{{end}}";

static void add_once(struct td_strings *list, const char *line)
{
    if (!td_strings_has(list, line))
        td_strings_add(list, line);
}

/* An embedded file's directory counts too: a pattern may match a new one. */
static void add_source(struct td_strings *list, const char *line)
{
    add_once(list, line);
    if (line[0] == 'F') {
        char *dir = td_xasprintf("D%.*s", (int)(strrchr(line, '/') - line - 1),
                                 line + 1);
        add_once(list, dir);
        free(dir);
    }
}

static int write_list(struct build *build, struct td_err *err)
{
    struct td_strings format = TD_STRINGS_INIT, lines = TD_STRINGS_INIT,
                      list = TD_STRINGS_INIT;
    struct td_child_result said = {0};
    struct td_buf text = TD_BUF_INIT;
    int rc;
    td_strings_add(&format, list_format);
    td_strings_add(&format, ".");
    rc = go(build,
            build->package ? "list -e -deps -f" : "list -e -deps -test -f",
            &format, &said, err);
    if (rc)
        goto out;
    td_strings_split(&lines, td_buf_str(&said.out), "\n");
    for (size_t i = 0; i < lines.count; i++)
        add_source(&list, lines.at[i]);
    for (size_t i = 0; i < list.count; i++)
        td_buf_addf(&text, "%s\n", list.at[i]);
    rc = td_file_write_atomic(build->list, text.data, text.len, err);
out:
    td_buf_release(&text);
    td_child_result_release(&said);
    td_strings_release(&list);
    td_strings_release(&lines);
    td_strings_release(&format);
    return rc;
}

/* Has the new binary say which benchmarks it holds. */
static int write_benchmarks(struct build *build, const char *binary,
                            const char *dir, struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result said = {0};
    char *path = td_xasprintf("%s/benchmarks", dir);
    int rc;
    launch.program = td_xstrdup(binary);
    launch.cwd = td_xstrdup(build->spec->workload->dir);
    td_strings_add(&launch.argv, binary);
    td_strings_add(&launch.argv, "-test.list=^Benchmark");
    td_launch_env_base(&launch);
    rc = td_child_run(build->context->loop, &launch,
                      (uint64_t)TD_GO_ASK_S * 1000000000u, 1 << 20, &said, err);
    if (!rc && said.exit_status != 0)
        rc =
            td_err_set(err, TD_EDEPENDENCY, "%s cannot list its benchmarks: %s",
                       binary, td_buf_str(&said.err));
    if (!rc)
        rc = td_file_write_atomic(path, td_buf_str(&said.out), said.out.len,
                                  err);
    td_child_result_release(&said);
    td_launch_release(&launch);
    free(path);
    return rc;
}

/* Compiles beside the place and renames: a binary that is there is whole. */
static int compile(struct build *build, struct td_err *err)
{
    struct td_strings more = TD_STRINGS_INIT;
    struct td_child_result said = {0};
    char *dir = td_xstrndup(
        build->binary, (size_t)(strrchr(build->binary, '/') - build->binary));
    char *fresh = td_xasprintf("%s.%d", build->binary, (int)getpid());
    int rc = td_dir_make(dir, err);
    td_strings_add(&more, fresh);
    td_strings_add(&more, ".");
    if (!rc)
        rc = go(build,
                build->package ? "build -trimpath -o" : "test -c -trimpath -o",
                &more, &said, err);
    if (!rc && !td_file_exists(fresh))
        rc = td_err_set(err, TD_EINPUT, "%s holds no Go test file",
                        build->spec->workload->dir);
    if (!rc && !build->package)
        rc = write_benchmarks(build, fresh, dir, err);
    if (!rc && build->package && access(fresh, X_OK) != 0)
        rc = td_err_set(err, TD_EINPUT, "%s in %s is no main package",
                        build->package, build->spec->workload->dir);
    if (!rc && rename(fresh, build->binary) != 0)
        rc = td_err_sys(err, -errno, "cannot make %s", build->binary);
    if (rc)
        unlink(fresh);
    td_child_result_release(&said);
    td_strings_release(&more);
    free(fresh);
    free(dir);
    return rc;
}

static bool is_built(struct build *build)
{
    struct td_err ignored = TD_ERR_INIT;
    return td_file_exists(build->list) && locate_binary(build, &ignored) == 0 &&
           td_file_exists(build->binary);
}

static int build_afresh(struct build *build, struct td_err *err)
{
    char *dir = td_xasprintf("%s/gotest", build->context->cache_dir);
    int rc = td_dir_make(dir, err);
    if (!rc)
        rc = write_list(build, err);
    if (!rc)
        rc = locate_binary(build, err);
    if (!rc && !td_file_exists(build->binary))
        rc = compile(build, err);
    free(dir);
    return rc;
}

int td_go_build(const struct td_context *context,
                const struct td_case_spec *spec, const char *package,
                char **binary, json_t *hashes, struct td_err *err)
{
    struct build build = {.context = context,
                          .spec = spec,
                          .package = package,
                          .sources = json_object()};
    int rc = 0;
    build.dir = package ? td_xasprintf("%s/%s", spec->workload->dir, package)
                        : td_xstrdup(spec->workload->dir);
    if (package && !td_file_exists(build.dir)) {
        rc = td_err_set(err, TD_EINPUT, "%s: go = %s: there is no folder %s",
                        spec->workload->file, package, build.dir);
        build_release(&build);
        return rc;
    }
    locate_list(&build);
    if (!is_built(&build))
        rc = build_afresh(&build, err);
    if (!rc)
        rc = td_go_digest_file(build.binary, context->source_dir, build.sources,
                               err);
    if (!rc) {
        json_object_update(hashes, build.sources);
        *binary = td_xstrdup(build.binary);
    }
    build_release(&build);
    return rc;
}

int td_go_check_entry(const char *binary, const struct td_case_spec *spec,
                      struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *path = td_xasprintf("%.*s/benchmarks",
                              (int)(strrchr(binary, '/') - binary), binary);
    char *name = td_xstrndup(spec->entry, strcspn(spec->entry, "/"));
    int rc = td_file_read(path, &text, err);
    td_strings_split(&names, td_buf_str(&text), "\n");
    if (!rc && !td_strings_has(&names, name)) {
        const char *near = td_strings_nearest(&names, name);
        rc =
            td_err_set(err, TD_EINPUT, "workload %s has no Go benchmark %s%s%s",
                       spec->workload->name, name,
                       near ? "; did you mean " : "", near ? near : "");
    }
    free(name);
    free(path);
    td_buf_release(&text);
    td_strings_release(&names);
    return rc;
}
