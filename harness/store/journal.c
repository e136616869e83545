#include "store/journal.h"

#include "base/files.h"
#include "store/run_dir.h"

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

int td_run_dir_journal(const struct td_run_dir *run, json_t **out, int *torn,
                       struct td_err *err)
{
    char *path = td_xasprintf("%s/journal.jsonl", run->path);
    uint64_t *rows = td_xcalloc(run->ncases + 1, sizeof *rows);
    bool cut = false;
    size_t kept = 0;
    /* Rows are counted after the lines were read: a run that goes on
     * meanwhile appends the rows first. */
    int rc = td_journal_read(path, out, &cut, err);
    if (!rc)
        rc = rows_of_cases(run, rows, err);
    while (!rc && kept < json_array_size(*out)) {
        if (lacks_samples(json_array_get(*out, kept), rows, run->ncases)) {
            json_array_remove(*out, kept);
            cut = true;
        } else {
            kept++;
        }
    }
    if (rc) {
        json_decref(*out);
        *out = NULL;
    }
    *torn = cut;
    free(rows);
    free(path);
    return rc;
}
