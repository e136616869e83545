/* Finding a run by what the user calls it, and opening it to read. */
#include "base/files.h"
#include "base/json.h"
#include "store/append.h"
#include "store/run_dir.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool has_manifest(const char *dir)
{
    char *path = td_xasprintf("%s/manifest.json", dir);
    bool there = td_file_exists(path);
    free(path);
    return there;
}

/* 20261121T031500Z-3f9a1c */
static bool is_run_id(const char *name)
{
    static const char form[] = "ddddddddTddddddZ-xxxxxx";
    if (strlen(name) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        unsigned char c = (unsigned char)name[i];
        bool fits = form[i] == 'd'   ? isdigit(c)
                    : form[i] == 'x' ? isxdigit(c)
                                     : c == (unsigned char)form[i];
        if (!fits)
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int td_run_dir_list(const char *results_dir, struct td_strings *ids,
                    struct td_err *err)
{
    DIR *dir = opendir(results_dir);
    struct dirent *entry;
    if (!dir && errno == ENOENT)
        return 0;
    if (!dir)
        return td_store_fail(err, -errno, "list", results_dir);
    while ((entry = readdir(dir))) {
        char *path;
        if (!is_run_id(entry->d_name))
            continue;
        path = td_xasprintf("%s/%s", results_dir, entry->d_name);
        if (has_manifest(path))
            td_strings_add(ids, entry->d_name);
        free(path);
    }
    closedir(dir);
    if (ids->count)
        qsort(ids->at, ids->count, sizeof *ids->at, by_name);
    return 0;
}

/* The one id that begins with word, NULL and *matches otherwise. */
static const char *by_prefix(const struct td_strings *ids, const char *word,
                             size_t *matches)
{
    const char *found = NULL;
    *matches = 0;
    for (size_t i = 0; i < ids->count; i++)
        if (strncmp(ids->at[i], word, strlen(word)) == 0) {
            found = ids->at[i];
            ++*matches;
        }
    return *matches == 1 ? found : NULL;
}

static int not_found(const struct td_strings *ids, const char *results_dir,
                     const char *word, size_t matches, struct td_err *err)
{
    const char *near = td_strings_nearest(ids, word);
    if (ids->count == 0)
        return td_err_set(err, TD_EUSAGE, "no run \"%s\": no runs in %s", word,
                          results_dir);
    if (matches > 1)
        return td_err_set(err, TD_EUSAGE,
                          "%zu runs in %s begin with \"%s\": give more of "
                          "the name",
                          matches, results_dir, word);
    if (near)
        return td_err_set(err, TD_EUSAGE,
                          "no run \"%s\" in %s; did you mean %s?", word,
                          results_dir, near);
    return td_err_set(err, TD_EUSAGE, "no run \"%s\" in %s; the newest is %s",
                      word, results_dir, ids->at[ids->count - 1]);
}

/* Archived runs that are kept with the sources. */
#define REFERENCE "reference"

/* *matches: how many ids begin with word. */
static int in_dir(const char *results_dir, const char *word, char **path,
                  size_t *matches, struct td_err *err)
{
    struct td_strings ids = TD_STRINGS_INIT;
    const char *id = NULL;
    int rc = td_run_dir_list(results_dir, &ids, err);
    if (rc)
        goto out;
    if (strcmp(word, "last") == 0 && ids.count)
        id = ids.at[ids.count - 1];
    else if (*word)
        id = by_prefix(&ids, word, matches);
    if (id)
        *path = td_xasprintf("%s/%s", results_dir, id);
    else
        rc = not_found(&ids, results_dir, word, *matches, err);
out:
    td_strings_release(&ids);
    return rc;
}

static int by_id(const char *results_dir, const char *word, char **path,
                 struct td_err *err)
{
    struct td_err first = TD_ERR_INIT, second = TD_ERR_INIT;
    size_t matches = 0;
    char *reference;
    int rc = in_dir(results_dir, word, path, &matches, &first);
    if (rc != TD_EUSAGE || matches)
        return rc ? td_err_set(err, rc, "%s", first.msg) : 0;
    reference = td_xasprintf("%s/" REFERENCE, results_dir);
    rc = in_dir(reference, word, path, &matches, &second);
    free(reference);
    return rc ? td_err_set(err, first.code, "%s", first.msg) : 0;
}

/* *path is malloc'd.  A path that leads to a run goes before an id. */
static int find(const char *results_dir, const char *word, char **path,
                struct td_err *err)
{
    size_t len = strlen(word);
    *path = NULL;
    if (*word && has_manifest(word)) {
        while (len > 1 && word[len - 1] == '/')
            len--;
        *path = td_xstrndup(word, len);
        return 0;
    }
    if (strchr(word, '/'))
        return td_err_set(err, TD_EUSAGE,
                          "no run at %s: it has no manifest.json", word);
    return by_id(results_dir, word, path, err);
}

static int load_manifest(struct td_run_dir *run, struct td_err *err)
{
    char *path = td_xasprintf("%s/manifest.json", run->path);
    json_error_t why;
    const json_t *schema;
    int rc = 0;
    run->manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    schema = json_object_get(run->manifest, "schema");
    if (!run->manifest)
        rc = td_err_set(err, TD_EINPUT, "%s:%d: %s", path, why.line, why.text);
    else if (!json_is_integer(schema))
        rc = td_err_set(err, TD_EINPUT, "%s: no schema number", path);
    else if (json_integer_value(schema) != TD_SCHEMA)
        rc = td_err_set(err, TD_EINPUT,
                        "%s: schema %lld; this tandem reads schema %d", path,
                        (long long)json_integer_value(schema), TD_SCHEMA);
    free(path);
    return rc;
}

static char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return td_xstrdup(slash && slash[1] ? slash + 1 : path);
}

int td_run_dir_open(struct td_run_dir *out, const char *results_dir,
                    const char *word, struct td_err *err)
{
    struct td_err ignored = TD_ERR_INIT;
    int rc;
    *out = (struct td_run_dir)TD_RUN_DIR_INIT;
    rc = find(results_dir, word, &out->path, err);
    if (rc)
        return rc;
    out->id = last_part(out->path);
    rc = load_manifest(out, err);
    if (rc)
        td_run_dir_release(out, &ignored);
    else
        out->ncases = json_array_size(json_object_get(out->manifest, "cases"));
    return rc;
}

const char *td_run_dir_kind(const struct td_run_dir *run)
{
    return td_json_str(run->manifest, "kind", TD_RUN_KIND);
}

int td_run_dir_expect(const struct td_run_dir *run, const char *kind,
                      struct td_err *err)
{
    const char *found = td_run_dir_kind(run);
    if (strcmp(found, kind) == 0)
        return 0;
    return td_err_set(err, TD_EUSAGE,
                      "%s was made by `tandem %s`, and a run of `tandem %s` "
                      "is needed here; `tandem show %s` shows it",
                      run->id, found, kind, run->id);
}

bool td_run_dir_is_archived(const struct td_run_dir *run)
{
    return json_is_true(json_object_get(run->manifest, "archived"));
}

int td_run_dir_read(const struct td_run_dir *run, const char *name,
                    json_t **out, struct td_err *err)
{
    char *path = td_xasprintf("%s/%s", run->path, name);
    json_error_t why;
    int rc = 0;
    *out = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (!*out)
        rc = td_err_set(err, TD_EINPUT, "%s:%d: %s", path, why.line, why.text);
    free(path);
    return rc;
}
