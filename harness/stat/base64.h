/* base64 - RFC 4648, standard alphabet, padded, no line breaks. */
#ifndef TD_STAT_BASE64_H
#define TD_STAT_BASE64_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

void td_base64_encode(const void *data, size_t len, struct td_buf *out);
/* TD_EINPUT unless text is whole groups of four. */
int td_base64_decode(const char *text, size_t len, struct td_buf *out,
                     struct td_err *err);

#endif
