#include "cmd/run_options.h"

#include "exec/sample_buffer.h"
#include "out/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define ROW(field) offsetof(struct td_run_options, field)

const struct td_opt td_run_option_table[] = {
    {"runtime", TD_OPT_LIST, ROW(runtimes), NULL, 0, 0, NULL, "R,...",
     "runtimes to measure, e.g. cpython-3.11,go (default: the first usable "
     "one of every family that the workload has)"},
    {"impl", TD_OPT_LIST, ROW(implementations), NULL, 0, 0, NULL, "I,...",
     "implementations to measure (default: all of the set)"},
    {"param", TD_OPT_LIST, ROW(params), NULL, 0, 0, NULL, "NAME=V,...",
     "set a parameter; several values make a sweep; may repeat"},
    {"suite", TD_OPT_STRING, ROW(suite), NULL, 0, 0, NULL, "NAME",
     "only parameter sets of this suite (quick, bench)"},
    {"pairs", TD_OPT_INT, ROW(pairs), NULL, 1, 100000, NULL, "N",
     "fresh pairs of workers per group (default 15; quick: 3)"},
    {"time-budget", TD_OPT_DURATION, ROW(time_budget_ns), NULL, 0, 0, NULL,
     "TIME",
     "end after about this long, shared among the groups; at least "
     "3 pairs each"},
    {"quick", TD_OPT_FLAG, ROW(quick), NULL, 0, 0, NULL, NULL,
     "a first look: 3 pairs, short turns; every table says so"},
    {"seed", TD_OPT_STRING, ROW(seed), NULL, 0, 0, NULL, "N",
     "seed of every random choice (default: drawn, and recorded)"},
    {"cpus", TD_OPT_STRING, ROW(cpus), NULL, 0, 0, NULL, "LIST",
     "CPUs that all workers may use, e.g. 0,2-3 (default: all)"},
    {"turn", TD_OPT_DURATION, ROW(turn_ns), NULL, 0, 0, NULL, "TIME",
     "how long a turn lasts (default 250ms; quick: 100ms)"},
    {"repetitions", TD_OPT_INT, ROW(repetitions), "1", 1, 1000, NULL, "N",
     "each worker takes 2N turns in a pair"},
    {"loops", TD_OPT_INT, ROW(loops), NULL, 1, 1 << 20, NULL, "N",
     "operations a sample (default: calibrated)"},
    {"count", TD_OPT_INT, ROW(count), NULL, 1, TD_SAMPLE_CAPACITY, NULL, "N",
     "samples a turn (default: calibrated)"},
    {"timeout", TD_OPT_DURATION, ROW(timeout_ns), "120s", 0, 0, NULL, "TIME",
     "how long a worker may take to start or for one batch"},
    {"out", TD_OPT_STRING, ROW(out), NULL, 0, 0, NULL, "DIR",
     "where run directories go (default: results)"},
    {"resume", TD_OPT_STRING, ROW(resume), NULL, 0, 0, NULL, "RUN",
     "go on with a run that was cut off: a path, an id, or `last`"},
    {"dry-run", TD_OPT_FLAG, ROW(dry_run), NULL, 0, 0, NULL, NULL,
     "print what would be measured, and the first turns"},
    {"format", TD_OPT_CHOICE, ROW(format), "text", 0, 0, td_format_names,
     "FORMAT", "how the tables are printed"},
    {"workloads", TD_OPT_STRING, ROW(workloads), NULL, 0, 0, NULL, "DIR",
     "where the workload directories are"},
    TD_OPT_END,
};

void td_run_join_sweeps(struct td_strings *params)
{
    struct td_strings joined = TD_STRINGS_INIT;
    for (size_t i = 0; i < params->count; i++) {
        char *last;
        if (strchr(params->at[i], '=') || !joined.count) {
            td_strings_add(&joined, params->at[i]);
            continue;
        }
        last = joined.at[joined.count - 1];
        joined.at[joined.count - 1] =
            td_xasprintf("%s,%s", last, params->at[i]);
        free(last);
    }
    td_strings_release(params);
    *params = joined;
}

static int parse_seed(const char *text, uint64_t *seed, struct td_err *err)
{
    char *end;
    if (!text) {
        if (getrandom(seed, sizeof *seed, 0) != (ssize_t)sizeof *seed)
            return td_err_sys(err, -errno, "cannot draw a seed");
        return 0;
    }
    errno = 0;
    *seed = strtoull(text, &end, 10);
    if (*end || errno || text[0] == '-' || !text[0])
        return td_err_set(err, TD_EUSAGE,
                          "--seed: expected a whole number below 2^64, "
                          "found \"%s\"",
                          text);
    return 0;
}

/* "0,2-3"; whether the machine has them, the launcher finds out. */
static int check_cpus(const char *list, struct td_err *err)
{
    const char *p = list;
    bool good = list != NULL;
    while (good && *p) {
        size_t first = strspn(p, "0123456789"), last = 1;
        p += first;
        if (*p == '-') {
            last = strspn(++p, "0123456789");
            p += last;
        }
        good = first && last && (*p == ',' ? p[1] != '\0' : *p == '\0');
        p += *p == ',';
    }
    if (!list || (good && p != list))
        return 0;
    return td_err_set(err, TD_EUSAGE,
                      "--cpus: expected CPUs such as 0,2-3, found \"%s\"",
                      list);
}

static uint64_t or_default(uint64_t given, bool quick, uint64_t if_quick,
                           uint64_t otherwise)
{
    return given ? given : quick ? if_quick : otherwise;
}

int td_run_settings(const struct td_run_options *options,
                    struct td_settings *out, struct td_err *err)
{
    bool quick = options->quick;
    *out = (struct td_settings){
        .pairs = (uint32_t)or_default((uint64_t)options->pairs, quick, 3, 15),
        .time_budget_ns = options->time_budget_ns,
        .turn_ns = or_default(options->turn_ns, quick, 100000000, 250000000),
        .repetitions = (uint32_t)options->repetitions,
        .loops = (uint64_t)options->loops,
        .count = (uint64_t)options->count,
        .batch_timeout_ns = options->timeout_ns,
        .start_timeout_ns = options->timeout_ns,
        .cpus = options->cpus,
        .quick = quick,
    };
    return check_cpus(options->cpus, err)
               ? err->code
               : parse_seed(options->seed, &out->seed, err);
}
