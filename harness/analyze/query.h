/*
 * query - what `tandem analyze` is asked: a checked struct of JSON.
 *
 * One table (query_fields.c) says every field's name, type, bounds and which
 * kinds of request have it; README.md beside this file is its counterpart for
 * users.  What has been read is sound: lengths agree, numbers are finite and
 * within their bounds, nothing that is required is missing.
 */
#ifndef TD_ANALYZE_QUERY_H
#define TD_ANALYZE_QUERY_H

#include "analyze/json_reader.h"

/* One bit each: a field may belong to several. */
enum td_query_kind {
    TD_QUERY_COMPARISON = 1,
    TD_QUERY_SERIES = 2,
    TD_QUERY_QUANTILES = 4,
    TD_QUERY_GROWTH = 8,
    TD_QUERY_CASES = 16
};

struct td_numbers {
    double *at;
    size_t count, cap;
};

/* One array of numbers an invocation, end to end; never empty ones. */
struct td_invocations {
    struct td_numbers values;
    struct td_numbers ends; /* where each one ends in values */
};
size_t td_invocations_count(const struct td_invocations *all);
/* The samples of one; *count of them. */
const double *td_invocation(const struct td_invocations *all, size_t index,
                            size_t *count);

enum td_query_order { TD_ORDER_INTERLEAVED, TD_ORDER_SEQUENTIAL };
enum td_series_kind { TD_SERIES_WARMUP, TD_SERIES_HISTORY };

struct td_query {
    enum td_query_kind kind;
    uint64_t given; /* bit i: row i of the field table was there */
    double confidence, threshold;
    uint64_t seed;
    bool paired, adaptive, truncate;
    int order, series_kind;
    struct td_invocations a, b, aa;
    struct td_numbers first; /* of each pair: 0, a's turn came first; 1, b's */
    struct td_numbers series, samples, quantiles, sizes, times;
    struct td_buf npy;
};

void td_query_init(struct td_query *request);
void td_query_release(struct td_query *request);

/* Called for each element of "cases" as soon as it is read; the request lives
 * until the call returns. */
typedef int td_query_case_fn(struct td_reader *reader, struct td_query *request,
                             void *context);

/* Reads one request, the next value; out must be in its initial state, and is
 * to be released in any case.  Of kind TD_QUERY_CASES nothing is left in
 * out: the cases have gone through fn. */
int td_query_read(struct td_reader *reader, struct td_query *out,
                  td_query_case_fn *fn, void *context);

#endif
