#include "summary/archive.h"

#include "base/files.h"
#include "base/json.h"
#include "summary/summary.h"

#include <stdlib.h>
#include <string.h>

/* What an archive says of a run and of the machine, by the part of the
 * manifest that it stands in.  Nothing else gets in. */
static const char *const of_run[] = {
    "schema", "id",    "kind",          "tandem", "seed", "started",
    "status", "quick", "clock_pair_ns", "groups", NULL};
static const char *const of_settings[] = {
    "pairs",       "stopping",       "time_budget_ns",   "group_time_ns",
    "turn_ns",     "server_turn_ns", "reference_pairs",  "reference_turn_ns",
    "repetitions", "cpus",           "service_cpus",     "placement",
    "server_cpus", "load_cpus",      "server_placement", "confidence",
    "threshold",   "cross_check",    "set_aside",        "slo",
    "invocations", "duration_ns",    "warmup_ns",        "low_rate",
    "high_rate",   "start",          "highest",          "precision",
    "repeats",     "trials",         "timeout_ns",       "memory_limit_bytes",
    NULL};
static const char *const of_host[] = {
    "cpu",    "frequency", "memory", "distribution", "virtual", "container",
    "cgroup", "aslr",      "thp",    "clocksource",  "libc",    NULL};
static const char *const of_kernel[] = {"release", "version", NULL};
static const char *const of_case[] = {
    "group",          "runtime",  "family", "version",
    "hosting",        "revision", "twin",   "counterpart",
    "implementation", "entry",    "base",   "problem",
    "command",        NULL};
static const char *const of_build[] = {"version",
                                       "implementation",
                                       "sys_version",
                                       "debug",
                                       "pgo",
                                       "lto",
                                       "optimization",
                                       "free_threaded",
                                       "GOVERSION",
                                       "GOOS",
                                       "GOARCH",
                                       "GOAMD64",
                                       "GOARM64",
                                       "GOEXPERIMENT",
                                       "CGO_ENABLED",
                                       "factor",
                                       NULL};

/* New reference. */
static json_t *pick(const json_t *from, const char *const *names)
{
    json_t *out = json_object();
    for (; *names; names++) {
        json_t *value = json_object_get(from, *names);
        if (value)
            json_object_set_new(out, *names, json_deep_copy(value));
    }
    return out;
}

/* Where a file lay is nobody's business; which one it was, is. */
static json_t *hashes_of(const json_t *from)
{
    json_t *out = json_object(), *hash;
    const char *path;
    json_object_foreach((json_t *)(uintptr_t)from, path, hash)
    {
        const char *slash = *path == '/' ? strrchr(path, '/') : NULL;
        json_object_set(out, slash ? slash + 1 : path, hash);
    }
    return out;
}

static json_t *manifest_of(const json_t *from)
{
    const json_t *host = json_object_get(from, "host"), *one;
    json_t *out = pick(from, of_run), *cases = json_array();
    json_t *machine = pick(host, of_host);
    size_t i;
    json_object_set_new(machine, "kernel",
                        pick(json_object_get(host, "kernel"), of_kernel));
    json_array_foreach(json_object_get(from, "cases"), i, one)
    {
        json_t *c = pick(one, of_case);
        json_object_set_new(c, "build",
                            pick(json_object_get(one, "build"), of_build));
        json_object_set_new(c, "hashes",
                            hashes_of(json_object_get(one, "hashes")));
        json_array_append_new(cases, c);
    }
    json_object_set_new(out, "archived", json_true());
    json_object_set_new(out, "settings",
                        pick(json_object_get(from, "settings"), of_settings));
    json_object_set_new(out, "host", machine);
    json_object_set_new(out, "cases", cases);
    return out;
}

/* text without `dir` and the slash after it, malloc'd; NULL: it is not in
 * there. */
static char *without(const char *text, const char *dir)
{
    size_t len = strlen(dir);
    struct td_buf out = TD_BUF_INIT;
    const char *found;
    if (len < 2 || !strstr(text, dir))
        return NULL;
    while ((found = strstr(text, dir))) {
        td_buf_add(&out, text, (size_t)(found - text));
        text = found + len;
        if (*text == '/')
            text++;
    }
    td_buf_adds(&out, text);
    return td_buf_detach(&out);
}

/* Inputs lie below the cache of whoever measured, perhaps not of who archives.
 */
static const char *from_cache(const char *text)
{
    static const char inputs[] = "/cache/inputs/";
    const char *found = *text == '/' ? strstr(text, inputs) : NULL;
    return found ? found + 1 : text;
}

/* The string without any of the directories; a new reference. */
static json_t *hidden(const json_t *string, const struct td_strings *hide)
{
    char *text = td_xstrdup(json_string_value(string));
    json_t *out;
    for (size_t i = 0; i < hide->count; i++) {
        char *less = without(text, hide->at[i]);
        if (less) {
            free(text);
            text = less;
        }
    }
    out = td_json_text(from_cache(text));
    free(text);
    return out;
}

/* In all strings below `in`, which is neither a string nor shared. */
static void hide_in(json_t *in, const struct td_strings *hide)
{
    const char *key;
    json_t *value;
    void *next;
    size_t i;
    json_object_foreach_safe(in, next, key, value)
    {
        if (json_is_string(value))
            json_object_set_new(in, key, hidden(value, hide));
        else
            hide_in(value, hide);
    }
    json_array_foreach(in, i, value)
    {
        if (json_is_string(value))
            json_array_set_new(in, i, hidden(value, hide));
        else
            hide_in(value, hide);
    }
}

/* Consumes json.  With all digits that a double has. */
static int write_json(const struct td_run_dir *to, const char *name,
                      json_t *json, const struct td_strings *hide,
                      struct td_err *err)
{
    struct td_buf out = TD_BUF_INIT;
    char *text;
    int rc;
    hide_in(json, hide);
    text = json_dumps(json, JSON_INDENT(1));
    td_buf_addf(&out, "%s\n", text ? text : "null");
    rc = td_run_dir_write(to, name, out.data, out.len, err);
    td_buf_release(&out);
    free(text);
    json_decref(json);
    return rc;
}

/* Of a case that has one. */
static int copy_histogram(const struct td_run_dir *run,
                          const struct td_run_dir *to, size_t index,
                          const char *extension, struct td_err *err)
{
    char *path = td_run_dir_histogram_path(run, index, extension);
    char *name = td_xasprintf("histograms/%03zu.%s", index, extension);
    struct td_buf data = TD_BUF_INIT;
    int rc = 0;
    if (td_file_exists(path)) {
        rc = td_file_read(path, &data, err);
        if (!rc)
            rc = td_run_dir_write(to, name, data.data, data.len, err);
    }
    td_buf_release(&data);
    free(name);
    free(path);
    return rc;
}

static int write_figures(const struct td_run_dir *run,
                         const struct td_run_dir *to,
                         const struct td_archive_options *options,
                         struct td_err *err)
{
    static const char *const extensions[] = {"hlog", "hgrm"};
    struct td_summary summary;
    int rc = td_summary_make(&summary, run, err);
    if (rc)
        return rc;
    rc = write_json(to, "summary.json", td_summary_json(&summary),
                    &options->hide, err);
    td_summary_release(&summary);
    for (size_t i = 0; !rc && i < 2 * run->ncases; i++)
        rc = copy_histogram(run, to, i / 2, extensions[i % 2], err);
    return rc;
}

static int check(const struct td_run_dir *run, bool force, struct td_err *err)
{
    const char *status = td_json_str(run->manifest, "status", "");
    if (td_run_dir_is_archived(run))
        return td_err_set(err, TD_EUSAGE, "%s is an archive already",
                          run->path);
    if (!force && json_is_true(json_object_get(run->manifest, "quick")))
        return td_err_set(err, TD_EUSAGE,
                          "%s was a quick look, with too few pairs to rest "
                          "anything on: it is archived with --force alone",
                          run->id);
    if (!force && strcmp(status, "complete") != 0)
        return td_err_set(
            err, TD_EUSAGE,
            "%s is not complete (%s): `tandem run --resume %s` "
            "finishes it; it is archived with --force alone",
            run->id, strcmp(status, "running") ? status : "cut off", run->id);
    return 0;
}

int td_archive(const struct td_run_dir *run, const char *to_dir,
               const struct td_archive_options *options, struct td_err *err)
{
    struct td_run_dir to = TD_RUN_DIR_INIT;
    json_t *saved;
    int rc = check(run, options->force, err);
    if (rc)
        return rc;
    to.path = td_xasprintf("%s/%s", to_dir, run->id);
    if (!strcmp(td_run_dir_kind(run), TD_SERVICE_KIND)) {
        rc = td_run_dir_read(run, "service.json", &saved, err);
        if (!rc)
            rc = write_json(&to, "service.json", saved, &options->hide, err);
    } else {
        rc = write_figures(run, &to, options, err);
    }
    /* Last: what has a manifest is a run. */
    if (!rc)
        rc = write_json(&to, "manifest.json", manifest_of(run->manifest),
                        &options->hide, err);
    free(to.path);
    return rc;
}
