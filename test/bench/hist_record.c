/*
 * hist_record - what recording one value in a histogram costs, in ns: the
 * median of some rounds over skewed values.  At most 15 ns.
 */
#include "base/clock.h"
#include "stat/hist.h"

#include <stdio.h>
#include <stdlib.h>

enum { VALUES = 1 << 16, PASSES = 30, ROUNDS = 11 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double one_round(struct td_hist *hist, const int64_t *values)
{
    uint64_t begin = td_clock_ns();
    for (int pass = 0; pass < PASSES; pass++)
        for (int i = 0; i < VALUES; i++)
            td_hist_record(hist, values[i]);
    return (double)(td_clock_ns() - begin) / (PASSES * (double)VALUES);
}

int main(void)
{
    static int64_t values[VALUES];
    double cost_ns[ROUNDS];
    struct td_hist hist;
    td_hist_init_default(&hist);
    srand(1);
    for (int i = 0; i < VALUES; i++) {
        double u = rand() / (RAND_MAX + 1.0);
        values[i] = (int64_t)(1000 + 1e7 * u * u * u * u);
    }
    for (int i = 0; i < ROUNDS; i++)
        cost_ns[i] = one_round(&hist, values);
    qsort(cost_ns, ROUNDS, sizeof cost_ns[0], by_value);
    printf("histogram record: %.1f ns (%.1f to %.1f), %lld recorded; limit "
           "15 ns\n",
           cost_ns[ROUNDS / 2], cost_ns[0], cost_ns[ROUNDS - 1],
           (long long)hist.total);
    td_hist_release(&hist);
    return cost_ns[ROUNDS / 2] <= 15 ? 0 : 1;
}
