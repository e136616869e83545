#include "cmd/service_options.h"

#define ROW(field) offsetof(struct td_service_options, field)

static const char *const formats[] = {"text", "md", "json", NULL};
/* In the order of enum td_memory_by. */
static const char *const memory_words[] = {"auto", "cgroup", "rlimit", NULL};

const struct td_opt td_service_option_table[] = {
    {"runtime", TD_OPT_LIST, ROW(runtimes), NULL, 0, 0, NULL, "R,...",
     "runtimes to measure (default: the first usable one of every family)"},
    {"impl", TD_OPT_LIST, ROW(implementations), NULL, 0, 0, NULL, "I,...",
     "implementations to measure (default: all)"},
    {"param", TD_OPT_LIST, ROW(params), NULL, 0, 0, NULL, "NAME=V,...",
     "set a parameter; may repeat"},
    {"slo", TD_OPT_STRING, ROW(slo), "p99.9<100ms,errors<0.1%", 0, 0, NULL,
     "CONDITIONS", "the objective that the highest rate keeps"},
    {"invocations", TD_OPT_INT, ROW(invocations), "5", 1, 1000, NULL, "N",
     "fresh servers of each implementation, taking turns"},
    {"duration", TD_OPT_DURATION, ROW(duration_ns), "3s", 0, 0, NULL, "TIME",
     "measured time of each trial and of each load"},
    {"warmup", TD_OPT_DURATION, ROW(warmup_ns), "500ms", 0, 0, NULL, "TIME",
     "the same load before it, not counted"},
    {"low", TD_OPT_DOUBLE, ROW(low_rate), "1000", .1, 1e9, NULL, "RATE",
     "the lower of two fixed rates at which latency is measured"},
    {"high", TD_OPT_DOUBLE, ROW(high_rate), "5000", .1, 1e9, NULL, "RATE",
     "the higher one"},
    {"start", TD_OPT_DOUBLE, ROW(start), "1000", .1, 1e9, NULL, "RATE",
     "where the search for the highest rate begins"},
    {"highest", TD_OPT_DOUBLE, ROW(highest), "200000", .1, 1e9, NULL, "RATE",
     "the rate that it does not exceed"},
    {"precision", TD_OPT_PERCENT, ROW(precision), "5%", .001, .5, NULL, "P%",
     "width of the interval at which it ends"},
    {"repeats", TD_OPT_INT, ROW(repeats), "3", 1, 100, NULL, "N",
     "how often it confirms each end of the interval"},
    {"trials", TD_OPT_INT, ROW(trials), "40", 6, 10000, NULL, "N",
     "the most trials of a search"},
    {"memory-limit", TD_OPT_SIZE, ROW(memory_limit_bytes), "64MB", 0, 0, NULL,
     "SIZE", "measure all once more under this limit; 0 = do not"},
    {"memory-by", TD_OPT_CHOICE, ROW(memory_by), "auto", 0, 0, memory_words,
     "WAY",
     "what keeps it; auto: a control group where one can be made, else "
     "GOMEMLIMIT for Go and RLIMIT_AS for the others"},
    {"cpus", TD_OPT_STRING, ROW(cpus), NULL, 0, 0, NULL, "LIST",
     "CPUs of the servers; the load keeps to the others (default: chosen)"},
    {"seed", TD_OPT_STRING, ROW(seed), NULL, 0, 0, NULL, "N",
     "seed of every random choice (default: drawn)"},
    {"timeout", TD_OPT_DURATION, ROW(timeout_ns), "60s", 0, 0, NULL, "TIME",
     "how long a server may take to answer first"},
    {"quick", TD_OPT_FLAG, ROW(quick), NULL, 0, 0, NULL, NULL,
     "a first look: 2 invocations, loads of 300ms, at most 10 trials; the run "
     "says so"},
    {"format", TD_OPT_CHOICE, ROW(format), "text", 0, 0, formats, "FORMAT",
     "how the result is printed"},
    {"out", TD_OPT_STRING, ROW(out), NULL, 0, 0, NULL, "FILE",
     "write it as JSON to this file as well, every trial included"},
    {"workloads", TD_OPT_STRING, ROW(workloads), NULL, 0, 0, NULL, "DIR",
     "where the workload directories are"},
    TD_OPT_END,
};

static void at_most(uint64_t *value, uint64_t most)
{
    *value = *value < most ? *value : most;
}

static void few(int64_t *value, int64_t most)
{
    *value = *value < most ? *value : most;
}

void td_service_hasten(struct td_service_options *options)
{
    if (!options->quick)
        return;
    at_most(&options->duration_ns, 300000000);
    at_most(&options->warmup_ns, 100000000);
    few(&options->invocations, 2);
    few(&options->trials, 10);
    few(&options->repeats, 1);
    options->precision = options->precision > .2 ? options->precision : .2;
}

int td_service_search_options(const struct td_service_options *options,
                              struct td_search_options *out, struct td_err *err)
{
    *out = (struct td_search_options){.start = options->start,
                                      .highest = options->highest,
                                      .precision = options->precision,
                                      .repeats = (uint32_t)options->repeats,
                                      .most = (uint32_t)options->trials};
    if (!options->duration_ns)
        return td_err_set(err, TD_EUSAGE, "--duration: more than 0 is needed");
    if (options->low_rate > options->high_rate)
        return td_err_set(err, TD_EUSAGE, "--low must not exceed --high");
    return td_search_check(out, err);
}
