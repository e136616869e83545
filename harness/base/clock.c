#include "base/clock.h"

#include <stdlib.h>

enum { GROUPS = 101, PAIRS = 200 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Cost of PAIRS back-to-back pairs, per pair: the clock's own resolution
 * does not limit it. */
static double one_group(void)
{
    uint64_t begin = td_clock_ns(), end = begin;
    for (int i = 0; i < PAIRS; i++) {
        (void)td_clock_ns();
        end = td_clock_ns();
    }
    return (double)(end - begin) / PAIRS;
}

double td_clock_pair_ns(void)
{
    double cost[GROUPS];
    for (int i = 0; i < GROUPS; i++)
        cost[i] = one_group();
    qsort(cost, GROUPS, sizeof cost[0], by_value);
    return cost[GROUPS / 2];
}

double td_clock_wall_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
