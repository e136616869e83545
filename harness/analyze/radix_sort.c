#include "analyze/sample_values.h"

#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = 6, FEW = 256 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The bits of doubles sort as the doubles do once those of negative ones are
 * inverted and the others' sign is set. */
static size_t digit(double value, unsigned pass)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
    return bits >> (pass * DIGIT_BITS) & (DIGITS - 1);
}

/* Stable, by one digit; false when all have the same and nothing was moved. */
static bool scatter(const double *from, size_t n, unsigned pass,
                    const size_t *counts, double *to)
{
    size_t at[DIGITS], sum = 0;
    if (counts[digit(from[0], pass)] == n)
        return false;
    for (size_t i = 0; i < DIGITS; i++) {
        at[i] = sum;
        sum += counts[i];
    }
    for (size_t i = 0; i < n; i++)
        to[at[digit(from[i], pass)]++] = from[i];
    return true;
}

void td_sort_ascending(double *x, size_t n)
{
    double *scratch, *from = x, *to;
    size_t *counts;
    if (n <= FEW) {
        qsort(x, n, sizeof *x, by_value);
        return;
    }
    to = scratch = td_xmalloc(n * sizeof *scratch);
    counts = td_xcalloc((size_t)PASSES * DIGITS, sizeof *counts);
    for (size_t i = 0; i < n; i++)
        for (unsigned pass = 0; pass < PASSES; pass++)
            counts[pass * DIGITS + digit(x[i], pass)]++;
    for (unsigned pass = 0; pass < PASSES; pass++)
        if (scatter(from, n, pass, counts + (size_t)pass * DIGITS, to)) {
            double *other = from;
            from = to;
            to = other;
        }
    if (from != x)
        memcpy(x, from, n * sizeof *x);
    free(scratch);
    free(counts);
}
