/*
 * hist_file - histograms on disk: .hlog (interval log, version 1.3) and
 * .hgrm (percentile distribution), as HdrHistogram's own tools read them.
 */
#ifndef TD_STORE_HIST_FILE_H
#define TD_STORE_HIST_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "stat/hist.h"

/* The header of an .hlog.  wall_s: seconds since the epoch of the time that
 * start stamps count from (BaseTime); comment may be NULL. */
void td_hlog_header(struct td_buf *out, const char *comment, double wall_s);
/* One interval line, seconds since BaseTime; max in ms. */
int td_hlog_interval(struct td_buf *out, double start_s, double length_s,
                     const struct td_hist *hist, struct td_err *err);
/* The percentile distribution; values divided by scale (1e6: ms), 5 ticks a
 * half distance. */
void td_hgrm(struct td_buf *out, const struct td_hist *hist, double scale);

/* Reads an .hlog's untagged intervals into one histogram (added up) and
 * counts them; TD_EINPUT with file:line.  *sum is initialised by the call
 * (as wide as the widest interval) and released again on failure. */
int td_hlog_read(const char *path, struct td_hist *sum, size_t *intervals,
                 struct td_err *err);

#endif
