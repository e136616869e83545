#include "base/files.h"
#include "store/hist_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    char *path = td_xasprintf("%s/tandem-hlog-XXXXXX", tmp ? tmp : "/tmp");
    int fd = mkstemp(path);
    *state = path;
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
    int rc = unlink(*state);
    free(*state);
    return rc;
}

static struct td_hist make(int64_t lowest, int64_t highest, int digits)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist hist;
    assert_int_equal(td_hist_init(&hist, lowest, highest, digits, &err), 0);
    return hist;
}

static void save(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void the_header_is_what_readers_want(void **state)
{
    struct td_buf out = TD_BUF_INIT;
    char comment[300];
    (void)state;
    memset(comment, 'c', sizeof comment - 1);
    comment[sizeof comment - 1] = '\0';
    comment[3] = '\n';
    td_hlog_header(&out, comment, 1700000000.25);
    for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(line[0] == '#' || line[0] == '"');
        assert_true(strlen(line) <= 126);
    }
    td_buf_clear(&out);
    td_hlog_header(&out, NULL, 1700000000.25);
    assert_string_equal(
        td_buf_str(&out),
        "#[Histogram log format version 1.3]\n"
        "#[StartTime: 1700000000.250 (seconds since epoch), "
        "Tue Nov 14 22:13:20 UTC 2023]\n"
        "#[BaseTime: 1700000000.250 (seconds since epoch)]\n"
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
        "\"Interval_Compressed_Histogram\"\n");
    td_buf_release(&out);
}

static void intervals_add_up(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf out = TD_BUF_INIT;
    struct td_hist hist = make(1, 10000000, 3), sum;
    size_t intervals;
    td_hlog_header(&out, "two", 0);
    td_hist_record_n(&hist, 2500000, 2);
    assert_int_equal(td_hlog_interval(&out, 0.5, 1, &hist, &err), 0);
    assert_non_null(strstr(out.data, "\n0.500,1.000,2.501,HISTFAAA"));
    td_hist_record(&hist, 7);
    assert_int_equal(td_hlog_interval(&out, 1.5, 1, &hist, &err), 0);
    save(*state, td_buf_str(&out));
    assert_int_equal(td_hlog_read(*state, &sum, &intervals, &err), 0);
    assert_int_equal(intervals, 2);
    assert_int_equal(sum.highest, 10000000);
    assert_int_equal(sum.total, 5);
    assert_int_equal(sum.counts[td_hist_index(&sum, 2500000)], 4);
    td_hist_release(&sum);
    td_hist_release(&hist);
    td_buf_release(&out);
}

static void different_ranges_add_up(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf out = TD_BUF_INIT;
    struct td_hist small = make(2, 1000, 2), large = make(1, 1000000, 3), sum;
    size_t intervals;
    td_hist_record(&small, 900);
    td_hist_record_n(&large, 999999, 3);
    td_hlog_header(&out, NULL, 0);
    assert_int_equal(td_hlog_interval(&out, 0, 1, &small, &err), 0);
    assert_int_equal(td_hlog_interval(&out, 1, 1, &large, &err), 0);
    assert_int_equal(td_hlog_interval(&out, 2, 1, &small, &err), 0);
    save(*state, td_buf_str(&out));
    assert_int_equal(td_hlog_read(*state, &sum, &intervals, &err), 0);
    assert_int_equal(intervals, 3);
    assert_int_equal(sum.total, 5);
    assert_int_equal(sum.clipped, 0);
    assert_int_equal(sum.digits, 3);
    td_hist_release(&sum);
    td_hist_release(&small);
    td_hist_release(&large);
    td_buf_release(&out);
}

static void tagged_and_empty_logs(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist sum;
    size_t intervals;
    save(*state, "#[comment]\n\nTag=other,0,1,1,HISTFAAAxx\r\n\"legend\"\n");
    assert_int_equal(td_hlog_read(*state, &sum, &intervals, &err), 0);
    assert_int_equal(intervals, 0);
    assert_int_equal(sum.total, 0);
    assert_int_equal(td_hist_percentile(&sum, 99), 0);
    td_hist_release(&sum);
}

static void a_bad_line_is_named(void **state)
{
    static const char *const bad[] = {
        "0,1,HISTFAAA\n",     "0,1,2,HISTFAAA",
        "x,1,2,HISTFAAA\n",   "0,1,2\n",
        "0,1,2,\n",           "-1,1,2,HISTFAAA\n",
        "nan,1,2,HISTFAAA\n", "0 ,1,2,HISTFAAA\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_hist sum;
        size_t intervals;
        char *text = td_xasprintf("#[x]\n%s", bad[i]), *where;
        save(*state, text);
        where = td_xasprintf("%s:2: ", (char *)*state);
        assert_int_equal(td_hlog_read(*state, &sum, &intervals, &err),
                         TD_EINPUT);
        assert_memory_equal(err.msg, where, strlen(where));
        assert_null(sum.counts);
        free(where);
        free(text);
    }
}

static void no_file_is_an_error(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist sum;
    size_t intervals;
    char *path = td_xasprintf("%s/none", (char *)*state);
    assert_int_equal(td_hlog_read(path, &sum, &intervals, &err), -ENOTDIR);
    assert_non_null(strstr(err.msg, path));
    free(path);
}

/* Two levels at one value, steps that shrink at each halving, the last row
 * without its fourth column. */
static void the_distribution_is_the_reference_s(void **state)
{
    static const char want[] =
        "       Value     Percentile TotalCount 1/(1-Percentile)\n"
        "\n"
        "       1.000 0.000000000000          1           1.00\n"
        "       1.000 0.100000000000          1           1.11\n"
        "       1.000 0.200000000000          1           1.25\n"
        "       2.000 0.300000000000          2           1.43\n"
        "       2.000 0.400000000000          2           1.67\n"
        "       2.000 0.500000000000          2           2.00\n"
        "       3.001 0.550000000000          3           2.22\n"
        "       3.001 0.600000000000          3           2.50\n"
        "       3.001 0.650000000000          3           2.86\n"
        "       3.001 0.700000000000          3           3.33\n"
        "       3.001 0.750000000000          3           4.00\n"
        "       4.001 0.775000000000          4           4.44\n"
        "       4.001 1.000000000000          4\n"
        "#[Mean    =        2.501, StdDeviation   =        1.118]\n"
        "#[Max     =        4.001, Total count    =            4]\n"
        "#[Buckets =           32, SubBuckets     =         2048]\n";
    struct td_buf out = TD_BUF_INIT;
    struct td_hist hist;
    (void)state;
    td_hist_init_default(&hist);
    for (int64_t v = 1; v <= 4; v++)
        td_hist_record(&hist, v * 1000);
    td_hgrm(&out, &hist, 1000);
    assert_string_equal(td_buf_str(&out), want);
    td_hist_release(&hist);
    td_buf_release(&out);
}

/* Levels beyond what doubles can tell apart must not hang it. */
static void the_distribution_of_huge_counts_ends(void **state)
{
    struct td_buf out = TD_BUF_INIT;
    struct td_hist hist = make(1, 1000, 3);
    (void)state;
    td_hist_record_n(&hist, 1, INT64_MAX - 2);
    td_hist_record(&hist, 500);
    td_hist_record(&hist, 1000);
    td_hgrm(&out, &hist, 1);
    assert_true(out.len < 100000);
    assert_non_null(strstr(td_buf_str(&out), "    1000.000 1.0000"));
    td_hist_reset(&hist);
    td_buf_clear(&out);
    td_hgrm(&out, &hist, 1);
    assert_non_null(strstr(td_buf_str(&out), "Total count    =            0]"));
    td_hist_release(&hist);
    td_buf_release(&out);
}

int main(void)
{
#define WITH_FILE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_is_what_readers_want),
        WITH_FILE(intervals_add_up),
        WITH_FILE(different_ranges_add_up),
        WITH_FILE(tagged_and_empty_logs),
        WITH_FILE(a_bad_line_is_named),
        WITH_FILE(no_file_is_an_error),
        cmocka_unit_test(the_distribution_is_the_reference_s),
        cmocka_unit_test(the_distribution_of_huge_counts_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
