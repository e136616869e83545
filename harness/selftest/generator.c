#include "selftest/generator.h"

#include "base/buf.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum side { ABOVE, BELOW };

/* A generator: what makes an invocation long, and an iteration. */
struct td_generator {
    const char *name;
    double (*invocation)(gsl_rng *rng, enum side side, double sigma);
    double (*iteration)(gsl_rng *rng, enum side side, double sigma);
    double drift; /* standard deviation of an AR(.9) shared by the sides */
};

static double normal(gsl_rng *rng, double sigma)
{
    return gsl_ran_gaussian_ziggurat(rng, sigma);
}

/* A lognormal variate of mean 1. */
static double lognormal(gsl_rng *rng, double sigma)
{
    return exp(normal(rng, sigma) - sigma * sigma / 2);
}

static double exponential(gsl_rng *rng)
{
    return gsl_ran_exponential(rng, 1);
}

static double lognormal_invocation(gsl_rng *rng, enum side side, double sigma)
{
    (void)side, (void)sigma;
    return lognormal(rng, .01);
}

static double lognormal_iteration(gsl_rng *rng, enum side side, double sigma)
{
    (void)side, (void)sigma;
    return lognormal(rng, .02);
}

static double skewed_invocation(gsl_rng *rng, enum side side, double sigma)
{
    (void)side, (void)sigma;
    return 1 + .02 * exponential(rng);
}

static double spiky_iteration(gsl_rng *rng, enum side side, double sigma)
{
    double time = 1 + .05 * exponential(rng);
    (void)side, (void)sigma;
    return gsl_rng_uniform(rng) < .02 ? 2 * time : time;
}

static double two_kinds_invocation(gsl_rng *rng, enum side side, double sigma)
{
    double slower = gsl_rng_uniform(rng) < .3 ? 1.05 : 1;
    return slower * lognormal_invocation(rng, side, sigma);
}

static double unlike_invocation(gsl_rng *rng, enum side side, double sigma)
{
    (void)sigma;
    return side == BELOW ? lognormal(rng, .002)
                         : (1 + .05 * exponential(rng)) / 1.05;
}

static double unlike_iteration(gsl_rng *rng, enum side side, double sigma)
{
    (void)sigma;
    return lognormal(rng, side == BELOW ? .005 : .02);
}

static double normal_factor(gsl_rng *rng, enum side side, double sigma)
{
    (void)side;
    return lognormal(rng, sigma);
}

static const struct td_generator generators[] = {
    {"G1", lognormal_invocation, lognormal_iteration, 0},
    {"G2", skewed_invocation, spiky_iteration, 0},
    {"G3", two_kinds_invocation, lognormal_iteration, 0},
    {"G4", lognormal_invocation, lognormal_iteration, .03},
    {"G5", unlike_invocation, unlike_iteration, 0},
    {"normal", normal_factor, normal_factor, 0},
};

enum { GENERATORS = sizeof generators / sizeof generators[0] };

const struct td_generator *td_generator_at(size_t k)
{
    return k < GENERATORS ? &generators[k] : NULL;
}

const struct td_generator *td_generator_find(const char *name)
{
    for (size_t i = 0; i < GENERATORS; i++)
        if (strcmp(generators[i].name, name) == 0)
            return &generators[i];
    return NULL;
}

const char *td_generator_name(const struct td_generator *generator)
{
    return generator->name;
}

/* A stationary AR(phi): the next value after `last`. */
static double ar_next(gsl_rng *rng, double last, double phi, double sigma)
{
    return phi * last + normal(rng, sigma * sqrt(1 - phi * phi));
}

/* w[0..n) of the formulas. */
static double *drift(gsl_rng *rng, double sigma, size_t n)
{
    double *w = td_xcalloc(n, sizeof *w);
    if (sigma <= 0)
        return w;
    w[0] = normal(rng, sigma);
    for (size_t i = 1; i < n; i++)
        w[i] = ar_next(rng, w[i - 1], .9, sigma);
    return w;
}

/* One invocation of a side: its iterations, and their mean. */
static double invocation(const struct td_generator *generator,
                         const struct td_sizes *sizes, gsl_rng *rng,
                         enum side side, double level, double *x)
{
    /* Half of each side's half of the variance; a mean of r iterations keeps
     * 1 / r of theirs. */
    double sigma = sizes->sigma / 2, sum = 0;
    double within = sigma * sqrt((double)sizes->iterations);
    level *= generator->invocation(rng, side, sigma);
    for (size_t j = 0; j < sizes->iterations; j++) {
        x[j] = level * generator->iteration(rng, side, within);
        sum += x[j];
    }
    return sum / (double)sizes->iterations;
}

void td_generator_draw(const struct td_generator *generator,
                       const struct td_sizes *sizes, gsl_rng *rng,
                       struct td_times *times)
{
    size_t n = sizes->pairs, r = sizes->iterations;
    size_t later = sizes->turns == TD_TURNS_SEQUENTIAL ? n : 0;
    double *w = drift(rng, generator->drift, n + later);
    times->above = td_xmalloc(n * r * sizeof *times->above);
    times->below = td_xmalloc(n * r * sizeof *times->below);
    times->above_mean = td_xmalloc(n * sizeof *times->above_mean);
    times->below_mean = td_xmalloc(n * sizeof *times->below_mean);
    for (size_t i = 0; i < n; i++) {
        times->above_mean[i] =
            invocation(generator, sizes, rng, ABOVE,
                       sizes->ratio * exp(w[i + later]), times->above + i * r);
        times->below_mean[i] = invocation(generator, sizes, rng, BELOW,
                                          exp(w[i]), times->below + i * r);
    }
    free(w);
}

void td_times_release(struct td_times *times)
{
    free(times->above);
    free(times->below);
    free(times->above_mean);
    free(times->below_mean);
}
