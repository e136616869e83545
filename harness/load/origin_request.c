#include "load/origin_request.h"

#include <string.h>
#include <strings.h>

enum { BAD_REQUEST = 400, TARGET_TOO_LONG = 414, HEAD_TOO_LARGE = 431 };
enum { NOT_IMPLEMENTED = 501, VERSION_NOT_SUPPORTED = 505 };

/* A part of the head; never terminated. */
struct span {
    const char *at;
    size_t len;
};

struct headers {
    bool host;
    bool length;
    bool close;
    bool keep_alive;
};

static bool is(struct span span, const char *word)
{
    return span.len == strlen(word) &&
           strncasecmp(span.at, word, span.len) == 0;
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct span span)
{
    for (size_t i = 0; i < span.len; i++)
        if (!is_token_char(span.at[i]))
            return false;
    return span.len > 0;
}

/* Cuts what lies before `sep` off the front of *rest. */
static bool cut(struct span *rest, char sep, struct span *part)
{
    const char *end = memchr(rest->at, sep, rest->len);
    if (!end)
        return false;
    *part = (struct span){rest->at, (size_t)(end - rest->at)};
    rest->at = end + 1;
    rest->len -= part->len + 1;
    return true;
}

static struct span trim(struct span s)
{
    while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = (struct span){s.at + 1, s.len - 1};
    while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* 1 = a line, 0 = not whole yet, -400 = a bare LF. */
static int next_line(struct span *rest, struct span *line)
{
    if (!cut(rest, '\n', line))
        return 0;
    if (!line->len || line->at[line->len - 1] != '\r')
        return -BAD_REQUEST;
    line->len--;
    return 1;
}

static int parse_method(struct span word, struct td_request *out)
{
    if (!is_token(word))
        return -BAD_REQUEST;
    out->method = TD_METHOD_OTHER;
    if (word.len == 3 && memcmp(word.at, "GET", 3) == 0)
        out->method = TD_METHOD_GET;
    else if (word.len == 4 && memcmp(word.at, "HEAD", 4) == 0)
        out->method = TD_METHOD_HEAD;
    return 0;
}

/* Keeps the path alone: of "http://host/path?query" too, which RFC 9112
 * section 3.2.2 asks of every server. */
static int parse_target(struct span target, struct td_request *out)
{
    struct span ignored;
    const char *query;
    for (size_t i = 0; i < target.len; i++)
        if (target.at[i] <= ' ' || target.at[i] == 0x7f)
            return -BAD_REQUEST;
    if (target.len > 7 && strncasecmp(target.at, "http://", 7) == 0) {
        target = (struct span){target.at + 7, target.len - 7};
        if (!cut(&target, '/', &ignored))
            return -BAD_REQUEST;
        target = (struct span){target.at - 1, target.len + 1};
    }
    if (!target.len || (target.at[0] != '/' && !is(target, "*")))
        return -BAD_REQUEST;
    query = memchr(target.at, '?', target.len);
    out->path = target.at;
    out->path_len = query ? (size_t)(query - target.at) : target.len;
    return 0;
}

static int parse_version(struct span word, struct td_request *out)
{
    if (word.len != 8 || memcmp(word.at, "HTTP/", 5) != 0 ||
        word.at[6] != '.' || word.at[5] < '0' || word.at[5] > '9' ||
        word.at[7] < '0' || word.at[7] > '9')
        return -BAD_REQUEST;
    if (word.at[5] != '1')
        return -VERSION_NOT_SUPPORTED;
    out->minor = word.at[7] - '0';
    return 0;
}

static int parse_request_line(struct span line, struct td_request *out)
{
    struct span method, target;
    int rc;
    if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target))
        return -BAD_REQUEST;
    rc = parse_method(method, out);
    if (!rc && target.len > TD_REQUEST_TARGET_MAX)
        rc = -TARGET_TOO_LONG;
    if (!rc)
        rc = parse_target(target, out);
    return rc ? rc : parse_version(line, out);
}

static int parse_length(struct span value, struct headers *seen,
                        struct td_request *out)
{
    if (seen->length || !value.len || value.len > 18)
        return -BAD_REQUEST;
    seen->length = true;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return -BAD_REQUEST;
        out->body_bytes = out->body_bytes * 10 + (uint64_t)(value.at[i] - '0');
    }
    return 0;
}

static void parse_connection(struct span value, struct headers *seen)
{
    struct span word;
    bool more = true;
    while (more) {
        more = cut(&value, ',', &word);
        word = trim(more ? word : value);
        if (is(word, "close"))
            seen->close = true;
        else if (is(word, "keep-alive"))
            seen->keep_alive = true;
    }
}

static bool has_control(struct span value)
{
    for (size_t i = 0; i < value.len; i++)
        if (((unsigned char)value.at[i] < ' ' && value.at[i] != '\t') ||
            value.at[i] == 0x7f)
            return true;
    return false;
}

static int parse_header(struct span line, struct headers *seen,
                        struct td_request *out)
{
    struct span name, value = line;
    if (!cut(&value, ':', &name) || !is_token(name) || has_control(value))
        return -BAD_REQUEST;
    value = trim(value);
    if (is(name, "host")) {
        if (seen->host)
            return -BAD_REQUEST;
        seen->host = true;
    } else if (is(name, "content-length")) {
        return parse_length(value, seen, out);
    } else if (is(name, "transfer-encoding")) {
        return -NOT_IMPLEMENTED;
    } else if (is(name, "connection")) {
        parse_connection(value, seen);
    }
    return 0;
}

/* RFC 9112 section 2.2: an empty line or two before a request are skipped. */
static struct span skip_empty_lines(const char *data, size_t len)
{
    struct span rest = {data, len};
    while (rest.len >= 2 && rest.at[0] == '\r' && rest.at[1] == '\n')
        rest = (struct span){rest.at + 2, rest.len - 2};
    return rest;
}

/* The head has not ended yet: wait, or give up on it? */
static long unfinished(size_t len, bool in_request_line)
{
    if (in_request_line && len > TD_REQUEST_TARGET_MAX + 64)
        return -TARGET_TOO_LONG;
    return len >= TD_REQUEST_HEAD_MAX ? -HEAD_TOO_LARGE : 0;
}

long td_request_parse(const char *data, size_t len, struct td_request *out)
{
    struct span rest = skip_empty_lines(data, len), line;
    struct headers seen = {false, false, false, false};
    int rc;
    *out = (struct td_request){.method = TD_METHOD_OTHER};
    rc = next_line(&rest, &line);
    if (rc == 0)
        return unfinished(len, true);
    if (rc < 0 || (rc = parse_request_line(line, out)) < 0)
        return rc;
    while ((rc = next_line(&rest, &line)) > 0 && line.len)
        if ((rc = parse_header(line, &seen, out)) < 0)
            return rc;
    if (rc < 0)
        return rc;
    if (rc == 0)
        return unfinished(len, false);
    if (rest.at - data > TD_REQUEST_HEAD_MAX)
        return -HEAD_TOO_LARGE;
    if (out->minor >= 1 && !seen.host)
        return -BAD_REQUEST;
    out->keep_alive = !seen.close && (out->minor >= 1 || seen.keep_alive);
    return rest.at - data;
}
