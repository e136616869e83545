#include "stat/growth.h"

#include "base/buf.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

static const double PLAUSIBLE = 6; /* difference in BIC */
/* Keeps the BIC of data without noise finite. */
static const double LEAST_ERROR = 1e-12;

const char *td_growth_name(enum td_growth_model model)
{
    static const char *const NAMES[TD_GROWTH_MODELS] = {
        "1", "lg n", "n", "n lg n", "n√n", "n²", "n³"};
    return NAMES[model];
}

static double growth_of(enum td_growth_model model, double n)
{
    switch (model) {
    case TD_GROWTH_LOG:
        return log2(n);
    case TD_GROWTH_N:
        return n;
    case TD_GROWTH_N_LOG:
        return n * log2(n);
    case TD_GROWTH_N_SQRT:
        return n * sqrt(n);
    case TD_GROWTH_N2:
        return n * n;
    case TD_GROWTH_N3:
        return n * n * n;
    case TD_GROWTH_1:
    case TD_GROWTH_MODELS:
        break;
    }
    return 1;
}

/* The observations, and room for a model's values at them. */
struct sweep {
    const double *time;
    double *weight, *f;
    size_t n;
    double confidence;
};

static double student(double confidence, double freedom)
{
    return gsl_cdf_tdist_Pinv((1 + confidence) / 2, freedom);
}

static double squares_of(const struct sweep *sweep, double a, double c)
{
    double sum = 0;
    for (size_t i = 0; i < sweep->n; i++) {
        double off = a + c * sweep->f[i] - sweep->time[i];
        sum += sweep->weight[i] * off * off;
    }
    return sum;
}

/* One coefficient alone: of f, or of a constant in its place. */
static double coefficient_of(const struct sweep *sweep, bool constant,
                             double *variance)
{
    double of_time = 0, of_self = 0;
    for (size_t i = 0; i < sweep->n; i++) {
        double f = constant ? 1 : sweep->f[i];
        of_time += sweep->weight[i] * f * sweep->time[i];
        of_self += sweep->weight[i] * f * f;
    }
    *variance = of_self > 0 ? 1 / of_self : 0;
    return of_self > 0 ? fmax(of_time / of_self, 0) : 0;
}

/* variance: in units of the residuals' mean square; free: coefficients that
 * were fitted.  The lower end stays at 0, as the coefficient does. */
static struct td_figure coefficient(const struct sweep *sweep, double value,
                                    double variance, double squares, int free)
{
    double freedom = (double)sweep->n - free;
    double half = student(sweep->confidence, freedom) *
                  sqrt(variance * squares / freedom);
    return (struct td_figure){value, fmax(value - half, 0), value + half, true,
                              true};
}

static const struct td_figure held_at_zero = {0, 0, 0, true, false};

/* The one coefficient that is fitted, the other held at 0. */
static double fit_one(const struct sweep *sweep, bool constant,
                      struct td_growth_fit *out)
{
    double variance, value = coefficient_of(sweep, constant, &variance);
    double squares =
        squares_of(sweep, constant ? value : 0, constant ? 0 : value);
    struct td_figure fitted = coefficient(sweep, value, variance, squares, 1);
    out->a = constant ? fitted : held_at_zero;
    out->c = constant ? held_at_zero : fitted;
    return squares;
}

/* The squares are convex in a and c: where their least lies outside the
 * quadrant, the least inside it lies on one of its edges. */
static double fit_two(const struct sweep *sweep, struct td_growth_fit *out)
{
    double a, c, aa, ac, cc, squares, edge;
    gsl_fit_wlinear(sweep->f, 1, sweep->weight, 1, sweep->time, 1, sweep->n, &a,
                    &c, &aa, &ac, &cc, &squares);
    if (a >= 0 && c >= 0) {
        squares = squares_of(sweep, a, c);
        out->a = coefficient(sweep, a, aa, squares, 2);
        out->c = coefficient(sweep, c, cc, squares, 2);
        return squares;
    }
    squares = fit_one(sweep, true, out);
    edge = fit_one(sweep, false, out);
    return edge < squares ? edge : fit_one(sweep, true, out);
}

static void fit_model(const struct sweep *sweep, struct td_growth_fit *out)
{
    bool constant = out->model == TD_GROWTH_1;
    double n = (double)sweep->n;
    double squares = constant ? fit_one(sweep, true, out) : fit_two(sweep, out);
    out->error = sqrt(squares / n);
    out->bic = 2 * n * log(fmax(out->error, LEAST_ERROR)) +
               (constant ? 1 : 2) * log(n);
}

/* Ties go to the model that grows less. */
static int by_bic(const void *a, const void *b)
{
    const struct td_growth_fit *x = a, *y = b;
    if (x->bic != y->bic)
        return x->bic < y->bic ? -1 : 1;
    return (x->model > y->model) - (x->model < y->model);
}

static void fit_models(const double *size, const double *time, size_t n,
                       double confidence, struct td_growth *out)
{
    struct sweep sweep = {time, td_xmalloc(n * sizeof(double)),
                          td_xmalloc(n * sizeof(double)), n, confidence};
    for (size_t i = 0; i < n; i++)
        sweep.weight[i] = 1 / (time[i] * time[i]);
    for (int model = 0; model < TD_GROWTH_MODELS; model++) {
        out->fits[model].model = (enum td_growth_model)model;
        for (size_t i = 0; i < n; i++)
            sweep.f[i] = growth_of(out->fits[model].model, size[i]);
        fit_model(&sweep, &out->fits[model]);
    }
    qsort(out->fits, TD_GROWTH_MODELS, sizeof *out->fits, by_bic);
    out->plausible = 0;
    while (out->plausible < TD_GROWTH_MODELS &&
           out->fits[out->plausible].bic - out->fits[0].bic < PLAUSIBLE)
        out->plausible++;
    free(sweep.weight);
    free(sweep.f);
}

/* Logarithms of the distinct sizes, ascending, with the mean logarithm of
 * the times of each. */
struct curve {
    double *size, *time;
    size_t n;
};

struct point {
    double size, time;
};

static int by_size(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

static void curve_init(struct curve *curve, const double *size,
                       const double *time, size_t n)
{
    struct point *points = td_xmalloc(n * sizeof *points);
    curve->size = td_xmalloc(n * sizeof *curve->size);
    curve->time = td_xmalloc(n * sizeof *curve->time);
    curve->n = 0;
    for (size_t i = 0; i < n; i++)
        points[i] = (struct point){log(size[i]), log(time[i])};
    qsort(points, n, sizeof *points, by_size);
    for (size_t i = 0, end; i < n; i = end) {
        double sum = 0;
        for (end = i; end < n && points[end].size <= points[i].size; end++)
            sum += points[end].time;
        curve->size[curve->n] = points[i].size;
        curve->time[curve->n++] = sum / (double)(end - i);
    }
    free(points);
}

static void curve_release(struct curve *curve)
{
    free(curve->size);
    free(curve->time);
}

/* Slope of the curve from point `from` on, and its standard error. */
static double slope_of(const struct curve *curve, size_t from, double *error)
{
    double a, slope, cov00, cov01, cov11, squares;
    gsl_fit_linear(curve->size + from, 1, curve->time + from, 1,
                   curve->n - from, &a, &slope, &cov00, &cov01, &cov11,
                   &squares);
    *error = sqrt(cov11);
    return slope;
}

static struct td_figure slope_figure(double value, double error, size_t points,
                                     double confidence)
{
    bool bounded = points > 2;
    double half =
        bounded ? error * student(confidence, (double)points - 2) : NAN;
    return (struct td_figure){value, value - half, value + half, true, bounded};
}

/* Sizes within an octave of the largest; the largest two where there are no
 * others. */
static size_t octave_of(const struct curve *curve)
{
    double from = curve->size[curve->n - 1] - log(2) - 1e-9;
    size_t first = curve->n - 2;
    while (first > 0 && curve->size[first - 1] >= from)
        first--;
    return first;
}

/* Two sizes alone carry no interval, their observations do. */
static struct td_figure last_octave(const struct curve *curve,
                                    const double *size, const double *time,
                                    size_t n, double confidence)
{
    size_t first = octave_of(curve);
    struct curve seen = {td_xmalloc(n * sizeof(double)),
                         td_xmalloc(n * sizeof(double)), 0};
    double ignored, error, value = slope_of(curve, first, &ignored);
    for (size_t i = 0; i < n; i++) {
        if (log(size[i]) < curve->size[first])
            continue;
        seen.size[seen.n] = log(size[i]);
        seen.time[seen.n++] = log(time[i]);
    }
    slope_of(&seen, 0, &error);
    curve_release(&seen);
    return slope_figure(value, error, seen.n, confidence);
}

static struct td_figure exponent_of(const struct curve *curve,
                                    double confidence)
{
    double error, value = slope_of(curve, 0, &error);
    return slope_figure(value, error, curve->n, confidence);
}

static bool all_positive(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(x[i] > 0 && isfinite(x[i])))
            return false;
    return true;
}

int td_growth_fit(const double *size, const double *time, size_t n,
                  double confidence, struct td_growth *out)
{
    struct curve curve;
    int rc = -1;
    if (n == 0 || !all_positive(size, n) || !all_positive(time, n))
        return -1;
    gsl_set_error_handler_off();
    curve_init(&curve, size, time, n);
    if (curve.n >= 3) {
        double span = curve.size[curve.n - 1] - curve.size[0];
        out->exponent = exponent_of(&curve, confidence);
        out->last_octave = last_octave(&curve, size, time, n, confidence);
        out->enough = curve.n >= 9 && span >= log(100) - 1e-9;
        fit_models(size, time, n, confidence, out);
        rc = 0;
    }
    curve_release(&curve);
    return rc;
}

/* -1 or 1: the whole interval lies on that side of 1; 0: it does not. */
static int side_of(const struct td_figure *ratio)
{
    if (!ratio->known || !ratio->bounded)
        return 0;
    return (ratio->lower > 1) - (ratio->upper < 1);
}

bool td_crossover(const double *size, const struct td_figure *ratios, size_t n,
                  double *below, double *above)
{
    size_t last = 0;
    int side = 0;
    for (size_t i = 0; i < n; i++) {
        int here = side_of(&ratios[i]);
        if (here * side < 0) {
            *below = size[last];
            *above = size[i];
            return true;
        }
        if (here) {
            side = here;
            last = i;
        }
    }
    return false;
}
