#include "base/files.h"
#include "store/run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "run_dir_fixture.h"

static void what_was_written_is_read(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    json_t *lines, *manifest;
    char *path = whole_run(*state);
    int torn;
    open_run(&run, *state, "last");
    assert_string_equal(run.path, path);
    assert_int_equal(run.ncases, 2);
    assert_int_equal(run.journal_fd, -1);
    manifest = run.manifest;
    assert_int_equal(json_integer_value(json_object_get(manifest, "schema")),
                     TD_SCHEMA);
    assert_string_equal(json_string_value(json_object_get(manifest, "id")),
                        run.id);
    assert_int_equal(td_run_dir_journal(&run, &lines, &torn, &err), 0);
    assert_int_equal(torn, 0);
    assert_int_equal(json_array_size(lines), 2 * BATCHES);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(lines, 0), "note")),
        "line\nbreak \xc3\xa9");
    json_decref(lines);
    json_object_set_new(run.manifest, "status", json_string("complete"));
    assert_int_equal(td_run_dir_save_manifest(&run, &err), 0);
    release(&run);
    open_run(&run, *state, "last");
    assert_string_equal(
        json_string_value(json_object_get(run.manifest, "status")), "complete");
    release(&run);
    release(&run);
    free(path);
}

static void runs_are_found_by_name(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_strings ids = TD_STRINGS_INIT;
    struct td_run_dir run;
    char *paths[3], *word;
    for (int i = 0; i < 3; i++)
        paths[i] = whole_run(*state);
    assert_int_equal(td_run_dir_list(*state, &ids, &err), 0);
    assert_int_equal(ids.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(strrchr(paths[i], '/') + 1, ids.at[i]);
        open_run(&run, *state, ids.at[i]);
        assert_string_equal(run.path, paths[i]);
        release(&run);
        word = td_xasprintf("%s/", paths[i]);
        open_run(&run, "elsewhere", word);
        assert_string_equal(run.id, ids.at[i]);
        release(&run);
        free(word);
    }
    open_run(&run, *state, "last");
    assert_string_equal(run.id, ids.at[2]);
    release(&run);
    word = td_xstrndup(ids.at[1], strlen(ids.at[1]) - 1);
    open_run(&run, *state, word);
    assert_string_equal(run.id, ids.at[1]);
    release(&run);
    free(word);
    td_strings_release(&ids);
    for (int i = 0; i < 3; i++)
        free(paths[i]);
}

static void assert_not_found(const char *results, const char *word,
                             const char *hint)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    assert_int_equal(td_run_dir_open(&run, results, word, &err), TD_EUSAGE);
    if (!strstr(err.msg, hint))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, hint);
    assert_null(run.path);
}

static void a_wrong_name_gets_the_nearest(void **state)
{
    char *none = td_xasprintf("%s/none", (char *)*state);
    char *first, *second, *id, *wrong;
    assert_not_found(*state, "last", "no runs in");
    assert_not_found(none, "last", "no runs in");
    free(none);
    first = whole_run(*state);
    second = whole_run(*state);
    id = strrchr(second, '/') + 1;
    wrong = td_xstrdup(id);
    wrong[3] = 'x';
    assert_not_found(*state, wrong, "did you mean");
    assert_not_found(*state, "20", "2 runs in");
    assert_not_found(*state, "", "the newest is");
    assert_not_found(*state, "zebra", id);
    assert_not_found(*state, "no/such", "no manifest.json");
    free(wrong);
    free(first);
    free(second);
}

static void a_bad_manifest_is_refused(void **state)
{
    static const char *const bad[] = {"", "{", "[]", "{\"schema\": \"1\"}",
                                      "{\"schema\": 99}"};
    char *path = whole_run(*state);
    char *manifest = td_xasprintf("%s/manifest.json", path);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_run_dir run;
        assert_int_equal(
            td_file_write_atomic(manifest, bad[i], strlen(bad[i]), &err), 0);
        assert_int_equal(td_run_dir_open(&run, *state, "last", &err),
                         TD_EINPUT);
        assert_non_null(strstr(err.msg, "manifest.json"));
    }
    free(manifest);
    free(path);
}

static void a_bad_line_is_named(void **state)
{
    static const char text[] = "{\"type\":\"a\"}\n[1]\n{\"type\":\"b\"}\n";
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    json_t *lines;
    char *path = whole_run(*state);
    char *journal = td_xasprintf("%s/journal.jsonl", path);
    int torn;
    write_file(journal, text, sizeof text - 1);
    open_run(&run, *state, "last");
    assert_int_equal(td_run_dir_journal(&run, &lines, &torn, &err), TD_EINPUT);
    assert_non_null(strstr(err.msg, "journal.jsonl:2"));
    assert_null(lines);
    td_err_clear(&err);
    assert_int_equal(td_run_dir_reopen(&run, &err), TD_EINPUT);
    release(&run);
    free(journal);
    free(path);
}

static void one_process_at_a_time_writes(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir writer, reader;
    int torn;
    create(&writer, *state);
    open_run(&reader, *state, "last");
    assert_int_equal(journal_lines(&reader, &torn), 0);
    assert_int_equal(td_run_dir_reopen(&reader, &err), -EBUSY);
    assert_non_null(strstr(err.msg, "another process"));
    release(&reader);
    add_batches(&writer);
    release(&writer);
    open_run(&reader, *state, "last");
    td_err_clear(&err);
    assert_int_equal(td_run_dir_reopen(&reader, &err), 0);
    assert_int_equal(journal_lines(&reader, &torn), 2 * BATCHES);
    release(&reader);
}

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The journal after a write that failed half-way ends in a whole line. */
static void a_failed_note_leaves_no_trace(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    struct stat st;
    char *journal;
    int torn;
    create(&run, *state);
    add_batches(&run);
    journal = td_xasprintf("%s/journal.jsonl", run.path);
    assert_int_equal(stat(journal, &st), 0);
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size((rlim_t)st.st_size + 10);
    assert_int_equal(
        td_run_dir_note(&run, json_pack("{s:s}", "type", "too long"), &err),
        -EFBIG);
    limit_file_size(RLIM_INFINITY);
    assert_non_null(strstr(err.msg, journal));
    assert_int_equal(journal_lines(&run, &torn), 2 * BATCHES);
    assert_int_equal(torn, 0);
    td_err_clear(&err);
    assert_int_equal(
        td_run_dir_note(&run, json_pack("{s:s}", "type", "fits"), &err), 0);
    assert_int_equal(journal_lines(&run, &torn), 2 * BATCHES + 1);
    assert_int_equal(td_run_dir_note(&run, json_array(), &err), TD_EINTERNAL);
    release(&run);
    free(journal);
}

static void a_full_disk_is_told(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    int journal_fd;
    create(&run, *state);
    journal_fd = run.journal_fd;
    run.journal_fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(run.journal_fd >= 0);
    assert_int_equal(
        td_run_dir_note(&run, json_pack("{s:s}", "type", "x"), &err), -ENOSPC);
    assert_non_null(strstr(err.msg, "--out"));
    assert_non_null(strstr(err.msg, "what was recorded before is kept"));
    close(run.journal_fd);
    run.journal_fd = journal_fd;
    release(&run);
}

static void a_place_that_cannot_be_written_is_told(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_run_dir run;
    char *file = td_xasprintf("%s/file", (char *)*state);
    write_file(file, "x", 1);
    assert_int_equal(td_run_dir_create(&run, file, json_object(), 1, &err),
                     -ENOTDIR);
    assert_non_null(strstr(err.msg, file));
    assert_null(run.manifest);
    free(file);
    td_err_clear(&err);
    assert_true(td_run_dir_create(&run, "/proc/runs", json_object(), 1, &err) <
                0);
    assert_non_null(strstr(err.msg, "/proc/runs"));
}

static void files_go_inside(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT;
    struct td_run_dir run;
    char *expected;
    create(&run, *state);
    assert_int_equal(
        td_run_dir_write(&run, "histograms/001.hlog", "abc", 3, &err), 0);
    assert_int_equal(td_run_dir_sync(&run, true, &err), 0);
    expected = td_run_dir_histogram_path(&run, 1, "hlog");
    assert_int_equal(td_file_read(expected, &text, &err), 0);
    assert_string_equal(td_buf_str(&text), "abc");
    free(expected);
    td_buf_release(&text);
    release(&run);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_was_written_is_read),
        TEST(runs_are_found_by_name),
        TEST(a_wrong_name_gets_the_nearest),
        TEST(a_bad_manifest_is_refused),
        TEST(a_bad_line_is_named),
        TEST(one_process_at_a_time_writes),
        TEST(a_failed_note_leaves_no_trace),
        TEST(a_full_disk_is_told),
        TEST(a_place_that_cannot_be_written_is_told),
        TEST(files_go_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
