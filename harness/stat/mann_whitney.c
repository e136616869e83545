#include "stat/mann_whitney.h"

#include "base/buf.h"
#include "stat/compare.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * The largest value is an x with chance i / (i + j), and then exceeds all j y:
 * P(u; i, j) = (i P(u-j; i-1, j) + j P(u; i, j-1)) / (i + j).
 * Row i of the table holds the j reached so far.
 */
void td_mann_whitney_null(size_t nx, size_t ny, size_t most, double *p)
{
    size_t width = most + 1;
    double *table = td_xcalloc((nx + 1) * width, sizeof *table);
    for (size_t i = 0; i <= nx; i++)
        table[i * width] = 1;
    for (size_t j = 1; j <= ny; j++)
        for (size_t i = 1; i <= nx; i++) {
            double *row = table + i * width, *fewer = row - width;
            double x_last = (double)i / (double)(i + j);
            for (size_t u = 0; u <= most && u <= i * j; u++)
                row[u] = (1 - x_last) * row[u] +
                         (u >= j ? x_last * fewer[u - j] : 0);
        }
    memcpy(p, table + nx * width, width * sizeof *p);
    free(table);
}

/* P(U <= u), u < nx ny. */
static double null_below(size_t nx, size_t ny, size_t u)
{
    double *p = td_xmalloc((u + 1) * sizeof *p), sum = 0;
    td_mann_whitney_null(nx, ny, u, p);
    for (size_t i = 0; i <= u; i++)
        sum += p[i];
    free(p);
    return sum;
}

/* How often an x exceeds a y, and sum t^3 - t over the ties; both sorted. */
static double count_above(const double *x, size_t nx, const double *y,
                          size_t ny, double *ties)
{
    double above = 0;
    *ties = 0;
    for (size_t i = 0, j = 0; i < nx || j < ny;) {
        double least = j == ny || (i < nx && x[i] < y[j]) ? x[i] : y[j];
        size_t old_i = i, old_j = j;
        double equal_x, equal_y, equal;
        while (i < nx && x[i] == least)
            i++;
        while (j < ny && y[j] == least)
            j++;
        equal_x = (double)(i - old_i);
        equal_y = (double)(j - old_j);
        equal = equal_x + equal_y;
        above += equal_x * ((double)old_j + equal_y / 2);
        *ties += equal * equal * equal - equal;
    }
    return above;
}

/* Twice the smaller tail. */
static double exact_p(double u, size_t nx, size_t ny)
{
    double other = (double)nx * (double)ny - u;
    return fmin(1, 2 * null_below(nx, ny, (size_t)fmin(u, other)));
}

static double normal_p(double u, double nx, double ny, double ties)
{
    double n = nx + ny, off = fabs(u - nx * ny / 2) - .5;
    double variance = nx * ny / 12 * (n + 1 - ties / (n * (n - 1)));
    if (!(variance > 0) || off <= 0)
        return 1;
    return 2 * gsl_cdf_ugaussian_Q(off / sqrt(variance));
}

static double *sorted(const double *x, size_t n)
{
    double *out = td_xmalloc(n * sizeof *out);
    memcpy(out, x, n * sizeof *out);
    gsl_sort(out, 1, n);
    return out;
}

struct td_mann_whitney td_mann_whitney(const double *x, size_t nx,
                                       const double *y, size_t ny)
{
    struct td_mann_whitney out = {NAN, NAN, NAN, false};
    double *a, *b, ties;
    if (!td_all_finite(x, nx) || !td_all_finite(y, ny))
        return out;
    a = sorted(x, nx);
    b = sorted(y, ny);
    out.u = count_above(a, nx, b, ny, &ties);
    out.superior = out.u / ((double)nx * (double)ny);
    out.exact = !(ties > 0) && nx <= TD_MANN_WHITNEY_EXACT &&
                ny <= TD_MANN_WHITNEY_EXACT;
    out.p = out.exact ? exact_p(out.u, nx, ny)
                      : normal_p(out.u, (double)nx, (double)ny, ties);
    free(a);
    free(b);
    return out;
}
