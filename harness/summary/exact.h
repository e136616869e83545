/*
 * exact - order statistics of sample files of any length, exactly, in
 * constant memory, by radix, 16 bits a pass (four passes).  Up to
 * TD_EXACT_BUFFER samples are read once and held; more are read in every pass.
 *
 * A sample's value is the time of one operation: duration / loops, in ns.
 * Samples of one invocation are not independent: the interval of its p99 is
 * as if they were.
 */
#ifndef TD_SUMMARY_EXACT_H
#define TD_SUMMARY_EXACT_H

#include "base/err.h"
#include "stat/interval.h"
#include "store/samples.h"

enum {
    TD_EXACT_BUFFER = 1 << 20, /* samples that are held at once: 8 MiB */
    TD_EXACT_RANKS = 5         /* order statistics found in one go, at most */
};

/* Rows of one file, in stretches. */
struct td_rows {
    const char *path; /* borrowed */
    struct td_span {
        uint64_t first, count;
    } * at;
    size_t nspans, cap;
    uint64_t count; /* of all spans */
};

/* Adjoining stretches become one. */
void td_rows_add(struct td_rows *rows, uint64_t first, uint64_t count);
void td_rows_release(struct td_rows *rows);

int td_rows_read(const struct td_rows *rows, td_samples_fn *fn, void *context,
                 struct td_err *err);

/* out[i] = the ranks[i]-th smallest value (0-based, < rows->count). */
int td_rows_select(const struct td_rows *rows, const uint64_t *ranks,
                   size_t nranks, double *out, struct td_err *err);

struct td_order {
    double median;        /* mean of the middle two when there is no middle
                             one; NAN when empty */
    struct td_figure p99; /* between the two ranks that bound it; unknown
                             where no two do */
};
int td_rows_order(const struct td_rows *rows, double confidence,
                  struct td_order *out, struct td_err *err);

/* The ceil(p n)-th smallest, between the two ranks that bound it; unknown
 * where no two do.  0 < p < 1. */
int td_rows_quantile(const struct td_rows *rows, double p, double confidence,
                     struct td_figure *out, struct td_err *err);

double td_sample_value(const struct td_sample *sample);

#endif
