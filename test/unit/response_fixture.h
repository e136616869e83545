/*
 * response_fixture - reads a response in pieces and keeps all that a caller
 * of the scanner can see, so that two ways of feeding it can be compared.
 */
#ifndef TD_TEST_RESPONSE_FIXTURE_H
#define TD_TEST_RESPONSE_FIXTURE_H

#include "base/buf.h"
#include "load/response.h"

#include <stdlib.h>
#include <string.h>

struct response_seen {
    struct td_response response;
    size_t consumed;
    struct td_buf body;
};

static inline void response_keep_body(void *to, const char *data, size_t len)
{
    td_buf_add(to, data, len);
}

static inline void response_begin(struct response_seen *seen, bool head_request)
{
    *seen = (struct response_seen){.body = TD_BUF_INIT};
    td_response_init(&seen->response, head_request);
}

/* Feeds a copy of exactly len bytes: a sanitizer sees a read past it.
 * Returns whether all of it was consumed. */
static inline bool response_piece(struct response_seen *seen, const char *data,
                                  size_t len)
{
    char *copy = td_xmalloc(len + !len);
    size_t used;
    if (len)
        memcpy(copy, data, len);
    used = td_response_feed(&seen->response, copy, len, response_keep_body,
                            &seen->body);
    free(copy);
    if (used > len)
        abort();
    seen->consumed += used;
    return used == len;
}

static inline void response_whole(struct response_seen *seen, const char *data,
                                  size_t len, bool head_request)
{
    response_begin(seen, head_request);
    response_piece(seen, data, len);
}

/* In pieces of `each` bytes. */
static inline void response_bytewise(struct response_seen *seen,
                                     const char *data, size_t len, size_t each,
                                     bool head_request)
{
    size_t n;
    response_begin(seen, head_request);
    for (size_t i = 0; i < len; i += n) {
        n = len - i < each ? len - i : each;
        if (!response_piece(seen, data + i, n))
            break;
    }
}

/* In two pieces. */
static inline void response_split(struct response_seen *seen, const char *data,
                                  size_t len, size_t at, bool head_request)
{
    response_begin(seen, head_request);
    if (response_piece(seen, data, at))
        response_piece(seen, data + at, len - at);
}

/* NULL when no difference can be seen, else the name of the first one. */
static inline const char *response_difference(const struct response_seen *a,
                                              const struct response_seen *b)
{
    const struct td_response *x = &a->response, *y = &b->response;
    if (x->fault != y->fault)
        return "fault";
    if (a->consumed != b->consumed || x->wire_bytes != y->wire_bytes)
        return "consumed";
    if (x->complete != y->complete || x->head_done != y->head_done)
        return "complete";
    if (x->head_done && (x->status != y->status || x->minor != y->minor))
        return "status";
    if (x->keep_alive != y->keep_alive || x->to_eof != y->to_eof)
        return "keep_alive";
    if (x->interim != y->interim)
        return "interim";
    if (x->body_bytes != y->body_bytes || a->body.len != b->body.len ||
        (a->body.len && memcmp(a->body.data, b->body.data, a->body.len) != 0))
        return "body";
    return NULL;
}

static inline void response_seen_release(struct response_seen *seen)
{
    td_buf_release(&seen->body);
}

#endif
