#include "selftest/targets.h"

#include "selftest/trials.h"
#include "stat/stopping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COVERAGE_TITLE "the ratio's interval holds the true ratio"
#define POWER_TITLE "a true difference is seen"

static const struct td_check coverage = {
    "coverage", COVERAGE_TITLE, td_try_covers, true, true, .945, .975};
static const struct td_check coverage_elsewhere = {
    "coverage", COVERAGE_TITLE, td_try_covers, true, false, 0, 1};
static const struct td_check alike = {"a/a",
                                      "equal things are called different, "
                                      "measured in turns while both drift",
                                      td_try_differs,
                                      true,
                                      true,
                                      0,
                                      .06};
static const struct td_check sequential = {
    "sequential",
    "measured one after the other: warned of",
    td_try_warned,
    false,
    true,
    1,
    1};
static const struct td_check power_1 = {
    "power", POWER_TITLE, td_try_noticed, true, true, .65, 1};
static const struct td_check power_2 = {
    "power", POWER_TITLE, td_try_noticed, true, true, .99, 1};
static const struct td_check power_5 = {
    "power", POWER_TITLE, td_try_noticed, true, true, 1, 1};
static const struct td_check adaptive = {
    "adaptive",
    "the interval of a run that its width stopped holds the true ratio",
    td_try_covers,
    true,
    true,
    .945,
    1};
static const struct td_check step = {"step",
                                     "a step of 3 sigma, 37th of 200, is "
                                     "found within 2",
                                     td_try_step_found,
                                     false,
                                     true,
                                     .95,
                                     1};
static const struct td_check extra = {"extra",
                                      "a change is found elsewhere too",
                                      td_try_false_change,
                                      false,
                                      true,
                                      0,
                                      .02};
static const struct td_check kept = {
    "kept",
    "iterations without a warm-up are kept whole",
    td_try_kept_whole,
    false,
    true,
    .99,
    1};
static const struct td_check nightly_quiet = {
    "nightly-quiet",
    "nights without a change: an alarm in 100",
    td_try_false_change,
    false,
    true,
    0,
    .01};
static const struct td_check nightly_step = {
    "nightly-step",
    "a step of 2 sigma between nights is found within 2",
    td_try_step_found,
    false,
    true,
    .9,
    1};
static const struct td_check quantiles = {
    "quantiles",
    "a quantile's interval holds the true one",
    td_try_quantile_covers,
    false,
    true,
    .94,
    1};
static const struct td_check search = {
    "search",
    "the interval of a search holds the rate that half of the trials keep",
    td_try_search_covers,
    false,
    true,
    .945,
    1};
static const struct td_check same = {
    "same", "same seed, same data: the same bytes", td_try_same, false, true, 1,
    1};

#define COVERAGE(G, PAIRS)                                                     \
    {                                                                          \
        .check = &coverage, .name = G ", " #PAIRS " pairs", .generator = (G),  \
        .sizes = {                                                             \
            .pairs = (PAIRS),                                                  \
            .iterations = 10,                                                  \
            .ratio = 1                                                         \
        }                                                                      \
    }
#define ALIKE(PAIRS)                                                           \
    {                                                                          \
        .check = &alike, .name = "G4, " #PAIRS " pairs", .generator = "G4",    \
        .sizes = {                                                             \
            .pairs = (PAIRS),                                                  \
            .iterations = 10,                                                  \
            .ratio = 1                                                         \
        }                                                                      \
    }
#define SEQUENTIAL(NAME, PAIRED)                                               \
    {                                                                          \
        .check = &sequential, .name = (NAME), .generator = "G4",               \
        .sizes = {.pairs = 15,                                                 \
                  .iterations = 10,                                            \
                  .ratio = 1,                                                  \
                  .turns = TD_TURNS_SEQUENTIAL},                               \
        .paired = (PAIRED)                                                     \
    }
#define POWER(PERCENT)                                                         \
    {                                                                          \
        .check = &power_##PERCENT, .name = "G1, 20 pairs, " #PERCENT " %",     \
        .generator = "G1", .sizes = {                                          \
            .pairs = 20,                                                       \
            .iterations = 10,                                                  \
            .ratio = 1 + (PERCENT) / 100.                                      \
        }                                                                      \
    }
#define ADAPTIVE(PERCENT)                                                      \
    {                                                                          \
        .check = &adaptive, .name = "pairs differ by " #PERCENT " %",          \
        .generator = "normal", .adaptive = true, .sizes = {                    \
            .pairs = 150,                                                      \
            .iterations = 10,                                                  \
            .ratio = 1,                                                        \
            .sigma = (PERCENT) / 100.                                          \
        }                                                                      \
    }
#define STEP(CHECK, NAME, STEP_SIGMAS)                                         \
    {                                                                          \
        .check = &(CHECK), .name = (NAME), .series = {                         \
            TD_SHAPE_FLAT,                                                     \
            200,                                                               \
            37,                                                                \
            (STEP_SIGMAS)*.02                                                  \
        }                                                                      \
    }
#define STEP_OF_NIGHTS(CHECK)                                                  \
    {                                                                          \
        .check = &(CHECK), .name = "as nights", .history = true, .series = {   \
            TD_SHAPE_NIGHTS,                                                   \
            200,                                                               \
            37,                                                                \
            3 * .01                                                            \
        }                                                                      \
    }
#define KEPT(NAME, SHAPE)                                                      \
    {                                                                          \
        .check = &kept, .name = (NAME), .series = {(SHAPE), 200, 0, 0 }        \
    }
#define NIGHTS(CHECK, NAME, AT)                                                \
    {                                                                          \
        .check = &(CHECK), .name = (NAME), .history = true, .series = {        \
            TD_SHAPE_NIGHTS,                                                   \
            100,                                                               \
            AT,                                                                \
            2 * .01                                                            \
        }                                                                      \
    }
#define QUANTILE(NAME, TAIL, N, P, HISTOGRAM)                                  \
    {                                                                          \
        .check = &quantiles, .name = (NAME), .tail = (TAIL), .samples = (N),   \
        .quantile = (P), .histogram = (HISTOGRAM)                              \
    }

#define SEARCH(NAME, SPREAD, LAPSE)                                            \
    {                                                                          \
        .check = &search, .name = (NAME), .spread = (SPREAD), .lapse = (LAPSE) \
    }

const struct td_scenario td_targets[] = {
    COVERAGE("G1", 10),
    COVERAGE("G1", 15),
    COVERAGE("G1", 20),
    COVERAGE("G1", 30),
    COVERAGE("G2", 10),
    COVERAGE("G2", 15),
    COVERAGE("G2", 20),
    COVERAGE("G2", 30),
    COVERAGE("G3", 10),
    COVERAGE("G3", 15),
    COVERAGE("G3", 20),
    COVERAGE("G3", 30),
    COVERAGE("G4", 10),
    COVERAGE("G4", 15),
    COVERAGE("G4", 20),
    COVERAGE("G4", 30),
    COVERAGE("G5", 10),
    COVERAGE("G5", 15),
    COVERAGE("G5", 20),
    COVERAGE("G5", 30),
    ALIKE(10),
    ALIKE(15),
    ALIKE(20),
    ALIKE(30),
    SEQUENTIAL("unpaired", false),
    SEQUENTIAL("paired by number", true),
    POWER(1),
    POWER(2),
    POWER(5),
    ADAPTIVE(0.8),
    ADAPTIVE(1),
    ADAPTIVE(1.5),
    ADAPTIVE(2),
    ADAPTIVE(3),
    ADAPTIVE(4),
    STEP(step, "slower before", 3),
    STEP(step, "faster before", -3),
    STEP_OF_NIGHTS(step),
    STEP(extra, "slower before", 3),
    STEP(extra, "faster before", -3),
    STEP_OF_NIGHTS(extra),
    KEPT("flat", TD_SHAPE_FLAT),
    KEPT("spiky", TD_SHAPE_SPIKY),
    KEPT("AR(.6)", TD_SHAPE_AR),
    KEPT("a wave", TD_SHAPE_WAVE),
    KEPT("every 8th longer", TD_SHAPE_COLLECTED),
    NIGHTS(nightly_quiet, "100 nights", 0),
    NIGHTS(nightly_step, "30th of 100", 30),
    NIGHTS(nightly_step, "50th of 100", 50),
    NIGHTS(nightly_step, "70th of 100", 70),
    QUANTILE("p99, lognormal", TD_TAIL_LOGNORMAL, 1000, .99, false),
    QUANTILE("p99, Pareto", TD_TAIL_PARETO, 1000, .99, false),
    QUANTILE("p99, Pareto, histogram", TD_TAIL_PARETO, 1000, .99, true),
    QUANTILE("p99.9, lognormal", TD_TAIL_LOGNORMAL, 10000, .999, false),
    QUANTILE("p99.9, Pareto", TD_TAIL_PARETO, 10000, .999, false),
    QUANTILE("p99.9, Pareto, histogram", TD_TAIL_PARETO, 10000, .999, true),
    SEARCH("a sharp knee", 0, 0),
    SEARCH("a sharp knee, 5 % disturbed", 0, .05),
    SEARCH("a soft knee, 90 to 10 % in 9 %", .02, 0),
    SEARCH("a soft knee, 90 to 10 % in 22 %", .05, 0),
    {.check = &same,
     .name = "comparison, nights, quantiles",
     .generator = "G5",
     .sizes = {.pairs = 15, .iterations = 10, .ratio = 1}},
    {.check = NULL},
};

size_t td_targets_count(void)
{
    return sizeof td_targets / sizeof td_targets[0] - 1;
}

/* Was coverage promised of these sizes? */
static const struct td_check *coverage_of(const struct td_scenario *scenario)
{
    const struct td_sizes *sizes = &scenario->sizes;
    if (sizes->iterations < 10)
        return &coverage_elsewhere;
    if (scenario->adaptive)
        return sizes->pairs >= 15 ? &adaptive : &coverage_elsewhere;
    return sizes->pairs >= 10 && sizes->pairs <= 30 ? &coverage
                                                    : &coverage_elsewhere;
}

static void add_coverage(const struct td_choice *choice, const char *generator,
                         struct td_chosen *out)
{
    struct td_scenario *scenario = &out->scenarios[out->count];
    size_t usual = choice->adaptive ? td_stopping_default.most : 15;
    *scenario = (struct td_scenario){
        .name = out->names[out->count],
        .generator = generator,
        .adaptive = choice->adaptive,
        .sizes = {.pairs = choice->pairs ? choice->pairs : usual,
                  .iterations = choice->iterations ? choice->iterations : 10,
                  .ratio = 1 + choice->shift}};
    scenario->check = coverage_of(scenario);
    snprintf(out->names[out->count], sizeof out->names[0], "%s, %s%zu pairs",
             generator, choice->adaptive ? "up to " : "",
             scenario->sizes.pairs);
    out->count++;
}

static bool is_same_comparison(const struct td_scenario *a,
                               const struct td_scenario *b)
{
    return !b->adaptive && strcmp(a->generator, b->generator) == 0 &&
           a->sizes.pairs == b->sizes.pairs &&
           a->sizes.iterations == b->sizes.iterations &&
           fabs(a->sizes.ratio - b->sizes.ratio) < 1e-9;
}

static void add_power(struct td_chosen *out)
{
    for (size_t i = 0; td_targets[i].check; i++)
        if (td_targets[i].check->trial == td_try_noticed &&
            is_same_comparison(&td_targets[i],
                               &out->scenarios[out->count - 1])) {
            out->scenarios[out->count++] = td_targets[i];
            return;
        }
}

void td_targets_choose(const struct td_choice *choice, struct td_chosen *out)
{
    static const char *const all[] = {"G1", "G2", "G3", "G4", "G5"};
    out->count = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!choice->generator || strcmp(choice->generator, all[i]) == 0) {
            add_coverage(choice, all[i], out);
            add_power(out);
        }
}
