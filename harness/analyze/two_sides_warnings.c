#include "analyze/two_sides_warnings.h"

#include "analyze/answer.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

enum { PAIRS_WANTED = 15, LAG_PAIRS = 10 };

static const double RARE = .01;    /* a p that is worth a warning */
static const double RARE_Z = 2.58; /* its normal quantile */

static void warn_of_order(const struct td_two_sides *c, json_t *out)
{
    const char *what =
        c->request->order == TD_ORDER_SEQUENTIAL ? "sequential" : "unpaired";
    if (c->request->paired && c->request->order == TD_ORDER_INTERLEAVED)
        return;
    td_answer_warn(out,
                   "%s data: drift of the machine between the two series is "
                   "not covered by the intervals; measure them taking turns",
                   what);
    if (c->aa.count)
        td_answer_warn(out,
                       "%s A/A data: the noise floor holds the drift of one "
                       "stretch of time, another may have had more",
                       what);
}

static void warn_of_number(const struct td_two_sides *c, json_t *out)
{
    size_t a = c->a.count, b = c->b.count, n = a < b ? a : b;
    const char *what = c->request->paired ? "pair" : "invocation";
    if (n < 2)
        td_answer_warn(out, "%zu %s: no interval can be given (at least 2)", n,
                       what);
    else if (n < PAIRS_WANTED)
        td_answer_warn(out, "%zu %ss: fewer than %d are a look, not a result",
                       n, what, PAIRS_WANTED);
}

static void warn_of_side(const struct td_side *side, const char *name,
                         json_t *out)
{
    size_t unsteady = side->common.counts[TD_WARMUP_NONE];
    if (side->zeros)
        td_answer_warn(out,
                       "%s: %zu sample%s 0: too short for the clock; a ratio "
                       "of such invocations may be unknown",
                       name, side->zeros, side->zeros == 1 ? " is" : "s are");
    if (side->most > 2 * side->fewest)
        td_answer_warn(out,
                       "%s: invocations hold %zu to %zu samples: their means "
                       "do not weigh alike",
                       name, side->fewest, side->most);
    if (unsteady)
        td_answer_warn(out,
                       "%s: %zu of %zu invocations reached no steady state "
                       "within their first half",
                       name, unsteady, side->count);
}

/* Did it matter whose turn came first? */
static void warn_of_period(const struct td_two_sides *c, json_t *out)
{
    const struct td_numbers *first = &c->request->first;
    struct td_period_effect effect;
    bool *a_first;
    if (!first->count)
        return;
    a_first = td_xmalloc(first->count * sizeof *a_first);
    for (size_t i = 0; i < first->count; i++)
        a_first[i] = first->at[i] == 0;
    effect = td_period_effect(c->log_ratios, a_first, first->count);
    free(a_first);
    if (effect.p < RARE)
        td_answer_warn(out,
                       "period effect: b over a is %.4g times as large where "
                       "a's turn came first (p = %.2g)",
                       effect.ratio, effect.p);
}

/* Pairs that resemble their neighbours are fewer than they seem. */
static void warn_of_lag(const struct td_two_sides *c, json_t *out)
{
    size_t n = c->a.count;
    double lag;
    if (!c->log_ratios || n < LAG_PAIRS || !c->ratio.known)
        return;
    lag = gsl_stats_lag1_autocorrelation(c->log_ratios, 1, n);
    if (lag > RARE_Z / sqrt((double)n))
        td_answer_warn(out,
                       "neighbouring pairs resemble each other (lag-1 "
                       "autocorrelation %.2f): the intervals may be too "
                       "narrow",
                       lag);
}

static void warn_of_figures(const struct td_two_sides *c, json_t *out)
{
    if (!c->ratio.known)
        td_answer_warn(out, "the ratio is unknown: an invocation's mean is 0");
    else if (!c->ratio.bounded && c->a.count >= 2 && c->b.count >= 2)
        td_answer_warn(out, "the ratio has no interval: the mean of a is not "
                            "clearly above 0");
    if (c->aa.count && !isfinite(c->noise_floor))
        td_answer_warn(out, "the noise floor is unknown: the A/A ratio has no "
                            "interval");
    else if (c->aa.count && (c->aa_ratio.lower > 1 || c->aa_ratio.upper < 1))
        td_answer_warn(out,
                       "the A/A ratio's interval, %.4g to %.4g, does not hold "
                       "1: something favours one of the two",
                       c->aa_ratio.lower, c->aa_ratio.upper);
}

json_t *td_two_sides_warnings(const struct td_two_sides *comparison)
{
    json_t *out = json_array();
    warn_of_order(comparison, out);
    warn_of_number(comparison, out);
    warn_of_side(&comparison->a, "a", out);
    warn_of_side(&comparison->b, "b", out);
    if (comparison->aa.count)
        warn_of_side(&comparison->aa, "aa", out);
    warn_of_figures(comparison, out);
    warn_of_period(comparison, out);
    warn_of_lag(comparison, out);
    return out;
}
