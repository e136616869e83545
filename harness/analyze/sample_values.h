/*
 * sample_values - numbers from NumPy files, and many numbers in order.
 */
#ifndef TD_ANALYZE_SAMPLE_VALUES_H
#define TD_ANALYZE_SAMPLE_VALUES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct td_sample_values {
    double *at;
    size_t count;
    size_t first; /* first iterations, which were left out */
};
void td_sample_values_release(struct td_sample_values *values);

/*
 * Reads a sample file of a run (store/samples.h; the value is the time of one
 * operation in ns, first iterations are left out) or a one-dimensional array
 * of finite little-endian float64.  *out is initialised by the call and to be
 * released in any case.
 */
int td_sample_values_read(const char *path, struct td_sample_values *out,
                          struct td_err *err);

/* Ascending; finite numbers only.  By radix, 11 bits a pass: 10 million take a
 * fifth of qsort's time. */
void td_sort_ascending(double *x, size_t n);

#endif
