#include "cmd/load_options.h"

#include <string.h>

#define MS 1000000u

static const char *const arrivals[] = {"constant", "poisson", NULL};
static const char *const progress[] = {"auto", "yes", "no", NULL};

#define ROW(NAME) offsetof(struct td_load_options, NAME)

const struct td_opt td_load_option_table[] = {
    {"rate", TD_OPT_DOUBLE, ROW(rate), NULL, .001, 1e7, NULL, "N",
     "requests a second, by the clock, however slow the answers are"},
    {"arrivals", TD_OPT_CHOICE, ROW(arrivals), "constant", 0, 0, arrivals,
     "KIND", "how requests of that rate follow each other"},
    {"closed", TD_OPT_FLAG, ROW(closed), NULL, 0, 0, NULL, NULL,
     "each connection sends its next request when it has the answer"},
    {"find-max", TD_OPT_FLAG, ROW(find_max), NULL, 0, 0, NULL, NULL,
     "search for the highest rate that keeps --slo"},
    {"connections", TD_OPT_INT, ROW(connections), "64", 1, 1000000, NULL, "N",
     "connections, over all threads"},
    {"threads", TD_OPT_INT, ROW(threads), "1", 1, 1024, NULL, "N",
     "threads of the generator"},
    {"duration", TD_OPT_DURATION, ROW(duration_ns), "10s", 0, 0, NULL, "TIME",
     "how long to measure; of --find-max: each trial"},
    {"warmup", TD_OPT_DURATION, ROW(warmup_ns), "1s", 0, 0, NULL, "TIME",
     "the same load before, not counted"},
    {"timeout", TD_OPT_DURATION, ROW(timeout_ns), "10s", 0, 0, NULL, "TIME",
     "a request has failed when it is not answered so long after it was sent; "
     "answers are awaited so long after the end"},
    {"method", TD_OPT_STRING, ROW(method), "GET", 0, 0, NULL, "METHOD",
     "method of the request"},
    {"header", TD_OPT_EACH, ROW(headers), NULL, 0, 0, NULL, "'NAME: VALUE'",
     "header of every request; may be given again"},
    {"body", TD_OPT_STRING, ROW(body), NULL, 0, 0, NULL, "TEXT",
     "body of the request"},
    {"body-file", TD_OPT_STRING, ROW(body_file), NULL, 0, 0, NULL, "FILE",
     "the same from a file"},
    {"requests", TD_OPT_STRING, ROW(requests), NULL, 0, 0, NULL, "FILE",
     "a weighted mix, a line a request: [WEIGHT] METHOD PATH [expect=STATUS] "
     "[body=TEXT] [body-file=FILE] [expect-file=FILE] [header=\"N: V\"]"},
    {"keepalive", TD_OPT_FLAG, ROW(keepalive), "yes", 0, 0, NULL, NULL,
     "keep connections open between requests"},
    {"expect-status", TD_OPT_INT, ROW(expect_status), NULL, 200, 599, NULL, "N",
     "the status that counts as an answer (any 2xx)"},
    {"expect-body", TD_OPT_STRING, ROW(expect_body), NULL, 0, 0, NULL, "FILE",
     "the body that counts as an answer, byte for byte"},
    {"seed", TD_OPT_INT, ROW(seed), "1", 0, 4e15, NULL, "N",
     "seed of Poisson arrivals and of the mix"},
    {"slo", TD_OPT_STRING, ROW(slo), NULL, 0, 0, NULL, "CONDITIONS",
     "the objective of --find-max: 'p99.9<100ms,errors<0.1%'"},
    {"precision", TD_OPT_PERCENT, ROW(precision), "2%", .001, .5, NULL, "P%",
     "relative width at which --find-max stops"},
    {"start", TD_OPT_DOUBLE, ROW(start), "100", .001, 1e7, NULL, "N",
     "the rate that --find-max tries first"},
    {"highest", TD_OPT_DOUBLE, ROW(highest), "1000000", .001, 1e7, NULL, "N",
     "the rate that --find-max does not exceed"},
    {"repeats", TD_OPT_INT, ROW(repeats), "3", 3, 100, NULL, "N",
     "how often --find-max confirms its answer"},
    {"trials", TD_OPT_INT, ROW(trials), "60", 6, 10000, NULL, "N",
     "trials that --find-max makes at most"},
    {"out", TD_OPT_STRING, ROW(out), NULL, 0, 0, NULL, "FILE",
     "write the result and all trials of --find-max to this file as JSON, also "
     "of a search that was stopped"},
    {"json", TD_OPT_FLAG, ROW(json), NULL, 0, 0, NULL, NULL,
     "print one JSON object in place of text (keys: results/FORMAT.md)"},
    {"hlog", TD_OPT_STRING, ROW(hlog), NULL, 0, 0, NULL, "FILE",
     "write the histograms: latency untagged, Tag=service, Tag=send-lag"},
    {"hgrm", TD_OPT_STRING, ROW(hgrm), NULL, 0, 0, NULL, "FILE",
     "write the percentile distribution of the latency in ms; the others go "
     "to FILE with .service or .send-lag before its suffix"},
    {"progress", TD_OPT_CHOICE, ROW(progress), "auto", 0, 0, progress, "WHEN",
     "a line each second on standard error; auto: where that is a terminal"},
    {"cpus", TD_OPT_STRING, ROW(cpus), NULL, 0, 0, NULL, "LIST",
     "CPUs of the generator's threads, such as 1 or 2-3"},
    {"busy-poll", TD_OPT_FLAG, ROW(busy_poll), NULL, 0, 0, NULL, NULL,
     "spin in place of sleeping; with --cpus, apart from the server's"},
    {"allow-remote", TD_OPT_FLAG, ROW(allow_remote), NULL, 0, 0, NULL, NULL,
     "load another machine than this one; ask its owner first"},
    TD_OPT_END};

struct conflict {
    const char *a, *b, *why;
};

static const struct conflict conflicts[] = {
    {"rate", "closed",
     "--rate sends by the clock, --closed when the last answer is there: give "
     "one of them"},
    {"rate", "find-max", "--find-max looks for the rate: leave --rate out"},
    {"closed", "find-max",
     "--find-max tries rates, --closed has none: give one of them"},
    {"closed", "arrivals",
     "--arrivals is about --rate; a closed loop sends when an answer is there"},
    {"body", "body-file", "--body and --body-file: give one of them"},
    {"requests", "method",
     "--requests FILE says the method: leave --method "
     "out"},
    {"requests", "body", "--requests FILE says the body: leave --body out"},
    {"requests", "body-file",
     "--requests FILE says the body: leave --body-file out"},
    {"find-max", "hlog", "--hlog is of one load, --find-max makes many"},
    {"find-max", "hgrm", "--hgrm is of one load, --find-max makes many"},
};

struct need {
    const char *given, *needs, *why;
};

static const struct need needs[] = {
    {"slo", "find-max", "--slo is the objective of --find-max: add that"},
    {"find-max", "slo",
     "--find-max needs an objective: --slo 'p99<50ms,errors<0.1%'"},
    {"precision", "find-max", "--precision is about --find-max: add that"},
    {"start", "find-max", "--start is about --find-max: add that"},
    {"highest", "find-max", "--highest is about --find-max: add that"},
    {"repeats", "find-max", "--repeats is about --find-max: add that"},
    {"trials", "find-max", "--trials is about --find-max: add that"},
    {"out", "find-max", "--out keeps the trials of --find-max: add that"},
    {"busy-poll", "cpus",
     "--busy-poll takes a whole CPU: say with --cpus which, apart from the "
     "server's"},
};

/* Whether --name stands among the words. */
static bool is_given(int argc, char **argv, const char *name)
{
    size_t len = strlen(name);
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strncmp(argv[i], "--", 2) == 0 &&
            strncmp(argv[i] + 2, name, len) == 0 &&
            (argv[i][2 + len] == '\0' || argv[i][2 + len] == '='))
            return true;
    return false;
}

static int check_values(const struct td_load_options *o, struct td_err *err)
{
    if (o->duration_ns < MS)
        return td_err_set(err, TD_EUSAGE, "--duration: at least 1ms");
    if (o->timeout_ns < MS)
        return td_err_set(err, TD_EUSAGE, "--timeout: at least 1ms");
    if (o->threads > o->connections)
        return td_err_set(err, TD_EUSAGE,
                          "%lld threads for %lld connections: each thread "
                          "needs one of its own",
                          (long long)o->threads, (long long)o->connections);
    if (o->expect_body && strcmp(o->method, "HEAD") == 0)
        return td_err_set(err, TD_EUSAGE,
                          "--expect-body: a HEAD request is answered without "
                          "a body");
    if (o->start > o->highest)
        return td_err_set(err, TD_EUSAGE, "--start %g lies above --highest %g",
                          o->start, o->highest);
    return 0;
}

int td_load_options_check(const struct td_load_options *options, int argc,
                          char **argv, struct td_err *err)
{
    for (size_t i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++)
        if (is_given(argc, argv, conflicts[i].a) &&
            is_given(argc, argv, conflicts[i].b))
            return td_err_set(err, TD_EUSAGE, "%s", conflicts[i].why);
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (is_given(argc, argv, needs[i].given) &&
            !is_given(argc, argv, needs[i].needs))
            return td_err_set(err, TD_EUSAGE, "%s", needs[i].why);
    if (options->rate <= 0 && !options->closed && !options->find_max)
        return td_err_set(err, TD_EUSAGE,
                          "say how to load: --rate N (so many a second), "
                          "--closed (one behind the other) or --find-max");
    return check_values(options, err);
}
