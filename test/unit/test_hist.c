#include "stat/hist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Spread over all magnitudes up to limit. */
static int64_t random_value(uint64_t *state, int64_t limit)
{
    int shift = (int)(next_random(state) % 63);
    return (int64_t)(next_random(state) >> 1 >> shift) % (limit + 1);
}

static struct td_hist make(int64_t lowest, int64_t highest, int digits)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist hist;
    assert_int_equal(td_hist_init(&hist, lowest, highest, digits, &err), 0);
    return hist;
}

/* The buckets follow each other without gap or overlap, each edge finds its
 * bucket, and no bucket is wider than its precision allows. */
static void check_buckets(int64_t lowest, int64_t highest, int digits)
{
    struct td_hist hist = make(lowest, highest, digits);
    int64_t expected_low = 0;
    double precision = pow(10, -digits);
    for (int32_t i = 0; i < hist.counts_len; i++) {
        int64_t low = td_hist_low(&hist, i), high = td_hist_high(&hist, i);
        int64_t mid = td_hist_mid(&hist, i);
        assert_int_equal(low, expected_low);
        assert_true(low <= mid && mid <= high);
        assert_int_equal(td_hist_index(&hist, low), i);
        assert_int_equal(td_hist_index(&hist, high), i);
        if (high - low >= lowest)
            assert_true((double)(high - low) <= precision * (double)low);
        if (high == INT64_MAX)
            break;
        expected_low = high + 1;
    }
    assert_true(td_hist_index(&hist, highest) < hist.counts_len);
    td_hist_release(&hist);
}

static void buckets_tile_the_range(void **state)
{
    (void)state;
    for (int digits = 1; digits <= 5; digits++) {
        check_buckets(1, 2, digits);
        check_buckets(1, INT64_C(3600000000000), digits);
        check_buckets(1000, INT64_C(3600000000000), digits);
        check_buckets(1, INT64_MAX, digits);
        check_buckets(7, INT64_C(123456789), digits);
    }
}

static void sizes_are_the_reference_s(void **state)
{
    static const int64_t want[] = {32, 256, 2048, 32768, 262144};
    struct td_hist hist;
    (void)state;
    for (int digits = 1; digits <= 5; digits++) {
        hist = make(1, 1000000, digits);
        assert_int_equal(hist.sub_count, want[digits - 1]);
        td_hist_release(&hist);
    }
    /* HdrHistogram(1, 3600000000, 3) has 22 buckets and 23552 counters. */
    hist = make(1, INT64_C(3600000000), 3);
    assert_int_equal(td_hist_buckets(&hist), 22);
    assert_int_equal(hist.counts_len, 23552);
    td_hist_release(&hist);
}

static void bad_ranges_are_refused(void **state)
{
    static const struct {
        int64_t lowest, highest;
        int digits;
    } bad[] = {{0, 100, 3},
               {-1, 100, 3},
               {1, 1, 3},
               {51, 100, 3},
               {1, 100, 0},
               {1, 100, 6},
               {INT64_MAX / 2, INT64_MAX, 1},
               {INT64_C(1) << 52, INT64_MAX, 3}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_hist hist;
        assert_int_equal(td_hist_init(&hist, bad[i].lowest, bad[i].highest,
                                      bad[i].digits, &err),
                         TD_EINPUT);
        assert_true(err.msg[0]);
        td_hist_release(&hist);
    }
}

static void an_empty_histogram_is_all_zero(void **state)
{
    struct td_hist hist;
    (void)state;
    assert_int_equal(td_hist_init_default(&hist), 0);
    assert_int_equal(td_hist_percentile(&hist, 50), 0);
    assert_int_equal(td_hist_max(&hist), 0);
    assert_int_equal(td_hist_min(&hist), 0);
    assert_true(td_hist_mean(&hist) == 0 && td_hist_stddev(&hist) == 0);
    td_hist_release(&hist);
    td_hist_release(&hist);
}

static void what_does_not_fit_is_counted(void **state)
{
    struct td_hist hist = make(1, 1000, 3);
    (void)state;
    td_hist_record(&hist, -5);
    td_hist_record(&hist, 1000);
    td_hist_record(&hist, 1001);
    td_hist_record_n(&hist, INT64_MAX, 3);
    td_hist_record_n(&hist, 10, 0);
    td_hist_record_n(&hist, 10, -7);
    assert_int_equal(hist.total, 2);
    assert_int_equal(hist.clipped, 4);
    assert_int_equal(hist.min, 0);
    assert_int_equal(hist.max, 1000);
    td_hist_reset(&hist);
    assert_int_equal(hist.total + hist.clipped, 0);
    assert_int_equal(td_hist_percentile(&hist, 100), 0);
    td_hist_release(&hist);
}

static void totals_do_not_overflow(void **state)
{
    struct td_hist hist = make(1, 1000, 3), twice = make(1, 2000, 3);
    (void)state;
    td_hist_record_n(&hist, 5, INT64_MAX - 1);
    td_hist_record_n(&hist, 6, 10);
    assert_int_equal(hist.total, INT64_MAX);
    assert_int_equal(hist.counts[6], 1);
    td_hist_add(&twice, &hist);
    td_hist_add(&twice, &hist);
    assert_int_equal(twice.total, INT64_MAX);
    assert_int_equal(td_hist_max(&twice), 6);
    assert_int_equal(td_hist_percentile(&twice, 50), 5);
    td_hist_release(&hist);
    td_hist_release(&twice);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* By definition: the high edge of the bucket that holds the sample of rank
 * ceil(p/100 * n). */
static void percentiles_by_brute_force(void **state)
{
    enum { N = 2000 };
    static const int64_t per_mille[] = {1,   10,  100, 250, 500,
                                        750, 900, 990, 999, 1000};
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t random = seed;
        int64_t values[N];
        struct td_hist hist = make(1 + (int64_t)(seed % 5) * 100,
                                   INT64_C(1) << 40, 1 + (int)(seed % 4));
        for (int i = 0; i < N; i++) {
            values[i] = random_value(&random, hist.highest);
            td_hist_record(&hist, values[i]);
        }
        qsort(values, N, sizeof values[0], by_value);
        for (size_t k = 0; k < sizeof per_mille / sizeof per_mille[0]; k++) {
            int64_t rank = (per_mille[k] * N + 999) / 1000;
            int32_t index = td_hist_index(&hist, values[rank - 1]);
            assert_int_equal(
                td_hist_percentile(&hist, (double)per_mille[k] / 10),
                td_hist_high(&hist, index));
        }
        assert_int_equal(hist.min, values[0]);
        assert_int_equal(hist.max, values[N - 1]);
        assert_int_equal(td_hist_percentile(&hist, 0),
                         td_hist_low(&hist, td_hist_index(&hist, values[0])));
        assert_int_equal(td_hist_max(&hist), td_hist_percentile(&hist, 100));
        assert_int_equal(td_hist_min(&hist), td_hist_percentile(&hist, 0));
        td_hist_release(&hist);
    }
}

static void rounding_does_not_add_a_rank(void **state)
{
    struct td_hist hist = make(1, 1000, 3);
    (void)state;
    for (int i = 1; i <= 7; i++)
        td_hist_record(&hist, i);
    for (int i = 1; i <= 7; i++)
        assert_int_equal(td_hist_percentile(&hist, 100.0 * i / 7), i);
    assert_int_equal(td_hist_percentile(&hist, -3), 1);
    assert_int_equal(td_hist_percentile(&hist, 200), 7);
    assert_int_equal(td_hist_percentile(&hist, (double)NAN), 1);
    td_hist_release(&hist);
}

static void mean_and_deviation_use_the_middles(void **state)
{
    struct td_hist hist = make(1, 1000000, 3);
    (void)state;
    td_hist_record_n(&hist, 10, 3);
    td_hist_record(&hist, 20);
    assert_true(fabs(td_hist_mean(&hist) - 12.5) < 1e-12);
    assert_true(fabs(td_hist_stddev(&hist) - sqrt(18.75)) < 1e-12);
    td_hist_reset(&hist);
    td_hist_record(&hist, 8001); /* bucket 8000..8003 */
    assert_true(td_hist_mean(&hist) == 8002);
    td_hist_release(&hist);
}

static void correction_fills_the_gap(void **state)
{
    struct td_hist hist = make(1, 100000, 5);
    (void)state;
    td_hist_record_corrected(&hist, 1000, 100);
    assert_int_equal(hist.total, 10);
    for (int64_t v = 100; v <= 1000; v += 100)
        assert_int_equal(hist.counts[td_hist_index(&hist, v)], 1);
    td_hist_reset(&hist);
    td_hist_record_corrected(&hist, 199, 100);
    assert_int_equal(hist.total, 1);
    td_hist_record_corrected(&hist, 1000, 0);
    assert_int_equal(hist.total, 2);
    td_hist_release(&hist);
}

static void adding_is_recording_both(void **state)
{
    struct td_hist a = make(1, 1000000, 3), b = make(1, 1000000, 3);
    struct td_hist both = make(1, 1000000, 3);
    uint64_t random = 7;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        int64_t v = random_value(&random, 1100000);
        td_hist_record(i % 3 ? &a : &b, v);
        td_hist_record(&both, v);
    }
    td_hist_add(&a, &b);
    assert_memory_equal(a.counts, both.counts,
                        (size_t)a.counts_len * sizeof *a.counts);
    assert_int_equal(a.total, both.total);
    assert_int_equal(a.clipped, both.clipped);
    assert_int_equal(a.min, both.min);
    assert_int_equal(a.max, both.max);
    td_hist_release(&a);
    td_hist_release(&b);
    td_hist_release(&both);
}

static void adding_other_shapes_loses_nothing(void **state)
{
    struct td_hist fine = make(1, 1000000, 4), coarse = make(16, 2000, 2);
    struct td_hist wide = make(1, INT64_C(1) << 40, 3);
    (void)state;
    td_hist_record(&fine, 1500);
    td_hist_record(&fine, 999999);
    td_hist_record_n(&fine, 3, 2);
    td_hist_add(&coarse, &fine);
    assert_int_equal(coarse.total, 3);
    assert_int_equal(coarse.clipped, 1);
    assert_int_equal(coarse.counts[td_hist_index(&coarse, 1500)], 1);
    assert_int_equal(coarse.counts[0], 2);
    td_hist_add(&wide, &coarse);
    td_hist_add(&wide, &fine);
    assert_int_equal(wide.total, 7);
    assert_int_equal(wide.clipped, 1);
    assert_true(td_hist_max(&wide) >= 999999);
    assert_int_equal(td_hist_min(&wide), 0);
    td_hist_release(&fine);
    td_hist_release(&coarse);
    td_hist_release(&wide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_tile_the_range),
        cmocka_unit_test(sizes_are_the_reference_s),
        cmocka_unit_test(bad_ranges_are_refused),
        cmocka_unit_test(an_empty_histogram_is_all_zero),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(totals_do_not_overflow),
        cmocka_unit_test(percentiles_by_brute_force),
        cmocka_unit_test(rounding_does_not_add_a_rank),
        cmocka_unit_test(mean_and_deviation_use_the_middles),
        cmocka_unit_test(correction_fills_the_gap),
        cmocka_unit_test(adding_is_recording_both),
        cmocka_unit_test(adding_other_shapes_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
