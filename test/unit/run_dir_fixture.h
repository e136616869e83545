/*
 * run_dir_fixture - a directory for each test (its name is *state), and runs
 * of two cases in it.
 */
#ifndef TD_TEST_RUN_DIR_FIXTURE_H
#define TD_TEST_RUN_DIR_FIXTURE_H

#include "store/run_dir.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BATCHES = 3, ROWS = 4 };

static inline int setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = td_xasprintf("%s/tandem-runs-XXXXXX", tmp ? tmp : "/tmp");
    *state = dir;
    return mkdtemp(dir) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
                             struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline int teardown(void **state)
{
    int rc = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return rc;
}

static inline void create(struct td_run_dir *run, const char *results)
{
    struct td_err err = TD_ERR_INIT;
    json_t *manifest =
        json_pack("{s:s, s:[{},{}]}", "status", "running", "cases");
    assert_int_equal(td_run_dir_create(run, results, manifest, 2, &err), 0);
}

static inline void add_batch(struct td_run_dir *run, size_t in_case,
                             uint32_t batch)
{
    struct td_err err = TD_ERR_INIT;
    struct td_samples *samples = &run->samples[in_case];
    struct td_sample rows[ROWS] = {{0}};
    json_t *line = json_pack("{s:s, s:i, s:i, s:I, s:i, s:s}", "type", "batch",
                             "case", (int)in_case, "batch", (int)batch, "first",
                             (json_int_t)samples->rows, "count", ROWS, "note",
                             "line\nbreak \xc3\xa9");
    for (uint32_t i = 0; i < ROWS; i++)
        rows[i].batch = batch;
    assert_int_equal(td_samples_append(samples, rows, ROWS, &err), 0);
    assert_int_equal(td_run_dir_note(run, line, &err), 0);
}

static inline void add_batches(struct td_run_dir *run)
{
    for (uint32_t i = 0; i < BATCHES; i++)
        for (size_t c = 0; c < 2; c++)
            add_batch(run, c, i);
}

static inline void release(struct td_run_dir *run)
{
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_run_dir_release(run, &err), 0);
}

static inline size_t journal_lines(const struct td_run_dir *run, int *torn)
{
    struct td_err err = TD_ERR_INIT;
    json_t *lines;
    size_t count;
    if (td_run_dir_journal(run, &lines, torn, &err))
        fail_msg("%s", err.msg);
    count = json_array_size(lines);
    json_decref(lines);
    return count;
}

/* A finished run of two cases; returns its path (free it). */
static inline char *whole_run(const char *results)
{
    struct td_run_dir run;
    char *path;
    create(&run, results);
    add_batches(&run);
    path = td_xstrdup(run.path);
    release(&run);
    return path;
}

static inline void open_run(struct td_run_dir *run, const char *results,
                            const char *word)
{
    struct td_err err = TD_ERR_INIT;
    if (td_run_dir_open(run, results, word, &err))
        fail_msg("%s", err.msg);
}

static inline void write_file(const char *path, const char *data, size_t len)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(data, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

#endif
