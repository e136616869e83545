#include "stat/bootstrap.h"

#include "base/buf.h"
#include "stat/interval.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/*
 * Several indices below n come out of one draw of 32 bits: the product with
 * n has an index in its high half and, in its low half, bits for the next
 * (Brackett-Rozinsky & Lemire 2024, "Batched ranged random integer
 * generation").  Without their rejection step an index is off 1/n by a factor
 * of at most n^batch / 2^32; batches are so small that this is below 2^-12,
 * which moves a mean by less than a hundredth of its error.
 */
struct picker {
    gsl_rng *rng;
    uint64_t n;
    unsigned batch;
};

static void picker_init(struct picker *picker, size_t n, uint64_t seed)
{
    picker->rng = gsl_rng_alloc(gsl_rng_taus2);
    /* This generator's seed has 32 bits. */
    gsl_rng_set(picker->rng, (unsigned long)((seed ^ seed >> 32) & UINT32_MAX));
    picker->n = n;
    picker->batch = 1;
    for (uint64_t ways = picker->n * n; ways <= 1 << 20; ways *= n)
        picker->batch++;
}

struct sums {
    double first, squares;
};

static struct sums resample(const struct picker *picker, const double *x)
{
    struct sums sums = {0, 0};
    for (uint64_t left = picker->n; left;) {
        uint64_t bits = gsl_rng_get(picker->rng);
        uint64_t take = left < picker->batch ? left : picker->batch;
        left -= take;
        for (; take; take--) {
            double value;
            bits = (bits & UINT32_MAX) * picker->n;
            value = x[bits >> 32];
            sums.first += value;
            sums.squares += value * value;
        }
    }
    return sums;
}

/* t of each resample of x, whose mean is 0; returns how many have one.  A
 * sum of squares about the mean that is no more than rounding is 0. */
static size_t resampled_t(const double *x, size_t n, uint64_t seed,
                          unsigned resamples, double *t)
{
    struct picker picker;
    double size = (double)n;
    size_t count = 0;
    picker_init(&picker, n, seed);
    for (unsigned r = 0; r < resamples; r++) {
        struct sums sums = resample(&picker, x);
        double about_mean = sums.squares - sums.first * sums.first / size;
        if (about_mean > 1e-12 * size * sums.squares)
            t[count++] = sums.first * sqrt((size - 1) / (size * about_mean));
    }
    gsl_rng_free(picker.rng);
    return count;
}

bool td_bootstrap_t(const double *x, size_t n, double tail, uint64_t seed,
                    unsigned resamples, double *low, double *high)
{
    double mean = gsl_stats_mean(x, 1, n), *t, *deviation;
    size_t count = 0, rank;
    if (n < 2 || !(gsl_stats_variance_m(x, 1, n, mean) > 0))
        return false;
    t = td_xmalloc((resamples + n) * sizeof *t);
    deviation = t + resamples;
    for (size_t i = 0; i < n; i++)
        deviation[i] = x[i] - mean;
    count = resampled_t(deviation, n, seed, resamples, t);
    rank = (size_t)((double)(count + 1) * tail);
    if (rank >= 1) {
        *low = td_select(t, count, rank - 1);
        *high = td_select(t, count, count - rank);
    }
    free(t);
    return rank >= 1;
}
