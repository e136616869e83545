#include "load/response.h"

#include "load/response_parts.h"

#include <string.h>

/* One state's reading of one byte: false refuses it. */
typedef bool reads_byte(struct td_response *r, unsigned char c);

static bool refuse(struct td_response *r, enum td_response_fault fault)
{
    r->fault = fault;
    return false;
}

static bool go(struct td_response *r, enum td_response_state state)
{
    r->state = (int)state;
    r->at = 0;
    return true;
}

static bool in_prefix(struct td_response *r, unsigned char c)
{
    static const char prefix[] = "HTTP/1.";
    if ((char)c != prefix[r->at])
        return refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
    r->state = prefix[++r->at] ? TD_IN_PREFIX : TD_AT_MINOR;
    return true;
}

static bool at_minor(struct td_response *r, unsigned char c)
{
    if (c < '0' || c > '9')
        return refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
    r->minor = c - '0';
    return go(r, TD_AT_SPACE);
}

static bool at_space(struct td_response *r, unsigned char c)
{
    if (c != ' ')
        return refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
    r->status = 0;
    return go(r, TD_IN_STATUS);
}

static bool in_status(struct td_response *r, unsigned char c)
{
    if (c < (r->at ? '0' : '1') || c > '9')
        return refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
    r->status = r->status * 10 + c - '0';
    return ++r->at < 3 || go(r, TD_AFTER_STATUS);
}

static bool in_reason(struct td_response *r, unsigned char c)
{
    if (c == '\r')
        return go(r, TD_STATUS_LF);
    if (c == '\n')
        return go(r, TD_AT_LINE);
    return td_response_is_text(c) || refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
}

/* Without a reason the blank before it is often left out. */
static bool after_status(struct td_response *r, unsigned char c)
{
    if (c != ' ' && c != '\r' && c != '\n')
        return refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
    return c == ' ' ? go(r, TD_IN_REASON) : in_reason(r, c);
}

static bool status_lf(struct td_response *r, unsigned char c)
{
    return c == '\n' ? go(r, TD_AT_LINE)
                     : refuse(r, TD_RESPONSE_BAD_STATUS_LINE);
}

static bool complete(struct td_response *r)
{
    r->complete = true;
    return true;
}

static bool skip_interim(struct td_response *r)
{
    r->interim++;
    r->head_bytes = 0;
    td_response_forget_headers(r);
    return go(r, TD_AT_START);
}

/* Whether the headers leave no doubt where a body ends: RFC 9112, sections
 * 6.1 and 6.3. */
static bool accept_framing(struct td_response *r)
{
    if (!r->header.coding_seen)
        return true;
    if (r->header.length_known)
        return refuse(r, TD_RESPONSE_BAD_LENGTH);
    return (r->header.chunked && r->minor) || refuse(r, TD_RESPONSE_BAD_CODING);
}

static bool begin_chunk_size(struct td_response *r)
{
    r->left = 0;
    r->line_bytes = 0;
    return go(r, TD_IN_CHUNK_SIZE);
}

static bool begin_body(struct td_response *r)
{
    if (r->header.chunked)
        return begin_chunk_size(r);
    if (r->header.length_known) {
        r->left = r->header.length;
        return r->left ? go(r, TD_IN_BODY) : complete(r);
    }
    r->to_eof = true;
    r->keep_alive = false;
    return go(r, TD_IN_BODY_TO_EOF);
}

static bool end_head(struct td_response *r)
{
    const bool upgraded = r->status == 101;
    const bool no_body =
        r->head_request || upgraded || r->status == 204 || r->status == 304;
    if (r->in_trailers)
        return complete(r);
    if (r->status < 200 && !upgraded)
        return skip_interim(r);
    if (!no_body && !accept_framing(r))
        return false;
    r->head_done = true;
    r->keep_alive =
        !upgraded && !r->header.close && (r->minor || r->header.keep);
    return no_body ? complete(r) : begin_body(r);
}

static bool in_name(struct td_response *r, unsigned char c)
{
    if (c == ':') {
        enum td_response_header name =
            r->in_trailers ? TD_HEADER_OTHER
                           : td_response_header_of(r->word, r->at);
        td_response_value_begin(r, name);
        r->state = TD_IN_VALUE;
        return true;
    }
    if (!td_response_is_token(c))
        return refuse(r, TD_RESPONSE_BAD_HEADER);
    if (r->at < sizeof r->word)
        r->word[r->at++] = (char)c;
    return true;
}

static bool at_line(struct td_response *r, unsigned char c)
{
    if (c == '\r')
        return go(r, TD_HEAD_LF);
    if (c == '\n')
        return end_head(r);
    if (c == ' ' || c == '\t')
        return refuse(r, TD_RESPONSE_FOLDED);
    if (c == ':')
        return refuse(r, TD_RESPONSE_BAD_HEADER);
    return go(r, TD_IN_NAME) && in_name(r, c);
}

static bool end_value(struct td_response *r)
{
    return td_response_value_end(r) && go(r, TD_AT_LINE);
}

static bool in_value(struct td_response *r, unsigned char c)
{
    if (c == '\n')
        return end_value(r);
    if (c == '\r') {
        r->state = TD_VALUE_LF;
        return true;
    }
    if (!td_response_is_text(c))
        return refuse(r, TD_RESPONSE_BAD_HEADER);
    return td_response_value_byte(r, c);
}

static bool value_lf(struct td_response *r, unsigned char c)
{
    return c == '\n' ? end_value(r) : refuse(r, TD_RESPONSE_BAD_HEADER);
}

static bool head_lf(struct td_response *r, unsigned char c)
{
    return c == '\n' ? end_head(r) : refuse(r, TD_RESPONSE_BAD_HEADER);
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool after_chunk_size(struct td_response *r, unsigned char c)
{
    if (c == '\r')
        return go(r, TD_CHUNK_SIZE_LF);
    if (c == ';')
        return go(r, TD_IN_CHUNK_EXTENSION);
    if (c == ' ' || c == '\t')
        return go(r, TD_AFTER_CHUNK_SIZE);
    return refuse(r, TD_RESPONSE_BAD_CHUNK);
}

static bool in_chunk_size(struct td_response *r, unsigned char c)
{
    const int digit = hex_value(c);
    if (digit < 0)
        return r->at ? after_chunk_size(r, c)
                     : refuse(r, TD_RESPONSE_BAD_CHUNK);
    r->at = 1;
    r->left = r->left * 16 + (uint64_t)digit;
    return r->left <= TD_RESPONSE_BODY_MAX - r->body_bytes ||
           refuse(r, TD_RESPONSE_TOO_LONG);
}

static bool in_chunk_extension(struct td_response *r, unsigned char c)
{
    if (c == '\r')
        return go(r, TD_CHUNK_SIZE_LF);
    return td_response_is_text(c) || refuse(r, TD_RESPONSE_BAD_CHUNK);
}

static bool chunk_size_lf(struct td_response *r, unsigned char c)
{
    if (c != '\n')
        return refuse(r, TD_RESPONSE_BAD_CHUNK);
    if (r->left)
        return go(r, TD_IN_CHUNK);
    r->in_trailers = true;
    return go(r, TD_AT_LINE);
}

static bool chunk_cr(struct td_response *r, unsigned char c)
{
    return c == '\r' ? go(r, TD_CHUNK_LF) : refuse(r, TD_RESPONSE_BAD_CHUNK);
}

static bool chunk_lf(struct td_response *r, unsigned char c)
{
    return c == '\n' ? begin_chunk_size(r) : refuse(r, TD_RESPONSE_BAD_CHUNK);
}

static reads_byte *const readers[TD_IN_CHUNK] = {
    [TD_AT_START] = in_prefix,
    [TD_IN_PREFIX] = in_prefix,
    [TD_AT_MINOR] = at_minor,
    [TD_AT_SPACE] = at_space,
    [TD_IN_STATUS] = in_status,
    [TD_AFTER_STATUS] = after_status,
    [TD_IN_REASON] = in_reason,
    [TD_STATUS_LF] = status_lf,
    [TD_AT_LINE] = at_line,
    [TD_IN_NAME] = in_name,
    [TD_IN_VALUE] = in_value,
    [TD_VALUE_LF] = value_lf,
    [TD_HEAD_LF] = head_lf,
    [TD_IN_CHUNK_SIZE] = in_chunk_size,
    [TD_AFTER_CHUNK_SIZE] = after_chunk_size,
    [TD_IN_CHUNK_EXTENSION] = in_chunk_extension,
    [TD_CHUNK_SIZE_LF] = chunk_size_lf,
    [TD_CHUNK_CR] = chunk_cr,
    [TD_CHUNK_LF] = chunk_lf,
};

/* Counts the byte before it is read: the byte too many is not looked at. */
static bool within_limits(struct td_response *r)
{
    if (r->state <= TD_HEAD_LF)
        return r->head_bytes++ < TD_RESPONSE_HEAD_MAX ||
               refuse(r, TD_RESPONSE_HEAD_TOO_LONG);
    return r->state > TD_CHUNK_SIZE_LF ||
           r->line_bytes++ < TD_RESPONSE_CHUNK_LINE_MAX ||
           refuse(r, TD_RESPONSE_BAD_CHUNK);
}

/* Takes a part of the body; returns how many bytes. */
static size_t take(struct td_response *r, const char *data, size_t len,
                   td_response_body_fn *body, void *to)
{
    const uint64_t room = r->state == TD_IN_BODY_TO_EOF
                              ? TD_RESPONSE_BODY_MAX - r->body_bytes
                              : r->left;
    const size_t n = len < room ? len : (size_t)room;
    if (body && n)
        body(to, data, n);
    r->body_bytes += n;
    if (r->state == TD_IN_BODY_TO_EOF) {
        if (!n)
            refuse(r, TD_RESPONSE_TOO_LONG);
        return n;
    }
    r->left -= n;
    if (!r->left)
        (void)(r->state == TD_IN_CHUNK ? go(r, TD_CHUNK_CR) : complete(r));
    return n;
}

void td_response_init(struct td_response *response, bool head_request)
{
    /* Once a response, so: nothing that need not be, and by halves, because
     * compilers make a string instruction, slow to start, of a longer one. */
    const size_t half = offsetof(struct td_response, state);
    memset(response, 0, half);
    memset(&response->state, 0, offsetof(struct td_response, word) - half);
    response->head_request = head_request;
}

size_t td_response_feed(struct td_response *response, const char *data,
                        size_t len, td_response_body_fn *body, void *to)
{
    struct td_response *r = response;
    size_t used = 0;
    while (used < len && !r->complete && !r->fault) {
        if (r->state == TD_AT_START)
            used += td_response_read_head(r, data + used, len - used);
        if (r->state >= TD_IN_CHUNK)
            used += take(r, data + used, len - used, body, to);
        else if (within_limits(r))
            used += readers[r->state](r, (unsigned char)data[used]);
    }
    r->wire_bytes += used;
    return used;
}

bool td_response_eof(struct td_response *response)
{
    if (response->to_eof && !response->fault)
        response->complete = true;
    return response->complete;
}

const char *td_response_fault_name(enum td_response_fault fault)
{
    switch (fault) {
    case TD_RESPONSE_OK:
        return "no fault";
    case TD_RESPONSE_BAD_STATUS_LINE:
        return "a malformed status line";
    case TD_RESPONSE_BAD_HEADER:
        return "a malformed header line";
    case TD_RESPONSE_FOLDED:
        return "a folded header line";
    case TD_RESPONSE_BAD_LENGTH:
        return "a length that is no number or not the only one";
    case TD_RESPONSE_BAD_CODING:
        return "transfer codings that do not end in chunked, or in HTTP/1.0";
    case TD_RESPONSE_BAD_CHUNK:
        return "a malformed chunk";
    case TD_RESPONSE_HEAD_TOO_LONG:
        return "a head that is too long";
    case TD_RESPONSE_TOO_LONG:
        return "a body that is too long";
    }
    return "an unknown fault";
}
