/*
 * scanner - what it costs to read a response that is whole in the buffer:
 * with the scanner of the load generator and with http_parser (Debian's
 * libhttp-parser, where it is installed), by turns.  Both are initialised for
 * every response, count the bytes of the body and stop at its end.
 */
#include "base/clock.h"
#include "load/response.h"
#include "test/bench/verdict.h"

#include <stdlib.h>
#include <string.h>

#if __has_include(<http_parser.h>)
#include <http_parser.h>
#define HAVE_HTTP_PARSER 1
#else
#define HAVE_HTTP_PARSER 0
#endif

enum { ROUNDS = 101, COUNT = 1 << 14 };
#define LIMIT_RATIO .25

struct sample {
    const char *what;
    const char *wire;
    uint64_t body_bytes;
};

#define TYPICAL                                                                \
    "HTTP/1.1 200 OK\r\n"                                                      \
    "Server: nginx/1.22.1\r\n"                                                 \
    "Date: Sat, 21 Nov 2026 12:34:56 GMT\r\n"                                  \
    "Content-Type: application/json\r\n"

static const struct sample samples[] = {
    {"5 headers and a length",
     TYPICAL "Content-Length: 27\r\nConnection: keep-alive\r\n\r\n"
             "{\"id\":42,\"name\":\"user 42\"}\n",
     27},
    {"3 headers and a length",
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
     "Date: Sat, 21 Nov 2026 12:34:56 GMT\r\nContent-Length: 27\r\n\r\n"
     "{\"id\":42,\"name\":\"user 42\"}\n",
     27},
    {"5 headers and a chunk",
     TYPICAL "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
             "1b\r\n{\"id\":42,\"name\":\"user 42\"}\n\r\n0\r\n\r\n",
     27},
};

static void count_bytes(void *to, const char *data, size_t len)
{
    uint64_t *total = to;
    (void)data;
    *total += len;
}

/* ns a response. */
static double ours_ns(const struct sample *sample)
{
    const size_t len = strlen(sample->wire);
    uint64_t total = 0, begin = td_clock_ns();
    struct td_response response;
    for (int i = 0; i < COUNT; i++) {
        td_response_init(&response, false);
        if (td_response_feed(&response, sample->wire, len, count_bytes,
                             &total) != len ||
            !response.complete)
            abort();
    }
    begin = td_clock_ns() - begin;
    if (total != sample->body_bytes * COUNT)
        abort();
    return (double)begin / COUNT;
}

#if HAVE_HTTP_PARSER
static int count_body(http_parser *parser, const char *data, size_t len)
{
    count_bytes(parser->data, data, len);
    return 0;
}

static int stop(http_parser *parser)
{
    http_parser_pause(parser, 1);
    return 0;
}

static double theirs_ns(const struct sample *sample)
{
    const http_parser_settings settings = {.on_body = count_body,
                                           .on_message_complete = stop};
    const size_t len = strlen(sample->wire);
    uint64_t total = 0, begin = td_clock_ns();
    for (int i = 0; i < COUNT; i++) {
        http_parser parser = {.data = &total};
        http_parser_init(&parser, HTTP_RESPONSE);
        if (http_parser_execute(&parser, &settings, sample->wire, len) != len ||
            parser.http_errno != HPE_PAUSED)
            abort();
    }
    begin = td_clock_ns() - begin;
    if (total != sample->body_bytes * COUNT)
        abort();
    return (double)begin / COUNT;
}
#else
static double theirs_ns(const struct sample *sample)
{
    (void)sample;
    return 0;
}
#endif

static void measure(const struct sample *sample)
{
    static double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = ours_ns(sample);
        theirs[i] = theirs_ns(sample);
        ratio[i] = ours[i] / theirs[i];
    }
    printf("%zu bytes, %s: %.1f ns a response", strlen(sample->wire),
           sample->what, td_median(ours, ROUNDS));
    if (HAVE_HTTP_PARSER) {
        printf(", with http_parser %.1f ns\n", td_median(theirs, ROUNDS));
        verdict("ours, of http_parser's time", ratio, ROUNDS, "", LIMIT_RATIO);
    } else {
        printf(" (http_parser.h is not here)\n");
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        measure(&samples[i]);
    return 0;
}
