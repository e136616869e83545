#include "selftest/trials.h"

#include "stat/compare.h"
#include "stat/stopping.h"

static const double NOMINAL = .95;

/* How many pairs a repetition has: a fixed number, or the rule of sessions. */
static struct td_stopping rule_of(const struct td_scenario *scenario)
{
    struct td_stopping rule = td_stopping_default;
    rule.most = (uint32_t)scenario->sizes.pairs;
    if (!scenario->adaptive)
        rule.target = 0;
    return rule;
}

/* Draws data and looks at them as a session would. */
static struct td_figure compared(const struct td_scenario *scenario,
                                 gsl_rng *rng, struct td_tally *tally)
{
    const struct td_stopping rule = rule_of(scenario);
    const double confidence = td_stopping_confidence(&rule, NOMINAL);
    struct td_times times;
    struct td_figure ratio = {.known = false};
    double half_width = 0;
    uint64_t seed = gsl_rng_get(rng);
    uint32_t pairs = 0;
    td_generator_draw(td_generator_find(scenario->generator), &scenario->sizes,
                      rng, &times);
    do {
        if (!td_stopping_look(&rule, ++pairs))
            continue;
        ratio = td_ratio_paired(times.above_mean, times.below_mean, pairs,
                                confidence, seed, TD_RESAMPLES);
        half_width = td_figure_half_width(ratio);
    } while (!td_stopping_enough(&rule, pairs, half_width));
    td_times_release(&times);
    tally->pairs += pairs;
    tally->half_width += half_width;
    tally->different += ratio.lower > 1 || ratio.upper < 1;
    return ratio;
}

bool td_try_covers(const struct td_scenario *scenario, gsl_rng *rng,
                   struct td_tally *tally)
{
    struct td_figure ratio = compared(scenario, rng, tally);
    return ratio.bounded && ratio.lower <= scenario->sizes.ratio &&
           ratio.upper >= scenario->sizes.ratio;
}

static enum td_verdict verdict(const struct td_scenario *scenario, gsl_rng *rng,
                               struct td_tally *tally)
{
    return td_verdict_of(compared(scenario, rng, tally), 0, 0);
}

bool td_try_differs(const struct td_scenario *scenario, gsl_rng *rng,
                    struct td_tally *tally)
{
    enum td_verdict found = verdict(scenario, rng, tally);
    return found == TD_VERDICT_SLOWER || found == TD_VERDICT_FASTER;
}

bool td_try_noticed(const struct td_scenario *scenario, gsl_rng *rng,
                    struct td_tally *tally)
{
    enum td_verdict right =
        scenario->sizes.ratio > 1 ? TD_VERDICT_SLOWER : TD_VERDICT_FASTER;
    return verdict(scenario, rng, tally) == right;
}
