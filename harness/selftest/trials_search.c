#include "selftest/trials.h"

#include "load/search.h"

#include <math.h>

/* As those of `tandem load --find-max`, but for the precision and the number
 * of trials, which take time. */
static const struct td_search_options options = {
    .start = 1000, .highest = 1e6, .precision = .04, .repeats = 3, .most = 40};

/* A trial holds with the chance (1 - lapse) / (1 + (rate / knee)^(1/spread));
 * a spread of 0 is a step. */
static enum td_trial_outcome serve(const struct td_scenario *scenario,
                                   double knee, double rate, gsl_rng *rng)
{
    double above = log(rate / knee), chance = above < 0;
    if (scenario->spread > 0)
        chance = 1 / (1 + exp(above / scenario->spread));
    return gsl_rng_uniform(rng) < chance * (1 - scenario->lapse)
               ? TD_TRIAL_HELD
               : TD_TRIAL_BROKE;
}

/* The knee lies anywhere between 100 and 100,000 a second. */
bool td_try_search_covers(const struct td_scenario *scenario, gsl_rng *rng,
                          struct td_tally *tally)
{
    double knee = 100 * exp(log(1000) * gsl_rng_uniform(rng)), rate;
    struct td_search search;
    struct td_search_result result;
    (void)tally;
    td_search_init(&search, &options);
    while ((rate = td_search_next(&search)) > 0)
        td_search_tell(&search, serve(scenario, knee, rate, rng));
    td_search_result(&search, &result);
    td_search_release(&search);
    return result.found && result.lower <= knee && knee <= result.upper;
}
