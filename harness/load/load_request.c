#include "load/load_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const methods[] = {
    "GET",   "HEAD",   "POST",     "PUT",       "PATCH",  "DELETE", "OPTIONS",
    "TRACE", "QUERY",  "SEARCH",   "PURGE",     "REPORT", "COPY",   "MOVE",
    "LOCK",  "UNLOCK", "PROPFIND", "PROPPATCH", "MKCOL",  NULL,
};

/* A method that the table lacks is a slip more often than an extension. */
static int check_method(const char *method, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    char *upper = td_xstrdup(method);
    const char *near;
    int rc = TD_EUSAGE;
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    for (size_t i = 0; methods[i]; i++) {
        td_strings_add(&names, methods[i]);
        if (strcmp(methods[i], method) == 0)
            rc = 0;
    }
    near = td_strings_nearest(&names, upper);
    if (rc && near)
        td_err_set(err, rc, "unknown method \"%s\"; did you mean %s?", method,
                   near);
    else if (rc)
        td_err_set(err, rc,
                   "unknown method \"%s\": one of GET, HEAD, POST, PUT, "
                   "PATCH, DELETE, OPTIONS …",
                   method);
    free(upper);
    td_strings_release(&names);
    return rc;
}

/* Origin form (RFC 9112, 3.2.1), or "*" for OPTIONS. */
static int check_path(const char *method, const char *path, struct td_err *err)
{
    if (strcmp(path, "*") == 0 && strcmp(method, "OPTIONS") == 0)
        return 0;
    if (path[0] != '/')
        return td_err_set(err, TD_EUSAGE,
                          "a path begins with \"/\", found \"%s\"", path);
    for (const char *c = path; *c; c++) {
        if (*c == '#')
            return td_err_set(err, TD_EUSAGE,
                              "\"#\" and what follows it is never sent: leave "
                              "it out of \"%s\", or write %%23",
                              path);
        if (*c <= ' ' || *c > '~')
            return td_err_set(err, TD_EUSAGE,
                              "byte 0x%02x cannot stand in a path, found in "
                              "\"%s\": write %%%02X",
                              (unsigned char)*c, path, (unsigned char)*c);
    }
    return 0;
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* Bytes of the name; 0 when there is none that a colon ends. */
static size_t name_length(const char *header)
{
    size_t len = 0;
    while (is_token_char(header[len]))
        len++;
    return header[len] == ':' ? len : 0;
}

static bool is_named(const char *header, const char *name)
{
    size_t len = name_length(header);
    return len == strlen(name) && strncasecmp(header, name, len) == 0;
}

static const char *value_of(const char *header)
{
    header += name_length(header) + 1;
    return header + strspn(header, " \t");
}

static int check_header(const char *header, struct td_err *err)
{
    if (!name_length(header))
        return td_err_set(err, TD_EUSAGE,
                          "expected a header such as \"Accept: text/plain\", "
                          "found \"%s\"",
                          header);
    for (const char *c = header; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 127)
            return td_err_set(
                err, TD_EUSAGE, "header %.*s: byte 0x%02x cannot stand in it",
                (int)name_length(header), header, (unsigned char)*c);
    return 0;
}

static const char *find_header(const struct td_strings *headers,
                               const char *name)
{
    for (size_t i = 0; headers && i < headers->count; i++)
        if (is_named(headers->at[i], name))
            return headers->at[i];
    return NULL;
}

/* A length that is not the body's would make the server read the next
 * request as part of this one, or wait for more. */
static int check_framing(const struct td_load_request_text *text,
                         struct td_err *err)
{
    const char *given = find_header(text->headers, "Content-Length");
    char length[24];
    snprintf(length, sizeof length, "%zu", text->body ? text->body_len : 0);
    if (find_header(text->headers, "Transfer-Encoding"))
        return td_err_set(err, TD_EUSAGE,
                          "header Transfer-Encoding: the body is sent with its "
                          "length; leave the header out");
    if (given && strcmp(value_of(given), length) != 0)
        return td_err_set(err, TD_EUSAGE,
                          "header \"%s\": the body has %s bytes; leave the "
                          "header out",
                          given, length);
    return 0;
}

static int check_headers(const struct td_load_request_text *text,
                         struct td_err *err)
{
    static const char *const once[] = {"Host", "Content-Length", "Connection"};
    const struct td_strings *headers = text->headers;
    for (size_t i = 0; headers && i < headers->count; i++) {
        if (check_header(headers->at[i], err))
            return err->code;
        for (size_t k = 0; k < sizeof once / sizeof once[0]; k++)
            if (is_named(headers->at[i], once[k]) &&
                find_header(headers, once[k]) != headers->at[i])
                return td_err_set(err, TD_EUSAGE,
                                  "header %s is given twice: \"%s\" and \"%s\"",
                                  once[k], find_header(headers, once[k]),
                                  headers->at[i]);
    }
    return check_framing(text, err);
}

static void add_unless_given(struct td_buf *out,
                             const struct td_load_request_text *text,
                             const char *name, const char *value)
{
    if (!find_header(text->headers, name))
        td_buf_addf(out, "%s: %s\r\n", name, value);
}

/* A server that was promised content waits for its length even where it is
 * 0 (RFC 9110, 8.6). */
static bool needs_length(const struct td_load_request_text *text)
{
    return text->body || strcmp(text->method, "POST") == 0 ||
           strcmp(text->method, "PUT") == 0 ||
           strcmp(text->method, "PATCH") == 0;
}

static void compose(struct td_buf *out, const struct td_load_target *target,
                    const struct td_load_request_text *text, const char *path,
                    bool keepalive)
{
    char length[24];
    snprintf(length, sizeof length, "%zu", text->body ? text->body_len : 0);
    td_buf_addf(out, "%s %s HTTP/1.1\r\n", text->method, path);
    add_unless_given(out, text, "Host", target->authority);
    add_unless_given(out, text, "User-Agent", "tandem");
    for (size_t i = 0; text->headers && i < text->headers->count; i++)
        td_buf_addf(out, "%s\r\n", text->headers->at[i]);
    if (needs_length(text))
        add_unless_given(out, text, "Content-Length", length);
    if (!keepalive)
        add_unless_given(out, text, "Connection", "close");
    td_buf_adds(out, "\r\n");
    if (text->body)
        td_buf_add(out, text->body, text->body_len);
}

int td_load_requests_add(struct td_load_requests *to,
                         const struct td_load_target *target,
                         const struct td_load_request_text *text,
                         bool keepalive, double weight, struct td_err *err)
{
    const char *path = text->path ? text->path : target->path;
    struct td_buf bytes = TD_BUF_INIT;
    struct td_load_request *request;
    if (check_method(text->method, err) ||
        check_path(text->method, path, err) || check_headers(text, err))
        return err->code;
    compose(&bytes, target, text, path, keepalive);
    to->at = td_xrealloc(to->at, (to->count + 1) * sizeof *to->at);
    request = &to->at[to->count++];
    *request = (struct td_load_request){
        .len = bytes.len,
        .head = strcmp(text->method, "HEAD") == 0,
        .weight = weight,
    };
    request->bytes = td_buf_detach(&bytes);
    return 0;
}
