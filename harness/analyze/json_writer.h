/*
 * json_writer - a jansson tree as text, compact, each number with the fewest
 * digits that read back as the same double (jansson writes all 17).
 */
#ifndef TD_ANALYZE_JSON_WRITER_H
#define TD_ANALYZE_JSON_WRITER_H

#include "base/buf.h"

#include <jansson.h>

/* Appends it; members in the order in which they were set. */
void td_json_write(struct td_buf *out, json_t *value);

#endif
