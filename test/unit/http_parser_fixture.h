/*
 * http_parser_fixture - the same response read by http_parser (Debian's
 * libhttp-parser): what it makes of the bytes, in the scanner's words.
 */
#ifndef TD_TEST_HTTP_PARSER_FIXTURE_H
#define TD_TEST_HTTP_PARSER_FIXTURE_H

#include "base/buf.h"

#include <http_parser.h>
#include <stdbool.h>

struct parser_seen {
    bool complete;
    enum http_errno error;
    int status;
    bool keep_alive;
    unsigned interim;
    size_t consumed;
    struct td_buf body;
    bool head_request;
};

static inline bool parser_is_interim(const http_parser *parser)
{
    return parser->status_code < 200;
}

/* 1: there is no body.  http_parser leaves that to its user where there is a
 * length that means nothing. */
static inline int parser_on_head(http_parser *parser)
{
    const struct parser_seen *seen = parser->data;
    return seen->head_request || parser_is_interim(parser) ||
           parser->status_code == 204 || parser->status_code == 304;
}

static inline int parser_on_body(http_parser *parser, const char *data,
                                 size_t len)
{
    struct parser_seen *seen = parser->data;
    td_buf_add(&seen->body, data, len);
    return 0;
}

static inline int parser_on_end(http_parser *parser)
{
    struct parser_seen *seen = parser->data;
    if (parser_is_interim(parser)) {
        seen->interim++;
        return 0;
    }
    seen->complete = true;
    seen->status = parser->status_code;
    seen->keep_alive = http_should_keep_alive(parser);
    http_parser_pause(parser, 1);
    return 0;
}

/* eof: the connection ends after the bytes. */
static inline void parser_read(struct parser_seen *seen, const char *data,
                               size_t len, bool head_request, bool eof)
{
    const http_parser_settings settings = {
        .on_headers_complete = parser_on_head,
        .on_body = parser_on_body,
        .on_message_complete = parser_on_end,
    };
    http_parser parser = {.data = seen};
    *seen =
        (struct parser_seen){.body = TD_BUF_INIT, .head_request = head_request};
    http_parser_init(&parser, HTTP_RESPONSE);
    seen->consumed = http_parser_execute(&parser, &settings, data, len);
    if (eof && !seen->complete && parser.http_errno == HPE_OK)
        http_parser_execute(&parser, &settings, NULL, 0);
    if (!seen->complete)
        seen->error = parser.http_errno;
}

static inline void parser_seen_release(struct parser_seen *seen)
{
    td_buf_release(&seen->body);
}

#endif
