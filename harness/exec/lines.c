#include "exec/lines.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTE_MAX = 60 };

void td_lines_release(struct td_lines *lines)
{
    td_buf_release(&lines->buf);
}

void td_quote(struct td_buf *out, const char *data, size_t len)
{
    td_buf_addc(out, '"');
    for (size_t i = 0; i < len && i < QUOTE_MAX; i++) {
        unsigned char c = (unsigned char)data[i];
        if (isascii(c) && isprint(c))
            td_buf_addc(out, (char)c);
        else
            td_buf_addf(out, "\\x%02x", c);
    }
    td_buf_adds(out, len > QUOTE_MAX ? "…\"" : "\"");
}

static int refuse(struct td_err *err, const char *why, const char *data,
                  size_t len)
{
    struct td_buf quoted = TD_BUF_INIT;
    int rc;
    td_quote(&quoted, data, len);
    rc = td_err_set(err, TD_EPROTOCOL, "wrote %s on the control channel: %s",
                    why, td_buf_str(&quoted));
    td_buf_release(&quoted);
    return rc;
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\n') || c == 0x7f;
}

int td_lines_add(struct td_lines *lines, const char *data, size_t len,
                 struct td_err *err)
{
    size_t open = 0; /* length of the last, unfinished line */
    const char *text;
    for (size_t i = 0; i < len; i++)
        if (is_control(data[i]))
            return refuse(err, "garbage", data, len);
    td_buf_add(&lines->buf, data, len);
    text = td_buf_str(&lines->buf);
    for (size_t i = 0; i < lines->buf.len; i++) {
        open = text[i] == '\n' ? 0 : open + 1;
        if (open > TD_LINE_MAX)
            return refuse(err, "a line of more than 65536 bytes",
                          text + i + 1 - open, open);
    }
    return 0;
}

bool td_lines_ready(const struct td_lines *lines)
{
    return strchr(td_buf_str(&lines->buf), '\n') != NULL;
}

char *td_lines_take(struct td_lines *lines)
{
    const char *text = td_buf_str(&lines->buf);
    const char *newline = strchr(text, '\n');
    char *line;
    if (!newline)
        return NULL;
    line = td_xstrndup(text, (size_t)(newline - text));
    td_buf_consume(&lines->buf, (size_t)(newline - text) + 1);
    return line;
}

void td_tail_add(struct td_buf *tail, const char *data, size_t len)
{
    if (len > TD_TAIL_BYTES) {
        data += len - TD_TAIL_BYTES;
        len = TD_TAIL_BYTES;
    }
    td_buf_add(tail, data, len);
    if (tail->len > TD_TAIL_BYTES)
        td_buf_consume(tail, tail->len - TD_TAIL_BYTES);
}

/* Bytes of the UTF-8 character at p (RFC 3629), 0 if it is none. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
    size_t len = p[0] < 0x80   ? 1
                 : p[0] < 0xc2 ? 0
                 : p[0] < 0xe0 ? 2
                 : p[0] < 0xf0 ? 3
                 : p[0] < 0xf5 ? 4
                               : 0;
    if (len == 0 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return len;
}

static size_t clean_len(const char *p, size_t left)
{
    if (is_control(*p) && *p != '\t')
        return 0;
    return utf8_len((const unsigned char *)p, left);
}

void td_text_clean(char *text, size_t len)
{
    size_t i = 0;
    while (i < len) {
        size_t n = clean_len(text + i, len - i);
        if (n == 0)
            text[i] = '?';
        i += n ? n : 1;
    }
}

bool td_text_is_clean(const char *text)
{
    size_t i = 0, len = strlen(text);
    while (i < len) {
        size_t n = clean_len(text + i, len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}
