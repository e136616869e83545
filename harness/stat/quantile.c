#include "stat/quantile.h"

#include "base/buf.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

enum { MANY = 1000000 }; /* values: weights by density from here on */

/* Ranks, 1-based: of the value and of the two that bound it. */
struct ranks {
    uint64_t lower, value, upper;
};

/* The binomial's normal approximation, a rank wider either way: beyond
 * td_quantile_ranks' reach it is off by far less. */
static void ranks_of_billions(uint64_t n, double p, double confidence,
                              struct ranks *out)
{
    double mean = (double)n * p;
    double half =
        gsl_cdf_ugaussian_Pinv((1 + confidence) / 2) * sqrt(mean * (1 - p));
    out->lower = mean - half < 2 ? 0 : (uint64_t)(mean - half) - 1;
    out->upper = (uint64_t)(mean + half) + 3;
}

/* False: no rank bounds the quantile from below. */
static bool ranks_of(uint64_t n, double p, double confidence, struct ranks *out)
{
    double value;
    if (n == 0 || !(p > 0 && p < 1))
        return false;
    gsl_set_error_handler_off();
    if (n > UINT32_MAX)
        ranks_of_billions(n, p, confidence, out);
    else
        td_quantile_ranks(n, p, confidence, &out->lower, &out->upper);
    /* The step down keeps .07 * 100 from asking for rank 8. */
    value = ceil(nextafter(p, 0) * (double)n);
    out->value = value < 1 ? 1 : (uint64_t)value;
    return out->lower >= 1;
}

static struct td_quantile unknown(void)
{
    return (struct td_quantile){{NAN, NAN, NAN, false, false}, false};
}

uint64_t td_quantile_least(double p, double confidence)
{
    /* The nearer end of the range decides: P(all n lie on one side of the
     * quantile) has to be at most the tail. */
    double one_side = fmax(p, 1 - p), tail = (1 - confidence) / 2;
    uint64_t n, lower, upper;
    if (!(one_side < 1 && tail > 0 && tail < .5))
        return UINT64_MAX;
    n = (uint64_t)ceil(log(tail) / log(one_side));
    /* Where that is a whole number, rounding may be off by one. */
    while (n < UINT32_MAX &&
           !td_quantile_ranks(n, p, confidence, &lower, &upper))
        n++;
    return n;
}

struct td_quantile td_quantile_sorted(const double *x, size_t n, double p,
                                      double confidence)
{
    struct td_quantile out = unknown();
    struct ranks ranks;
    if (!ranks_of(n, p, confidence, &ranks))
        return out;
    out.at_least = ranks.upper > n;
    out.figure.value = x[ranks.value - 1];
    out.figure.lower = x[ranks.lower - 1];
    out.figure.upper = x[(out.at_least ? n : ranks.upper) - 1];
    out.figure.known = true;
    out.figure.bounded = !out.at_least;
    return out;
}

/* The bucket that holds the rank-th smallest value; rank <= total. */
static int32_t bucket_of(const struct td_hist *hist, uint64_t rank)
{
    uint64_t seen = 0;
    int32_t i = 0;
    while (i < hist->counts_len - 1) {
        seen += (uint64_t)hist->counts[i];
        if (seen >= rank)
            break;
        i++;
    }
    return i;
}

/* Clipped values lie above all buckets: they keep their ranks. */
struct td_quantile td_quantile_hist(const struct td_hist *hist, double p,
                                    double confidence)
{
    struct td_quantile out = unknown();
    uint64_t inside = (uint64_t)hist->total;
    struct ranks ranks;
    if (!ranks_of(inside + (uint64_t)hist->clipped, p, confidence, &ranks) ||
        ranks.value > inside)
        return out;
    out.at_least = ranks.upper > inside;
    out.figure.value = (double)td_hist_mid(hist, bucket_of(hist, ranks.value));
    out.figure.lower = (double)td_hist_low(hist, bucket_of(hist, ranks.lower));
    out.figure.upper = (double)td_hist_high(
        hist, bucket_of(hist, out.at_least ? inside : ranks.upper));
    out.figure.known = true;
    out.figure.bounded = !out.at_least;
    return out;
}

/* The first i in [0, n] from which on F(i/n) is not below q; F is the beta
 * distribution's. */
static size_t first_not_below(double q, size_t n, double a, double b)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gsl_cdf_beta_P((double)middle / (double)n, a, b) < q)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * The same weights for many values: gsl_cdf_beta_P gives NAN here and there
 * above 2 million, and over so narrow a step the density in its middle is the
 * mean density.  They are made to add up to 1; from 12 standard deviations on
 * they are 0.
 */
static void density_weights(size_t n, double p, double *w, size_t *from,
                            size_t *to)
{
    double a = ((double)n + 1) * p, b = ((double)n + 1) * (1 - p);
    double mean = p * (double)n, far = 12 * sqrt(mean * (1 - p)) + 10, sum = 0;
    *from = mean > far ? (size_t)(mean - far) : 0;
    *to = mean + far < (double)n ? (size_t)(mean + far) : n;
    for (size_t i = *from; i < *to; i++) {
        w[i] = gsl_ran_beta_pdf(((double)i + .5) / (double)n, a, b);
        sum += w[i];
    }
    for (size_t i = *from; i < *to; i++)
        w[i] /= sum;
}

/* Weights of n order statistics: w[i] = F((i+1)/n) - F(i/n) for [*from, *to);
 * those outside are 0 to double precision and are not written. */
static void beta_weights(size_t n, double p, double *w, size_t *from,
                         size_t *to)
{
    double a = ((double)n + 1) * p, b = ((double)n + 1) * (1 - p);
    double below = 0;
    if (n > MANY) {
        density_weights(n, p, w, from, to);
        return;
    }
    *from = first_not_below(1e-18, n, a, b);
    *from -= *from > 0;
    *to = first_not_below(1, n, a, b);
    for (size_t i = *from; i < *to; i++) {
        double f = gsl_cdf_beta_P((double)(i + 1) / (double)n, a, b);
        w[i] = f - below;
        below = f;
    }
}

/*
 * The estimates without each of the n values in turn.  Where the one left out
 * moves up by one, a single weight changes its value; outside the weights'
 * range nothing changes.
 */
static double jackknife(const double *x, size_t n, double p, double *w)
{
    double moved = 0, sum = 0, squares = 0, mean;
    size_t from, to;
    beta_weights(n - 1, p, w, &from, &to);
    for (size_t i = from; i < to; i++) {
        moved += w[i] * (x[i] - x[i + 1]); /* against leaving out the first */
        sum += moved;
        squares += moved * moved;
    }
    sum += moved * (double)(n - 1 - to);
    squares += moved * moved * (double)(n - 1 - to);
    mean = sum / (double)n;
    return sqrt(fmax(squares / (double)n - mean * mean, 0) * (double)(n - 1));
}

double td_harrell_davis(const double *x, size_t n, double p, double *error)
{
    double *w, estimate = 0;
    size_t from, to;
    if (error)
        *error = NAN;
    if (n == 0 || !(p > 0 && p < 1))
        return NAN;
    gsl_set_error_handler_off();
    w = td_xmalloc(n * sizeof *w);
    beta_weights(n, p, w, &from, &to);
    for (size_t i = from; i < to; i++)
        estimate += w[i] * x[i];
    if (error && n >= 2)
        *error = jackknife(x, n, p, w);
    free(w);
    return estimate;
}
