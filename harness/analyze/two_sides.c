#include "analyze/two_sides.h"

#include "stat/stopping.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double median_of(const double *x, size_t n)
{
    double *copy = td_xmalloc(n * sizeof *copy), out;
    memcpy(copy, x, n * sizeof *copy);
    out = td_median(copy, n);
    free(copy);
    return out;
}

static void look_at_each(struct td_side *side)
{
    side->fewest = SIZE_MAX;
    for (size_t i = 0; i < side->count; i++) {
        size_t n;
        const double *x = td_invocation(side->data, i, &n);
        td_warmup_analyse(x, n, &side->warmup[i]);
        side->fewest = n < side->fewest ? n : side->fewest;
        side->most = n > side->most ? n : side->most;
        for (size_t j = 0; j < n; j++)
            side->zeros += x[j] <= 0;
    }
    side->common = td_warmup_common(side->warmup, side->count, side->fewest);
}

static void side_init(struct td_side *side, const struct td_invocations *data,
                      bool truncate)
{
    side->data = data;
    side->count = td_invocations_count(data);
    if (!side->count)
        return;
    side->mean = td_xmalloc(side->count * sizeof *side->mean);
    side->median = td_xmalloc(side->count * sizeof *side->median);
    side->warmup = td_xcalloc(side->count, sizeof *side->warmup);
    look_at_each(side);
    side->cut = truncate ? side->common.start : 0;
    for (size_t i = 0; i < side->count; i++) {
        size_t n;
        const double *x = td_invocation(data, i, &n);
        side->mean[i] = gsl_stats_mean(x + side->cut, 1, n - side->cut);
        side->median[i] = median_of(x + side->cut, n - side->cut);
    }
}

static void side_release(struct td_side *side)
{
    for (size_t i = 0; i < side->count; i++)
        td_warmup_release(&side->warmup[i]);
    free(side->mean);
    free(side->median);
    free(side->warmup);
}

static struct td_figure paired_ratio(const struct td_two_sides *c,
                                     const double *above, const double *below,
                                     size_t n)
{
    return td_ratio_paired(above, below, n, c->confidence, c->request->seed,
                           TD_RESAMPLES);
}

static void compare_paired(struct td_two_sides *c)
{
    size_t n = c->a.count;
    c->method = c->median_method =
        n < TD_BOOTSTRAP_MIN ? "paired t" : "hull of paired t and bootstrap-t";
    c->companion_method = "median of pairs, order statistics";
    c->ratio = paired_ratio(c, c->b.mean, c->a.mean, n);
    c->median_ratio = paired_ratio(c, c->b.median, c->a.median, n);
    c->companion =
        td_ratio_median_paired(c->b.mean, c->a.mean, n, c->confidence);
    if (c->aa.count)
        c->aa_ratio = paired_ratio(c, c->aa.mean, c->a.mean, n);
    c->log_ratios = td_xmalloc(n * sizeof *c->log_ratios);
    td_log_ratios(c->b.mean, c->a.mean, n, c->log_ratios);
    c->effect_size = td_effect_size(c->log_ratios, n);
}

static void compare_unpaired(struct td_two_sides *c)
{
    const struct td_side *a = &c->a, *b = &c->b, *aa = &c->aa;
    c->method = "Fieller";
    c->median_method = c->companion_method = "Hodges-Lehmann";
    c->ratio =
        td_ratio_fieller(b->mean, b->count, a->mean, a->count, c->confidence);
    c->median_ratio = td_ratio_hodges_lehmann(b->median, b->count, a->median,
                                              a->count, c->confidence);
    c->companion = td_ratio_hodges_lehmann(b->mean, b->count, a->mean, a->count,
                                           c->confidence);
    if (aa->count)
        c->aa_ratio = td_ratio_fieller(aa->mean, aa->count, a->mean, a->count,
                                       c->confidence);
    c->effect_size = NAN;
}

/* How far from 1 the interval of the same against itself reaches. */
static double floor_of(struct td_figure aa)
{
    return aa.known && aa.bounded ? fmax(fabs(aa.lower - 1), fabs(aa.upper - 1))
                                  : NAN;
}

static const char *reason_for(enum td_verdict verdict)
{
    switch (verdict) {
    case TD_VERDICT_SLOWER:
        return "the whole interval lies above 1 + threshold";
    case TD_VERDICT_FASTER:
        return "the whole interval lies below 1 - threshold";
    case TD_VERDICT_EQUIVALENT:
        return "the whole interval lies within 1 +- threshold";
    case TD_VERDICT_INCONCLUSIVE:
        break;
    }
    return "the interval holds both what is within the threshold and what is "
           "not";
}

static void judge(struct td_two_sides *c)
{
    double threshold = c->request->threshold;
    enum td_verdict bare = td_verdict_of(c->ratio, threshold, 0);
    c->verdict = TD_VERDICT_INCONCLUSIVE;
    if (!c->ratio.known || !c->ratio.bounded) {
        c->reason = "there is no interval";
    } else if (c->request->order == TD_ORDER_SEQUENTIAL) {
        c->reason = "measured one after the other: a difference, or the want "
                    "of one, may be drift";
    } else {
        c->verdict = td_verdict_of(
            c->ratio, threshold, isfinite(c->noise_floor) ? c->noise_floor : 0);
        c->reason = c->verdict == TD_VERDICT_INCONCLUSIVE && c->verdict != bare
                        ? "the difference does not exceed the noise floor"
                        : reason_for(c->verdict);
    }
}

void td_two_sides_init(struct td_two_sides *comparison,
                       const struct td_query *request)
{
    static const struct td_figure unknown = {NAN, NAN, NAN, false, false};
    memset(comparison, 0, sizeof *comparison);
    comparison->request = request;
    comparison->confidence =
        request->adaptive
            ? td_stopping_confidence(&td_stopping_default, request->confidence)
            : request->confidence;
    side_init(&comparison->a, &request->a, request->truncate);
    side_init(&comparison->b, &request->b, request->truncate);
    side_init(&comparison->aa, &request->aa, request->truncate);
    comparison->aa_ratio = unknown;
    if (request->paired)
        compare_paired(comparison);
    else
        compare_unpaired(comparison);
    comparison->noise_floor = floor_of(comparison->aa_ratio);
    judge(comparison);
}

void td_two_sides_release(struct td_two_sides *comparison)
{
    side_release(&comparison->a);
    side_release(&comparison->b);
    side_release(&comparison->aa);
    free(comparison->log_ratios);
    memset(comparison, 0, sizeof *comparison);
}
