#include "cmd/run_options.h"

#include "exec/sample_buffer.h"
#include "out/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Of a set of the suite `growth`. */
enum { GROWTH_PAIRS = 5 };

#define ROW(field) offsetof(struct td_run_options, field)

const struct td_opt td_run_option_table[] = {
    {"runtime", TD_OPT_LIST, ROW(runtimes), NULL, 0, 0, NULL, "R,...",
     "runtimes to measure, e.g. cpython-3.11,go (default: the first usable "
     "one of every family that the workload has)"},
    {"revision", TD_OPT_LIST, ROW(revisions), NULL, 0, 0, NULL, "A,B,...",
     "git revisions of the workloads' sources to measure against the first, "
     "instead of runtimes against each other; `.` = the files at hand"},
    {"impl", TD_OPT_LIST, ROW(implementations), NULL, 0, 0, NULL, "I,...",
     "implementations to measure (default: all of the set)"},
    {"param", TD_OPT_LIST, ROW(params), NULL, 0, 0, NULL, "NAME=V,...",
     "set a parameter; several values make a sweep; may repeat"},
    {"suite", TD_OPT_STRING, ROW(suite), NULL, 0, 0, NULL, "NAME",
     "only parameter sets of this suite (quick, bench, all; growth: 5 pairs a "
     "set, for what is fitted rests on all of them)"},
    {"pairs", TD_OPT_INT, ROW(pairs), NULL, 1, 100000, NULL, "N",
     "exactly N fresh pairs of workers per group (quick: 3; otherwise "
     "adaptive: 15, then 5 more until --target is reached)"},
    {"target", TD_OPT_PERCENT, ROW(target), "1%", 0.0001, 1, NULL, "P%",
     "half-width of the ratio's interval that is narrow enough"},
    {"max-pairs", TD_OPT_INT, ROW(max_pairs), "150", 3, 100000, NULL, "N",
     "the most pairs of an adaptive run"},
    {"group-time", TD_OPT_DURATION, ROW(group_time_ns), "3min", 0, 0, NULL,
     "TIME", "the longest time of a group of an adaptive run; 0 = no limit"},
    {"threshold", TD_OPT_PERCENT, ROW(threshold), "1%", 0, 1, NULL, "P%",
     "the least difference that matters: below, two are called equivalent"},
    {"gate", TD_OPT_FLAG, ROW(gate), NULL, 0, 0, NULL, NULL,
     "with --revision: exit with 1 when a newer one is slower by more than "
     "--threshold, with 4 when it may be"},
    {"cross-check", TD_OPT_FLAG, ROW(cross_check), NULL, 0, 0, NULL, NULL,
     "measure what the harness itself changes: every embedded runtime in its "
     "own executable as well, and beside each pair the runtime's own tool "
     "(go test -bench, timeit)"},
    {"reference", TD_OPT_FLAG, ROW(reference), "yes", 0, 0, NULL, NULL,
     "measure a runtime against itself as well: the noise floor"},
    {"time-budget", TD_OPT_DURATION, ROW(time_budget_ns), NULL, 0, 0, NULL,
     "TIME",
     "end after about this long, shared among the groups: 5 pairs each in any "
     "case, then 15 for all, then the rest for precision"},
    {"quick", TD_OPT_FLAG, ROW(quick), NULL, 0, 0, NULL, NULL,
     "a first look: 3 pairs, short turns; every table says so"},
    {"seed", TD_OPT_STRING, ROW(seed), NULL, 0, 0, NULL, "N",
     "seed of every random choice (default: drawn, and recorded)"},
    {"cpus", TD_OPT_STRING, ROW(cpus), NULL, 0, 0, NULL, "LIST",
     "CPUs that workers may use, at least two for a comparison, e.g. 0,2-3; "
     "harness and services keep to the others; auto: chosen by topology "
     "(default: all CPUs for all)"},
    {"turn", TD_OPT_DURATION, ROW(turn_ns), NULL, 0, 0, NULL, "TIME",
     "how long a turn lasts (default 200ms, of servers 1s; quick: 100ms and "
     "300ms)"},
    {"repetitions", TD_OPT_INT, ROW(repetitions), NULL, 1, 1000, NULL, "N",
     "each worker takes 2N turns in a pair (default: 2 turns' time in as many "
     "short ones as hold an operation, at most 16; a server 2)"},
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
    {"truncate", TD_OPT_FLAG, ROW(truncate), "yes", 0, 0, NULL, NULL,
     "leave out of the figures what came before a case was steady"},
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

static uint64_t or_default(uint64_t given, bool quick, uint64_t if_quick,
                           uint64_t otherwise)
{
    return given ? given : quick ? if_quick : otherwise;
}

static bool is_growth(const char *suite)
{
    return suite && strcmp(suite, "growth") == 0;
}

static struct td_stopping stopping_rule(const struct td_run_options *options)
{
    struct td_stopping rule = td_stopping_default;
    uint32_t fixed = options->pairs              ? (uint32_t)options->pairs
                     : options->quick            ? 3
                     : is_growth(options->suite) ? GROWTH_PAIRS
                                                 : 0;
    if (fixed)
        return (struct td_stopping){fixed, 1, fixed, 0};
    rule.target = options->target;
    rule.most = (uint32_t)options->max_pairs;
    if (rule.most < rule.first)
        rule.first = rule.most;
    return rule;
}

/* The reference group: enough for a floor, little beside the rest. */
static void reference_settings(struct td_settings *settings)
{
    uint32_t least = settings->stopping.first;
    settings->reference_pairs = least < 5 ? 5 : least > 15 ? 15 : least;
    settings->reference_turn_ns = 50000000;
    if (settings->turn_ns < settings->reference_turn_ns)
        settings->reference_turn_ns = settings->turn_ns;
}

int td_run_settings(const struct td_run_options *options,
                    struct td_settings *out, struct td_err *err)
{
    bool quick = options->quick;
    *out = (struct td_settings){
        .stopping = stopping_rule(options),
        .threshold = options->threshold,
        .group_time_ns = options->group_time_ns,
        .time_budget_ns = options->time_budget_ns,
        .turn_ns = or_default(options->turn_ns, quick, 100000000, 200000000),
        .server_turn_ns =
            or_default(options->turn_ns, quick, 300000000, 1000000000),
        .repetitions = (uint32_t)options->repetitions,
        .loops = (uint64_t)options->loops,
        .count = (uint64_t)options->count,
        .batch_timeout_ns = options->timeout_ns,
        .start_timeout_ns = options->timeout_ns,
        .quick = quick,
        .cross_check = options->cross_check,
    };
    reference_settings(out);
    return parse_seed(options->seed, &out->seed, err);
}

/* Workers that take turns in the largest group. */
static size_t most_workers(const struct td_plan *plan)
{
    size_t most = 0;
    for (size_t g = 0; g < plan->ngroups; g++) {
        const struct td_group *group = &plan->groups[g];
        size_t able = 0;
        for (size_t i = 0; i < group->ncases; i++)
            able += plan->cases[group->first_case + i].problem == NULL;
        most = able > most ? able : most;
    }
    return most;
}

static bool has_servers(const struct td_plan *plan)
{
    for (size_t i = 0; i < plan->nworkloads; i++)
        if (plan->workloads[i].kind == TD_WORKLOAD_SERVER)
            return true;
    return false;
}

/* Where --cpus has not said it. */
static void place_servers(const struct td_run_options *options,
                          const struct td_plan *plan, struct td_placement *out,
                          struct td_settings *settings)
{
    if (!has_servers(plan))
        return;
    if (options->cpus) {
        settings->server_cpus = settings->cpus;
        settings->load_cpus = settings->service_cpus;
        settings->server_placement = settings->placement;
        return;
    }
    td_placement_servers(out, "");
    settings->server_cpus = out->workers;
    settings->load_cpus = out->harness;
    settings->server_placement = out->text;
}

int td_run_place(const struct td_run_options *options,
                 const struct td_plan *plan, struct td_placement *out,
                 struct td_placement *servers, struct td_settings *settings,
                 struct td_err *err)
{
    int rc = 0;
    if (options->cpus && strcmp(options->cpus, "auto") == 0)
        rc = td_placement_auto(out, "", err);
    else if (options->cpus)
        rc =
            td_placement_given(out, "", options->cpus, most_workers(plan), err);
    if (options->cpus) {
        settings->cpus = out->workers;
        settings->service_cpus = out->harness ? out->harness : out->workers;
        settings->placement = out->text;
    }
    if (!rc)
        place_servers(options, plan, servers, settings);
    return rc;
}
