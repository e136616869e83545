#include "stat/hist.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const int64_t HOUR_NS = INT64_C(3600000000000);

static int floor_log2(int64_t value)
{
    return 63 - __builtin_clzll((unsigned long long)value);
}

/* 2 * 10^digits, rounded up to a power of two: the number of steps that one
 * bucket needs for its precision. */
static int sub_count_magnitude(int digits)
{
    int64_t steps = 2;
    for (int i = 0; i < digits; i++)
        steps *= 10;
    return floor_log2(steps - 1) + 1;
}

int32_t td_hist_buckets(const struct td_hist *hist)
{
    int64_t reach = hist->sub_count << hist->unit_magnitude;
    int32_t buckets = 1;
    while (reach <= hist->highest) {
        buckets++;
        if (reach > INT64_MAX / 2)
            break;
        reach <<= 1;
    }
    return buckets;
}

int td_hist_init(struct td_hist *hist, int64_t lowest, int64_t highest,
                 int digits, struct td_err *err)
{
    memset(hist, 0, sizeof *hist);
    if (digits < 1 || digits > 5)
        return td_err_set(err, TD_EINPUT,
                          "histogram: %d significant digits, want 1 to 5",
                          digits);
    if (lowest < 1 || highest / 2 < lowest)
        return td_err_set(err, TD_EINPUT,
                          "histogram: range %lld to %lld, want 1 <= lowest "
                          "and twice that <= highest",
                          (long long)lowest, (long long)highest);
    hist->lowest = lowest;
    hist->highest = highest;
    hist->digits = digits;
    hist->unit_magnitude = floor_log2(lowest);
    hist->sub_half_magnitude = sub_count_magnitude(digits) - 1;
    if (hist->unit_magnitude + hist->sub_half_magnitude > 61)
        return td_err_set(err, TD_EINPUT,
                          "histogram: lowest %lld is too large for %d digits",
                          (long long)lowest, digits);
    hist->sub_count = INT64_C(2) << hist->sub_half_magnitude;
    hist->sub_mask = (hist->sub_count - 1) << hist->unit_magnitude;
    hist->counts_len =
        (td_hist_buckets(hist) + 1) * (int32_t)(hist->sub_count / 2);
    hist->counts = td_xcalloc((size_t)hist->counts_len, sizeof *hist->counts);
    hist->min = INT64_MAX;
    return 0;
}

int td_hist_init_default(struct td_hist *hist)
{
    struct td_err err = TD_ERR_INIT;
    return td_hist_init(hist, 1, HOUR_NS, 3, &err);
}

void td_hist_release(struct td_hist *hist)
{
    free(hist->counts);
    memset(hist, 0, sizeof *hist);
}

void td_hist_reset(struct td_hist *hist)
{
    memset(hist->counts, 0, (size_t)hist->counts_len * sizeof *hist->counts);
    hist->total = hist->clipped = hist->max = 0;
    hist->min = INT64_MAX;
}

int64_t td_hist_low(const struct td_hist *hist, int32_t index)
{
    int32_t half = (int32_t)(hist->sub_count / 2);
    int bucket = (index >> hist->sub_half_magnitude) - 1;
    int64_t step = (index & (half - 1)) + half;
    if (bucket < 0) {
        step -= half;
        bucket = 0;
    }
    return step << (bucket + hist->unit_magnitude);
}

static int64_t width(const struct td_hist *hist, int32_t index)
{
    int bucket = (index >> hist->sub_half_magnitude) - 1;
    return INT64_C(1) << (hist->unit_magnitude + (bucket < 0 ? 0 : bucket));
}

int64_t td_hist_high(const struct td_hist *hist, int32_t index)
{
    return td_hist_low(hist, index) + (width(hist, index) - 1);
}

int64_t td_hist_mid(const struct td_hist *hist, int32_t index)
{
    return td_hist_low(hist, index) + width(hist, index) / 2;
}

/* What can still be added to sum before it overflows, at most n. */
static int64_t room(int64_t sum, int64_t n)
{
    return n < INT64_MAX - sum ? n : INT64_MAX - sum;
}

void td_hist_record_n(struct td_hist *hist, int64_t value, int64_t n)
{
    if (n <= 0)
        return;
    if (value < 0)
        value = 0;
    if (value > hist->highest) {
        hist->clipped += room(hist->clipped, n);
        return;
    }
    n = room(hist->total, n);
    hist->counts[td_hist_index(hist, value)] += n;
    hist->total += n;
    if (value < hist->min)
        hist->min = value;
    if (value > hist->max)
        hist->max = value;
}

void td_hist_record_corrected(struct td_hist *hist, int64_t value,
                              int64_t expected_interval)
{
    td_hist_record(hist, value);
    if (expected_interval <= 0)
        return;
    for (int64_t missing = value - expected_interval;
         missing >= expected_interval; missing -= expected_interval)
        td_hist_record(hist, missing);
}

static bool same_shape(const struct td_hist *a, const struct td_hist *b)
{
    return a->unit_magnitude == b->unit_magnitude &&
           a->sub_count == b->sub_count && a->highest >= b->highest;
}

/* The indices that can hold a count: [first, end). */
static int32_t first_used(const struct td_hist *hist)
{
    return hist->total ? td_hist_index(hist, hist->min) : 0;
}

static int32_t end_used(const struct td_hist *hist)
{
    return hist->total ? td_hist_index(hist, hist->max) + 1 : 0;
}

/* A bucket of another shape goes where its low edge lies, as in the Java
 * reference. */
static void add_reshaped(struct td_hist *to, const struct td_hist *from)
{
    int32_t end = end_used(from);
    for (int32_t i = first_used(from); i < end; i++)
        td_hist_record_n(to, td_hist_low(from, i), from->counts[i]);
}

static void add_same_shape(struct td_hist *to, const struct td_hist *from)
{
    int32_t end = end_used(from);
    for (int32_t i = first_used(from); i < end; i++) {
        int64_t n = room(to->total, from->counts[i]);
        to->counts[i] += n;
        to->total += n;
    }
    if (from->min < to->min)
        to->min = from->min;
    if (from->max > to->max)
        to->max = from->max;
}

void td_hist_add(struct td_hist *to, const struct td_hist *from)
{
    if (same_shape(to, from))
        add_same_shape(to, from);
    else
        add_reshaped(to, from);
    to->clipped += room(to->clipped, from->clipped);
}

/* The rank that a percentile asks for.  The step down before the product
 * keeps 100 * (n/N) from asking for rank n+1 (Java reference,
 * getValueAtPercentile). */
static int64_t rank_of(const struct td_hist *hist, double percentile)
{
    double below = nextafter(percentile, -INFINITY);
    double rank = ceil(fmin(fmax(below, 0), 100) * (double)hist->total / 100.0);
    if (rank < 1)
        return 1;
    return rank < (double)hist->total ? (int64_t)rank : hist->total;
}

int64_t td_hist_percentile(const struct td_hist *hist, double percentile)
{
    int64_t rank = rank_of(hist, percentile), seen = 0;
    int32_t end = end_used(hist);
    for (int32_t i = first_used(hist); i < end; i++) {
        seen += hist->counts[i];
        if (seen >= rank)
            return percentile > 0 ? td_hist_high(hist, i)
                                  : td_hist_low(hist, i);
    }
    return 0;
}

double td_hist_mean(const struct td_hist *hist)
{
    int32_t end = end_used(hist);
    double sum = 0;
    for (int32_t i = first_used(hist); i < end; i++)
        sum += (double)hist->counts[i] * (double)td_hist_mid(hist, i);
    return hist->total ? sum / (double)hist->total : 0;
}

double td_hist_stddev(const struct td_hist *hist)
{
    int32_t end = end_used(hist);
    double mean = td_hist_mean(hist), squares = 0;
    for (int32_t i = first_used(hist); i < end; i++) {
        double distance = (double)td_hist_mid(hist, i) - mean;
        squares += (double)hist->counts[i] * distance * distance;
    }
    return hist->total ? sqrt(squares / (double)hist->total) : 0;
}

int64_t td_hist_max(const struct td_hist *hist)
{
    return hist->total ? td_hist_high(hist, end_used(hist) - 1) : 0;
}

int64_t td_hist_min(const struct td_hist *hist)
{
    return hist->total ? td_hist_low(hist, first_used(hist)) : 0;
}
