#include "listing.h"

#include "store/samples.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIELDS = 6 };

static const char *const FIELD_NAMES[FIELDS] = {
    "invocation", "batch", "start_ns", "duration_ns", "loops", "flags"};

static const double PERCENTILES[] = {0, 1, 50, 90, 99, 99.9, 99.99, 100};

json_t *listing_of_hist(const struct td_hist *hist)
{
    json_t *counts = json_array(), *percentiles = json_array();
    for (int32_t i = 0; i < hist->counts_len; i++)
        if (hist->counts[i])
            json_array_append_new(
                counts, json_pack("[I,I]", (json_int_t)td_hist_low(hist, i),
                                  (json_int_t)hist->counts[i]));
    for (size_t i = 0; i < sizeof PERCENTILES / sizeof PERCENTILES[0]; i++)
        json_array_append_new(
            percentiles,
            json_pack("[f,I]", PERCENTILES[i],
                      (json_int_t)td_hist_percentile(hist, PERCENTILES[i])));
    return json_pack("{s:I, s:I, s:i, s:I, s:I, s:I, s:f, s:o, s:o}", "lowest",
                     (json_int_t)hist->lowest, "highest",
                     (json_int_t)hist->highest, "digits", hist->digits, "total",
                     (json_int_t)hist->total, "min",
                     (json_int_t)td_hist_min(hist), "max",
                     (json_int_t)td_hist_max(hist), "mean", td_hist_mean(hist),
                     "percentiles", percentiles, "counts", counts);
}

struct sums {
    uint64_t rows, plain[FIELDS], weighted[FIELDS];
};

static int add_up(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct sums *sums = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        const uint64_t field[FIELDS] = {rows[i].invocation, rows[i].batch,
                                        rows[i].start_ns,   rows[i].duration_ns,
                                        rows[i].loops,      rows[i].flags};
        sums->rows++;
        for (int f = 0; f < FIELDS; f++) {
            sums->plain[f] += field[f];
            sums->weighted[f] += field[f] * sums->rows;
        }
    }
    return 0;
}

json_t *listing_of_samples(const char *path, struct td_err *err)
{
    struct sums sums = {0};
    uint64_t rows;
    json_t *fields;
    if (td_samples_count(path, &rows, err) ||
        td_samples_read(path, 0, rows, add_up, &sums, err))
        return NULL;
    fields = json_object();
    for (int f = 0; f < FIELDS; f++) {
        char plain[24], weighted[24];
        snprintf(plain, sizeof plain, "%" PRIu64, sums.plain[f]);
        snprintf(weighted, sizeof weighted, "%" PRIu64, sums.weighted[f]);
        json_object_set_new(fields, FIELD_NAMES[f],
                            json_pack("[s,s]", plain, weighted));
    }
    return json_pack("{s:I, s:o}", "rows", (json_int_t)sums.rows, "fields",
                     fields);
}
