#include "load/origin_reply.h"

#include <stdio.h>
#include <string.h>

enum { FIELD_BYTES = 1024 }; /* of one header field that fills a head */

static const char *reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 414:
        return "URI Too Long";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return status == 400 ? "Bad Request" : "Status";
    }
}

static size_t compose_item(const struct td_reply *reply, char *out)
{
    static const char prefix[] = "tandem origin item ";
    char *to = out;
    for (int i = 0; i < TD_ITEM_LINES; i++) {
        memcpy(to, prefix, sizeof prefix - 1);
        to += sizeof prefix - 1;
        memcpy(to, reply->item, reply->item_len);
        to += reply->item_len;
        *to++ = '\n';
    }
    return (size_t)(to - out);
}

static size_t compose_body(const struct td_reply *reply, char *out, size_t size)
{
    if (reply->item_len)
        return compose_item(reply, out);
    if (reply->body)
        return (size_t)snprintf(out, size, "%s", reply->body);
    return (size_t)snprintf(
        out, size, "%s\n", reply->status == 200 ? "ok" : reason(reply->status));
}

static const char *connection(const struct td_reply *reply)
{
    return reply->keep_alive ? "keep-alive" : "close";
}

/* How the body is framed: framing ends in CRLF, or is empty. */
static size_t compose_head(const struct td_reply *reply, const char *framing,
                           char *out)
{
    return (size_t)snprintf(out, TD_PIECE_MAX,
                            "HTTP/1.1 %d %s\r\n"
                            "Content-Type: text/plain\r\n"
                            "%s"
                            "%s"
                            "Connection: %s\r\n\r\n",
                            reply->status, reason(reply->status), framing,
                            reply->allow ? reply->allow : "",
                            connection(reply));
}

static size_t compose_sized(const struct td_reply *reply, uint64_t body_bytes,
                            char *out)
{
    char framing[64];
    snprintf(framing, sizeof framing, "Content-Length: %llu\r\n",
             (unsigned long long)body_bytes);
    return compose_head(reply, framing, out);
}

static bool has_body(const struct td_reply *reply)
{
    return !reply->head_only && reply->status != 204 && reply->status != 304;
}

static size_t compose_whole(const struct td_reply *reply, char *out)
{
    char body[TD_ITEM_LINES * (TD_ITEM_MAX + 20)];
    size_t body_len = compose_body(reply, body, sizeof body);
    size_t head = reply->status == 204 ? compose_head(reply, "", out)
                                       : compose_sized(reply, body_len, out);
    if (!has_body(reply))
        return head;
    memcpy(out + head, body, body_len);
    return head + body_len;
}

static size_t compose_chunked(const struct td_reply *reply, char *out)
{
    size_t head = compose_head(reply, "Transfer-Encoding: chunked\r\n", out);
    return head + (size_t)snprintf(out + head, TD_PIECE_MAX - head,
                                   "1\r\no\r\n"
                                   "2;name=value\r\nk\n\r\n"
                                   "0\r\nTrailer: yes\r\n\r\n");
}

static size_t drip_piece(const struct td_reply *reply, uint64_t number,
                         char *out)
{
    if (number == 0)
        return compose_sized(reply, reply->size, out);
    *out = '.';
    return number <= reply->size;
}

/* Header fields of `bytes` in all. */
static size_t compose_field(uint64_t number, size_t bytes, char *out)
{
    size_t len = (size_t)snprintf(out, FIELD_BYTES,
                                  "X-Fill-%llu: ", (unsigned long long)number);
    if (bytes < len + 3)
        bytes = len + 3;
    memset(out + len, 'x', bytes - len - 2);
    out[bytes - 2] = '\r';
    out[bytes - 1] = '\n';
    return bytes;
}

static size_t header_piece(const struct td_reply *reply, uint64_t number,
                           char *out)
{
    uint64_t done = (number - 1) * TD_PIECE_MAX;
    size_t len = 0;
    if (number == 0)
        return (size_t)snprintf(out, TD_PIECE_MAX, "HTTP/1.1 200 OK\r\n");
    for (; len < TD_PIECE_MAX && done < reply->size; done += FIELD_BYTES) {
        uint64_t left = reply->size - done;
        len += compose_field(done / FIELD_BYTES,
                             left < FIELD_BYTES ? (size_t)left : FIELD_BYTES,
                             out + len);
    }
    if (len || done >= reply->size + TD_PIECE_MAX)
        return len;
    return (size_t)snprintf(out, TD_PIECE_MAX,
                            "Content-Length: 3\r\nConnection: %s\r\n\r\nok\n",
                            connection(reply));
}

static size_t endless_piece(const struct td_reply *reply, uint64_t number,
                            char *out)
{
    if (number == 0)
        return compose_head(reply, "", out);
    memset(out, '.', TD_PIECE_MAX);
    return TD_PIECE_MAX;
}

static size_t compose_half(const struct td_reply *reply, char *out)
{
    size_t head = compose_sized(reply, 128, out);
    memset(out + head, '.', 64);
    return head + 64;
}

static size_t only(uint64_t number, size_t len)
{
    return number ? 0 : len;
}

size_t td_reply_piece(const struct td_reply *reply, uint64_t number,
                      char out[TD_PIECE_MAX])
{
    switch (reply->kind) {
    case TD_REPLY_CHUNKED:
        return only(number, compose_chunked(reply, out));
    case TD_REPLY_DRIP:
        return drip_piece(reply, number, out);
    case TD_REPLY_HEADER:
        return header_piece(reply, number, out);
    case TD_REPLY_ENDLESS:
        return endless_piece(reply, number, out);
    case TD_REPLY_HALF:
        return only(number, compose_half(reply, out));
    case TD_REPLY_NOTHING:
        return 0;
    case TD_REPLY_GARBAGE:
        return only(number, (size_t)snprintf(out, TD_PIECE_MAX,
                                             "SSH-2.0-tandem\r\n\r\n"));
    case TD_REPLY_WHOLE:
    case TD_REPLY_WORK:
    case TD_REPLY_STATS:
    default:
        return number ? 0 : compose_whole(reply, out);
    }
}
