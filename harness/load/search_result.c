#include "load/search.h"

#include "base/buf.h"
#include "load/search_parts.h"
#include "stat/threshold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* P(flat spread) and odds of a drift from which on the model, and with it the
 * interval, is not to be believed. */
static const double flat_limit = .8, drift_limit = 20;

/* By how much a drift would have moved the knee, in ln(rate). */
static const double drifts[] = {.05, .1, .2, .4};
enum { DRIFTS = sizeof drifts / sizeof drifts[0] };

static const struct {
    const char *why, *words;
} meanings[] = {
    {"going on", "not done yet"},
    {"confirmed", "the interval is narrow, and its ends were confirmed"},
    {"highest", "the highest rate allowed held"},
    {"generator", "at higher rates the generator itself was late"},
    {"most", "no more trials were allowed"},
    {"nothing held", "not even the lowest rate tried held"},
    {"nothing valid", "the generator was late at every rate"},
    {"drift", "what held at first broke later, or the other way round"},
    {"contradictory", "high and low rates held and broke alike"},
    {"disturbed", "the generator was late in more than half of the trials"},
};

const char *td_search_why_words(const char *why)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strcmp(meanings[i].why, why) == 0)
            return meanings[i].words;
    return why;
}

static double drift_odds(const struct td_search *search)
{
    double shifts[DRIFTS], odds;
    size_t n;
    struct td_threshold_trial *trials = td_search_valid_trials(search, &n);
    for (size_t i = 0; i < DRIFTS; i++)
        shifts[i] = drifts[i] / td_search_step(search);
    odds = td_threshold_drift(&search->model, trials, n, shifts, DRIFTS);
    free(trials);
    return odds;
}

/* The highest rate that was tried often enough and never broke. */
static double confirmed_rate(const struct td_search *search)
{
    double best = 0;
    for (size_t i = 0; i < search->count; i++) {
        double rate = search->trials[i].rate;
        int32_t level = search->trials[i].level;
        if (rate > best &&
            td_search_count(search, level, level, TD_TRIAL_BROKE) == 0 &&
            td_search_count(search, level, level, TD_TRIAL_HELD) >=
                search->options.repeats)
            best = rate;
    }
    return best;
}

static void fill_threshold(const struct td_search *search,
                           struct td_search_result *out)
{
    struct td_threshold at;
    td_search_estimate(search, &at);
    out->rate = td_search_rate(search, at.median);
    out->lower = td_search_rate(search, at.lower);
    out->upper = td_search_rate(search, at.upper);
    out->knee = 2 * log(9) * at.spread * td_search_step(search);
    if (out->at_limit) {
        out->rate = search->held;
        out->lower = fmin(out->lower, search->held);
        out->upper = INFINITY;
    } else if (search->broke > 0 && at.flat > flat_limit) {
        out->conclusive = false;
        out->why = "contradictory";
    }
    if (!out->at_limit && 2 * out->invalid > out->trials) {
        out->conclusive = false;
        out->why = "disturbed";
    }
    if (search->broke > 0 && drift_odds(search) > drift_limit) {
        out->conclusive = false;
        out->why = "drift";
    }
}

void td_search_result(const struct td_search *search,
                      struct td_search_result *out)
{
    enum td_search_end end = search->end;
    double lowest = INFINITY;
    *out = (struct td_search_result){.found = search->held > 0,
                                     .at_limit = end == TD_SEARCH_HIGHEST ||
                                                 end == TD_SEARCH_GENERATOR,
                                     .confirmed = confirmed_rate(search),
                                     .trials = (uint32_t)search->count,
                                     .why = meanings[end].why};
    for (size_t i = 0; i < search->count; i++) {
        out->invalid += search->trials[i].outcome == TD_TRIAL_INVALID;
        lowest = fmin(lowest, search->trials[i].rate);
    }
    out->conclusive =
        end != TD_SEARCH_GOING_ON && end != TD_SEARCH_NOTHING_VALID;
    if (out->found)
        fill_threshold(search, out);
    else
        out->upper = lowest;
}
