/* A run and its archive: the same tables, and nothing private. */
#include "base/files.h"
#include "out/report.h"
#include "run_dir_fixture.h"
#include "summary/archive.h"

#include <unistd.h>

#define RUNS "test/data/runs"
#define WHOLE "20261121T031500Z-000001"
#define QUICK "20261121T032000Z-000002"
#define WARMED "20261121T031000Z-000003"

static int archive(const char *id, const char *to, bool force,
                   struct td_err *err)
{
    struct td_archive_options how = {.force = force};
    struct td_run_dir run;
    int rc;
    open_run(&run, RUNS, id);
    td_strings_add(&how.hide, "/usr/bin");
    rc = td_archive(&run, to, &how, err);
    td_strings_release(&how.hide);
    release(&run);
    return rc;
}

/* What `tandem show` prints, malloc'd. */
static char *shown(const char *results, const char *id, enum td_format format,
                   const struct td_show_options *options)
{
    struct td_err err = TD_ERR_INIT;
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (td_show(results, id, format, options, to, &err))
        fail_msg("%s", err.msg);
    fclose(to);
    return text;
}

static void assert_same_tables(const char *id, const char *archives)
{
    struct td_err err = TD_ERR_INIT;
    if (archive(id, archives, true, &err))
        fail_msg("%s", err.msg);
    for (int details = 0; details < 2; details++)
        for (int f = TD_FORMAT_TEXT; f <= TD_FORMAT_JSON; f++) {
            const struct td_show_options options = {.details = details};
            enum td_format format = (enum td_format)f;
            char *run = shown(RUNS, id, format, &options);
            char *kept = shown(archives, id, format, &options);
            assert_string_equal(kept, run);
            free(kept);
            free(run);
        }
}

static void test_tables_stay(void **state)
{
    assert_same_tables(WHOLE, *state);
    assert_same_tables(QUICK, *state);
    assert_same_tables(WARMED, *state);
}

/* So every figure has all its digits. */
static void test_values_stay(void **state)
{
    const struct td_summary_options defaults = {0};
    struct td_err err = TD_ERR_INIT;
    struct td_summary made, loaded;
    struct td_run_dir run, kept;
    const struct td_case_summary *a, *b;
    assert_int_equal(archive(WHOLE, *state, false, &err), 0);
    open_run(&run, RUNS, WHOLE);
    open_run(&kept, *state, WHOLE);
    assert_false(td_run_dir_is_archived(&run));
    assert_true(td_run_dir_is_archived(&kept));
    assert_int_equal(td_summary_open(&made, &run, &defaults, &err), 0);
    assert_int_equal(td_summary_open(&loaded, &kept, &defaults, &err), 0);
    assert_int_equal(loaded.ngroups, made.ngroups);
    assert_int_equal(loaded.groups[0].ncases, made.groups[0].ncases);
    a = &made.groups[0].cases[0];
    b = &loaded.groups[0].cases[0];
    assert_true(a->ratio.known && b->ratio.lower == a->ratio.lower);
    assert_true(b->mean_ns.value == a->mean_ns.value);
    assert_int_equal(b->verdict, a->verdict);
    assert_int_equal(b->series.count, a->series.count);
    for (size_t i = 0; i < a->series.count; i++) {
        assert_int_equal(b->series.pair[i], a->series.pair[i]);
        assert_true(b->series.max_ns[i] == a->series.max_ns[i]);
    }
    td_summary_release(&made);
    td_summary_release(&loaded);
    release(&run);
    release(&kept);
}

static void test_what_is_kept(void **state)
{
    static const char *const gone[] = {"journal.jsonl", "samples"};
    static const char *const private[] = {"\"command", "\"path\"", "/usr/bin",
                                          "\"noise\""};
    struct td_err err = TD_ERR_INIT;
    struct td_buf manifest = TD_BUF_INIT;
    char *path;
    assert_int_equal(archive(WHOLE, *state, false, &err), 0);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        path = td_xasprintf("%s/" WHOLE "/%s", (char *)*state, gone[i]);
        assert_int_not_equal(access(path, F_OK), 0);
        free(path);
    }
    path = td_xasprintf("%s/" WHOLE "/manifest.json", (char *)*state);
    assert_int_equal(td_file_read(path, &manifest, &err), 0);
    for (size_t i = 0; i < sizeof private / sizeof *private; i++)
        if (strstr(td_buf_str(&manifest), private[i]))
            fail_msg("%s is in the manifest", private[i]);
    assert_non_null(strstr(td_buf_str(&manifest), "\"started\""));
    td_buf_release(&manifest);
    free(path);
}

/* Whoever archives may have the run from elsewhere. */
static void test_where_inputs_lay(void **state)
{
    struct td_archive_options how = {.force = false};
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run, kept;
    const json_t *group;
    open_run(&run, RUNS, WHOLE);
    group = json_array_get(json_object_get(run.manifest, "groups"), 0);
    json_object_set_new(json_object_get(group, "params"), "log",
                        json_string("/elsewhere/cache/inputs/log-1"));
    json_object_set_new(json_object_get(group, "params"), "get",
                        json_string("/users/1"));
    assert_int_equal(td_archive(&run, *state, &how, &err), 0);
    open_run(&kept, *state, WHOLE);
    group = json_array_get(json_object_get(kept.manifest, "groups"), 0);
    group = json_object_get(group, "params");
    assert_string_equal(json_string_value(json_object_get(group, "log")),
                        "cache/inputs/log-1");
    assert_string_equal(json_string_value(json_object_get(group, "get")),
                        "/users/1");
    release(&run);
    release(&kept);
}

static void assert_refused(const char *id, const char *to, const char *says)
{
    struct td_err err = TD_ERR_INIT;
    char *path = td_xasprintf("%s/%s", to, id);
    assert_int_equal(archive(id, to, false, &err), TD_EUSAGE);
    if (!strstr(err.msg, says))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, says);
    assert_int_not_equal(access(path, F_OK), 0);
    free(path);
}

static void test_what_is_refused(void **state)
{
    const struct td_show_options whole = {.summary = {.whole = true}};
    struct td_archive_options how = {.force = true};
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir kept;
    assert_refused(QUICK, *state, "was a quick look");
    assert_int_equal(archive(WHOLE, *state, false, &err), 0);
    open_run(&kept, *state, WHOLE);
    assert_int_equal(td_archive(&kept, *state, &how, &err), TD_EUSAGE);
    assert_non_null(strstr(err.msg, "is an archive already"));
    release(&kept);
    td_err_clear(&err);
    assert_int_equal(
        td_show(*state, WHOLE, TD_FORMAT_TEXT, &whole, stdout, &err),
        TD_EUSAGE);
    assert_non_null(strstr(err.msg, "--no-truncate"));
}

static void test_not_complete(void **state)
{
    struct td_archive_options how = {.force = false};
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    char *to = td_xasprintf("%s/kept", (char *)*state);
    create(&run, *state);
    add_batches(&run);
    assert_int_equal(td_archive(&run, to, &how, &err), TD_EUSAGE);
    assert_non_null(strstr(err.msg, "is not complete (cut off)"));
    release(&run);
    free(to);
}

static void test_reference_is_looked_at_last(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    char *reference = td_xasprintf("%s/reference", (char *)*state), *newest;
    assert_int_equal(archive(WHOLE, reference, false, &err), 0);
    open_run(&run, *state, "20261121T0315");
    assert_string_equal(run.id, WHOLE);
    release(&run);
    open_run(&run, *state, "last");
    assert_string_equal(run.id, WHOLE);
    release(&run);
    newest = whole_run(*state);
    open_run(&run, *state, "last");
    assert_string_equal(run.path, newest);
    release(&run);
    assert_int_equal(td_run_dir_open(&run, *state, "none", &err), TD_EUSAGE);
    free(newest);
    free(reference);
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(tables_stay),      CASE(values_stay),
        CASE(what_is_kept),     CASE(what_is_refused),
        CASE(not_complete),     CASE(reference_is_looked_at_last),
        CASE(where_inputs_lay),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
