#include "selftest/trials.h"

#include "base/buf.h"
#include "stat/quantile.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

static const double NOMINAL = .95;
static const double UNIT_NS = 1e6; /* of a sample, for the histogram */

static struct td_quantile from_samples(const struct td_scenario *scenario,
                                       double *x)
{
    gsl_sort(x, 1, scenario->samples);
    return td_quantile_sorted(x, scenario->samples, scenario->quantile,
                              NOMINAL);
}

static struct td_quantile from_histogram(const struct td_scenario *scenario,
                                         const double *x)
{
    struct td_hist hist;
    struct td_quantile out;
    td_hist_init_default(&hist);
    for (size_t i = 0; i < scenario->samples; i++)
        td_hist_record(&hist, llround(x[i] * UNIT_NS));
    out = td_quantile_hist(&hist, scenario->quantile, NOMINAL);
    td_hist_release(&hist);
    return out;
}

bool td_try_quantile_covers(const struct td_scenario *scenario, gsl_rng *rng,
                            struct td_tally *tally)
{
    double truth = td_tail_quantile(scenario->tail, scenario->quantile);
    double *x = td_xmalloc(scenario->samples * sizeof *x);
    struct td_quantile found;
    (void)tally;
    td_tail_draw(scenario->tail, scenario->samples, rng, x);
    found = scenario->histogram ? from_histogram(scenario, x)
                                : from_samples(scenario, x);
    free(x);
    if (scenario->histogram)
        truth *= UNIT_NS;
    return found.figure.bounded && found.figure.lower <= truth &&
           found.figure.upper >= truth;
}
