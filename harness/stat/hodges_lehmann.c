#include "base/buf.h"
#include "stat/compare.h"
#include "stat/mann_whitney.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* Largest c with P(U <= c - 1) <= tail; 0: none.  The interval is from the
 * c-th smallest difference to the c-th largest. */
static size_t exact_rank(size_t nx, size_t ny, double tail)
{
    size_t half = nx * ny / 2, c;
    double *p = td_xmalloc((half + 1) * sizeof *p), sum = 0;
    td_mann_whitney_null(nx, ny, half, p);
    for (c = 0; c < half; c++) {
        sum += p[c];
        if (sum > tail * (1 + 1e-9))
            break;
    }
    free(p);
    return c;
}

static size_t normal_rank(double nx, double ny, double tail)
{
    double sd = sqrt(nx * ny * (nx + ny + 1) / 12);
    double c = floor(nx * ny / 2 - gsl_cdf_ugaussian_Qinv(tail) * sd + .5);
    return c >= 1 ? (size_t)c : 0;
}

/* How many of x[i] - y[j] are at most `limit`; both sorted. */
static size_t count_within(const double *x, size_t nx, const double *y,
                           size_t ny, double limit)
{
    size_t count = 0, j = 0;
    for (size_t i = 0; i < nx; i++) {
        /* As x rises, so does the least y that is near enough. */
        while (j < ny && x[i] - y[j] > limit)
            j++;
        count += ny - j;
    }
    return count;
}

/*
 * k-th smallest (from 1) of the nx ny differences, found by halving, as there
 * may be too many to keep; closer than 2^-60, the ratio is the same.
 */
static double difference(const double *x, size_t nx, const double *y, size_t ny,
                         size_t k)
{
    double low = x[0] - y[ny - 1], high = x[nx - 1] - y[0];
    if (count_within(x, nx, y, ny, low) >= k)
        return low;
    for (;;) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high || high - low < 0x1p-60)
            return high;
        if (count_within(x, nx, y, ny, middle) >= k)
            high = middle;
        else
            low = middle;
    }
}

/* exp of the shift; x and y are logarithms, sorted. */
static struct td_figure shift(const double *x, size_t nx, const double *y,
                              size_t ny, double confidence)
{
    struct td_figure out = {NAN, NAN, NAN, true, false};
    size_t all = nx * ny, c;
    double tail = (1 - confidence) / 2;
    out.value = exp((difference(x, nx, y, ny, (all + 1) / 2) +
                     difference(x, nx, y, ny, all / 2 + 1)) /
                    2);
    c = nx <= TD_MANN_WHITNEY_EXACT && ny <= TD_MANN_WHITNEY_EXACT
            ? exact_rank(nx, ny, tail)
            : normal_rank((double)nx, (double)ny, tail);
    if (c >= 1) {
        out.lower = exp(difference(x, nx, y, ny, c));
        out.upper = exp(difference(x, nx, y, ny, all + 1 - c));
        out.bounded = true;
    }
    return out;
}

/* NULL when one has no logarithm. */
static double *sorted_logs(const double *x, size_t n)
{
    double *out = td_xmalloc(n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = log(x[i]);
    if (!td_all_finite(out, n)) {
        free(out);
        return NULL;
    }
    gsl_sort(out, 1, n);
    return out;
}

struct td_figure td_ratio_hodges_lehmann(const double *above, size_t nabove,
                                         const double *below, size_t nbelow,
                                         double confidence)
{
    struct td_figure out = {NAN, NAN, NAN, false, false};
    double *x = sorted_logs(above, nabove), *y = sorted_logs(below, nbelow);
    if (x && y)
        out = shift(x, nabove, y, nbelow, confidence);
    free(x);
    free(y);
    return out;
}
