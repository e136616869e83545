#include "load/origin_reply.h"

#include "base/opt.h"

#include <stdio.h>
#include <string.h>

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
    case 501:
        return "Not Implemented";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Bad Request";
    }
}

static bool parse_delay(const char *text, size_t len, uint64_t *out)
{
    char copy[32];
    struct td_err err = TD_ERR_INIT;
    if (len == 0 || len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return td_parse_duration_ns(copy, out, &err) == 0 &&
           *out <= TD_DELAY_MAX_NS;
}

static bool is_item(const char *text, size_t len)
{
    if (len == 0 || len > TD_ITEM_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') ||
              (text[i] >= 'A' && text[i] <= 'Z') ||
              (text[i] >= '0' && text[i] <= '9') || text[i] == '-' ||
              text[i] == '.' || text[i] == '_' || text[i] == '~'))
            return false;
    return true;
}

/* What follows "/delay/". */
static int route_delay(const char *rest, size_t len, struct td_reply *out)
{
    const char *slash = memchr(rest, '/', len);
    size_t delay_len = slash ? (size_t)(slash - rest) : 0;
    if (!slash)
        return 404;
    if (!parse_delay(rest, delay_len, &out->delay_ns) ||
        !is_item(slash + 1, len - delay_len - 1)) {
        out->delay_ns = 0;
        return 400;
    }
    out->item = slash + 1;
    out->item_len = len - delay_len - 1;
    return 200;
}

void td_reply_route(const struct td_request *request, struct td_reply *out)
{
    static const char delay[] = "/delay/", health[] = "/healthz";
    size_t len = request->path_len;
    *out = (struct td_reply){.status = 404,
                             .keep_alive = request->keep_alive,
                             .head_only = request->method == TD_METHOD_HEAD};
    if (len >= sizeof delay - 1 &&
        memcmp(request->path, delay, sizeof delay - 1) == 0)
        out->status = route_delay(request->path + sizeof delay - 1,
                                  len - (sizeof delay - 1), out);
    else if (len == sizeof health - 1 &&
             memcmp(request->path, health, len) == 0)
        out->status = 200;
    if (request->method == TD_METHOD_OTHER && out->status != 404)
        *out =
            (struct td_reply){.status = 405, .keep_alive = request->keep_alive};
}

static size_t compose_body(const struct td_reply *reply, char *out)
{
    static const char prefix[] = "tandem origin item ";
    char *to = out;
    if (!reply->item)
        return (size_t)sprintf(
            out, "%s\n", reply->status == 200 ? "ok" : reason(reply->status));
    for (int i = 0; i < TD_ITEM_LINES; i++) {
        memcpy(to, prefix, sizeof prefix - 1);
        to += sizeof prefix - 1;
        memcpy(to, reply->item, reply->item_len);
        to += reply->item_len;
        *to++ = '\n';
    }
    return (size_t)(to - out);
}

size_t td_reply_compose(const struct td_reply *reply, char out[TD_REPLY_MAX])
{
    char body[TD_ITEM_LINES * (TD_ITEM_MAX + 20)];
    size_t body_len = compose_body(reply, body);
    int head = snprintf(out, TD_REPLY_MAX,
                        "HTTP/1.1 %d %s\r\n"
                        "Content-Type: text/plain\r\n"
                        "Content-Length: %zu\r\n"
                        "%s"
                        "Connection: %s\r\n\r\n",
                        reply->status, reason(reply->status), body_len,
                        reply->status == 405 ? "Allow: GET, HEAD\r\n" : "",
                        reply->keep_alive ? "keep-alive" : "close");
    if (reply->head_only)
        return (size_t)head;
    memcpy(out + head, body, body_len);
    return (size_t)head + body_len;
}
