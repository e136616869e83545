/*
 * so_far - what the pairs of a group say while it is being measured: for the
 * progress line, and for the rule that ends an adaptive run.
 */
#ifndef TD_MEASURE_SO_FAR_H
#define TD_MEASURE_SO_FAR_H

#include "measure/cases.h"
#include "stat/interval.h"

struct td_means {
    const struct td_plan *plan;
    size_t group;
    double confidence;
    uint64_t seed;
    double *mean_ns; /* pairs x the group's cases; NAN = no figure; owned by
                        the caller */
    uint32_t pairs;
};

struct td_so_far {
    struct td_figure ratio;
    const char *numerator, *denominator; /* runtimes */
};

/* The group's first ratio, by t alone.  False: there is none. */
bool td_so_far_first(const struct td_means *means, struct td_so_far *out);

/* The widest relative half-width of the group's ratios; of its means where
 * it has no ratio; NAN: of nothing.  Intervals as the summary makes them. */
double td_so_far_widest(const struct td_means *means);

#endif
