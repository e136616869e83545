/*
 * origin_request - reads the head of one HTTP/1.x request out of a buffer.
 *
 * Pure: bytes in, numbers and pointers into those bytes out; no state, no
 * allocation.  Strict where RFC 9112 lets a server be strict (CRLF only, no
 * folded lines, no transfer codings), so that there is one reading of every
 * request.
 */
#ifndef TD_LOAD_ORIGIN_REQUEST_H
#define TD_LOAD_ORIGIN_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TD_REQUEST_HEAD_MAX = 8192,  /* bytes of a head: more is 431 */
    TD_REQUEST_TARGET_MAX = 2048 /* bytes of a target: more is 414 */
};

enum td_method { TD_METHOD_GET, TD_METHOD_HEAD, TD_METHOD_OTHER };

struct td_request {
    enum td_method method;
    const char *path; /* no scheme, authority or query; not terminated */
    size_t path_len;
    int minor; /* HTTP/1.minor */
    bool keep_alive;
    uint64_t body_bytes; /* that follow the head */
};

/* Bytes of the head when it is whole; 0 when more bytes are needed; minus
 * the HTTP status when the connection must end with that answer. */
long td_request_parse(const char *data, size_t len, struct td_request *out);

#endif
