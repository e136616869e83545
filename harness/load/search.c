#include "load/search.h"

#include "base/buf.h"
#include "load/search_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A level is a step of precision / STEPS in ln(rate), 0 being the start.
 * Rates tried are EVERY steps apart, so that repeats are of the same rate. */
enum { STEPS = 4, EVERY = 2 };

enum {
    HALVINGS = 10,   /* below the start, before it is given up */
    INVALID_MOST = 3 /* in a row at one rate: the generator cannot do it */
};

/* Of the posterior: a little more than the 95 % that are promised, for where
 * the knee is soft .965 was seen to cover .94. */
static const double confidence = .97;
static const double widest_spread = 1.28;     /* in ln(rate) */
static const double narrowest_spread = .0025; /* at most */

double td_search_step(const struct td_search *search)
{
    return search->options.precision / STEPS;
}

double td_search_rate(const struct td_search *search, double level)
{
    return search->options.start * exp(level * td_search_step(search));
}

static int32_t level_of(const struct td_search *search, double rate)
{
    return (int32_t)lround(log(rate / search->options.start) /
                           td_search_step(search));
}

int td_search_check(const struct td_search_options *options, struct td_err *err)
{
    if (!(options->start > 0) || !(options->highest >= options->start) ||
        !(options->highest <= 1e9))
        return td_err_set(err, TD_EUSAGE,
                          "search: needs 0 < start <= highest <= 1e9 requests "
                          "a second, not %g and %g",
                          options->start, options->highest);
    if (!(options->precision >= .001 && options->precision <= .5))
        return td_err_set(err, TD_EUSAGE,
                          "search: the precision must lie between 0.1 %% and "
                          "50 %%, not %g %%",
                          options->precision * 100);
    if (options->repeats < 1 || options->most < 2 * options->repeats)
        return td_err_set(err, TD_EUSAGE,
                          "search: needs at least one repeat, and trials for "
                          "twice the repeats");
    return 0;
}

void td_search_init(struct td_search *search,
                    const struct td_search_options *options)
{
    double widest, narrowest;
    *search = (struct td_search){.options = *options};
    widest = narrowest = widest_spread / td_search_step(search);
    while (narrowest * td_search_step(search) > narrowest_spread)
        narrowest /= 2;
    td_threshold_model_init(&search->model, confidence, narrowest, widest,
                            (int32_t)ceil(log(2) / td_search_step(search)));
    search->ceiling = level_of(search, options->highest);
}

void td_search_release(struct td_search *search)
{
    td_threshold_model_release(&search->model);
    free(search->trials);
    search->trials = NULL;
    search->count = search->cap = 0;
}

uint32_t td_search_count(const struct td_search *search, double low,
                         double high, enum td_trial_outcome outcome)
{
    uint32_t count = 0;
    for (size_t i = 0; i < search->count; i++)
        count += search->trials[i].outcome == outcome &&
                 search->trials[i].level >= low &&
                 search->trials[i].level <= high;
    return count;
}

struct td_threshold_trial *
td_search_valid_trials(const struct td_search *search, size_t *n)
{
    struct td_threshold_trial *out =
        td_xmalloc((search->count + 1) * sizeof *out);
    *n = 0;
    for (size_t i = 0; i < search->count; i++)
        if (search->trials[i].outcome != TD_TRIAL_INVALID)
            out[(*n)++] = (struct td_threshold_trial){
                search->trials[i].level,
                search->trials[i].outcome == TD_TRIAL_HELD};
    return out;
}

void td_search_estimate(const struct td_search *search,
                        struct td_threshold *out)
{
    size_t n;
    struct td_threshold_trial *trials = td_search_valid_trials(search, &n);
    td_threshold_estimate(&search->model, trials, n, out);
    free(trials);
}

static double ask(struct td_search *search, int32_t level)
{
    if (level > search->ceiling)
        level = search->ceiling;
    search->asked_level = level;
    search->asked = td_search_rate(search, level);
    if (level == level_of(search, search->options.highest))
        search->asked = search->options.highest;
    return search->asked;
}

static double finish(struct td_search *search, enum td_search_end end)
{
    search->end = end;
    search->asked = 0;
    return 0;
}

static int32_t round_level(double level, double (*towards)(double))
{
    return (int32_t)(towards(level / EVERY) * EVERY);
}

/* A factor of 2. */
static int32_t double_levels(const struct td_search *search)
{
    return (int32_t)lround(log(2) / td_search_step(search) / EVERY) * EVERY;
}

static int32_t lowest_level(const struct td_search *search)
{
    int32_t lowest = 0;
    for (size_t i = 0; i < search->count; i++)
        if (search->trials[i].level < lowest)
            lowest = search->trials[i].level;
    return lowest;
}

/* Nothing has broken: up, to the ceiling. */
static double double_rate(struct td_search *search)
{
    uint32_t held = td_search_count(search, search->ceiling, search->ceiling,
                                    TD_TRIAL_HELD);
    if (held >= search->options.repeats)
        return finish(search, search->generator_bound ? TD_SEARCH_GENERATOR
                                                      : TD_SEARCH_HIGHEST);
    if (search->held <= 0)
        return ask(search, 0);
    return ask(search, level_of(search, search->held) + double_levels(search));
}

/* Nothing has held: down, to a thousandth of the start. */
static double halve_rate(struct td_search *search)
{
    int32_t half = double_levels(search), lowest = lowest_level(search);
    if (lowest > -HALVINGS * half)
        return ask(search, lowest - half);
    if (td_search_count(search, lowest, lowest, TD_TRIAL_BROKE) <
        search->options.repeats)
        return ask(search, lowest);
    return finish(search, TD_SEARCH_NOTHING_HELD);
}

/* The interval is narrow: is it confirmed, and which end is to be tried? */
static double confirm(struct td_search *search, const struct td_threshold *at)
{
    int32_t low = round_level(at->lower, floor);
    int32_t high = round_level(at->upper, ceil);
    bool below = td_search_count(search, low - EVERY, at->median,
                                 TD_TRIAL_HELD) >= search->options.repeats;
    bool above = td_search_count(search, at->median, high + EVERY,
                                 TD_TRIAL_BROKE) >= search->options.repeats;
    if (below && above)
        return finish(search, TD_SEARCH_CONFIRMED);
    search->low_turn = below ? false : above ? true : !search->low_turn;
    return ask(search, search->low_turn ? low : high);
}

/* At the ceiling with most of the threshold above it: is that confirmed? */
static double confirm_ceiling(struct td_search *search)
{
    int32_t top = search->ceiling;
    uint32_t held = td_search_count(search, top, top, TD_TRIAL_HELD);
    uint32_t broke = td_search_count(search, top, top, TD_TRIAL_BROKE);
    if (held >= search->options.repeats && held > 3 * broke)
        return finish(search, search->generator_bound ? TD_SEARCH_GENERATOR
                                                      : TD_SEARCH_HIGHEST);
    return ask(search, top);
}

/* Where the next trial tells most.  While trials fall on either side of a
 * sharp knee that is the median.  Trials there say nothing of how wide the
 * knee is, though, and while that is not known the interval cannot be narrow:
 * once there were surprises, every other trial is of one end of the
 * interval. */
static double look(struct td_search *search, const struct td_threshold *at)
{
    bool surprised = td_search_count(search, level_of(search, search->broke),
                                     INFINITY, TD_TRIAL_HELD) > 0;
    double level = at->median;
    if (surprised && search->count % 4 == 1)
        level = at->lower;
    if (surprised && search->count % 4 == 3)
        level = at->upper;
    return ask(search, round_level(level, round));
}

static double narrow(struct td_search *search)
{
    struct td_threshold at;
    td_search_estimate(search, &at);
    if (at.lower >= search->ceiling)
        return confirm_ceiling(search);
    if (at.upper - at.lower <= STEPS && at.upper <= search->ceiling)
        return confirm(search, &at);
    return look(search, &at);
}

double td_search_next(struct td_search *search)
{
    if (search->end != TD_SEARCH_GOING_ON || search->asked > 0)
        return search->asked;
    if (search->count >= search->options.most)
        return finish(search, TD_SEARCH_MOST);
    if (search->broke <= 0)
        return double_rate(search);
    if (search->held <= 0)
        return halve_rate(search);
    return narrow(search);
}

/* Has the generator kept up with that, or with more? */
static bool is_in_reach(const struct td_search *search, int32_t level)
{
    return td_search_count(search, level, INFINITY, TD_TRIAL_HELD) > 0 ||
           td_search_count(search, level, INFINITY, TD_TRIAL_BROKE) > 0;
}

/* Nothing as high as the level any more: half-way (in logarithms) to what
 * held, and to that itself once it is near. */
static void lower_ceiling(struct td_search *search, int32_t level)
{
    int32_t half = double_levels(search), floor_level = -HALVINGS * half;
    search->generator_bound = true;
    if (search->held <= 0) {
        search->ceiling = level - half;
        if (search->ceiling < floor_level)
            finish(search, TD_SEARCH_NOTHING_VALID);
        return;
    }
    floor_level = level_of(search, search->held);
    search->ceiling = floor_level;
    if (level - floor_level > half / 4)
        search->ceiling += round_level((level - floor_level) / 2., floor);
}

/* The same rate again, a few times.  A generator that is late in a row where
 * it was never seen in time cannot do it; one that could before was
 * disturbed. */
static void take_invalid(struct td_search *search, int32_t level)
{
    size_t row = 0;
    while (row < search->count &&
           search->trials[search->count - 1 - row].level == level &&
           search->trials[search->count - 1 - row].outcome == TD_TRIAL_INVALID)
        row++;
    if (row >= INVALID_MOST && !is_in_reach(search, level))
        lower_ceiling(search, level);
    else if (row < INVALID_MOST && search->count < search->options.most)
        ask(search, level);
}

void td_search_tell(struct td_search *search, enum td_trial_outcome outcome)
{
    double rate = search->asked;
    int32_t level = search->asked_level;
    if (rate <= 0)
        return;
    if (search->count == search->cap) {
        search->cap = search->cap ? 2 * search->cap : 32;
        search->trials =
            td_xrealloc(search->trials, search->cap * sizeof *search->trials);
    }
    search->trials[search->count++] = (struct td_trial){rate, level, outcome};
    search->asked = 0;
    if (outcome == TD_TRIAL_HELD && rate > search->held)
        search->held = rate;
    if (outcome == TD_TRIAL_BROKE &&
        (search->broke <= 0 || rate < search->broke))
        search->broke = rate;
    if (outcome == TD_TRIAL_INVALID)
        take_invalid(search, level);
}
