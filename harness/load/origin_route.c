#include "load/origin_reply.h"

#include "base/opt.h"

#include <string.h>

/* Between the pieces of a stream: some 80 MB/s a connection at most, and the
 * other connections have their turn. */
#define STREAM_PAUSE_NS UINT64_C(200000)

struct text {
    const char *at;
    size_t len;
};

/* One path, or the beginning of many: `read` takes what follows it and
 * returns the status; NULL: nothing may follow. */
struct route {
    const char *prefix;
    enum td_reply_kind kind;
    enum td_reply_end end;
    const char *body;
    int (*read)(struct text rest, struct td_reply *out);
    bool fault;
};

/* A NUL-terminated copy for the parsers of base/opt. */
static bool copy_text(struct text text, char out[32])
{
    if (text.len == 0 || text.len >= 32)
        return false;
    memcpy(out, text.at, text.len);
    out[text.len] = '\0';
    return true;
}

static bool read_duration(struct text text, uint64_t *out)
{
    char copy[32];
    struct td_err err = TD_ERR_INIT;
    return copy_text(text, copy) &&
           td_parse_duration_ns(copy, out, &err) == 0 &&
           *out <= TD_DELAY_MAX_NS;
}

static bool read_size(struct text text, uint64_t *out)
{
    char copy[32];
    struct td_err err = TD_ERR_INIT;
    return copy_text(text, copy) && td_parse_size_bytes(copy, out, &err) == 0 &&
           *out <= TD_FAULT_MAX_BYTES;
}

/* A whole number of at most four digits. */
static bool read_number(struct text text, uint32_t *out)
{
    *out = 0;
    if (text.len == 0 || text.len > 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (uint32_t)(text.at[i] - '0');
    }
    return true;
}

static bool is_item(struct text text)
{
    if (text.len == 0 || text.len > TD_ITEM_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
              c == '~'))
            return false;
    }
    return true;
}

/* Cuts "first/rest"; false without a slash. */
static bool cut(struct text *rest, struct text *first)
{
    const char *slash = memchr(rest->at, '/', rest->len);
    if (!slash)
        return false;
    *first = (struct text){rest->at, (size_t)(slash - rest->at)};
    *rest = (struct text){slash + 1, rest->len - first->len - 1};
    return true;
}

static int read_delay(struct text rest, struct td_reply *out)
{
    struct text duration;
    uint64_t delay_ns;
    if (!cut(&rest, &duration))
        return 404;
    if (!read_duration(duration, &delay_ns) || !is_item(rest))
        return 400;
    out->delay_ns = delay_ns;
    out->item_len = rest.len;
    memcpy(out->item, rest.at, rest.len);
    return 200;
}

static int read_queue(struct text rest, struct td_reply *out)
{
    return read_number(rest, &out->queue) && out->queue < TD_QUEUES_MAX ? 200
                                                                        : 400;
}

static int read_status(struct text rest, struct td_reply *out)
{
    uint32_t status;
    (void)out;
    return read_number(rest, &status) && status >= 200 && status < 600
               ? (int)status
               : 400;
}

static int read_drip(struct text rest, struct td_reply *out)
{
    struct text duration;
    if (!cut(&rest, &duration))
        return 404;
    return read_duration(duration, &out->pause_ns) &&
                   out->pause_ns >= STREAM_PAUSE_NS &&
                   read_size(rest, &out->size)
               ? 200
               : 400;
}

static int read_header(struct text rest, struct td_reply *out)
{
    out->pause_ns = STREAM_PAUSE_NS;
    return read_size(rest, &out->size) ? 200 : 400;
}

static const struct route routes[] = {
    {"/delay/", TD_REPLY_WHOLE, TD_END_AGREED, NULL, read_delay, false},
    {"/queue/", TD_REPLY_WORK, TD_END_AGREED, NULL, read_queue, false},
    {"/queue", TD_REPLY_WORK, TD_END_AGREED, NULL, NULL, false},
    {"/healthz", TD_REPLY_WHOLE, TD_END_AGREED, NULL, NULL, false},
    {"/stats", TD_REPLY_STATS, TD_END_AGREED, NULL, NULL, false},
    {"/status/", TD_REPLY_WHOLE, TD_END_AGREED, NULL, read_status, true},
    {"/wrong", TD_REPLY_WHOLE, TD_END_AGREED, "no\n", NULL, true},
    {"/chunked", TD_REPLY_CHUNKED, TD_END_AGREED, NULL, NULL, true},
    {"/drip/", TD_REPLY_DRIP, TD_END_AGREED, NULL, read_drip, true},
    {"/header/", TD_REPLY_HEADER, TD_END_AGREED, NULL, read_header, true},
    {"/endless", TD_REPLY_ENDLESS, TD_END_CLOSE, NULL, NULL, true},
    {"/short", TD_REPLY_HALF, TD_END_CLOSE, NULL, NULL, true},
    {"/reset", TD_REPLY_HALF, TD_END_RESET, NULL, NULL, true},
    {"/close", TD_REPLY_NOTHING, TD_END_CLOSE, NULL, NULL, true},
    {"/bye", TD_REPLY_WHOLE, TD_END_CLOSE, NULL, NULL, true},
    {"/hang", TD_REPLY_NOTHING, TD_END_HANG, NULL, NULL, true},
    {"/garbage", TD_REPLY_GARBAGE, TD_END_CLOSE, NULL, NULL, true},
};

static const struct route *find(const struct td_request *request,
                                struct text *rest)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t len = strlen(routes[i].prefix);
        if (request->path_len < len ||
            memcmp(request->path, routes[i].prefix, len) != 0 ||
            (!routes[i].read && request->path_len != len))
            continue;
        *rest = (struct text){request->path + len, request->path_len - len};
        return &routes[i];
    }
    return NULL;
}

/* /queue is served whatever the method. */
static bool allows(const struct route *route, enum td_method method)
{
    return method == TD_METHOD_GET || route->kind == TD_REPLY_WORK ||
           (method == TD_METHOD_HEAD && !route->fault);
}

void td_reply_route(const struct td_request *request, struct td_reply *out)
{
    struct text rest;
    const struct route *route = find(request, &rest);
    *out = (struct td_reply){.status = 404,
                             .keep_alive = request->keep_alive,
                             .head_only = request->method == TD_METHOD_HEAD};
    if (!route)
        return;
    out->status = route->read ? route->read(rest, out) : 200;
    if (out->status == 404)
        return;
    if (!allows(route, request->method)) {
        *out = (struct td_reply){
            .status = 405,
            .keep_alive = request->keep_alive,
            .head_only = out->head_only,
            .allow = route->fault ? "Allow: GET\r\n" : "Allow: GET, HEAD\r\n"};
        return;
    }
    if (out->status == 400)
        return;
    out->kind = route->kind;
    out->end = route->end;
    out->body = route->body;
    if (route->kind == TD_REPLY_ENDLESS) {
        out->pause_ns = STREAM_PAUSE_NS;
        out->keep_alive = false;
    }
}
