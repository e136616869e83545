#include "stat/interval.h"

#include "base/buf.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* GSL's own handler aborts the program; its results say enough (NaN). */
static void quiet_gsl(void)
{
    gsl_set_error_handler_off();
}

/* Mean and its standard error, over n independent values. */
struct moments {
    double mean, error;
};

static struct moments moments_of(const double *x, size_t n)
{
    struct moments m = {gsl_stats_mean(x, 1, n), 0};
    if (n >= 2)
        m.error = gsl_stats_sd_m(x, 1, n, m.mean) / sqrt((double)n);
    return m;
}

static bool all_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            return false;
    return n > 0;
}

struct td_figure td_mean_t(const double *x, size_t n, double confidence)
{
    struct td_figure out = {NAN, NAN, NAN, false, false};
    struct moments m;
    double half;
    quiet_gsl();
    if (!all_finite(x, n))
        return out;
    m = moments_of(x, n);
    out.value = m.mean;
    out.known = true;
    if (n < 2)
        return out;
    half = m.error * gsl_cdf_tdist_Pinv((1 + confidence) / 2, (double)(n - 1));
    out.lower = m.mean - half;
    out.upper = m.mean + half;
    out.bounded = true;
    return out;
}

/* From the log scale back. */
static struct td_figure exponentiated(struct td_figure log_figure)
{
    log_figure.value = exp(log_figure.value);
    log_figure.lower = exp(log_figure.lower);
    log_figure.upper = exp(log_figure.upper);
    return log_figure;
}

struct td_figure td_geomean_t(const double *x, size_t n, double confidence)
{
    double *logs = td_xmalloc(n * sizeof *logs);
    struct td_figure out;
    for (size_t i = 0; i < n; i++)
        logs[i] = log(x[i]);
    out = exponentiated(td_mean_t(logs, n, confidence));
    free(logs);
    return out;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/*
 * Studentised means of resamples of d, sorted; returns how many.  A resample
 * of one value only has no error to studentise by: it is left out.  "One
 * value" is meant up to rounding.
 */
static size_t resampled_t(const double *d, size_t n, struct moments m,
                          uint64_t seed, unsigned resamples, double *t)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *draw = td_xmalloc(n * sizeof *draw);
    size_t count = 0;
    /* This generator's seed has 32 bits. */
    gsl_rng_set(rng, (unsigned long)((seed ^ seed >> 32) & 0xffffffffu));
    for (unsigned r = 0; r < resamples; r++) {
        struct moments again;
        for (size_t i = 0; i < n; i++)
            draw[i] = d[gsl_rng_uniform_int(rng, n)];
        again = moments_of(draw, n);
        if (again.error > 1e-9 * m.error)
            t[count++] = (again.mean - m.mean) / again.error;
    }
    qsort(t, count, sizeof *t, by_value);
    free(draw);
    gsl_rng_free(rng);
    return count;
}

/* Widens *figure (on the log scale) to hold the bootstrap-t interval. */
static void widen_by_bootstrap(struct td_figure *figure, const double *d,
                               size_t n, double confidence, uint64_t seed,
                               unsigned resamples)
{
    struct moments m = moments_of(d, n);
    double *t = td_xmalloc(resamples * sizeof *t);
    size_t count = 0, rank;
    if (m.error > 0)
        count = resampled_t(d, n, m, seed, resamples, t);
    rank = (size_t)((double)(count + 1) * (1 - confidence) / 2);
    if (rank >= 1) {
        figure->lower = fmin(figure->lower, m.mean - t[count - rank] * m.error);
        figure->upper = fmax(figure->upper, m.mean - t[rank - 1] * m.error);
    }
    free(t);
}

struct td_figure td_ratio_paired(const double *numerator,
                                 const double *denominator, size_t n,
                                 double confidence, uint64_t seed,
                                 unsigned resamples)
{
    double *d = td_xmalloc(n * sizeof *d);
    struct td_figure out;
    for (size_t i = 0; i < n; i++)
        d[i] = numerator[i] > 0 && denominator[i] > 0
                   ? log(numerator[i] / denominator[i])
                   : NAN;
    out = td_mean_t(d, n, confidence);
    if (out.bounded && n >= TD_BOOTSTRAP_MIN)
        widen_by_bootstrap(&out, d, n, confidence, seed, resamples);
    free(d);
    return exponentiated(out);
}

/*
 * Smallest k with P(X <= k) >= q for X binomial(n, p), by adding up from 12
 * standard deviations below the mean: gsl_cdf_binomial_P is wrong for
 * millions of samples.
 */
static uint64_t binomial_quantile(double q, uint64_t n, double p)
{
    double mean = (double)n * p, far = 12 * sqrt(mean * (1 - p)) + 10;
    uint64_t k = mean > far ? (uint64_t)(mean - far) : 0;
    double mass = gsl_ran_binomial_pdf((unsigned)k, p, (unsigned)n);
    double sum = mass;
    for (; sum < q && k < n; k++) {
        mass *= (double)(n - k) / (double)(k + 1) * p / (1 - p);
        sum += mass;
    }
    return k;
}

bool td_quantile_ranks(uint64_t n, double p, double confidence, uint64_t *lower,
                       uint64_t *upper)
{
    double tail = (1 - confidence) / 2;
    quiet_gsl();
    if (n > UINT32_MAX)
        return false;
    *lower = binomial_quantile(tail, n, p);
    *upper = binomial_quantile(1 - tail, n, p) + 1;
    return *lower >= 1 && *upper <= n;
}

double td_select(double *x, size_t n, size_t k)
{
    return gsl_stats_select(x, 1, n, k);
}

double td_median(double *x, size_t n)
{
    return n ? gsl_stats_median(x, 1, n) : NAN;
}
