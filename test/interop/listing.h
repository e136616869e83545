/*
 * listing - what files hold, as plain JSON that other programs' readings of
 * the same files are compared with.
 */
#ifndef TD_TEST_LISTING_H
#define TD_TEST_LISTING_H

#include "base/err.h"
#include "stat/hist.h"

#include <jansson.h>
#include <stdint.h>

/* Range, total, outer edges, mean, some percentiles and every count with
 * the low edge of its bucket. */
json_t *listing_of_hist(const struct td_hist *hist);

/* Row count and, for each field, two sums modulo 2^64 (of the values; of the
 * values times their row number from 1) as decimal strings. */
json_t *listing_of_samples(const char *path, struct td_err *err);

#endif
