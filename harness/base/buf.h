/*
 * buf - a growing byte string, always NUL-terminated.
 *
 * td_buf_init / td_buf_release (frees, safe on the initial state) /
 * td_buf_clear (empties, keeps the memory).  td_buf_detach gives the string
 * away: the caller frees it.  Running out of memory ends the program with
 * exit code 6 (td_xmalloc and friends): tandem cannot measure on a machine
 * that has no memory left.
 */
#ifndef TD_BASE_BUF_H
#define TD_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct td_buf {
    char *data; /* never NULL after the first add; see td_buf_str */
    size_t len;
    size_t cap;
};

#define TD_BUF_INIT                                                            \
    {                                                                          \
        NULL, 0, 0                                                             \
    }

void td_buf_init(struct td_buf *buf);
void td_buf_release(struct td_buf *buf);
void td_buf_clear(struct td_buf *buf);
void td_buf_reserve(struct td_buf *buf, size_t more);
void td_buf_add(struct td_buf *buf, const void *data, size_t len);
void td_buf_adds(struct td_buf *buf, const char *text);
void td_buf_addc(struct td_buf *buf, char c);
void td_buf_addf(struct td_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void td_buf_vaddf(struct td_buf *buf, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Removes the first n bytes. */
void td_buf_consume(struct td_buf *buf, size_t n);
/* The text, "" when empty; valid until the next call that changes buf. */
const char *td_buf_str(const struct td_buf *buf);
char *td_buf_detach(struct td_buf *buf);

/* Allocation that does not return NULL. */
void *td_xmalloc(size_t size);
void *td_xcalloc(size_t count, size_t size);
void *td_xrealloc(void *old, size_t size);
char *td_xstrdup(const char *text);
char *td_xstrndup(const char *text, size_t len);
char *td_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
