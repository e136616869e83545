#include "selftest/trials.h"

#include "base/buf.h"
#include "stat/changepoint.h"
#include "stat/warmup.h"

#include <stdlib.h>

enum { NEAR = 2 }; /* from the true place: found */

/* Changes near the step, and others. */
struct changes {
    size_t near, other;
};

static struct changes counted(const struct td_changes *found, size_t at)
{
    struct changes out = {0, 0};
    for (size_t i = 0; i < found->count; i++) {
        bool near =
            at && found->at[i] + NEAR >= at && found->at[i] <= at + NEAR;
        if (near && !out.near)
            out.near = 1;
        else
            out.other++;
    }
    return out;
}

static struct changes of_history(const double *x, size_t n, size_t at)
{
    struct td_changes verdict;
    struct changes out;
    td_history_verdict(x, n, &verdict);
    out = counted(&verdict, at);
    td_changes_release(&verdict);
    return out;
}

static struct changes of_invocation(const double *x, size_t n, size_t at)
{
    struct td_warmup warmup;
    struct changes out;
    td_warmup_analyse(x, n, &warmup);
    out = counted(&warmup.changes, at);
    td_warmup_release(&warmup);
    return out;
}

static struct changes found(const struct td_scenario *scenario, gsl_rng *rng)
{
    const struct td_series *series = &scenario->series;
    double *x = td_xmalloc(series->n * sizeof *x);
    struct changes out;
    td_series_draw(series, rng, x);
    out = scenario->history ? of_history(x, series->n, series->at)
                            : of_invocation(x, series->n, series->at);
    free(x);
    return out;
}

bool td_try_step_found(const struct td_scenario *scenario, gsl_rng *rng,
                       struct td_tally *tally)
{
    (void)tally;
    return found(scenario, rng).near > 0;
}

bool td_try_false_change(const struct td_scenario *scenario, gsl_rng *rng,
                         struct td_tally *tally)
{
    (void)tally;
    return found(scenario, rng).other > 0;
}

bool td_try_kept_whole(const struct td_scenario *scenario, gsl_rng *rng,
                       struct td_tally *tally)
{
    double *x = td_xmalloc(scenario->series.n * sizeof *x);
    struct td_warmup warmup;
    bool whole;
    (void)tally;
    td_series_draw(&scenario->series, rng, x);
    td_warmup_analyse(x, scenario->series.n, &warmup);
    whole = warmup.start == 0 && warmup.kind == TD_WARMUP_FLAT;
    td_warmup_release(&warmup);
    free(x);
    return whole;
}
