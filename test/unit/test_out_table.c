/* Tables, units and the progress line. */
#include "out/progress.h"
#include "out/table.h"
#include "out/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_figure(struct td_figure f, enum td_unit unit,
                         const char *want_value, const char *want_interval)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_print(f, unit, &value, &interval);
    assert_string_equal(td_buf_str(&value), want_value);
    assert_string_equal(td_buf_str(&interval), want_interval);
    td_buf_release(&value);
    td_buf_release(&interval);
}

static struct td_figure figure(double value, double lower, double upper)
{
    return (struct td_figure){value, lower, upper, true, true};
}

static void test_units(void **state)
{
    const struct td_figure one = {5e9, NAN, NAN, true, false};
    const struct td_figure none = {NAN, NAN, NAN, false, false};
    (void)state;
    check_figure(figure(12.3456, 11, 14), TD_UNIT_TIME, "12.3 ns", "11.0–14.0");
    check_figure(figure(954124, 945980, 962338), TD_UNIT_TIME, "954 µs",
                 "946–962");
    check_figure(figure(100935, 100350, 101524), TD_UNIT_TIME, "100.9 µs",
                 "100.3–101.5");
    /* The interval keeps the value's unit. */
    check_figure(figure(999e6, 800e6, 1200e6), TD_UNIT_TIME, "999 ms",
                 "800–1200");
    check_figure(figure(-108e3, -116e3, 1e3), TD_UNIT_TIME, "-108 µs",
                 "-116–1");
    check_figure(figure(0, 0, 0), TD_UNIT_TIME, "0.0000 ns", "0.0000–0.0000");
    check_figure(figure(9.02e6, 8.97e6, 9.08e6), TD_UNIT_BYTES, "9.02 MB",
                 "8.97–9.08");
    check_figure(figure(9.4414, 9.37, 9.52), TD_UNIT_NONE, "9.44", "9.37–9.52");
    check_figure(figure(999999.9, 999999, 1000001), TD_UNIT_BYTES, "1.000 MB",
                 "1.000–1.000");
    check_figure(one, TD_UNIT_TIME, "5.00 s", TD_DASH);
    check_figure(none, TD_UNIT_TIME, TD_DASH, TD_DASH);
}

static void test_saying(void **state)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    (void)state;
    td_figure_say(figure(9.4414, 9.37, 9.52), &value, &interval);
    assert_string_equal(td_buf_str(&value), "9.44");
    assert_string_equal(td_buf_str(&interval), "9.37 to 9.52");
    td_buf_clear(&value);
    td_seconds_print(125.2, &value);
    td_buf_addc(&value, '|');
    td_seconds_print(3600 * 2 + 61, &value);
    td_buf_addc(&value, '|');
    td_seconds_print(9.6, &value);
    assert_string_equal(td_buf_str(&value), "2 min 5 s|2 h 1 min|10 s");
    td_buf_clear(&value);
    td_count_print(0, &value);
    td_buf_addc(&value, '|');
    td_count_print(1234567, &value);
    assert_string_equal(td_buf_str(&value), "0|1,234,567");
    td_buf_release(&value);
    td_buf_release(&interval);
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(td_text_width(""), 0);
    assert_int_equal(td_text_width("954 µs"), 6);
    assert_int_equal(td_text_width("946–962"), 7);
    assert_int_equal(td_text_width("e\xcc\x81"), 1); /* combining accent */
    assert_int_equal(td_text_width("時間"), 4);
    assert_int_equal(td_text_width("\xff\xfe"), 2); /* not UTF-8 */
    assert_int_equal(td_text_width("\xf0\x9f"), 1); /* cut off */
}

static void fill(struct td_table *table)
{
    td_table_init(table, 2);
    td_table_add(table, "runtime", "  impl");
    td_table_add(table, "median", "95 %");
    td_table_add(table, "go", "  a|b");
    td_table_add(table, "1.5 µs", "1.4–1.6");
    td_table_add(table, "py", NULL);
    td_table_add(table, "–", NULL);
}

static void test_text_table(void **state)
{
    struct td_table table;
    struct td_buf out = TD_BUF_INIT;
    (void)state;
    fill(&table);
    td_table_text(&table, &out);
    assert_string_equal(td_buf_str(&out), "runtime   median\n"
                                          "  impl      95 %\n"
                                          "────────────────\n"
                                          "go        1.5 µs\n"
                                          "  a|b    1.4–1.6\n"
                                          "py             –\n");
    td_buf_release(&out);
    td_table_release(&table);
}

static void test_markdown_table(void **state)
{
    struct td_table table;
    struct td_buf out = TD_BUF_INIT;
    (void)state;
    fill(&table);
    td_table_markdown(&table, &out);
    assert_string_equal(td_buf_str(&out), "| runtime impl | median (95 %) |\n"
                                          "|:---|---:|\n"
                                          "| go a\\|b | 1.5 µs (1.4–1.6) |\n"
                                          "| py | – |\n");
    td_buf_release(&out);
    td_table_release(&table);
}

static void test_fold(void **state)
{
    struct td_buf out = TD_BUF_INIT;
    (void)state;
    td_text_fold("one two three unbreakable end", 11, 2, &out);
    assert_string_equal(td_buf_str(&out),
                        "one two\n  three\n  unbreakable\n  end\n");
    td_buf_release(&out);
}

static void test_progress_line(void **state)
{
    struct td_event event = {.workload = "primes",
                             .set = "n=1000",
                             .pair = 2,
                             .pairs = 15,
                             .ratio = NAN,
                             .half_width = NAN,
                             .eta_s = NAN};
    struct td_buf out = TD_BUF_INIT;
    (void)state;
    td_progress_describe(&event, &out);
    assert_string_equal(td_buf_str(&out), "primes n=1000, pair 3 of 15");
    event.ratio = 9.441;
    event.half_width = .0123;
    event.numerator = "cpython-3.11.2";
    event.denominator = "go-1.26.8";
    event.eta_s = 65;
    td_buf_clear(&out);
    td_progress_describe(&event, &out);
    assert_string_equal(td_buf_str(&out),
                        "primes n=1000, pair 3 of 15, cpython-3.11.2 / "
                        "go-1.26.8 9.441 ±1.2 %, 1 min 5 s to go");
    td_buf_release(&out);
}

/* No terminal: whole lines, at most one in 10 s, but the end of a group. */
static void test_progress_without_terminal(void **state)
{
    struct td_event event = {.workload = "primes",
                             .set = "n=1000",
                             .pairs = 2,
                             .ratio = NAN,
                             .eta_s = NAN};
    char *text = NULL;
    FILE *to = tmpfile();
    struct td_progress_printer *printer = td_progress_new(to);
    size_t cap = 0;
    (void)state;
    td_progress_note(printer, "preparing", "go-1.26.8");
    td_progress_update(printer, &event);
    event.pair = 1;
    td_progress_update(printer, &event);
    event.pair = 2;
    event.done = true;
    td_progress_update(printer, &event);
    td_progress_free(printer);
    rewind(to);
    assert_true(getdelim(&text, &cap, EOF, to) > 0);
    assert_string_equal(text, "preparing go-1.26.8\n"
                              "primes n=1000, pair 1 of 2\n"
                              "primes n=1000, done: 2 pairs\n");
    free(text);
    fclose(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_saying),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_text_table),
        cmocka_unit_test(test_markdown_table),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_progress_line),
        cmocka_unit_test(test_progress_without_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
