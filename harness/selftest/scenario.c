#include "selftest/scenario.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* FNV-1a: every scenario has random numbers of its own, wherever it stands in a
 * table. */
static uint64_t mixed(uint64_t seed, const char *text)
{
    for (; *text; text++)
        seed = (seed ^ (unsigned char)*text) * 0x100000001b3u;
    return seed;
}

static gsl_rng *rng_of(const struct td_scenario *scenario, uint64_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint64_t own = 0xcbf29ce484222325u ^ seed;
    own = mixed(mixed(own, scenario->check->id), scenario->name);
    gsl_rng_set(rng, (unsigned long)((own ^ own >> 32) & 0xffffffffu));
    return rng;
}

/* By halving: gsl_cdf_beta_Pinv does not converge for some large a and b. */
static double beta_quantile(double p, double a, double b)
{
    double low = 0, high = 1;
    while (high - low > 1e-12) {
        double middle = (low + high) / 2;
        if (gsl_cdf_beta_P(middle, a, b) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Clopper & Pearson 1934. */
static void add_uncertainty(struct td_result *result)
{
    double n = result->repetitions, k = result->held;
    result->share = k / n;
    result->lower = k > 0 ? beta_quantile(.025, k, n - k + 1) : 0;
    result->upper = k < n ? beta_quantile(.975, k + 1, n - k) : 1;
}

static void add_means(struct td_result *result, const struct td_tally *tally)
{
    double n = result->repetitions;
    result->pairs = tally ? tally->pairs / n : NAN;
    result->half_width = tally ? tally->half_width / n : NAN;
    result->different = tally ? tally->different / n : NAN;
}

struct td_result td_scenario_measure(const struct td_scenario *scenario,
                                     uint32_t repetitions, uint64_t seed)
{
    const struct td_check *check = scenario->check;
    struct td_result out = {.repetitions = repetitions};
    struct td_tally tally = {0, 0, 0};
    gsl_rng *rng = rng_of(scenario, seed);
    for (uint32_t i = 0; i < repetitions; i++)
        out.held += check->trial(scenario, rng, &tally);
    gsl_rng_free(rng);
    add_uncertainty(&out);
    add_means(&out, check->compares ? &tally : NULL);
    out.met = !check->targeted ||
              (out.share >= check->at_least && out.share <= check->at_most);
    return out;
}
