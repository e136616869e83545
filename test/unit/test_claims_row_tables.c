#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "claims/row_tables.h"

#include <string.h>

#define TABLE                                                                  \
    "[table ci-cd]\n"                                                          \
    "source = 000\n"                                                           \
    "label = Metric\n"                                                         \
    "article = Python | Go\n"                                                  \
    "measured = ratio, go\n"

static void reads_tables_and_rows(void **state)
{
    static const char text[] =
        TABLE "[row ci-cd install]\n"
              "label = Install\n"
              "article =  pip: 15-30s |\n"
              "go = value(a[b].wall, go)\n"
              "ratio = geomean(ratio(a[b].wall, cpython/go),\n"
              "ratio_2 = ratio(a[c].wall, cpython/go))\n"
              "[row ci-cd ours]\n"
              "label = … cold\n"
              "why = no cloud\n"
              "note = text\n";
    struct td_row_tables tables;
    const struct td_row_table *table;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(
        td_row_tables_parse(&tables, "t.ini", text, sizeof text - 1, &err), 0);
    assert_null(td_row_tables_find(&tables, "ci"));
    table = td_row_tables_find(&tables, "ci-cd");
    assert_non_null(table);
    assert_string_equal(table->source, "000");
    assert_int_equal(table->article.count, 2);
    assert_false(table->measured[TD_MEASURED_PYTHON]);
    assert_true(table->measured[TD_MEASURED_GO]);
    assert_true(table->measured[TD_MEASURED_RATIO]);
    assert_int_equal(table->count, 2);
    assert_string_equal(table->rows[0].article.at[0], "pip: 15-30s");
    assert_string_equal(table->rows[0].article.at[1], "");
    assert_string_equal(table->rows[0].expression[TD_MEASURED_RATIO],
                        "geomean(ratio(a[b].wall, cpython/go), "
                        "ratio(a[c].wall, cpython/go))");
    assert_null(table->rows[0].expression[TD_MEASURED_PYTHON]);
    assert_int_equal(table->rows[0].place[TD_MEASURED_GO].line, 9);
    assert_int_equal(table->rows[0].place[TD_MEASURED_GO].column, 6);
    assert_int_equal(table->rows[0].place[TD_MEASURED_RATIO].nbreaks, 2);
    assert_int_equal(table->rows[0].place[TD_MEASURED_RATIO].breaks[1].line,
                     11);
    assert_int_equal(table->rows[1].article.count, 0);
    assert_string_equal(table->rows[1].why, "no cloud");
    assert_string_equal(table->rows[1].note, "text");
    td_row_tables_release(&tables);
}

static void refused(const char *text, const char *message)
{
    struct td_row_tables tables;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(
        td_row_tables_parse(&tables, "t.ini", text, strlen(text), &err),
        TD_EINPUT);
    assert_string_equal(err.msg, message);
    td_row_tables_release(&tables);
}

static void refuses_mistakes(void **state)
{
    (void)state;
    refused("[table x]\nsource = 1\nlabel = a\narticle = b\n",
            "t.ini:1: [table x] needs measured = …");
    refused("[table x]\nsource = 1\nlabel = a\narticle = b\nmeasured = c\n",
            "t.ini:5: expected python, go or ratio, found \"c\"");
    refused(TABLE "[row cicd x]\nlabel = a\nwhy = b\n",
            "t.ini:6: no [table cicd] above this row; did you mean ci-cd?");
    refused(TABLE "[row ci-cd x]\nwhy = b\n", "t.ini:6: the row needs a label");
    refused(TABLE "[row ci-cd x]\nlabel = a\nwhy = b\ngo = c\n",
            "t.ini:8: a row has expressions, or why = … instead");
    refused(TABLE "[row ci-cd x]\nlabel = a\nwhy = b\narticle = 1 | 2 | 3\n",
            "t.ini:9: expected 2 cells, found 3");
    refused(TABLE "[row ci-cd x]\nlabel = a\npython = c\n",
            "t.ini:8: [table ci-cd] has no measured column python");
    refused(TABLE TABLE,
            "t.ini:6: [table ci-cd] stands twice, first at line 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_tables_and_rows),
        cmocka_unit_test(refuses_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
