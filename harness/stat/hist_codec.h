/*
 * hist_codec - HDR histograms in the V2 wire encoding (big-endian header,
 * ZigZag LEB128-64b9B payload), its zlib-compressed form, and base64.
 * The decoder takes bytes from strangers: every length is checked.
 */
#ifndef TD_STAT_HIST_CODEC_H
#define TD_STAT_HIST_CODEC_H

#include "base/buf.h"
#include "base/err.h"
#include "stat/hist.h"

/* Appends the compressed V2 encoding / its base64 (begins HISTFAAA). */
int td_hist_encode(const struct td_hist *hist, struct td_buf *out,
                   struct td_err *err);
int td_hist_encode_base64(const struct td_hist *hist, struct td_buf *out,
                          struct td_err *err);
/* *out is initialised by the call, and released again on failure; TD_EINPUT
 * on anything malformed.  The plain V2 form is understood too. */
int td_hist_decode(const void *data, size_t len, struct td_hist *out,
                   struct td_err *err);
int td_hist_decode_base64(const char *text, struct td_hist *out,
                          struct td_err *err);

#endif
