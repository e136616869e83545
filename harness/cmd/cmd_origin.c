/* tandem origin: the delaying, queueing and failing HTTP server alone. */
#include "cmd/command.h"
#include "load/origin.h"

static const char *const laws[] = {"constant", "exponential", NULL};

static const struct td_opt options[] = {
    {"host", TD_OPT_STRING, offsetof(struct td_origin_options, host),
     "127.0.0.1", 0, 0, NULL, "ADDRESS",
     "loopback address to listen on: 127.0.0.1, ::1 or localhost"},
    {"port", TD_OPT_INT, offsetof(struct td_origin_options, port), "0", 0,
     65535, NULL, "N", "port to listen on, 0 for any free one"},
    {"idle", TD_OPT_DURATION, offsetof(struct td_origin_options, idle_ns),
     "60s", 0, 0, NULL, "TIME",
     "close a connection that asks nothing for so long"},
    {"service", TD_OPT_DURATION, offsetof(struct td_origin_options, service_ns),
     "0ms", 0, 0, NULL, "TIME", "(mean) time that /queue takes of a server"},
    {"servers", TD_OPT_INT, offsetof(struct td_origin_options, servers), "1", 1,
     4096, NULL, "N", "servers behind each queue of /queue"},
    {"service-law", TD_OPT_CHOICE,
     offsetof(struct td_origin_options, service_law), "constant", 0, 0, laws,
     NULL, "how service times are distributed"},
    {"seed", TD_OPT_INT, offsetof(struct td_origin_options, seed), "1", 0,
     9007199254740992.0, NULL, "N", "of exponential service times"},
    {"stall", TD_OPT_DURATION, offsetof(struct td_origin_options, stall_ns),
     "0s", 0, 0, NULL, "TIME",
     "do nothing at all for so long, again and again"},
    {"every", TD_OPT_DURATION,
     offsetof(struct td_origin_options, stall_every_ns), "10s", 0, 0, NULL,
     "TIME",
     "from one stall's beginning to the next, and from the first "
     "request for /queue to the first stall"},
    TD_OPT_END};

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    (void)app;
    (void)args;
    return td_origin_run(values, stdout, err);
}

const struct td_command td_cmd_origin = {
    .name = "origin",
    .args = "",
    .summary = "serve HTTP answers that come after an exact delay",
    .details =
        "Prints its address as the first line, then serves until SIGTERM or\n"
        "Ctrl-C, or until the process that started it has died:\n"
        "  GET /delay/<duration>/<item>  answers after that long, 0ms to 60s\n"
        "  GET /queue, /queue/<n>        answers when queue 0 (or n, below "
        "1024)\n"
        "                                has served it: FIFO, --servers, "
        "--service\n"
        "  GET /healthz                  answers at once\n"
        "  GET /stats                    what it has counted, as JSON\n"
        "Answers are never early, and late by less than a millisecond on a\n"
        "quiet machine; lateness does not add up in a queue.\n"
        "Faults, to test clients with:\n"
        "  /status/<code>           that status\n"
        "  /wrong                   \"no\" in place of \"ok\"\n"
        "  /chunked                 \"ok\" in chunks, with a trailer\n"
        "  /drip/<duration>/<size>  a body of that many bytes, one each "
        "duration\n"
        "  /header/<size>           that many bytes of header fields, then "
        "\"ok\"\n"
        "  /endless                 a body that never ends\n"
        "  /short, /reset           half of a body, then FIN or RST\n"
        "  /close                   FIN in place of an answer\n"
        "  /bye                     \"ok\", then FIN in spite of keep-alive\n"
        "  /hang                    no answer until --idle is over\n"
        "  /garbage                 bytes that are not HTTP, then FIN",
    .options = options,
    .options_size = sizeof(struct td_origin_options),
    .run = run,
};
