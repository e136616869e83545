/* tandem selftest: do the statistics keep what they promise? */
#include "base/json.h"
#include "cmd/command.h"
#include "out/report_selftest.h"
#include "selftest/targets.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct selftest_options {
    int generator, format;
    int64_t pairs, iterations, reps, seed;
    char *shift;
    bool adaptive;
};

static const char *const generators[] = {"all", "G1", "G2", "G3",
                                         "G4",  "G5", NULL};
static const char *const formats[] = {"text", "json", NULL};

#define ROW(NAME) offsetof(struct selftest_options, NAME)

static const struct td_opt options[] = {
    {"generator", TD_OPT_CHOICE, ROW(generator), "all", 0, 0, generators, "G",
     "whose data to compare"},
    {"pairs", TD_OPT_INT, ROW(pairs), NULL, 2, 10000, NULL, "N",
     "pairs of a comparison (15; --adaptive: at most 60)"},
    {"iterations", TD_OPT_INT, ROW(iterations), NULL, 1, 10000, NULL, "N",
     "iterations of an invocation (10)"},
    {"shift", TD_OPT_STRING, ROW(shift), NULL, 0, 0, NULL, "D",
     "how much slower one side truly is: 0.02 or 2% (0)"},
    {"adaptive", TD_OPT_FLAG, ROW(adaptive), NULL, 0, 0, NULL, NULL,
     "stop at the width of 1 % that adaptive runs stop at"},
    {"reps", TD_OPT_INT, ROW(reps), "2000", 1, 10000000, NULL, "N",
     "repetitions of each scenario"},
    {"seed", TD_OPT_INT, ROW(seed), "1", 0, 4e15, NULL, "N",
     "seed of all data; the same seed gives the same table"},
    {"format", TD_OPT_CHOICE, ROW(format), "text", 0, 0, formats, "FORMAT",
     "how to print the table"},
    TD_OPT_END};

/* "0.02" or "2%"; NULL is 0. */
static int parse_shift(const char *text, double *out, struct td_err *err)
{
    char *end = NULL;
    double scale = 1;
    *out = text ? strtod(text, &end) : 0;
    if (text && *end == '%' && end++)
        scale = .01;
    *out *= scale;
    if (text && (end == text || *end || !(fabs(*out) <= .9)))
        return td_err_set(err, TD_EUSAGE,
                          "--shift: expected a difference from -0.9 to 0.9, "
                          "such as 0.02 or 2%%, found \"%s\"",
                          text);
    return 0;
}

/* The scenarios to try: all of the table, or those chosen. */
struct trial {
    const struct td_scenario *scenarios;
    size_t count;
    struct td_chosen chosen;
    struct td_result *results;
    uint32_t repetitions;
    uint64_t seed;
};

static bool is_choice(const struct selftest_options *o)
{
    return o->generator || o->pairs || o->iterations || o->shift || o->adaptive;
}

static int prepare(const struct selftest_options *o, struct trial *trial,
                   struct td_err *err)
{
    struct td_choice choice = {
        .generator = o->generator ? generators[o->generator] : NULL,
        .pairs = (size_t)o->pairs,
        .iterations = (size_t)o->iterations,
        .adaptive = o->adaptive};
    if (parse_shift(o->shift, &choice.shift, err))
        return err->code;
    trial->repetitions = (uint32_t)o->reps;
    trial->seed = (uint64_t)o->seed;
    trial->scenarios = td_targets;
    trial->count = td_targets_count();
    if (is_choice(o)) {
        td_targets_choose(&choice, &trial->chosen);
        trial->scenarios = trial->chosen.scenarios;
        trial->count = trial->chosen.count;
    }
    trial->results = td_xcalloc(trial->count, sizeof *trial->results);
    return 0;
}

/* Scenarios of one title from `from` on: how many. */
static size_t alike(const struct trial *trial, size_t from)
{
    size_t to = from;
    while (to < trial->count &&
           strcmp(trial->scenarios[to].check->title,
                  trial->scenarios[from].check->title) == 0)
        to++;
    return to - from;
}

static size_t targeted(const struct trial *trial)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->count; i++)
        count += trial->scenarios[i].check->targeted;
    return count;
}

static void print_text(const struct trial *trial, size_t from, size_t count)
{
    struct td_buf text = TD_BUF_INIT;
    td_selftest_text(trial->scenarios + from, trial->results + from, count,
                     &text);
    fputs(td_buf_str(&text), stdout);
    fflush(stdout);
    td_buf_release(&text);
}

static void print_json(const struct trial *trial)
{
    json_t *list = json_array(), *all;
    for (size_t i = 0; i < trial->count; i++)
        json_array_append_new(
            list, td_selftest_json(&trial->scenarios[i], &trial->results[i]));
    all = json_pack("{s:I, s:o}", "seed", (json_int_t)trial->seed, "scenarios",
                    list);
    json_dumpf(all, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(all);
}

/* Measures all; text is printed check by check, for all together take a while.
 */
static size_t measure(struct trial *trial, bool text)
{
    size_t missed = 0, group;
    for (size_t from = 0; from < trial->count; from += group) {
        group = alike(trial, from);
        for (size_t i = from; i < from + group; i++) {
            trial->results[i] = td_scenario_measure(
                &trial->scenarios[i], trial->repetitions, trial->seed);
            missed += !trial->results[i].met;
        }
        if (text)
            print_text(trial, from, group);
    }
    return missed;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct selftest_options *o = values;
    struct trial trial = {.results = NULL};
    size_t missed;
    (void)app, (void)args;
    if (prepare(o, &trial, err))
        return err->code;
    missed = measure(&trial, o->format == 0);
    if (o->format)
        print_json(&trial);
    else
        printf("%" PRIu32 " repetitions of each, seed %" PRIu64
               ": %zu of %zu targets missed\n",
               trial.repetitions, trial.seed, missed, targeted(&trial));
    free(trial.results);
    if (missed)
        return td_err_set(err, TD_EINTERNAL,
                          "the statistics miss %zu of their targets%s", missed,
                          trial.repetitions < 2000
                              ? "; with so few repetitions by chance, perhaps"
                              : "");
    return 0;
}

const struct td_command td_cmd_selftest = {
    .name = "selftest",
    .args = "",
    .summary = "hold the statistics against data of known truth",
    .details =
        "Draws data whose true ratio, level or quantile is known, again and\n"
        "again, and prints how often the statistics are right, between which\n"
        "bounds chance may have put that share (95 %), and what is promised.\n"
        "Without options all that is promised is tried (a minute); with\n"
        "--generator, --pairs, --iterations, --shift or --adaptive one\n"
        "comparison.  Ends with 6 when a share misses its target: then tandem\n"
        "itself is at fault.  Measures no time; the same seed prints the "
        "same.\n"
        "\n"
        "G1 is lognormal, 1 % between invocations, 2 % between iterations; G2\n"
        "skewed, with spikes; in G3 30 % of the invocations are 5 % slower; "
        "in\n"
        "G4 both sides drift by 3 %; G5 is a steady side against a skewed one.",
    .options = options,
    .options_size = sizeof(struct selftest_options),
    .run = run,
};
