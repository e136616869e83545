/* What is said of loads that were made up. */
#include "base/files.h"
#include "out/report_find_max.h"
#include "out/report_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/hist_file.h"

#define MS INT64_C(1000000)
#define URL "http://127.0.0.1:8080/"

struct made {
    struct td_load_plan plan;
    struct td_load_result result;
    struct td_load_second second;
    struct td_load_report report;
};

/* n answers in 1, 2, … n tenths of a millisecond at 1,000 a second. */
static void make(struct made *made, uint64_t n)
{
    memset(made, 0, sizeof *made);
    made->plan = (struct td_load_plan){.rate = 1000,
                                       .connections = 64,
                                       .threads = 1,
                                       .duration_ns = 10000000000u,
                                       .warmup_ns = 1000000000u,
                                       .timeout_ns = 10000000000u,
                                       .seed = 7,
                                       .keepalive = true};
    td_load_result_init(&made->result);
    td_hist_init_default(&made->result.latency);
    td_hist_init_default(&made->result.service);
    td_hist_init_default(&made->result.send_lag);
    for (uint64_t i = 1; i <= n; i++) {
        td_hist_record(&made->result.latency, (int64_t)i * MS / 10);
        td_hist_record(&made->result.service, (int64_t)i * MS / 20);
        td_hist_record(&made->result.send_lag, 20000);
    }
    made->result.sent = made->result.answered = n;
    made->result.requested_rate = 1000;
    made->result.achieved_rate = 999.5;
    made->result.measured_s = 10;
    made->result.cpu_ns = n * 12500;
    made->result.connects = 64;
    made->result.valid = true;
    made->second = (struct td_load_second){n, n, 0, MS, 2 * MS, 3 * MS};
    made->result.seconds = td_xcalloc(1, sizeof made->second);
    made->result.seconds[0] = made->second;
    made->result.nseconds = 1;
    made->report =
        (struct td_load_report){URL, "GET", &made->plan, &made->result};
}

static void expect(const struct made *made, const char *wanted)
{
    struct td_buf text = TD_BUF_INIT;
    td_load_text(&made->report, &text);
    if (!strstr(td_buf_str(&text), wanted))
        fail_msg("%s\ndoes not say \"%s\"", td_buf_str(&text), wanted);
    td_buf_release(&text);
}

static void expect_not(const struct made *made, const char *unwanted)
{
    struct td_buf text = TD_BUF_INIT;
    td_load_text(&made->report, &text);
    if (strstr(td_buf_str(&text), unwanted))
        fail_msg("%s\nsays \"%s\"", td_buf_str(&text), unwanted);
    td_buf_release(&text);
}

static void test_text(void **state)
{
    static const char wanted[] =
        "GET http://127.0.0.1:8080/\n"
        "1,000 requests/s at constant intervals, 64 connections, 1 thread, "
        "10 s after 1 s of warm-up, seed 7\n"
        "\n"
        "10,000 sent = 10,000 answered + 0 failed + 0 censored\n"
        "999.5 answered/s of 1,000 asked for\n"
        "generator: 12.5 µs of CPU a request, 64 connections opened, 0 again\n"
        "\n"
        "              p50      p90      p99    p99.9      max   count\n"
        "─────────────────────────────────────────────────────────────\n"
        "latency    500 ms   900 ms   990 ms   999 ms   1.00 s  10,000\n"
        "service    250 ms   450 ms   495 ms   500 ms   500 ms  10,000\n"
        "send lag  20.0 µs  20.0 µs  20.0 µs  20.0 µs  20.0 µs  10,000\n"
        "latency: from when the request was due,";
    struct td_buf text = TD_BUF_INIT;
    struct made made;
    (void)state;
    make(&made, 10000);
    td_load_text(&made.report, &text);
    if (strncmp(td_buf_str(&text), wanted, strlen(wanted)) != 0)
        assert_string_equal(td_buf_str(&text), wanted);
    expect_not(&made, "INVALID");
    expect_not(&made, "failed:");
    td_buf_release(&text);
    td_load_result_release(&made.result);
}

static void test_what_the_data_cannot_carry(void **state)
{
    struct made made;
    (void)state;
    make(&made, 500);
    expect(&made, "49.5 ms      –  50.0 ms    500\n");
    expect(&made, "–: too few requests to bound it; p99.9 needs 3,688\n");
    td_load_result_release(&made.result);
    make(&made, 0);
    expect(&made, "0 sent = 0 answered + 0 failed + 0 censored\n");
    expect(&made, "latency     –    –    –      –    –      0\n");
    td_load_result_release(&made.result);
}

static void test_failures_by_class(void **state)
{
    struct made made;
    (void)state;
    make(&made, 5000);
    made.result.sent = 6100;
    made.result.failed[TD_LOAD_TIMEOUT] = 1;
    made.result.failed[TD_LOAD_STATUS_5XX] = 1049;
    made.result.censored = 50;
    made.result.unsent = 20;
    strcpy(made.result.first_failure, "status 503, \"busy\"");
    expect(&made, "6,100 sent = 5,000 answered + 1,050 failed + 50 censored\n"
                  "  failed: 1 time-out, 1,049 status 5xx\n"
                  "  first failure: status 503, \"busy\"\n");
    expect(&made, "(20 never sent: no connection was free)");
    td_load_result_release(&made.result);
}

static void test_invalid_stopped_closed(void **state)
{
    struct made made;
    (void)state;
    make(&made, 5000);
    made.plan.arrivals = TD_ARRIVALS_POISSON;
    made.plan.keepalive = false;
    made.result.valid = false;
    made.result.stopped = true;
    made.result.measured_s = 3.25;
    strcpy(made.result.invalid_reason, "send lag p99 12 ms");
    expect(&made, "\nINVALID: send lag p99 12 ms: these figures");
    expect(&made, "\nstopped after 3.25 s of 10 s\n");
    expect(&made, "Poisson arrivals");
    expect(&made, "a new connection for each request\n");
    made.plan.rate = 0;
    made.report.method = NULL;
    expect(&made, "a mix to " URL "\nclosed loop, 64 connections");
    expect(&made, "while the server stalls nothing is sent");
    expect_not(&made, "asked for");
    td_load_result_release(&made.result);
}

static double number(const json_t *object, const char *row, const char *key)
{
    return json_number_value(
        json_object_get(json_object_get(object, row), key));
}

static void test_json(void **state)
{
    static const char *const keys[] = {
        "requested_rate", "achieved_rate", "sent",       "answered",
        "failed",         "censored",      "valid",      "invalid_reason",
        "latency_ms",     "service_ms",    "send_lag_ms"};
    struct made made;
    json_t *json, *too_few;
    (void)state;
    make(&made, 500);
    json = td_load_json(&made.report);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!json_object_get(json, keys[i]))
            fail_msg("no %s", keys[i]);
    assert_float_equal(number(json, "latency_ms", "p50"), 25, .03);
    assert_float_equal(number(json, "latency_ms", "p99.9"), 50, .05);
    assert_float_equal(number(json, "latency_ms", "max"), 50, 1e-9);
    assert_float_equal(number(json, "service_ms", "p90"), 22.5, .03);
    assert_float_equal(number(json, "send_lag_ms", "count"), 500, 0);
    too_few =
        json_object_get(json_object_get(json, "latency_ms"), "too_few_for");
    assert_int_equal(json_array_size(too_few), 1);
    assert_string_equal(json_string_value(json_array_get(too_few, 0)), "p99.9");
    assert_int_equal(json_object_size(json_object_get(json, "failed")),
                     TD_LOAD_FAILURES);
    assert_true(json_is_true(json_object_get(json, "valid")));
    assert_true(json_is_null(json_object_get(json, "invalid_reason")));
    assert_float_equal(td_json_num(json, "cpu_us_per_request", 0), 12.5, 1e-9);
    assert_string_equal(td_json_str(json, "arrivals", ""), "constant");
    assert_int_equal(json_array_size(json_object_get(json, "seconds")), 1);
    json_decref(json);
    td_load_result_release(&made.result);
}

static void test_json_without_values(void **state)
{
    struct made made;
    json_t *json, *row;
    (void)state;
    make(&made, 0);
    made.plan.rate = 0;
    made.result.valid = false;
    strcpy(made.result.invalid_reason, "late");
    json = td_load_json(&made.report);
    row = json_object_get(json, "latency_ms");
    assert_true(json_is_null(json_object_get(row, "p50")));
    assert_true(json_is_null(json_object_get(row, "max")));
    assert_int_equal(td_json_u64(row, "count", 9), 0);
    assert_true(json_is_null(json_object_get(json, "requested_rate")));
    assert_string_equal(td_json_str(json, "invalid_reason", ""), "late");
    assert_string_equal(td_json_str(json, "arrivals", ""), "closed");
    json_decref(json);
    td_load_result_release(&made.result);
}

static void test_percentile_never_exceeds_maximum(void **state)
{
    struct td_hist hist;
    (void)state;
    td_hist_init_default(&hist);
    assert_int_equal(td_load_percentile(&hist, 99), 0);
    td_hist_record(&hist, 123456789);
    assert_int_equal(td_load_percentile(&hist, 50), 123456789);
    assert_int_equal(td_load_percentile(&hist, 100), 123456789);
    /* What the histogram could not hold is the largest of all. */
    td_hist_record(&hist, hist.highest + 1);
    assert_int_equal(td_load_percentile(&hist, 50), 123456789);
    assert_int_equal(td_load_percentile(&hist, 99), hist.highest);
    td_hist_release(&hist);
}

static void test_hlog(void **state)
{
    char path[] = "/tmp/tandem-load-XXXXXX";
    struct td_buf text = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    struct td_hist sum;
    struct made made;
    size_t intervals;
    (void)state;
    make(&made, 500);
    assert_int_equal(td_load_hlog(&made.report, 1e9, &text, &err), 0);
    assert_non_null(strstr(td_buf_str(&text), "\nTag=service,0.000,10.000,"));
    assert_non_null(strstr(td_buf_str(&text), "\nTag=send-lag,0.000,10.000,"));
    close(mkstemp(path));
    assert_int_equal(
        td_file_write_atomic(path, td_buf_str(&text), text.len, &err), 0);
    assert_int_equal(td_hlog_read(path, &sum, &intervals, &err), 0);
    assert_int_equal(intervals, 1);
    assert_int_equal(sum.total, 500);
    unlink(path);
    td_hist_release(&sum);
    td_buf_release(&text);
    td_load_result_release(&made.result);
}

static void test_live_line(void **state)
{
    struct td_load_live live = {2.02, 1034, .2141, 1.3, 1034, 2, true};
    struct td_buf text = TD_BUF_INIT;
    (void)state;
    td_load_live_text(&live, &text);
    assert_string_equal(
        td_buf_str(&text),
        "2 s  warm-up  1,034/s  p50 0.214 ms  p99 1.3 ms  errors 2");
    td_buf_release(&text);
}

static void test_search(void **state)
{
    struct made made;
    struct td_trial_report trial = {3, 1000, TD_TRIAL_BROKE, "p99 2 s",
                                    &made.result};
    struct td_search_result found = {.found = true,
                                     .conclusive = true,
                                     .rate = 1234.5,
                                     .lower = 1200,
                                     .upper = 1260,
                                     .confirmed = 1210,
                                     .trials = 17,
                                     .invalid = 2,
                                     .why = "confirmed"};
    struct td_buf text = TD_BUF_INIT;
    json_t *json, *trials = json_array();
    (void)state;
    make(&made, 500);
    td_find_max_heading(URL, "p99<1s", &made.plan, &text);
    td_find_max_line(&trial, &text);
    td_find_max_text(&found, &text);
    assert_non_null(strstr(td_buf_str(&text),
                           "    3     1000.0      999.5    25.002    49.512"
                           "         –             0  broke: p99 2 s\n"));
    assert_non_null(strstr(td_buf_str(&text),
                           "\n1,235 requests/s (95 % interval 1,200 to "
                           "1,260); 17 trials, 2 of them invalid\nended: "));
    assert_non_null(
        strstr(td_buf_str(&text), "it was tried: 1,210 requests/s"));
    json_array_append_new(trials, td_find_max_trial_json(&trial));
    json = td_find_max_json(URL, "p99<1s", &made.plan, &found, trials);
    assert_float_equal(td_json_num(json, "max_rate", 0), 1234.5, 1e-9);
    assert_float_equal(td_json_num(json, "upper", 0), 1260, 1e-9);
    trials = json_object_get(json, "trials");
    assert_string_equal(
        td_json_str(json_array_get(trials, 0), "outcome", "none"), "broke");
    json_decref(json);
    td_buf_release(&text);
    found.found = found.conclusive = false;
    td_find_max_text(&found, &text);
    assert_non_null(strstr(td_buf_str(&text), "\nno rate kept the objective"));
    assert_non_null(strstr(td_buf_str(&text), "\nINCONCLUSIVE: "));
    json = td_find_max_json(URL, "p99<1s", &made.plan, &found, json_array());
    assert_true(json_is_null(json_object_get(json, "max_rate")));
    assert_true(json_is_null(json_object_get(json, "lower")));
    json_decref(json);
    td_buf_release(&text);
    td_load_result_release(&made.result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_what_the_data_cannot_carry),
        cmocka_unit_test(test_failures_by_class),
        cmocka_unit_test(test_invalid_stopped_closed),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_without_values),
        cmocka_unit_test(test_percentile_never_exceeds_maximum),
        cmocka_unit_test(test_hlog),
        cmocka_unit_test(test_live_line),
        cmocka_unit_test(test_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
