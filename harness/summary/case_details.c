#include "summary/case_details.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/summary.h"

#include <math.h>
#include <stdlib.h>

static double known_or_0(struct td_figure figure)
{
    return figure.known ? figure.value : 0;
}

/* Costs as the run had them: a sample's time, and what an invocation takes
 * before the first. */
static size_t best_iterations(const struct td_case_summary *c,
                              const struct td_variance *variance)
{
    double sample_ns = variance->mean * (double)c->loops;
    double spawn_ns = known_or_0(c->setup_ns) + known_or_0(c->first_ns);
    if (!(variance->t2[1] > 0) || !c->setup_ns.known)
        return 0;
    return td_best_iterations(variance, sample_ns, spawn_ns, UINT32_MAX);
}

static void variance_of(const struct td_case_summary *c,
                        struct td_case_details *out)
{
    const struct td_variance *v = &out->variance;
    double between;
    if (td_variance_of_moments(c->series.moments, c->series.count,
                               &out->variance) < 0)
        return;
    between = fmax(v->t2[1], 0);
    if (between + v->t2[0] > 0)
        out->between_invocations = between / (between + v->t2[0]);
    out->best_iterations = best_iterations(c, v);
}

/* The figures of the pairs that both have, and in which of them the first
 * came first. */
struct shared {
    double *above, *below;
    bool *first;
    size_t count;
};

static void share(const struct td_case_series *own,
                  const struct td_case_series *base, struct shared *out)
{
    out->count = 0;
    for (size_t i = 0; i < own->count; i++)
        for (size_t k = 0; k < base->count; k++)
            if (own->pair[i] == base->pair[k]) {
                out->above[out->count] = own->mean_ns[i];
                out->below[out->count] = base->mean_ns[k];
                out->first[out->count++] = own->begin_ns[i] < base->begin_ns[k];
                break;
            }
}

static void companions_of(const struct td_case_series *own,
                          const struct td_case_series *base, double confidence,
                          struct td_case_details *out)
{
    struct shared pairs = {
        .above = td_xmalloc(own->count * sizeof *pairs.above),
        .below = td_xmalloc(own->count * sizeof *pairs.below),
        .first = td_xmalloc(own->count * sizeof *pairs.first),
    };
    share(own, base, &pairs);
    out->pair_median = td_ratio_median_paired(pairs.above, pairs.below,
                                              pairs.count, confidence);
    td_log_ratios(pairs.above, pairs.below, pairs.count, pairs.above);
    out->effect_size = td_effect_size(pairs.above, pairs.count);
    out->period = td_period_effect(pairs.above, pairs.first, pairs.count);
    free(pairs.above);
    free(pairs.below);
    free(pairs.first);
}

void td_case_details_make(struct td_case_summary *c,
                          const struct td_case_series *base, double confidence)
{
    c->details = (struct td_case_details){
        .between_invocations = NAN,
        .pair_median = {NAN, NAN, NAN, false, false},
        .effect_size = NAN,
        .period = {NAN, NAN},
    };
    variance_of(c, &c->details);
    if (base)
        companions_of(&c->series, base, confidence, &c->details);
}

/* Relative to the mean; of a variance that is not above 0: 0. */
static double deviation(double variance, double mean)
{
    return mean > 0 ? sqrt(variance > 0 ? variance : 0) / mean : NAN;
}

json_t *td_case_variance_json(const struct td_case_details *details)
{
    const struct td_variance *v = &details->variance;
    double between = details->between_invocations;
    if (isnan(v->mean))
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "between_invocations",
                     td_json_number(between), "between_iterations",
                     td_json_number(1 - between), "deviation_invocations",
                     td_json_number(deviation(v->t2[1], v->mean)),
                     "deviation_iterations",
                     td_json_number(deviation(v->t2[0], v->mean)), "iterations",
                     td_json_number(v->iterations), "best_iterations",
                     details->best_iterations
                         ? json_integer((json_int_t)details->best_iterations)
                         : json_null());
}

json_t *td_case_companions_json(const struct td_case_details *details)
{
    if (!details->pair_median.known)
        return json_null();
    return json_pack("{s:o, s:o, s:{s:o, s:o}}", "pair_median",
                     td_figure_json(details->pair_median), "effect_size",
                     td_json_number(details->effect_size), "period", "ratio",
                     td_json_number(details->period.ratio), "p",
                     td_json_number(details->period.p));
}

static double square(double value)
{
    return value * value;
}

void td_case_details_load(struct td_case_details *details,
                          const json_t *variance, const json_t *companions)
{
    const json_t *period = json_object_get(companions, "period");
    double between = td_json_num(variance, "deviation_invocations", NAN);
    double within = td_json_num(variance, "deviation_iterations", NAN);
    *details = (struct td_case_details){
        .variance = {.mean = json_is_object(variance) ? 1 : NAN,
                     .t2 = {square(within), square(between)},
                     .iterations = td_json_num(variance, "iterations", NAN)},
        .between_invocations =
            td_json_num(variance, "between_invocations", NAN),
        .best_iterations = (size_t)td_json_u64(variance, "best_iterations", 0),
        .pair_median =
            td_figure_from_json(json_object_get(companions, "pair_median")),
        .effect_size = td_json_num(companions, "effect_size", NAN),
        .period = {td_json_num(period, "ratio", NAN),
                   td_json_num(period, "p", NAN)},
    };
}
