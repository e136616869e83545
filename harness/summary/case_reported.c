#include "summary/case_reported.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/case_series.h"
#include "summary/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void td_case_reported_release(struct td_case_reported *reported)
{
    for (size_t i = 0; i < reported->count; i++)
        free(reported->at[i].at);
    free(reported->at);
    *reported = (struct td_case_reported){NULL, 0};
}

static struct td_reported *find(const struct td_case_reported *reported,
                                const char *name)
{
    for (size_t i = 0; i < reported->count; i++)
        if (!strcmp(reported->at[i].name, name))
            return &reported->at[i];
    return NULL;
}

const struct td_reported *
td_case_reported_get(const struct td_case_reported *reported, const char *name)
{
    return find(reported, name);
}

static struct td_reported *append(struct td_case_reported *reported, size_t n,
                                  const char *name, const char *unit)
{
    static const struct td_figure unknown = {NAN, NAN, NAN, false, false};
    struct td_reported *to;
    reported->at =
        td_xrealloc(reported->at, (reported->count + 1) * sizeof *reported->at);
    to = &reported->at[reported->count++];
    *to = (struct td_reported){.figure = unknown, .ratio = unknown};
    snprintf(to->name, sizeof to->name, "%s", name);
    snprintf(to->unit, sizeof to->unit, "%s", unit);
    to->at = td_xmalloc(n * sizeof *to->at);
    for (size_t i = 0; i < n; i++)
        to->at[i] = NAN;
    return to;
}

void td_case_reported_add(struct td_case_reported *reported, size_t i, size_t n,
                          const json_t *end)
{
    json_t *figures = json_object_get(end, "figures");
    const char *name;
    const json_t *said;
    json_object_foreach(figures, name, said)
    {
        struct td_reported *to = find(reported, name);
        const char *unit = td_json_str(said, "unit", "");
        if (!to)
            to = append(reported, n, name, unit);
        if (!strcmp(to->unit, unit))
            to->at[i] = td_json_num(said, "value", NAN);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct td_reported *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static void estimate(struct td_reported *it, size_t count, double confidence)
{
    double *known = td_xmalloc(count * sizeof *known);
    double least = INFINITY, most = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(it->at[i])) {
            known[n++] = it->at[i];
            least = fmin(least, it->at[i]);
            most = fmax(most, it->at[i]);
        }
    it->invocations = (uint32_t)n;
    if (n && least == most) /* without the logarithms' rounding */
        it->figure = (struct td_figure){least, least, least, true, n > 1};
    else if (n)
        it->figure = least > 0 ? td_geomean_t(known, n, confidence)
                               : td_mean_t(known, n, confidence);
    free(known);
}

void td_case_reported_make(struct td_case_reported *reported, size_t count,
                           double confidence)
{
    if (!reported->count)
        return;
    qsort(reported->at, reported->count, sizeof *reported->at, by_name);
    for (size_t i = 0; i < reported->count; i++)
        estimate(&reported->at[i], count, confidence);
}

static void divide(struct td_reported *own, const struct td_case_series *pairs,
                   const struct td_reported *base,
                   const struct td_case_series *base_pairs, double confidence,
                   uint64_t seed)
{
    double *above = td_xmalloc(pairs->count * sizeof *above);
    double *below = td_xmalloc(pairs->count * sizeof *below);
    size_t n = 0;
    for (size_t i = 0; i < pairs->count; i++)
        for (size_t k = 0; k < base_pairs->count; k++)
            if (pairs->pair[i] == base_pairs->pair[k] && isfinite(own->at[i]) &&
                isfinite(base->at[k])) {
                above[n] = own->at[i];
                below[n++] = base->at[k];
                break;
            }
    if (n)
        own->ratio =
            td_ratio_paired(above, below, n, confidence, seed, TD_RESAMPLES);
    own->pairs = (uint32_t)n;
    free(above);
    free(below);
}

void td_case_reported_ratios(struct td_case_summary *c,
                             const struct td_case_summary *base,
                             double confidence, uint64_t seed)
{
    for (size_t i = 0; i < c->reported.count; i++) {
        struct td_reported *own = &c->reported.at[i];
        const struct td_reported *other = find(&base->reported, own->name);
        if (other && !strcmp(own->unit, other->unit))
            divide(own, &c->series, other, &base->series, confidence, seed);
    }
}

json_t *td_case_reported_json(const struct td_case_reported *reported)
{
    json_t *out = json_object();
    for (size_t i = 0; i < reported->count; i++) {
        const struct td_reported *it = &reported->at[i];
        json_t *figure = json_pack("{s:s, s:I, s:o, s:I}", "unit", it->unit,
                                   "invocations", (json_int_t)it->invocations,
                                   "ratio", td_figure_json(it->ratio), "pairs",
                                   (json_int_t)it->pairs);
        json_t *estimate = td_figure_json(it->figure);
        json_object_update(figure, estimate);
        json_decref(estimate);
        json_object_set_new(out, it->name, figure);
    }
    return out;
}

json_t *td_case_reported_series_json(const struct td_case_reported *reported,
                                     size_t count)
{
    json_t *out = json_object();
    for (size_t i = 0; i < reported->count; i++) {
        json_t *values = json_array();
        for (size_t k = 0; k < count; k++)
            json_array_append_new(values,
                                  td_json_number(reported->at[i].at[k]));
        json_object_set_new(out, reported->at[i].name, values);
    }
    return out;
}

void td_case_reported_load(struct td_case_reported *reported,
                           const json_t *figures, const json_t *series,
                           size_t n)
{
    const char *name;
    const json_t *from;
    json_object_foreach((json_t *)(uintptr_t)figures, name, from)
    {
        struct td_reported *to =
            append(reported, n, name, td_json_str(from, "unit", ""));
        td_values_load(json_object_get(series, name), n, to->at);
        to->invocations = (uint32_t)td_json_u64(from, "invocations", 0);
        to->pairs = (uint32_t)td_json_u64(from, "pairs", 0);
        to->figure = td_figure_from_json(from);
        to->ratio = td_figure_from_json(json_object_get(from, "ratio"));
    }
}
