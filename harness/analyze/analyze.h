/*
 * analyze - the statistics for anybody's data: a JSON request in, a JSON
 * answer out.  README.md in this directory has every field.
 *
 * Pure but for sample files that a request names.  The same request gives the
 * same bytes.
 */
#ifndef TD_ANALYZE_ANALYZE_H
#define TD_ANALYZE_ANALYZE_H

#include "base/buf.h"
#include "base/err.h"

/* Appends the answer to text[0..len) (text[len] must be '\0') and a newline.
 * On an error nothing is appended; TD_EINPUT with the JSON path in front. */
int td_analyze(const char *text, size_t len, struct td_buf *out,
               struct td_err *err);

#endif
