#include "store/journal.h"

#include "base/files.h"
#include "base/json.h"
#include "store/run_dir.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int td_journal_line(struct td_buf *out, const json_t *record)
{
    char *text =
        json_is_object(record) ? json_dumps(record, JSON_COMPACT) : NULL;
    if (!text)
        return TD_EINTERNAL;
    td_buf_addf(out, "%s\n", text);
    free(text);
    return 0;
}

static int add_line(json_t *lines, const char *text, size_t len,
                    const char *path, struct td_err *err)
{
    json_error_t why;
    json_t *line = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    if (json_is_object(line)) {
        json_array_append_new(lines, line);
        return 0;
    }
    td_err_set(err, TD_EINPUT, "%s:%zu: %s", path, json_array_size(lines) + 1,
               line ? "expected a JSON object" : why.text);
    json_decref(line);
    return TD_EINPUT;
}

int td_journal_read(const char *path, json_t **lines, bool *torn,
                    struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    const char *at, *end, *newline;
    int rc = td_file_exists(path) ? td_file_read(path, &text, err) : 0;
    *lines = json_array();
    at = td_buf_str(&text);
    end = at + text.len;
    while (!rc && at < end &&
           (newline = memchr(at, '\n', (size_t)(end - at)))) {
        rc = add_line(*lines, at, (size_t)(newline - at), path, err);
        at = newline + 1;
    }
    *torn = at < end;
    if (rc) {
        json_decref(*lines);
        *lines = NULL;
    }
    td_buf_release(&text);
    return rc;
}

/* Rows in every sample file; a file that is missing has none. */
static int rows_of_cases(const struct td_run_dir *run, uint64_t *rows,
                         struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < run->ncases; i++) {
        char *path = td_run_dir_samples_path(run, i);
        rows[i] = 0;
        if (td_file_exists(path))
            rc = td_samples_count(path, &rows[i], err);
        free(path);
    }
    return rc;
}

static bool lacks_samples(const json_t *line, const uint64_t *rows,
                          size_t ncases)
{
    const char *type = json_string_value(json_object_get(line, "type"));
    json_int_t in_case = json_integer_value(json_object_get(line, "case"));
    json_int_t first = json_integer_value(json_object_get(line, "first"));
    json_int_t count = json_integer_value(json_object_get(line, "count"));
    uint64_t there;
    if (!type || strcmp(type, "batch") != 0)
        return false;
    if (in_case < 0 || (uint64_t)in_case >= ncases || first < 0 || count < 0)
        return true;
    there = rows[in_case];
    return (uint64_t)first > there || (uint64_t)count > there - (uint64_t)first;
}

/* "2/7": pair 7 of group 2; "2/": the group. */
static void lost_name(char name[64], uint64_t group, uint64_t pair)
{
    int used = snprintf(name, 64, "%" PRIu64 "/", group);
    if (pair != UINT64_MAX)
        snprintf(name + used, 64 - (size_t)used, "%" PRIu64, pair);
}

static void lose(json_t *lost, uint64_t group, uint64_t pair)
{
    char name[64];
    lost_name(name, group, UINT64_MAX);
    json_object_set_new(lost, name, json_true());
    lost_name(name, group, pair);
    json_object_set_new(lost, name, json_true());
}

static uint64_t group_of_case(const struct td_run_dir *run, uint64_t in_case)
{
    const json_t *cases = json_object_get(run->manifest, "cases");
    return td_json_u64(json_array_get(cases, in_case), "group", 0);
}

/* Takes out the batches without their samples; `lost` then names their pairs
 * and groups, which are not finished either. */
static void drop_batches(const struct td_run_dir *run, json_t *lines,
                         const uint64_t *rows, json_t *lost)
{
    uint64_t *pair = td_xcalloc(run->ncases + 1, sizeof *pair);
    for (size_t i = 0; i < json_array_size(lines);) {
        const json_t *line = json_array_get(lines, i);
        uint64_t in_case = td_json_u64(line, "case", run->ncases);
        if (in_case < run->ncases &&
            strcmp(td_json_str(line, "type", ""), "invocation") == 0)
            pair[in_case] = td_json_u64(line, "pair", 0);
        if (!lacks_samples(line, rows, run->ncases)) {
            i++;
            continue;
        }
        if (in_case < run->ncases)
            lose(lost, group_of_case(run, in_case), pair[in_case]);
        json_array_remove(lines, i);
    }
    free(pair);
}

/* Does the line say that something is finished of which a part was lost? */
static bool ends_lost(const json_t *line, const json_t *lost)
{
    const char *type = td_json_str(line, "type", "");
    uint64_t pair = UINT64_MAX;
    char name[64];
    if (strcmp(type, "finish") == 0)
        return true;
    if (strcmp(type, "pair_end") == 0)
        pair = td_json_u64(line, "pair", 0);
    else if (strcmp(type, "stop") != 0)
        return false;
    lost_name(name, td_json_u64(line, "group", 0), pair);
    return json_object_get(lost, name) != NULL;
}

static void drop_ends(json_t *lines, const json_t *lost)
{
    for (size_t i = 0; i < json_array_size(lines);)
        if (ends_lost(json_array_get(lines, i), lost))
            json_array_remove(lines, i);
        else
            i++;
}

static bool drop_losses(const struct td_run_dir *run, json_t *lines,
                        const uint64_t *rows)
{
    size_t before = json_array_size(lines);
    json_t *lost = json_object();
    drop_batches(run, lines, rows, lost);
    if (json_object_size(lost))
        drop_ends(lines, lost);
    json_decref(lost);
    return json_array_size(lines) < before;
}

int td_run_dir_journal(const struct td_run_dir *run, json_t **out, int *torn,
                       struct td_err *err)
{
    char *path = td_xasprintf("%s/journal.jsonl", run->path);
    uint64_t *rows = td_xcalloc(run->ncases + 1, sizeof *rows);
    bool cut = false;
    /* Rows are counted after the lines were read: a run that goes on
     * meanwhile appends the rows first. */
    int rc = td_journal_read(path, out, &cut, err);
    if (!rc)
        rc = rows_of_cases(run, rows, err);
    if (rc) {
        json_decref(*out);
        *out = NULL;
    } else {
        cut |= drop_losses(run, *out, rows);
    }
    *torn = cut;
    free(rows);
    free(path);
    return rc;
}
