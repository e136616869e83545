/*
 * mann_whitney - the exact null distribution of U, for the test and for the
 * interval that inverts it (compare.h).
 */
#ifndef TD_STAT_MANN_WHITNEY_H
#define TD_STAT_MANN_WHITNEY_H

#include <stddef.h>

/* Up to so many values of either kind the distribution is tabulated (in
 * milliseconds); beyond, the normal one stands in for it. */
enum { TD_MANN_WHITNEY_EXACT = 50 };

/* P(U = u), u = 0..most, for nx and ny values without ties, into p[0..most]
 * (recurrence of Mann & Whitney 1947, Ann. Math. Stat. 18). */
void td_mann_whitney_null(size_t nx, size_t ny, size_t most, double *p);

#endif
