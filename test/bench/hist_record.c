/*
 * hist_record - what it costs to record a value in a histogram: with values
 * spread evenly over the decades from 1 ns to 10 s in no order, which no
 * cache or branch predictor helps, and with the values of one steady
 * operation.
 */
#include "base/clock.h"
#include "stat/hist.h"
#include "test/bench/verdict.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 101, COUNT = 1 << 16 };
#define LIMIT_NS 15

static double record_ns(struct td_hist *hist, const int64_t *values)
{
    uint64_t begin = td_clock_ns();
    for (int i = 0; i < COUNT; i++)
        td_hist_record(hist, values[i]);
    return (double)(td_clock_ns() - begin) / COUNT;
}

static void measure(const char *what, const int64_t *values)
{
    static double cost[ROUNDS];
    struct td_hist hist;
    td_hist_init_default(&hist);
    for (int i = 0; i < ROUNDS; i++)
        cost[i] = record_ns(&hist, values);
    if (hist.total != (int64_t)ROUNDS * COUNT)
        abort();
    verdict(what, cost, ROUNDS, " ns", LIMIT_NS);
    td_hist_release(&hist);
}

int main(void)
{
    static int64_t values[COUNT];
    srand48(1);
    for (int i = 0; i < COUNT; i++)
        values[i] = (int64_t)pow(10, 10 * drand48());
    measure("histogram, record of a value from 1 ns to 10 s", values);
    for (int i = 0; i < COUNT; i++)
        values[i] = (int64_t)(1e6 * (1 + .02 * drand48()));
    measure("histogram, record of a value near 1 ms", values);
    return 0;
}
