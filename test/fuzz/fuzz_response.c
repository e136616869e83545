/*
 * Any bytes: the scanner stays in bounds, takes no more than there is, and
 * says the same however the bytes are cut into pieces.  The first byte says
 * how the request was made: 'H' is HEAD.
 */
#include "test/unit/response_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_same(const struct response_seen *whole,
                       struct response_seen *other)
{
    if (response_difference(whole, other))
        abort();
    response_seen_release(other);
}

static void check_sound(const struct response_seen *seen, size_t len)
{
    const struct td_response *r = &seen->response;
    if (r->complete + (r->fault != TD_RESPONSE_OK) > 1 ||
        (!r->complete && !r->fault && seen->consumed != len))
        abort();
    if (r->wire_bytes != seen->consumed || r->body_bytes != seen->body.len ||
        r->body_bytes > r->wire_bytes)
        abort();
    if ((r->complete && !r->head_done) || (r->to_eof && r->keep_alive) ||
        (r->head_done && (r->status < 101 || r->status > 999)))
        abort();
}

/* Returns how much of it was a response. */
static size_t check(const char *data, size_t len, bool head_request)
{
    struct response_seen whole, other;
    response_whole(&whole, data, len, head_request);
    check_sound(&whole, len);
    for (size_t each = 1; each <= 32; each *= 2) {
        response_bytewise(&other, data, len, each, head_request);
        check_same(&whole, &other);
    }
    for (size_t at = 0; at <= len; at += 1 + len / 16) {
        response_split(&other, data, len, at, head_request);
        check_same(&whole, &other);
    }
    len = whole.response.complete ? whole.consumed : 0;
    response_seen_release(&whole);
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *p = (const char *)data + 1;
    size_t used;
    if (!len)
        return 0;
    len--;
    do {
        used = check(p, len, data[0] == 'H');
        p += used;
        len -= used;
    } while (used && len);
    return 0;
}
