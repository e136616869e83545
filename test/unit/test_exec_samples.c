/* The sample buffer, the checks of a batch's times, the launcher's report. */
#include "exec/launch_report.h"
#include "exec/sample_buffer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void check(const struct td_interval *at, uint64_t count,
                  const char *says)
{
    struct td_err err = TD_ERR_INIT;
    int rc = td_intervals_check(at, count, 100, 200, &err);
    if (!says) {
        assert_int_equal(rc, 0);
        return;
    }
    assert_int_equal(rc, TD_EPROTOCOL);
    assert_non_null(strstr(err.msg, says));
}

static void test_times(void **state)
{
    const struct td_interval fine[] = {
        {100, 110}, {110, 110}, {110, 150}, {151, 200}};
    const struct td_interval early[] = {{99, 110}};
    const struct td_interval late[] = {{100, 110}, {120, 201}};
    const struct td_interval backwards[] = {{120, 119}};
    const struct td_interval overlap[] = {{100, 120}, {119, 130}};
    const struct td_interval huge[] = {{150, UINT64_MAX}};
    const struct td_interval zero[] = {{0, 0}};
    (void)state;
    check(fine, 4, NULL);
    check(NULL, 0, NULL);
    check(early, 1, "sample 1 of 1 starts before the batch began (start -1 ns");
    check(late, 2, "sample 2 of 2 ends after the batch was over");
    check(backwards, 1, "ends before it starts");
    check(overlap, 2, "starts before the previous one ended");
    check(huge, 1, "ends after the batch was over");
    check(zero, 1, "starts before the batch began");
}

static void test_buffer(void **state)
{
    struct td_sample_buffer buffer;
    struct td_err err = TD_ERR_INIT;
    struct td_interval stored[3] = {{1, 2}, {3, 4}, {5, 6}};
    char header[TD_SAMPLE_HEADER_BYTES];
    uint64_t capacity;
    (void)state;
    assert_int_equal(td_sample_buffer_init(&buffer, &err), 0);
    assert_int_equal(pread(buffer.fd, header, sizeof header, 0), sizeof header);
    assert_memory_equal(header, "TDSAMPLE", 8);
    memcpy(&capacity, header + 16, sizeof capacity);
    assert_int_equal(capacity, 65532);

    assert_int_equal(pwrite(buffer.fd, stored, sizeof stored, 64),
                     sizeof stored);
    assert_int_equal(td_sample_buffer_take(&buffer, 3, &err), 0);
    assert_memory_equal(buffer.copy, stored, sizeof stored);
    assert_int_equal(td_sample_buffer_take(&buffer, 3, &err), 0);
    assert_int_equal(buffer.copy[0].end_ns, 0); /* emptied */

    assert_int_equal(pwrite(buffer.fd, stored, sizeof stored, 64),
                     sizeof stored);
    assert_int_equal(td_sample_buffer_take(&buffer, 2, &err), TD_EPROTOCOL);
    td_err_clear(&err);
    assert_int_equal(td_sample_buffer_take(&buffer, 65532, &err), 0);
    assert_int_equal(ftruncate(buffer.fd, 0), -1); /* sealed */
    assert_int_equal(errno, EPERM);
    td_sample_buffer_release(&buffer);
    td_sample_buffer_release(&buffer);
}

static void expect_end(const struct td_report *report, bool ours,
                       const char *text)
{
    struct td_buf out = TD_BUF_INIT;
    td_report_describe_end(report, ours, &out);
    assert_string_equal(td_buf_str(&out), text);
    td_buf_release(&out);
}

static void test_report(void **state)
{
    struct td_report report;
    (void)state;
    td_report_init(&report);
    expect_end(&report, false, "is gone, and its launcher with it");
    td_report_line(&report, "%%% no line");
    td_report_line(&report, "unknown a=1");
    td_report_line(&report, "started pid=123");
    assert_int_equal(report.pid, 123);
    td_report_line(&report, "ended status=3 signal=0 user_us=5 system_us=6 "
                            "maxrss_kib=7 minor_faults=8 major_faults=9 "
                            "voluntary=10 involuntary=11");
    assert_true(report.ended);
    assert_int_equal(report.usage.exit_status, 3);
    assert_int_equal(report.usage.user_ns, 5000);
    assert_int_equal(report.usage.system_ns, 6000);
    assert_int_equal(report.usage.maxrss_bytes, 7168);
    assert_int_equal(report.usage.involuntary_switches, 11);
    assert_true(report.usage.hwm_bytes == UINT64_MAX);
    expect_end(&report, false, "exited with status 3");
    td_report_line(&report, "ended status=-1 signal=9 user_us=5");
    assert_int_equal(report.usage.exit_status, -1);
    expect_end(&report, true, "was killed by SIGKILL");
    expect_end(&report, false,
               "was killed by SIGKILL from outside (out of memory?)");
    td_report_line(&report, "ended status=-1 signal=63");
    expect_end(&report, false, "was killed by signal 63");
    td_report_release(&report);
}

static void test_failed_start(void **state)
{
    struct td_report report;
    (void)state;
    td_report_init(&report);
    td_report_line(&report, "failed step=exec errno=2");
    assert_string_equal(report.failed_step, "exec");
    assert_int_equal(report.failed_errno, ENOENT);
    assert_int_equal(report.pid, 0);
    td_report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_failed_start),
    };
    return cmocka_run_group_tests_name("exec samples", tests, NULL, NULL);
}
