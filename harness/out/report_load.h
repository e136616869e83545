/*
 * report_load - what a load found, as text, as JSON and as histograms.
 *
 * Percentiles are those of the histograms themselves (the Java reference's
 * definition, no greater than the exact maximum).  Text shows a dash where
 * there are too few requests to put an interval around a percentile; JSON has
 * the figure all the same, beside the count and a list of those percentiles.
 */
#ifndef TD_OUT_REPORT_LOAD_H
#define TD_OUT_REPORT_LOAD_H

#include "base/json.h"
#include "load/load.h"

struct td_load_report {
    const char *url;
    const char *method; /* NULL: a mix */
    const struct td_load_plan *plan;
    const struct td_load_result *result;
};

/* A few lines and one table. */
void td_load_text(const struct td_load_report *report, struct td_buf *out);

/* The keys are in results/FORMAT.md; a new reference. */
json_t *td_load_json(const struct td_load_report *report);

/* One row of JSON: percentiles in ms, null where there is no value; a new
 * reference. */
json_t *td_load_hist_json(const struct td_hist *hist);

/* percentile (0..100) in ns, with clipped values as the largest; 0 when
 * empty. */
int64_t td_load_percentile(const struct td_hist *hist, double percentile);

/* An .hlog: latency in an untagged line, Tag=service and Tag=send-lag behind
 * it.  wall_s: seconds since the epoch when the measured time began. */
int td_load_hlog(const struct td_load_report *report, double wall_s,
                 struct td_buf *out, struct td_err *err);

/* Whether there are enough values to put a 95 % interval around it. */
bool td_load_carries(const struct td_hist *hist, double percentile);

/* A rate for reading: "12,300", "998.2", "12.5". */
void td_load_rate_print(double rate, struct td_buf *out);

/* "1 s  998/s  p50 0.21 ms  p99 1.3 ms  errors 0" */
void td_load_live_text(const struct td_load_live *live, struct td_buf *out);

#endif
