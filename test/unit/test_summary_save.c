/* The derived files of a run: histograms hold every sample, summary.json the
 * figures. */
#include "base/files.h"
#include "store/hist_file.h"
#include "summary/summary.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define RUN "20261121T031500Z-000001"
#define SOURCE "test/data/runs/" RUN

static char *copy_file(const char *to_dir, const char *name)
{
    char *from = td_xasprintf(SOURCE "/%s", name);
    char *to = td_xasprintf("%s/%s", to_dir, name);
    struct td_buf data = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    if (td_file_read(from, &data, &err) ||
        td_file_write_atomic(to, data.data, data.len, &err))
        fail_msg("%s", err.msg);
    td_buf_release(&data);
    free(from);
    return to;
}

static int setup(void **state)
{
    char *results = td_xstrdup("/tmp/tandem-save-XXXXXX");
    char *run, *samples;
    struct td_err err = TD_ERR_INIT;
    assert_non_null(mkdtemp(results));
    run = td_xasprintf("%s/" RUN, results);
    samples = td_xasprintf("%s/samples", run);
    assert_int_equal(td_dir_make(samples, &err), 0);
    free(copy_file(run, "manifest.json"));
    free(copy_file(run, "journal.jsonl"));
    for (int i = 0; i < 8; i++) {
        char *name = td_xasprintf("samples/%03d.npy", i);
        free(copy_file(run, name));
        free(name);
    }
    free(run);
    free(samples);
    *state = results;
    return 0;
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

static int teardown(void **state)
{
    int rc = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return rc;
}

static void check_histogram(const struct td_run_dir *run,
                            const struct td_case_summary *c)
{
    char *path = td_run_dir_histogram_path(run, c->index, "hlog");
    struct td_err err = TD_ERR_INIT;
    struct td_hist sum;
    size_t intervals;
    if (c->problem) {
        assert_false(td_file_exists(path));
        free(path);
        return;
    }
    if (td_hlog_read(path, &sum, &intervals, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(sum.total, c->samples);
    assert_int_equal(intervals, 2 * c->invocations); /* turns */
    assert_true(td_hist_mean(&sum) > .98 * c->mean_ns.value);
    assert_true(td_hist_mean(&sum) < 1.02 * c->mean_ns.value);
    td_hist_release(&sum);
    free(path);
    path = td_run_dir_histogram_path(run, c->index, "hgrm");
    assert_true(td_file_exists(path));
    free(path);
}

static void test_save(void **state)
{
    struct td_run_dir run = TD_RUN_DIR_INIT;
    struct td_summary summary;
    struct td_err err = TD_ERR_INIT;
    json_t *saved, *figures;
    char *path;
    if (td_run_dir_open(&run, *state, RUN, &err) ||
        td_summary_make(&summary, &run, &err) ||
        td_summary_save(&summary, &run, &err))
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < summary.ngroups; i++)
        for (size_t k = 0; k < summary.groups[i].ncases; k++)
            check_histogram(&run, &summary.groups[i].cases[k]);
    path = td_xasprintf("%s/summary.json", run.path);
    saved = json_load_file(path, 0, NULL);
    figures = td_summary_json(&summary);
    assert_non_null(saved);
    assert_int_equal(json_object_size(saved), json_object_size(figures));
    assert_true(json_equal(json_object_get(saved, "notes"),
                           json_object_get(figures, "notes")));
    json_decref(saved);
    json_decref(figures);
    free(path);
    td_summary_release(&summary);
    assert_int_equal(td_run_dir_release(&run, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_save),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
