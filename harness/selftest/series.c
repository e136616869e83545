#include "selftest/series.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* What a series remembers from value to value. */
struct state {
    gsl_rng *rng;
    double u, w;
};

static double normal(gsl_rng *rng)
{
    return gsl_ran_gaussian_ziggurat(rng, 1);
}

static double flat(struct state *s)
{
    return exp(.02 * normal(s->rng));
}

static double spiky(struct state *s)
{
    double x = flat(s);
    return gsl_rng_uniform(s->rng) < .05
               ? x * (1 + gsl_ran_exponential(s->rng, 1))
               : x;
}

static double autoregressive(struct state *s)
{
    s->w = .6 * s->w + sqrt(1 - .6 * .6) * normal(s->rng);
    return exp(.02 * s->w);
}

static double wave(struct state *s, size_t i)
{
    return 1 + .05 * sin(2 * M_PI * ((double)i / 20 + s->u)) +
           .01 * normal(s->rng);
}

static double collected(struct state *s, size_t i)
{
    return (i + (size_t)(8 * s->u)) % 8 ? flat(s) : 1.2 * flat(s);
}

static double value(enum td_shape shape, struct state *s, size_t i)
{
    switch (shape) {
    case TD_SHAPE_SPIKY:
        return spiky(s);
    case TD_SHAPE_AR:
        return autoregressive(s);
    case TD_SHAPE_WAVE:
        return wave(s, i);
    case TD_SHAPE_COLLECTED:
        return collected(s, i);
    case TD_SHAPE_NIGHTS:
        return .01 * normal(s->rng);
    case TD_SHAPE_FLAT:
        break;
    }
    return flat(s);
}

void td_series_draw(const struct td_series *series, gsl_rng *rng, double *x)
{
    struct state s = {rng, gsl_rng_uniform(rng), normal(rng)};
    for (size_t i = 0; i < series->n; i++)
        x[i] = value(series->shape, &s, i);
    if (series->at == 0)
        return;
    if (series->shape == TD_SHAPE_NIGHTS)
        for (size_t i = series->at; i < series->n; i++)
            x[i] += series->step;
    else
        for (size_t i = 0; i < series->at; i++)
            x[i] += series->step;
}

void td_tail_draw(enum td_tail tail, size_t n, gsl_rng *rng, double *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = tail == TD_TAIL_PARETO ? gsl_ran_pareto(rng, 2, 1)
                                      : exp(normal(rng));
}

double td_tail_quantile(enum td_tail tail, double p)
{
    return tail == TD_TAIL_PARETO ? gsl_cdf_pareto_Pinv(p, 2, 1)
                                  : exp(gsl_cdf_ugaussian_Pinv(p));
}
