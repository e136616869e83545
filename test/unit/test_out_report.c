/* The three formats against golden files; UPDATE_GOLDEN=1 writes them. */
#include "base/files.h"
#include "out/report.h"
#include "out/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUNS "test/data/runs"

static const struct td_show_options defaults;

static void check_golden(const char *run_id, enum td_format format)
{
    char *path =
        td_xasprintf(RUNS "/golden/%s.%s", run_id, td_format_names[format]);
    struct td_buf want = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    assert_non_null(to);
    if (td_show(RUNS, run_id, format, &defaults, to, &err))
        fail_msg("%s", err.msg);
    fclose(to);
    if (getenv("UPDATE_GOLDEN"))
        assert_int_equal(td_file_write_atomic(path, text, len, &err), 0);
    if (td_file_read(path, &want, &err))
        fail_msg("%s", err.msg);
    assert_string_equal(text, td_buf_str(&want));
    td_buf_release(&want);
    free(text);
    free(path);
}

static void test_whole_run(void **state)
{
    (void)state;
    check_golden("20261121T031500Z-000001", TD_FORMAT_TEXT);
    check_golden("20261121T031500Z-000001", TD_FORMAT_MARKDOWN);
    check_golden("20261121T031500Z-000001", TD_FORMAT_JSON);
}

static void test_quick_run_that_was_cut_off(void **state)
{
    (void)state;
    check_golden("20261121T032000Z-000002", TD_FORMAT_TEXT);
    check_golden("20261121T032000Z-000002", TD_FORMAT_MARKDOWN);
    check_golden("20261121T032000Z-000002", TD_FORMAT_JSON);
}

static void test_run_that_warmed_up(void **state)
{
    (void)state;
    check_golden("20261121T031000Z-000003", TD_FORMAT_TEXT);
    check_golden("20261121T031000Z-000003", TD_FORMAT_MARKDOWN);
    check_golden("20261121T031000Z-000003", TD_FORMAT_JSON);
}

static void test_unknown_run(void **state)
{
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(
        td_show(RUNS, "nosuch", TD_FORMAT_TEXT, &defaults, stdout, &err),
        TD_EUSAGE);
}

static void test_tables_fit_110_columns(void **state)
{
    struct td_err err = TD_ERR_INIT;
    char *text = NULL, *rest = NULL;
    size_t len = 0, lines = 0;
    FILE *to = open_memstream(&text, &len);
    (void)state;
    assert_int_equal(
        td_show(RUNS, "20261121T0315", TD_FORMAT_TEXT, &defaults, to, &err), 0);
    fclose(to);
    for (char *line = strtok_r(text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest), lines++)
        assert_true(td_text_width(line) <= 110);
    assert_true(lines > 30);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_run),
        cmocka_unit_test(test_quick_run_that_was_cut_off),
        cmocka_unit_test(test_run_that_warmed_up),
        cmocka_unit_test(test_unknown_run),
        cmocka_unit_test(test_tables_fit_110_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
