/* A whole head in one buffer, a block of bytes at a time. */
#include "load/response_block.h"
#include "load/response_parts.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the bytes are this word of letters and hyphens, in any case.  Bit 5
 * makes an upper-case letter lower case and turns nothing else but a control
 * byte, which no caller has, into a letter or a hyphen. */
static inline bool same_word(const char *bytes, const char *lower, size_t len)
{
    size_t at = 0;
    for (; at + 8 <= len; at += 8)
        if ((td_word_load(bytes + at) | TD_BYTES(0x20)) !=
            td_word_load(lower + at))
            return false;
    for (; at < len; at++)
        if ((bytes[at] | 0x20) != lower[at])
            return false;
    return true;
}

#define IS_WORD(bytes, len, lower)                                             \
    ((len) == sizeof(lower) - 1 &&                                             \
     same_word((bytes), (lower), sizeof(lower) - 1))

enum td_response_header td_response_header_of(const char *name, size_t len)
{
    if (IS_WORD(name, len, "content-length"))
        return TD_HEADER_LENGTH;
    if (IS_WORD(name, len, "connection"))
        return TD_HEADER_CONNECTION;
    if (IS_WORD(name, len, "transfer-encoding"))
        return TD_HEADER_CODING;
    return TD_HEADER_OTHER;
}

/* "HTTP/1.1 200 OK", of text alone. */
static bool read_status_line(struct td_response *r, const char *p,
                             const char *eol)
{
    enum { SHORTEST = sizeof "HTTP/1.1 200 " - 1 };
    if (eol - p < SHORTEST || memcmp(p, "HTTP/1.", 7) != 0 || p[8] != ' ' ||
        p[12] != ' ')
        return false;
    if (!is_digit(p[7]) || !is_digit(p[9]) || p[9] == '0' || !is_digit(p[10]) ||
        !is_digit(p[11]))
        return false;
    r->minor = p[7] - '0';
    r->status = (p[9] - '0') * 100 + (p[10] - '0') * 10 + p[11] - '0';
    return true;
}

/* Any value, by the machine's own rules. */
static bool read_value(struct td_response *r, enum td_response_header name,
                       const char *p, const char *end)
{
    td_response_value_begin(r, name);
    for (; p < end; p++)
        if (!td_response_value_byte(r, (unsigned char)*p))
            return false;
    return td_response_value_end(r);
}

/* A first length of so few digits that it is within bounds. */
static bool read_plain_length(struct td_response *r, const char *p, size_t len)
{
    enum { DIGITS = 12 };
    uint64_t number = 0;
    if (len < 1 || len > DIGITS || r->header.length_known)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(p[i]))
            return false;
        number = number * 10 + (uint64_t)(p[i] - '0');
    }
    r->header.length_known = true;
    r->header.length = number;
    return true;
}

/* The values that nearly all responses have; false: nothing was changed. */
static bool read_plain_value(struct td_response *r,
                             enum td_response_header name, const char *p,
                             size_t len)
{
    if (name == TD_HEADER_LENGTH)
        return read_plain_length(r, p, len);
    if (name == TD_HEADER_CODING) {
        if (r->header.coding_seen || !IS_WORD(p, len, "chunked"))
            return false;
        r->header.coding_seen = r->header.chunked = true;
        return true;
    }
    if (IS_WORD(p, len, "keep-alive"))
        return r->header.keep = true;
    return IS_WORD(p, len, "close") && (r->header.close = true);
}

/* end: of the data, beyond the line's. */
static inline const char *find_name_end(const char *p, const char *end)
{
    if (end - p > TD_BLOCK) {
        p += td_block_name(p);
        if (*p == ':')
            return p;
    }
    while (p < end && td_response_is_token((unsigned char)*p))
        p++;
    return p;
}

/* A line of text alone, not empty. */
static inline bool read_header(struct td_response *r, const char *p,
                               const char *eol, const char *end)
{
    const char *colon = find_name_end(p, end);
    enum td_response_header header;
    size_t blank;
    if (*colon != ':' || colon == p)
        return false;
    header = td_response_header_of(p, (size_t)(colon - p));
    if (header == TD_HEADER_OTHER)
        return true;
    p = colon + 1;
    blank = p < eol && *p == ' ';
    return read_plain_value(r, header, p + blank, (size_t)(eol - p) - blank) ||
           read_value(r, header, p, eol);
}

enum { GO_ON, HEAD_ENDS, LEAVE_IT };

struct head_reader {
    struct td_response *r;
    const char *line; /* the one under way */
    const char *end;  /* of the data */
    bool in_headers;
};

/* lf: where the line ends. */
static inline int end_line(struct head_reader *h, const char *lf)
{
    const char *line = h->line, *eol = lf - (lf > line && lf[-1] == '\r');
    h->line = lf + 1;
    if (h->in_headers && line == eol)
        return HEAD_ENDS;
    if (h->in_headers)
        return read_header(h->r, line, eol, h->end) ? GO_ON : LEAVE_IT;
    h->in_headers = true;
    return read_status_line(h->r, line, eol) ? GO_ON : LEAVE_IT;
}

/* A byte that is not a visible ASCII character or a blank. */
static inline int read_mark(struct head_reader *h, const char *p)
{
    if (*p == '\n')
        return end_line(h, p);
    if (*p == '\r')
        return p + 1 < h->end && p[1] == '\n' ? GO_ON : LEAVE_IT;
    return td_response_is_text((unsigned char)*p) ? GO_ON : LEAVE_IT;
}

/* The head's last byte, NULL: the head is not to be read here.  The marks of
 * a block are found without a look at the one before it: the processor works
 * on several at once. */
static const char *read_lines(struct head_reader *h, const char *p)
{
    int rc = GO_ON;
    for (; h->end - p >= TD_BLOCK; p += TD_BLOCK) {
        uint64_t marks = td_block_marks(p);
        for (; marks; marks &= marks - 1) {
            const char *mark = p + td_block_first(marks);
            rc = read_mark(h, mark);
            if (rc != GO_ON)
                return rc == HEAD_ENDS ? mark : NULL;
        }
    }
    for (; p < h->end && rc == GO_ON; p++)
        if (*p < ' ' || *p > '~')
            rc = read_mark(h, p);
    return rc == HEAD_ENDS ? p - 1 : NULL;
}

size_t td_response_read_head(struct td_response *r, const char *data,
                             size_t len)
{
    const char *end =
        data + (len < TD_RESPONSE_HEAD_MAX ? len : TD_RESPONSE_HEAD_MAX);
    struct head_reader h = {r, data, end, false};
    const char *last = read_lines(&h, data);
    r->at = 0;
    if (!last) {
        td_response_forget_headers(r);
        r->fault = TD_RESPONSE_OK;
        return 0;
    }
    r->state = last[-1] == '\r' ? TD_HEAD_LF : TD_AT_LINE;
    r->head_bytes = (uint32_t)(last - data);
    return (size_t)(last - data);
}
