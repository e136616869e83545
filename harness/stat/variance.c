#include "stat/variance.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>

static const struct td_variance unknown = {NAN, {NAN, NAN}, {NAN, NAN}, NAN, 0};

/* What the invocations so far add up to. */
struct sums {
    double within, mean, of_means, inverse;
    size_t invocations;
    bool few; /* one had fewer than 2 values */
};

static void take(struct sums *sums, struct td_moments one)
{
    double off = one.mean - sums->mean;
    sums->within += one.variance;
    /* Welford's running variance of the invocations' means. */
    sums->mean += off / (double)++sums->invocations;
    sums->of_means += off * (one.mean - sums->mean);
    sums->inverse += 1 / (double)one.count;
    sums->few |= one.count < 2;
}

static int finish(const struct sums *sums, struct td_variance *out)
{
    double n = (double)sums->invocations;
    *out = unknown;
    out->invocations = sums->invocations;
    if (sums->few || sums->invocations < 2)
        return -1;
    out->mean = sums->mean;
    out->iterations = n / sums->inverse;
    out->s2[0] = sums->within / n;
    out->s2[1] = sums->of_means / (n - 1);
    out->t2[0] = out->s2[0];
    out->t2[1] = out->s2[1] - out->s2[0] / out->iterations;
    return 0;
}

int td_variance_two_level(const double *x, const size_t *counts,
                          size_t invocations, struct td_variance *out)
{
    struct sums sums = {0};
    for (size_t i = 0; i < invocations; x += counts[i++]) {
        struct td_moments one = {counts[i], gsl_stats_mean(x, 1, counts[i]), 0};
        one.variance = gsl_stats_variance_m(x, 1, counts[i], one.mean);
        take(&sums, one);
    }
    return finish(&sums, out);
}

int td_variance_of_moments(const struct td_moments *x, size_t invocations,
                           struct td_variance *out)
{
    struct sums sums = {0};
    for (size_t i = 0; i < invocations; i++)
        take(&sums, x[i]);
    return finish(&sums, out);
}

size_t td_best_iterations(const struct td_variance *variance,
                          double iteration_cost, double spawn_cost, size_t most)
{
    double best;
    if (!(variance->t2[1] > 0) || !(iteration_cost > 0))
        return most;
    best = ceil(
        sqrt(spawn_cost / iteration_cost * variance->t2[0] / variance->t2[1]));
    if (!(best >= 1))
        return 1;
    return best > (double)most ? most : (size_t)best;
}
