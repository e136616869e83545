#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p)
{
    if (!p) {
        fputs("tandem: out of memory\n", stderr);
        exit(6);
    }
    return p;
}

void *td_xmalloc(size_t size)
{
    return or_die(malloc(size ? size : 1));
}

void *td_xcalloc(size_t count, size_t size)
{
    return or_die(calloc(count ? count : 1, size ? size : 1));
}

void *td_xrealloc(void *old, size_t size)
{
    return or_die(realloc(old, size ? size : 1));
}

char *td_xstrdup(const char *text)
{
    return or_die(strdup(text));
}

char *td_xstrndup(const char *text, size_t len)
{
    return or_die(strndup(text, len));
}

char *td_xasprintf(const char *fmt, ...)
{
    struct td_buf buf = TD_BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    td_buf_vaddf(&buf, fmt, ap);
    va_end(ap);
    return td_buf_detach(&buf);
}

void td_buf_init(struct td_buf *buf)
{
    *buf = (struct td_buf)TD_BUF_INIT;
}

void td_buf_release(struct td_buf *buf)
{
    free(buf->data);
    td_buf_init(buf);
}

void td_buf_clear(struct td_buf *buf)
{
    buf->len = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

void td_buf_reserve(struct td_buf *buf, size_t more)
{
    size_t want = buf->len + more + 1;
    if (want <= buf->cap)
        return;
    if (want < buf->cap * 2)
        want = buf->cap * 2;
    if (want < 64)
        want = 64;
    buf->data = td_xrealloc(buf->data, want);
    buf->cap = want;
}

void td_buf_add(struct td_buf *buf, const void *data, size_t len)
{
    td_buf_reserve(buf, len);
    if (len)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void td_buf_adds(struct td_buf *buf, const char *text)
{
    td_buf_add(buf, text, strlen(text));
}

void td_buf_addc(struct td_buf *buf, char c)
{
    td_buf_add(buf, &c, 1);
}

void td_buf_vaddf(struct td_buf *buf, const char *fmt, va_list ap)
{
    va_list again;
    int len;
    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    if (len > 0) {
        td_buf_reserve(buf, (size_t)len);
        vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void td_buf_addf(struct td_buf *buf, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    td_buf_vaddf(buf, fmt, ap);
    va_end(ap);
}

void td_buf_consume(struct td_buf *buf, size_t n)
{
    if (!n)
        return;
    memmove(buf->data, buf->data + n, buf->len - n + 1);
    buf->len -= n;
}

const char *td_buf_str(const struct td_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *td_buf_detach(struct td_buf *buf)
{
    char *text = buf->data ? buf->data : td_xstrdup("");
    td_buf_init(buf);
    return text;
}
