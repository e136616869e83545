/*
 * write_samples DIR: writes histograms and raw samples of many kinds into
 * DIR, and to standard output a listing of what they hold.
 */
#include "base/files.h"
#include "listing.h"
#include "store/hist_file.h"
#include "store/samples.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERVALS = 5, PER_INTERVAL = 4000, SAMPLES = 10001 };

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

/* Positive and skewed, median 1 ms, as latencies are. */
static int64_t latency(uint64_t *state)
{
    double a = uniform(state), b = uniform(state);
    double normal = sqrt(-2 * log(a)) * cos(6.283185307179586 * b);
    return (int64_t)(1e6 * exp(normal));
}

typedef void fill_fn(struct td_hist *hist, int interval, uint64_t *state);

static void fill_latency(struct td_hist *hist, int interval, uint64_t *state)
{
    for (int i = 0; i < PER_INTERVAL * (interval + 1); i++)
        td_hist_record(hist, latency(state));
}

static void fill_spread(struct td_hist *hist, int interval, uint64_t *state)
{
    (void)interval;
    for (int i = 0; i < PER_INTERVAL; i++)
        td_hist_record(hist,
                       (int64_t)pow((double)hist->highest, uniform(state)));
}

static void fill_edges(struct td_hist *hist, int interval, uint64_t *state)
{
    (void)state;
    for (int64_t v = 1; v / 2 < hist->highest / 2; v *= 2)
        for (int64_t d = -1; d <= 1; d++)
            td_hist_record_n(hist, v + d, interval + 1);
    td_hist_record(hist, hist->highest);
}

static void fill_nothing(struct td_hist *hist, int interval, uint64_t *state)
{
    (void)hist;
    (void)interval;
    (void)state;
}

static void fill_one(struct td_hist *hist, int interval, uint64_t *state)
{
    (void)state;
    td_hist_record(hist, 1000 * interval);
}

static void fill_corrected(struct td_hist *hist, int interval, uint64_t *state)
{
    for (int i = 0; i < 100; i++)
        td_hist_record_corrected(hist, latency(state) * (interval + 1), 100000);
}

/* Counts of every length in the encoding that a double still holds. */
static void fill_counts(struct td_hist *hist, int interval, uint64_t *state)
{
    (void)state;
    for (int bit = 0; bit < 45; bit++)
        td_hist_record_n(hist, 3 * bit + interval, INT64_C(1) << bit);
}

static void fill_huge_counts(struct td_hist *hist, int interval,
                             uint64_t *state)
{
    (void)state;
    for (int bit = 50; bit < 59; bit++)
        td_hist_record_n(hist, 3 * bit + interval, INT64_C(1) << bit);
}

static const struct {
    const char *name;
    int64_t lowest, highest;
    int digits;
    fill_fn *fill;
    bool beyond_double; /* counts that JavaScript cannot hold */
} KINDS[] = {
    {"latency", 1, INT64_C(3600000000000), 3, fill_latency, false},
    {"spread", 1, INT64_C(3600000000000), 3, fill_spread, false},
    {"coarse", 1, INT64_C(3600000000000), 1, fill_spread, false},
    {"fine", 1, 10000000, 5, fill_spread, false},
    {"microseconds", 1000, INT64_C(3600000000000), 2, fill_spread, false},
    {"edges", 1, INT64_C(3600000000000), 3, fill_edges, false},
    {"narrow", 1, 2, 3, fill_edges, false},
    {"empty", 1, INT64_C(3600000000000), 3, fill_nothing, false},
    {"one", 1, INT64_C(3600000000000), 3, fill_one, false},
    {"corrected", 1, INT64_C(3600000000000), 3, fill_corrected, false},
    {"counts", 1, 1000000, 3, fill_counts, false},
    {"huge-counts", 1, 1000000, 3, fill_huge_counts, true},
};

static int save(const char *dir, const char *name, const char *extension,
                const struct td_buf *text, struct td_err *err)
{
    char *path = td_xasprintf("%s/%s.%s", dir, name, extension);
    int rc = td_file_write_atomic(path, td_buf_str(text), text->len, err);
    free(path);
    return rc;
}

/* The log of kind k, its intervals listed and added up. */
static int write_log(const char *dir, size_t k, struct td_hist *sum,
                     json_t *listed, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_hist one;
    uint64_t state = k + 1;
    int rc = td_hist_init(&one, KINDS[k].lowest, KINDS[k].highest,
                          KINDS[k].digits, err);
    td_hlog_header(&text, KINDS[k].name, 1700000000.5);
    for (int i = 0; !rc && i < INTERVALS; i++) {
        td_hist_reset(&one);
        KINDS[k].fill(&one, i, &state);
        td_hist_add(sum, &one);
        json_array_append_new(listed, listing_of_hist(&one));
        rc = td_hlog_interval(&text, i * 0.25, 0.25, &one, err);
    }
    if (!rc)
        rc = save(dir, KINDS[k].name, "hlog", &text, err);
    td_hist_release(&one);
    td_buf_release(&text);
    return rc;
}

static int write_kind(const char *dir, size_t k, json_t *listing,
                      struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_hist sum;
    json_t *intervals = json_array();
    int rc = td_hist_init(&sum, KINDS[k].lowest, KINDS[k].highest,
                          KINDS[k].digits, err);
    if (!rc)
        rc = write_log(dir, k, &sum, intervals, err);
    td_hgrm(&text, &sum, 1e6);
    if (!rc)
        rc = save(dir, KINDS[k].name, "hgrm", &text, err);
    json_array_append_new(
        listing, json_pack("{s:s, s:b, s:o, s:o}", "name", KINDS[k].name,
                           "beyond_double", KINDS[k].beyond_double, "intervals",
                           intervals, "sum", listing_of_hist(&sum)));
    td_hist_release(&sum);
    td_buf_release(&text);
    return rc;
}

static int write_rows(const char *dir, json_t *listing, struct td_err *err)
{
    char *path = td_xasprintf("%s/samples.npy", dir);
    struct td_samples samples;
    uint64_t state = 99, now = UINT64_C(1) << 63;
    int rc = td_samples_open(&samples, path, err);
    for (uint32_t i = 0; !rc && i < SAMPLES; i++) {
        struct td_sample row = {
            i / 1000, i / 100, now, (uint64_t)latency(&state), 1 + i % 3, 0};
        now += row.duration_ns;
        rc = td_samples_append(&samples, &row, 1, err);
    }
    if (!rc)
        rc = td_samples_close(&samples, err);
    if (!rc)
        json_object_set_new(listing, "samples", listing_of_samples(path, err));
    free(path);
    return rc;
}

int main(int argc, char **argv)
{
    struct td_err err = TD_ERR_INIT;
    json_t *kinds = json_array(), *all = json_object();
    int rc = argc == 2 ? td_dir_make(argv[1], &err)
                       : td_err_set(&err, TD_EUSAGE, "write_samples DIR");
    for (size_t k = 0; !rc && k < sizeof KINDS / sizeof KINDS[0]; k++)
        rc = write_kind(argv[1], k, kinds, &err);
    json_object_set_new(all, "histograms", kinds);
    if (!rc)
        rc = write_rows(argv[1], all, &err);
    if (rc)
        fprintf(stderr, "write_samples: %s\n", err.msg);
    else
        rc = json_dumpf(all, stdout, JSON_COMPACT);
    json_decref(all);
    return rc ? 1 : 0;
}
