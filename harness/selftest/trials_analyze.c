#include "selftest/trials.h"

#include "analyze/analyze.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

enum { NIGHTS = 40, SAMPLES = 500 };

static void add_numbers(struct td_buf *out, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        td_buf_addf(out, "%c%.17g", i ? ',' : '[', x[i]);
    td_buf_addc(out, ']');
}

static void add_side(struct td_buf *out, const char *name, const double *x,
                     const struct td_sizes *sizes)
{
    td_buf_addf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < sizes->pairs; i++) {
        if (i)
            td_buf_addc(out, ',');
        add_numbers(out, x + i * sizes->iterations, sizes->iterations);
    }
    td_buf_addc(out, ']');
}

static void add_comparison(struct td_buf *out,
                           const struct td_scenario *scenario, gsl_rng *rng)
{
    bool sequential = scenario->sizes.turns == TD_TURNS_SEQUENTIAL;
    struct td_times times;
    td_generator_draw(td_generator_find(scenario->generator), &scenario->sizes,
                      rng, &times);
    td_buf_addf(out, "{\"seed\":%lu,\"paired\":%s%s", gsl_rng_get(rng),
                scenario->paired ? "true" : "false",
                scenario->paired && sequential ? ",\"order\":\"sequential\""
                                               : "");
    add_side(out, "a", times.below, &scenario->sizes);
    add_side(out, "b", times.above, &scenario->sizes);
    td_buf_addc(out, '}');
    td_times_release(&times);
}

static bool mentions_drift(const json_t *warnings)
{
    const json_t *one;
    size_t i;
    json_array_foreach(warnings, i, one)
    {
        if (strstr(json_string_value(one), "drift"))
            return true;
    }
    return false;
}

bool td_try_warned(const struct td_scenario *scenario, gsl_rng *rng,
                   struct td_tally *tally)
{
    struct td_buf request = TD_BUF_INIT, answer = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    json_t *json = NULL;
    bool warned;
    (void)tally;
    add_comparison(&request, scenario, rng);
    if (!td_analyze(td_buf_str(&request), request.len, &answer, &err))
        json = json_loads(td_buf_str(&answer), 0, NULL);
    warned = mentions_drift(json_object_get(json, "warnings"));
    json_decref(json);
    td_buf_release(&request);
    td_buf_release(&answer);
    return warned;
}

static void add_nights(struct td_buf *out, gsl_rng *rng)
{
    const struct td_series nights = {TD_SHAPE_NIGHTS, NIGHTS, NIGHTS / 2, .03};
    double x[NIGHTS];
    td_series_draw(&nights, rng, x);
    td_buf_addf(out, ",{\"seed\":%lu,\"kind\":\"history\",\"series\":",
                gsl_rng_get(rng));
    add_numbers(out, x, NIGHTS);
    td_buf_addc(out, '}');
}

static void add_quantiles(struct td_buf *out, gsl_rng *rng)
{
    double x[SAMPLES];
    td_tail_draw(TD_TAIL_PARETO, SAMPLES, rng, x);
    td_buf_adds(out, ",{\"quantiles\":[0.5,0.99],\"samples\":");
    add_numbers(out, x, SAMPLES);
    td_buf_addc(out, '}');
}

/* Everything once, from the random numbers that rng is about to give. */
static void answer(const struct td_scenario *scenario, gsl_rng *rng,
                   struct td_buf *out)
{
    struct td_buf request = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    td_buf_adds(&request, "{\"cases\":[");
    add_comparison(&request, scenario, rng);
    add_nights(&request, rng);
    add_quantiles(&request, rng);
    td_buf_adds(&request, "]}");
    if (td_analyze(td_buf_str(&request), request.len, out, &err))
        td_buf_clear(out);
    td_buf_release(&request);
}

bool td_try_same(const struct td_scenario *scenario, gsl_rng *rng,
                 struct td_tally *tally)
{
    struct td_buf first = TD_BUF_INIT, second = TD_BUF_INIT;
    gsl_rng *again = gsl_rng_clone(rng);
    bool same;
    (void)tally;
    answer(scenario, rng, &first);
    answer(scenario, again, &second);
    same =
        first.len > 0 && strcmp(td_buf_str(&first), td_buf_str(&second)) == 0;
    gsl_rng_free(again);
    td_buf_release(&first);
    td_buf_release(&second);
    return same;
}
