/*
 * hist - HDR histogram (high dynamic range; G. Tene): counts of whole
 * numbers at a fixed relative precision, in constant memory.
 *
 * Values are nanoseconds here.  A value above `highest` is counted as
 * clipped, never lost in silence.  Invariant: the counts add up to total,
 * and none lies outside index(min)..index(max).  Pure: no input or output,
 * no clock.
 */
#ifndef TD_STAT_HIST_H
#define TD_STAT_HIST_H

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

struct td_hist {
    int64_t lowest, highest;
    int digits;
    int unit_magnitude;     /* u = floor(log2 lowest) */
    int sub_half_magnitude; /* h */
    int64_t sub_count, sub_mask;
    int32_t counts_len;
    int64_t *counts;
    int64_t total; /* recorded values, clipped ones not counted */
    int64_t clipped;
    /* Exact for what was recorded here, to the bucket for what was decoded or
     * added from another shape; INT64_MAX and 0 while empty. */
    int64_t min, max;
};

/* Range 1 ns to 1 h, 3 significant digits: the project's default. */
int td_hist_init_default(struct td_hist *hist);
/* 1 <= lowest, 2*lowest <= highest, 1 <= digits <= 5; TD_EINPUT otherwise. */
int td_hist_init(struct td_hist *hist, int64_t lowest, int64_t highest,
                 int digits, struct td_err *err);
void td_hist_release(struct td_hist *hist);
void td_hist_reset(struct td_hist *hist);

/* The counter that value >= 0 belongs to. */
static inline int32_t td_hist_index(const struct td_hist *hist, int64_t value)
{
    int h = hist->sub_half_magnitude, u = hist->unit_magnitude;
    unsigned long long bits = (unsigned long long)(value | hist->sub_mask);
    int bucket = 64 - __builtin_clzll(bits) - u - (h + 1);
    int64_t step = value >> (bucket + u);
    return (int32_t)(((bucket + 1) << h) + step - hist->sub_count / 2);
}
/* Outer edges and middle of the bucket that an index stands for. */
int64_t td_hist_low(const struct td_hist *hist, int32_t index);
int64_t td_hist_high(const struct td_hist *hist, int32_t index);
int64_t td_hist_mid(const struct td_hist *hist, int32_t index);

/* value < 0 counts as 0.  Inline: it stands in measuring loops. */
static inline void td_hist_record(struct td_hist *hist, int64_t value)
{
    if (value < 0)
        value = 0;
    if (value > hist->highest) {
        hist->clipped++;
        return;
    }
    hist->counts[td_hist_index(hist, value)]++;
    hist->total++;
    if (value < hist->min)
        hist->min = value;
    if (value > hist->max)
        hist->max = value;
}
/* n <= 0 records nothing; the total stops at INT64_MAX. */
void td_hist_record_n(struct td_hist *hist, int64_t value, int64_t n);
/* Also records value-I, value-2I … >= I (coordinated-omission correction). */
void td_hist_record_corrected(struct td_hist *hist, int64_t value,
                              int64_t expected_interval);
/* Adds all of from; ranges may differ. */
void td_hist_add(struct td_hist *to, const struct td_hist *from);

/* percentile in [0, 100]; the Java reference's definition. 0 when empty. */
int64_t td_hist_percentile(const struct td_hist *hist, double percentile);
double td_hist_mean(const struct td_hist *hist);
double td_hist_stddev(const struct td_hist *hist);
/* Outer edges of the highest and lowest bucket in use; 0 when empty. */
int64_t td_hist_max(const struct td_hist *hist);
int64_t td_hist_min(const struct td_hist *hist);
/* Number of powers of two covered (the "Buckets" of an .hgrm). */
int32_t td_hist_buckets(const struct td_hist *hist);

#endif
