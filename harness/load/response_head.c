/* A whole head in one buffer, a block of bytes at a time. */
#include "load/response_block.h"
#include "load/response_parts.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the bytes are this word of letters and hyphens, in any case.  Bit
 * 5 makes an upper-case letter lower case and turns nothing else but a
 * control byte, which no caller has, into a letter or a hyphen. */
static inline bool same_word(const char *bytes, const char *lower, size_t len)
{
    enum { WORD = 8 };
    uint64_t differ = 0;
    if (len < WORD) {
        for (size_t i = 0; i < len; i++)
            differ |= (uint64_t)((bytes[i] | 0x20) ^ lower[i]);
        return !differ;
    }
    for (size_t i = 0; i + WORD <= len; i += WORD)
        differ |= (td_word_load(bytes + i) | TD_BYTES(0x20)) ^
                  td_word_load(lower + i);
    differ |= (td_word_load(bytes + len - WORD) | TD_BYTES(0x20)) ^
              td_word_load(lower + len - WORD);
    return !differ;
}

#define IS_WORD(bytes, lower) same_word((bytes), (lower), sizeof(lower) - 1)

enum td_response_header td_response_header_of(const char *name, size_t len)
{
    switch (len) {
    case sizeof "content-length" - 1:
        return IS_WORD(name, "content-length") ? TD_HEADER_LENGTH
                                               : TD_HEADER_OTHER;
    case sizeof "connection" - 1:
        return IS_WORD(name, "connection") ? TD_HEADER_CONNECTION
                                           : TD_HEADER_OTHER;
    case sizeof "transfer-encoding" - 1:
        return IS_WORD(name, "transfer-encoding") ? TD_HEADER_CODING
                                                  : TD_HEADER_OTHER;
    default:
        return TD_HEADER_OTHER;
    }
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
    if (name == TD_HEADER_CODING && len == sizeof "chunked" - 1 &&
        !r->header.coding_seen && IS_WORD(p, "chunked"))
        return r->header.coding_seen = r->header.chunked = true;
    if (name == TD_HEADER_CONNECTION && len == sizeof "keep-alive" - 1 &&
        IS_WORD(p, "keep-alive"))
        return r->header.keep = true;
    return name == TD_HEADER_CONNECTION && len == sizeof "close" - 1 &&
           IS_WORD(p, "close") && (r->header.close = true);
}

/* end: of the data; there is a LF before it, which is in no name. */
static inline const char *find_name_end(const char *p, const char *end)
{
    if (end - p >= TD_NAME_BLOCK) {
        p += td_block_name(p);
        if (*p == ':')
            return p;
    }
    while (td_response_is_token((unsigned char)*p))
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

/* Bytes that are not plain nor next to a LF are text (a tab, a byte beyond
 * ASCII), or the CR of a LF in the next block. */
static bool are_in_order(const char *p, uint64_t marks, const char *end)
{
    for (; marks; marks &= marks - 1) {
        const char *at = p + td_block_first(marks);
        const bool line_end = *at == '\r' && at + 1 < end && at[1] == '\n';
        if (!line_end && !td_response_is_text((unsigned char)*at))
            return false;
    }
    return true;
}

/* Where the line that the LF ends has its last byte of text; NULL: there is
 * a control byte before the LF.  The LF is not the first byte of the data. */
static inline const char *line_end(const char *line, const char *lf)
{
    if (lf[-1] == '\r')
        return lf - 1;
    return lf == line || td_response_is_text((unsigned char)lf[-1]) ? lf : NULL;
}

/* The marks of the block at p, or of as much of it as there is.  There is a
 * block before the end. */
static inline struct td_marks look_at(const char *p, const char *end)
{
    struct td_marks marks;
    int passed;
    if (end - p >= TD_BLOCK)
        return td_block_marks(p);
    marks = td_block_marks(end - TD_BLOCK);
    passed = (TD_BLOCK - (int)(end - p)) * TD_BLOCK_BITS;
    marks.lf >>= passed;
    marks.plain = (marks.plain >> passed) | ~(TD_BLOCK_ALL >> passed);
    return marks;
}

/* A whole line, the status line if it is the first. */
static inline bool read_line(struct td_response *r, bool first,
                             const char *line, const char *eol, const char *end)
{
    if (first)
        return read_status_line(r, line, eol);
    return line == eol || read_header(r, line, eol, end);
}

/* The head's last byte; NULL: the head is not to be read here.  The marks of
 * a block are found without a look at the one before it, so that the
 * processor works on several at once. */
static const char *read_lines(struct td_response *r, const char *data,
                              const char *end)
{
    const char *line = data;
    for (const char *p = data; p < end; p += TD_BLOCK) {
        const struct td_marks marks = look_at(p, end);
        uint64_t odd = ~(marks.plain | marks.lf | marks.lf >> TD_BLOCK_BITS);
        odd &= TD_BLOCK_ALL;
        for (uint64_t lf = marks.lf; lf; lf &= lf - 1) {
            const char *at = p + td_block_first(lf);
            const char *eol = line_end(line, at);
            if (!eol || (odd && !are_in_order(p, odd & (lf ^ (lf - 1)), end)) ||
                !read_line(r, line == data, line, eol, end))
                return NULL;
            if (line == eol)
                return at;
            line = at + 1;
        }
        if (odd && !are_in_order(p, odd, end))
            return NULL;
    }
    return NULL;
}

size_t td_response_read_head(struct td_response *r, const char *data,
                             size_t len)
{
    const char *end =
        data + (len < TD_RESPONSE_HEAD_MAX ? len : TD_RESPONSE_HEAD_MAX);
    const bool may_be = len >= TD_BLOCK && *data == 'H';
    const char *last = may_be ? read_lines(r, data, end) : NULL;
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
