/*
 * verdict - the one line in which a benchmark of `make bench-overhead` says
 * a figure, its spread, its target, and whether that was met; the same line
 * that figures.py prints.
 */
#ifndef TD_TEST_VERDICT_H
#define TD_TEST_VERDICT_H

#include "stat/interval.h"

#include <stdio.h>

/* The median of the rounds, between the order statistics that bound it with
 * 95 % confidence.  Reorders x. */
static inline void verdict(const char *what, double *x, size_t rounds,
                           const char *unit, double limit)
{
    double middle = td_median(x, rounds), low = middle, high = middle;
    uint64_t lower, upper;
    if (td_quantile_ranks(rounds, .5, .95, &lower, &upper)) {
        low = td_select(x, rounds, lower - 1);
        high = td_select(x, rounds, upper - 1);
    }
    printf("%-8s%s: %.4g%s (95 %% interval %.4g to %.4g, %zu rounds); target "
           "at most %g%s\n",
           middle <= limit ? "ok" : "missed", what, middle, unit, low, high,
           rounds, limit, unit);
}

#endif
