/* An expression's value, from the cases that it names. */
#include "base/json.h"
#include "claims/expression_parts.h"
#include "claims/value.h"
#include "stat/compare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed_of(const struct td_fact *fact)
{
    return strtoull(td_json_str(fact->manifest, "seed", "0"), NULL, 10) +
           fact->index;
}

/* The pairs that both have, side by side; returns how many. */
static size_t match(const struct td_reading *a, const struct td_reading *b,
                    double *above, double *below)
{
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (a->pairs[i] == b->pairs[k]) {
                above[n] = a->values[i];
                below[n++] = b->values[k];
                break;
            }
    return n;
}

/* Standard error of the mean logarithm of n ratios; NAN below 2. */
static double error_of(const double *above, const double *below, size_t n)
{
    double *d = td_xmalloc((n + 1) * sizeof *d), mean = 0, squares = 0;
    td_log_ratios(above, below, n, d);
    for (size_t i = 0; i < n; i++)
        mean += d[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    free(d);
    return n < 2 ? NAN : sqrt(squares / ((double)n - 1) / (double)n);
}

/* False: not known pair by pair. */
static bool paired_ratio(const struct td_reading *a, const struct td_reading *b,
                         const struct td_fact *fact, struct td_value *out)
{
    double *above = td_xmalloc((a->count + 1) * sizeof *above);
    double *below = td_xmalloc((a->count + 1) * sizeof *below);
    size_t n = match(a, b, above, below);
    if (n >= 2) {
        out->figure = td_ratio_paired(above, below, n, a->ratio_confidence,
                                      seed_of(fact), TD_RESAMPLES);
        out->log_error = error_of(above, below, n);
        out->invocations = n;
    }
    free(above);
    free(below);
    return n >= 2 && out->figure.known;
}

/* MOVER for a ratio: each figure's distance to its bounds, on the log scale,
 * added in squares (Zou & Donner 2008, sec. 2). */
static void unpaired_ratio(const struct td_reading *a,
                           const struct td_reading *b, struct td_value *out)
{
    const struct td_figure *x = &a->figure, *y = &b->figure;
    struct td_figure *r = &out->figure;
    double middle = log(x->value / y->value);
    *r = (struct td_figure){x->value / y->value, NAN, NAN, true, false};
    if (!x->bounded || !y->bounded || !(x->lower > 0) || !(y->lower > 0))
        return;
    r->lower =
        exp(middle - hypot(log(x->value / x->lower), log(y->upper / y->value)));
    r->upper =
        exp(middle + hypot(log(x->upper / x->value), log(y->value / y->lower)));
    r->bounded = true;
    out->log_error = log(r->upper / r->lower) / 2 /
                     gsl_cdf_ugaussian_Pinv((1 + a->confidence) / 2);
}

static void set_unit(struct td_value *value, const char *unit)
{
    snprintf(value->unit, sizeof value->unit, "%s", unit ? unit : "");
}

static bool is_exact(const struct td_reading *r)
{
    for (size_t i = 1; i < r->count; i++)
        if (r->values[i] < r->values[0] || r->values[i] > r->values[0])
            return false;
    return r->count > 1;
}

/* Why there is no ratio, malloc'd, or NULL. */
static char *undivided(const struct td_reading *a, const struct td_reading *b,
                       const struct td_fact *facts)
{
    const struct td_reading *both[2] = {a, b};
    for (int i = 0; i < 2; i++)
        if (both[i]->missing)
            return td_xstrdup(both[i]->missing);
    for (int i = 0; i < 2; i++)
        if (!(both[i]->figure.value > 0))
            return td_xasprintf("no ratio: %s has %g (run %s)",
                                td_json_str(facts[i].of, "runtime", ""),
                                both[i]->figure.value, facts[i].run);
    return NULL;
}

static void divide(const struct td_reading *a, const struct td_reading *b,
                   const struct td_fact *facts, struct td_value *out)
{
    out->missing = undivided(a, b, facts);
    if (out->missing)
        return;
    out->invocations =
        a->invocations < b->invocations ? a->invocations : b->invocations;
    out->trials = a->trials || b->trials;
    if (!paired_ratio(a, b, &facts[0], out))
        unpaired_ratio(a, b, out);
    out->exact = is_exact(a) && is_exact(b);
    set_unit(out, "x");
    if (a->caveat || b->caveat)
        out->caveat = td_xstrdup(a->caveat ? a->caveat : b->caveat);
}

static void ratio_of(const struct td_fact *facts,
                     const struct td_measure *measure, const char *key,
                     struct td_value *out)
{
    struct td_reading a, b;
    td_reading_take(&a, &facts[0], measure, key);
    td_reading_take(&b, &facts[1], measure, key);
    divide(&a, &b, facts, out);
    td_reading_release(&a);
    td_reading_release(&b);
}

static void value_of(const struct td_fact *fact,
                     const struct td_measure *measure, const char *key,
                     struct td_value *out)
{
    struct td_reading reading;
    td_reading_take(&reading, fact, measure, key);
    out->figure = reading.figure;
    out->invocations = reading.invocations;
    out->trials = reading.trials;
    out->exact = is_exact(&reading);
    if (reading.missing)
        out->missing = td_xstrdup(reading.missing);
    if (reading.caveat)
        out->caveat = td_xstrdup(reading.caveat);
    set_unit(out, reading.unit);
    td_reading_release(&reading);
}

static int evaluate_case(const struct td_expression *e, struct td_facts *facts,
                         struct td_value *out, struct td_err *err)
{
    struct td_fact found[2];
    size_t n = e->kind == TD_EXPRESSION_RATIO ? 2 : 1;
    int rc = td_facts_find(facts, e->names, n, e->service, found, &out->missing,
                           err);
    if (rc || out->missing)
        return rc;
    for (size_t i = 0; i < n; i++)
        td_value_add_source(out, &found[i], &e->names[i]);
    if (n == 2)
        ratio_of(found, e->measure, e->key, out);
    else
        value_of(&found[0], e->measure, e->key, out);
    return 0;
}

/* The geometric mean of many figures' ratios: t over their logarithms. */
static void over_figures(const struct td_expression *e,
                         const struct td_fact *found,
                         const struct td_strings *names, struct td_value *out)
{
    double *ratios = td_xmalloc(names->count * sizeof *ratios);
    size_t n = 0;
    out->exact = true;
    out->invocations = SIZE_MAX;
    for (size_t i = 0; i < names->count; i++) {
        struct td_value one;
        td_value_init(&one);
        ratio_of(found, NULL, names->at[i], &one);
        if (!one.missing) {
            ratios[n++] = one.figure.value;
            out->exact = out->exact && one.exact;
            if (one.invocations < out->invocations)
                out->invocations = one.invocations;
        }
        td_value_release(&one);
    }
    if (n)
        out->figure = td_geomean_t(
            ratios, n, td_json_num(found->summary, "confidence", .95));
    else
        out->missing = td_xasprintf("run %s has no figure %s of both sides",
                                    found->run, e->key);
    out->caveat = td_xasprintf("over %zu figures", n);
    free(ratios);
}

static int evaluate_pattern(const struct td_expression *e,
                            struct td_facts *facts, struct td_value *out,
                            struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_fact found[2];
    int rc =
        td_facts_find(facts, e->names, 2, false, found, &out->missing, err);
    if (rc || out->missing)
        return rc;
    for (size_t i = 0; i < 2; i++)
        td_value_add_source(out, &found[i], &e->names[i]);
    td_figure_names(&found[0], e->key, &names);
    set_unit(out, "x");
    if (names.count)
        over_figures(e, found, &names, out);
    else
        out->missing =
            td_xasprintf("run %s has no figure %s", found->run, e->key);
    td_strings_release(&names);
    return 0;
}

struct logs {
    double value[TD_EXPRESSION_PARTS], error[TD_EXPRESSION_PARTS];
    size_t n;
};

/* One ratio more; its cases become the whole's. */
static void gather(struct logs *logs, struct td_value *one,
                   struct td_value *out)
{
    if (one->missing && !out->missing)
        out->missing = td_xstrdup(one->missing);
    if (one->caveat && !out->caveat)
        out->caveat = td_xstrdup(one->caveat);
    logs->value[logs->n] = log(one->figure.value);
    logs->error[logs->n++] = one->log_error;
    if (logs->n == 1 || one->invocations < out->invocations)
        out->invocations = one->invocations;
    out->trials = out->trials || one->trials;
    out->exact = logs->n == 1 ? one->exact : out->exact && one->exact;
    td_value_take_sources(out, one);
}

static int evaluate_geomean(const struct td_expression *e,
                            struct td_facts *facts, struct td_value *out,
                            struct td_err *err)
{
    struct logs logs = {.n = 0};
    double squares = 0;
    int rc = 0;
    if (e->parts[0]->pattern)
        return evaluate_pattern(e->parts[0], facts, out, err);
    for (size_t i = 0; !rc && i < e->nparts; i++) {
        struct td_value one;
        rc = td_expression_evaluate(e->parts[i], facts, &one, err);
        if (!rc)
            gather(&logs, &one, out);
        td_value_release(&one);
    }
    if (rc || out->missing)
        return rc;
    out->figure = td_suite_geomean(logs.value, logs.error, logs.n, .95);
    for (size_t i = 0; i < logs.n; i++)
        squares += logs.error[i] * logs.error[i];
    out->log_error = sqrt(squares) / (double)logs.n;
    set_unit(out, "x");
    return 0;
}

static int evaluate_scale(const struct td_expression *e, struct td_facts *facts,
                          struct td_value *out, struct td_err *err)
{
    int rc = td_expression_evaluate(e->parts[0], facts, out, err);
    out->figure.value *= e->factor;
    out->figure.lower *= e->factor;
    out->figure.upper *= e->factor;
    set_unit(out, e->unit);
    return rc;
}

int td_expression_evaluate(const struct td_expression *expression,
                           struct td_facts *facts, struct td_value *out,
                           struct td_err *err)
{
    int rc = 0;
    td_value_init(out);
    switch (expression->kind) {
    case TD_EXPRESSION_VALUE:
    case TD_EXPRESSION_RATIO:
        rc = evaluate_case(expression, facts, out, err);
        break;
    case TD_EXPRESSION_GEOMEAN:
        rc = evaluate_geomean(expression, facts, out, err);
        break;
    case TD_EXPRESSION_SCALE:
        rc = evaluate_scale(expression, facts, out, err);
        break;
    }
    td_value_close(out);
    return rc;
}

int td_expression_eval(struct td_facts *facts, const char *text,
                       const struct td_place *where, struct td_value *out,
                       struct td_err *err)
{
    struct td_expression *expression;
    int rc;
    td_value_init(out);
    rc = td_expression_parse(&expression, text, where, err);
    if (!rc)
        rc = td_expression_evaluate(expression, facts, out, err);
    td_expression_free(expression);
    return rc;
}
