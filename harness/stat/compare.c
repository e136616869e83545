/* Paired comparison: the verdict and the ratio's companions. */
#include "stat/compare.h"

#include "base/buf.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

enum td_verdict td_verdict_of(struct td_figure ratio, double threshold,
                              double noise_floor)
{
    if (!ratio.bounded)
        return TD_VERDICT_INCONCLUSIVE;
    if (ratio.lower >= 1 - threshold && ratio.upper <= 1 + threshold)
        return TD_VERDICT_EQUIVALENT;
    if (fabs(ratio.value - 1) <= noise_floor)
        return TD_VERDICT_INCONCLUSIVE;
    if (ratio.lower > 1 + threshold)
        return TD_VERDICT_SLOWER;
    if (ratio.upper < 1 - threshold)
        return TD_VERDICT_FASTER;
    return TD_VERDICT_INCONCLUSIVE;
}

const char *td_verdict_name(enum td_verdict verdict)
{
    switch (verdict) {
    case TD_VERDICT_FASTER:
        return "faster";
    case TD_VERDICT_SLOWER:
        return "slower";
    case TD_VERDICT_EQUIVALENT:
        return "equivalent";
    case TD_VERDICT_INCONCLUSIVE:
        break;
    }
    return "inconclusive";
}

void td_log_ratios(const double *above, const double *below, size_t n,
                   double *d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = above[i] > 0 && below[i] > 0 ? log(above[i] / below[i]) : NAN;
}

struct td_figure td_ratio_median_paired(const double *above,
                                        const double *below, size_t n,
                                        double confidence)
{
    struct td_figure out = {NAN, NAN, NAN, false, false};
    double *d = td_xmalloc(n * sizeof *d);
    uint64_t lower, upper;
    td_log_ratios(above, below, n, d);
    if (!td_all_finite(d, n))
        goto out;
    gsl_sort(d, 1, n);
    out.value = exp(gsl_stats_median_from_sorted_data(d, 1, n));
    out.known = true;
    out.bounded = td_quantile_ranks(n, .5, confidence, &lower, &upper);
    if (out.bounded) {
        out.lower = exp(d[lower - 1]);
        out.upper = exp(d[upper - 1]);
    }
out:
    free(d);
    return out;
}

double td_effect_size(const double *d, size_t n)
{
    double sd, correction;
    if (n < 2 || !td_all_finite(d, n))
        return NAN;
    sd = gsl_stats_sd(d, 1, n);
    /* Hedges & Olkin 1985, ch. 5: J(m) with m = n - 1. */
    correction = n > 2 ? 1 - 3 / (4 * (double)(n - 1) - 1) : 1;
    return sd > 0 ? correction * gsl_stats_mean(d, 1, n) / sd : NAN;
}

double td_p_above_paired(const double *d, size_t n, double threshold)
{
    double mean, error, limit = log1p(threshold);
    gsl_set_error_handler_off();
    if (n < 2 || !td_all_finite(d, n))
        return NAN;
    mean = gsl_stats_mean(d, 1, n);
    error = gsl_stats_sd_m(d, 1, n, mean) / sqrt((double)n);
    if (!(error > 0))
        return mean > limit ? 0 : 1;
    return gsl_cdf_tdist_Q((mean - limit) / error, (double)(n - 1));
}

/* A number and where it stood. */
struct ranked {
    double p;
    size_t at;
};

static int by_p(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->p, y = ((const struct ranked *)b)->p;
    return (x > y) - (x < y);
}

void td_holm(double *p, size_t n)
{
    struct ranked *order = td_xmalloc(n * sizeof *order);
    size_t count = 0;
    double least = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            order[count++] = (struct ranked){p[i], i};
    qsort(order, count, sizeof *order, by_p);
    for (size_t i = 0; i < count; i++) {
        least = fmax(least, fmin(1, (double)(count - i) * order[i].p));
        p[order[i].at] = least;
    }
    free(order);
}

struct td_figure td_suite_geomean(const double *log_ratio, const double *error,
                                  size_t n, double confidence)
{
    struct td_figure out = {NAN, NAN, NAN, false, false};
    double mean, squares = 0, half;
    gsl_set_error_handler_off();
    if (!td_all_finite(log_ratio, n))
        return out;
    mean = gsl_stats_mean(log_ratio, 1, n);
    out.value = exp(mean);
    out.known = true;
    if (!td_all_finite(error, n))
        return out;
    for (size_t i = 0; i < n; i++)
        squares += error[i] * error[i];
    half = gsl_cdf_ugaussian_Pinv((1 + confidence) / 2) * sqrt(squares) /
           (double)n;
    out.lower = exp(mean - half);
    out.upper = exp(mean + half);
    out.bounded = true;
    return out;
}

struct td_period_effect td_period_effect(const double *d, const bool *first,
                                         size_t n)
{
    struct td_period_effect out = {NAN, NAN};
    double *split[2] = {td_xmalloc(n * sizeof **split),
                        td_xmalloc(n * sizeof **split)};
    size_t count[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        if (isfinite(d[i]))
            split[first[i]][count[first[i]]++] = d[i];
    if (count[0] && count[1])
        out.ratio = exp(gsl_stats_mean(split[1], 1, count[1]) -
                        gsl_stats_mean(split[0], 1, count[0]));
    if (count[0] >= 2 && count[1] >= 2) {
        double above =
            td_welch_p_above(split[1], count[1], split[0], count[0], 0);
        out.p = 2 * fmin(above, 1 - above);
    }
    free(split[0]);
    free(split[1]);
    return out;
}
