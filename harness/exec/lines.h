/*
 * lines - from the bytes of a channel to its lines, and text that came from
 * outside made fit to be shown.
 *
 * A line is at most TD_LINE_MAX bytes without its newline, and holds no
 * control characters: whatever does is garbage, and is refused as soon as it
 * is seen rather than when a newline happens to come.
 */
#ifndef TD_EXEC_LINES_H
#define TD_EXEC_LINES_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

enum { TD_LINE_MAX = 65536, TD_TAIL_BYTES = 4096 };

struct td_lines {
    struct td_buf buf;
};

void td_lines_release(struct td_lines *lines);
/* Takes in bytes.  TD_EPROTOCOL, quoting them, when they cannot be part of a
 * line; what was complete before stays readable. */
int td_lines_add(struct td_lines *lines, const char *data, size_t len,
                 struct td_err *err);
bool td_lines_ready(const struct td_lines *lines);
/* The first whole line, without newline, malloc'd; NULL when there is none. */
char *td_lines_take(struct td_lines *lines);

/* At most 60 bytes as "text" with \xNN for what is not printable. */
void td_quote(struct td_buf *out, const char *data, size_t len);
/* Keeps the last TD_TAIL_BYTES of what was added. */
void td_tail_add(struct td_buf *tail, const char *data, size_t len);
/* Control characters and bytes that are not UTF-8 become '?'. */
void td_text_clean(char *text, size_t len);
bool td_text_is_clean(const char *text);

#endif
