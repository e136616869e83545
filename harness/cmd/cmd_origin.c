/* tandem origin: the delaying HTTP server alone. */
#include "cmd/command.h"
#include "load/origin.h"

static const struct td_opt options[] = {
    {"host", TD_OPT_STRING, offsetof(struct td_origin_options, host),
     "127.0.0.1", 0, 0, NULL, "ADDRESS",
     "loopback address to listen on: 127.0.0.1, ::1 or localhost"},
    {"port", TD_OPT_INT, offsetof(struct td_origin_options, port), "0", 0,
     65535, NULL, "N", "port to listen on, 0 for any free one"},
    {"idle", TD_OPT_DURATION, offsetof(struct td_origin_options, idle_ns),
     "60s", 0, 0, NULL, "TIME",
     "close a connection that asks nothing for so long"},
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
        "  GET /healthz                  answers at once\n"
        "Answers are never early, and late by less than a millisecond on a\n"
        "quiet machine.",
    .options = options,
    .options_size = sizeof(struct td_origin_options),
    .run = run,
};
