/* A whole head in one buffer, eight bytes at a time. */
#include "load/response_parts.h"

#include <endian.h>
#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define TOPS (ONES * 0x80)

/* Bit 7 of each byte that is a control byte.  Bytes above the first such one
 * may be marked wrongly (a borrow), those below it never: "Bit Twiddling
 * Hacks" (S. E. Anderson), haszero and hasless. */
static uint64_t controls(uint64_t word)
{
    const uint64_t del = word ^ ONES * 0x7f;
    return (((word - ONES * ' ') & ~word) | ((del - ONES) & ~del)) & TOPS;
}

/* The first control byte from p on, a tab included; end when there is none. */
static const char *find_control(const char *p, const char *end)
{
    uint64_t word;
    for (; end - p >= 8; p += 8) {
        memcpy(&word, p, sizeof word);
        word = controls(le64toh(word));
        if (word)
            return p + __builtin_ctzll(word) / 8;
    }
    while (p < end && (unsigned char)*p >= ' ' && *p != 0x7f)
        p++;
    return p;
}

/* What follows the CR LF or LF at p; NULL when there is neither. */
static const char *after_line_end(const char *p, const char *end)
{
    if (p < end && *p == '\r')
        p++;
    return p < end && *p == '\n' ? p + 1 : NULL;
}

/* The end of a line that has text alone and maybe tabs. */
static const char *find_line_end(const char *p, const char *end)
{
    p = find_control(p, end);
    while (p < end && *p == '\t')
        p = find_control(p + 1, end);
    return p;
}

/* "HTTP/1.1 200 " to the end of the line; NULL: not to be read here. */
static const char *read_status_line(struct td_response *r, const char *p,
                                    const char *end)
{
    enum { SHORTEST = sizeof "HTTP/1.1 200 \n" - 1 };
    if (end - p < SHORTEST || memcmp(p, "HTTP/1.", 7) != 0 || p[8] != ' ' ||
        p[12] != ' ')
        return NULL;
    if (p[7] < '0' || p[7] > '9' || p[9] < '1' || p[9] > '9' || p[10] < '0' ||
        p[10] > '9' || p[11] < '0' || p[11] > '9')
        return NULL;
    r->minor = p[7] - '0';
    r->status = (p[9] - '0') * 100 + (p[10] - '0') * 10 + p[11] - '0';
    return after_line_end(find_line_end(p + 13, end), end);
}

static bool read_value(struct td_response *r, enum td_response_header name,
                       const char *p, const char *end)
{
    td_response_value_begin(r, name);
    for (; p < end; p++)
        if (!td_response_value_byte(r, (unsigned char)*p))
            return false;
    return td_response_value_end(r);
}

static const char *read_header(struct td_response *r, const char *p,
                               const char *end)
{
    const char *name = p, *value;
    enum td_response_header header;
    while (p < end && td_response_is_token((unsigned char)*p))
        p++;
    if (p == end || *p != ':' || p == name)
        return NULL;
    header = td_response_header_of(name, (size_t)(p - name));
    value = ++p;
    p = find_line_end(p, end);
    if (header != TD_HEADER_OTHER && !read_value(r, header, value, p))
        return NULL;
    return after_line_end(p, end);
}

/* From the first header line to the empty line; NULL: not to be read here. */
static const char *read_headers(struct td_response *r, const char *p,
                                const char *end)
{
    while (p && p < end && *p != '\r' && *p != '\n')
        p = read_header(r, p, end);
    return p && p < end && after_line_end(p, end) ? p : NULL;
}

size_t td_response_read_head(struct td_response *r, const char *data,
                             size_t len)
{
    const char *end =
        data + (len < TD_RESPONSE_HEAD_MAX ? len : TD_RESPONSE_HEAD_MAX);
    const char *p = read_status_line(r, data, end);
    p = p ? read_headers(r, p, end) : NULL;
    r->at = 0;
    if (!p) {
        td_response_forget_headers(r);
        r->fault = TD_RESPONSE_OK;
        return 0;
    }
    r->state = TD_AT_LINE;
    if (*p == '\r') {
        r->state = TD_HEAD_LF;
        p++;
    }
    r->head_bytes = (uint32_t)(p - data);
    return (size_t)(p - data);
}
