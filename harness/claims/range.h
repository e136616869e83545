/*
 * range - a claimed figure as an interval, and what a measured one says of
 * it.  Pure.
 *
 *     28x            that figure, give or take a quarter: 21 to 35
 *     10x-40x        from … to; "1-3 s" has the unit once
 *     within 1.1x    1/1.1 to 1.1: no difference worth the name
 *     < 100 ms, > 1x on one side of it; "> 1x" is all that an article claims
 *                    which says who is ahead but not by how much
 *
 * Times (ns, us, ms, s, min) become ns, rates (/s) 1/s, sizes (B, kB, MB, GB;
 * KiB, MiB, GiB) bytes; "x" is a ratio; any other word is a unit of its own.
 */
#ifndef TD_CLAIMS_RANGE_H
#define TD_CLAIMS_RANGE_H

#include "claims/expression.h"

struct td_range {
    double lower, upper; /* -INFINITY, INFINITY: open */
    char unit[TD_UNIT_NAME];
};

/* TD_EINPUT with the place. */
int td_range_parse(struct td_range *out, const char *text,
                   const struct td_place *where, struct td_err *err);
/* Some figure is in both; false too where their units differ. */
bool td_ranges_meet(const struct td_range *a, const struct td_range *b);

enum td_claim_verdict {
    TD_CLAIM_HOLDS,         /* the whole interval lies inside */
    TD_CLAIM_DOES_NOT_HOLD, /* the whole interval lies outside */
    TD_CLAIM_INCONCLUSIVE,  /* it has an edge of the range within it */
    TD_CLAIM_NOT_MEASURED
};
/* "holds", "does not hold", "inconclusive", "not measured". */
const char *td_claim_verdict_name(enum td_claim_verdict verdict);

/* By the interval alone.  Without an interval: inconclusive, unless `exact`
 * says that the figure has none because it does not vary. */
enum td_claim_verdict td_range_verdict(const struct td_range *range,
                                       struct td_figure figure, bool exact);

#endif
