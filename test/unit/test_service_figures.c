/* Measures of services: from values to figures, and the tables of them. */
#include "out/report_service.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct td_search_result found(double rate)
{
    return (struct td_search_result){.found = true,
                                     .conclusive = true,
                                     .rate = rate,
                                     .lower = rate * .98,
                                     .upper = rate * 1.02,
                                     .trials = 21,
                                     .why = "confirmed"};
}

/* Three invocations' values, around 1 in ratio. */
static void add_three(struct td_service_row *row,
                      enum td_service_measure measure, double value)
{
    td_service_add(row, measure, value / 1.02);
    td_service_add(row, measure, value);
    td_service_add(row, measure, value * 1.02);
}

static void fill(struct td_service_row *row, const char *name)
{
    struct td_search_result result = found(12345);
    td_service_row_init(row, name);
    td_service_set_search(row, &result);
    add_three(row, TD_SERVICE_CPU, 23400);
    add_three(row, TD_SERVICE_START, 5.2e6);
    for (int i = TD_SERVICE_LOW_P50; i <= TD_SERVICE_LOW_P999; i++)
        add_three(row, (enum td_service_measure)i, 1e6 * (i + 1));
    td_service_lack(row, TD_SERVICE_HIGH_P50, TD_SERVICE_HIGH_P999,
                    "the rate is above the highest one");
    for (int i = TD_SERVICE_MOST_P50; i <= TD_SERVICE_MOST_P999; i++)
        add_three(row, (enum td_service_measure)i, 1e6 * (i + 1));
    for (int i = TD_SERVICE_IDLE_RSS; i <= TD_SERVICE_LOAD_PSS; i++)
        add_three(row, (enum td_service_measure)i, 1e7);
    td_service_row_close(row, .95);
}

static void test_figures(void **state)
{
    struct td_service_row row;
    const struct td_service_value *at = row.at;
    (void)state;
    fill(&row, "a");
    assert_true(fabs(at[TD_SERVICE_CPU].figure.value - 23400) < 1e-6);
    assert_true(at[TD_SERVICE_CPU].figure.bounded);
    assert_true(at[TD_SERVICE_CPU].figure.lower < 23400 / 1.02);
    assert_int_equal(at[TD_SERVICE_CPU].invocations, 3);
    assert_null(at[TD_SERVICE_CPU].why);
    assert_true(fabs(at[TD_SERVICE_MAX_RATE].figure.value - 12345) < 1e-6);
    assert_int_equal(at[TD_SERVICE_MAX_RATE].invocations, 1);
    assert_false(at[TD_SERVICE_HIGH_P99].figure.known);
    assert_string_equal(at[TD_SERVICE_HIGH_P99].why,
                        "the rate is above the highest one");
    td_service_row_release(&row);
}

/* 1 GiB / 10^7 bytes = 107.37; the bounds change places, all rounded down. */
static void test_services_per_gib(void **state)
{
    struct td_service_row row;
    const struct td_figure *pss, *gib;
    (void)state;
    fill(&row, "a");
    pss = &row.at[TD_SERVICE_LOAD_PSS].figure;
    gib = &row.at[TD_SERVICE_PER_GIB].figure;
    assert_true(fabs(gib->value - 107) < 1e-9);
    assert_true(fabs(gib->lower - floor(1073741824 / pss->upper)) < 1e-9);
    assert_true(fabs(gib->upper - floor(1073741824 / pss->lower)) < 1e-9);
    assert_true(gib->lower < 107 && gib->upper > 107);
    assert_int_equal(row.at[TD_SERVICE_PER_GIB].invocations, 3);
    td_service_row_release(&row);
}

static void test_every_gap_has_a_reason(void **state)
{
    struct td_service_row row;
    (void)state;
    td_service_row_init(&row, "none");
    td_service_add(&row, TD_SERVICE_IDLE_PSS, NAN);
    td_service_add(&row, TD_SERVICE_IDLE_RSS, 0);
    td_service_row_close(&row, .95);
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++) {
        assert_false(row.at[i].figure.known);
        assert_non_null(row.at[i].why);
    }
    assert_string_equal(row.at[TD_SERVICE_IDLE_PSS].why,
                        "it could not be read");
    td_service_row_release(&row);
}

static void test_a_search_without_a_clear_answer(void **state)
{
    struct td_search_result result = found(1000);
    struct td_service_row row;
    (void)state;
    result.conclusive = false;
    result.why = "drift";
    td_service_row_init(&row, "a");
    td_service_set_search(&row, &result);
    td_service_row_close(&row, .95);
    assert_false(row.at[TD_SERVICE_MAX_RATE].figure.known);
    assert_non_null(strstr(row.at[TD_SERVICE_MAX_RATE].why, "broke later"));
    td_service_row_release(&row);
}

static struct td_service_report report_of(struct td_service_row *rows,
                                          size_t count)
{
    return (struct td_service_report){.title = "rest-get, one",
                                      .slo = "p99<100ms",
                                      .low_rate = 1000,
                                      .high_rate = 5000,
                                      .confidence = .95,
                                      .share = .8,
                                      .rows = rows,
                                      .count = count};
}

static void assert_has(const struct td_buf *text, const char *part)
{
    if (!strstr(td_buf_str(text), part))
        fail_msg("no \"%s\" in\n%s", part, td_buf_str(text));
}

static void test_tables(void **state)
{
    struct td_service_row rows[2];
    struct td_service_report report = report_of(rows, 2);
    struct td_buf text = TD_BUF_INIT, markdown = TD_BUF_INIT;
    (void)state;
    fill(&rows[0], "nethttp");
    fill(&rows[1], "nethttp");
    rows[1].memory_limit_bytes = 64000000;
    rows[1].memory_by = strdup("cgroup-v1");
    rows[1].at_least = true;
    td_service_text(&report, &text);
    td_service_markdown(&report, &markdown);
    assert_has(&text, "12,345");
    assert_has(&text, "12,098–12,592");
    assert_has(&text, "≥ 12,345");
    assert_has(&text, "23.4 µs");
    assert_has(&text, "Latency at 1,000 requests/s");
    assert_has(&text, "Latency at 80 % of the highest rate");
    assert_has(&text, "nethttp: no p50, p99, p99.9 at 5,000 requests/s: the");
    assert_has(&text, "1, 3, 3");
    assert_has(&markdown, "| nethttp, 64.0 MB | ≥ 12,345 (");
    assert_has(&markdown, "of 64000000 bytes is kept by cgroup-v1");
    td_buf_release(&text);
    td_buf_release(&markdown);
    td_service_row_release(&rows[0]);
    td_service_row_release(&rows[1]);
}

static void test_json(void **state)
{
    struct td_service_row row;
    struct td_service_report report = report_of(&row, 1);
    json_t *json, *figures, *gap, *cpu;
    (void)state;
    fill(&row, "nethttp");
    json = td_service_json(&report);
    assert_non_null(json);
    figures = json_object_get(json_array_get(json_object_get(json, "rows"), 0),
                              "figures");
    assert_int_equal(json_object_size(figures), TD_SERVICE_MEASURES);
    gap = json_object_get(figures, "high_p99_ns");
    assert_true(json_is_null(json_object_get(gap, "value")));
    assert_true(json_is_string(json_object_get(gap, "why")));
    cpu = json_object_get(figures, "cpu_ns_per_request");
    assert_int_equal(json_array_size(json_object_get(cpu, "values")), 3);
    assert_true(json_is_null(json_object_get(cpu, "why")));
    json_decref(json);
    td_service_row_release(&row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_services_per_gib),
        cmocka_unit_test(test_every_gap_has_a_reason),
        cmocka_unit_test(test_a_search_without_a_clear_answer),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
