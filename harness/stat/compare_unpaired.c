/* Means of two independent samples: Fieller, Welch. */
#include "stat/compare.h"

#include "base/buf.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

static const struct td_figure unknown = {NAN, NAN, NAN, false, false};

/* Mean, and the squared standard error of it. */
struct spread {
    double mean, v;
    size_t n;
};

static struct spread spread_of(const double *x, size_t n)
{
    struct spread s = {gsl_stats_mean(x, 1, n), NAN, n};
    if (n >= 2)
        s.v = gsl_stats_variance_m(x, 1, n, s.mean) / (double)n;
    return s;
}

/* Welch-Satterthwaite for va + vb. */
static double freedom(double va, size_t na, double vb, size_t nb)
{
    double sum = va + vb;
    double parts = va * va / (double)(na - 1) + vb * vb / (double)(nb - 1);
    return parts > 0 ? sum * sum / parts : (double)(na + nb - 2);
}

struct td_figure td_ratio_fieller(const double *above, size_t nabove,
                                  const double *below, size_t nbelow,
                                  double confidence)
{
    struct td_figure out = unknown;
    struct spread a, b;
    double r, t, g, root;
    gsl_set_error_handler_off();
    if (!td_all_finite(above, nabove) || !td_all_finite(below, nbelow))
        return out;
    a = spread_of(above, nabove);
    b = spread_of(below, nbelow);
    r = a.mean / b.mean;
    out.known = isfinite(r);
    out.value = out.known ? r : NAN;
    if (!out.known || nabove < 2 || nbelow < 2)
        return out;
    /* The freedom of a - r b, whose being 0 the interval inverts. */
    t = gsl_cdf_tdist_Pinv((1 + confidence) / 2,
                           freedom(a.v, nabove, r * r * b.v, nbelow));
    g = t * t * b.v / (b.mean * b.mean);
    if (!(g < 1))
        return out;
    root = sqrt(a.v * (1 - g) + r * r * b.v) * t / fabs(b.mean);
    out.lower = (r - root) / (1 - g);
    out.upper = (r + root) / (1 - g);
    out.bounded = true;
    return out;
}

double td_welch_p_above(const double *x, size_t nx, const double *y, size_t ny,
                        double limit)
{
    struct spread a, b;
    double error;
    gsl_set_error_handler_off();
    if (nx < 2 || ny < 2 || !td_all_finite(x, nx) || !td_all_finite(y, ny))
        return NAN;
    a = spread_of(x, nx);
    b = spread_of(y, ny);
    error = sqrt(a.v + b.v);
    if (!(error > 0))
        return a.mean - b.mean > limit ? 0 : 1;
    return gsl_cdf_tdist_Q((a.mean - b.mean - limit) / error,
                           freedom(a.v, nx, b.v, ny));
}

/* The logarithms; NULL when one has none. */
static double *logs(const double *x, size_t n)
{
    double *out = td_xmalloc(n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] > 0 ? log(x[i]) : NAN;
    if (td_all_finite(out, n))
        return out;
    free(out);
    return NULL;
}

double td_p_above_unpaired(const double *above, size_t nabove,
                           const double *below, size_t nbelow, double threshold)
{
    double *a = logs(above, nabove), *b = logs(below, nbelow), p = NAN;
    if (a && b)
        p = td_welch_p_above(a, nabove, b, nbelow, log1p(threshold));
    free(a);
    free(b);
    return p;
}
