/*
 * budget - how the groups of a run share its time.  Pure.
 *
 * Each group has one pair first, which tells how long its pairs take.  Then all
 * get as many as an adaptive run looks at first (stat/stopping.h), those with
 * the shortest pairs before the others, but never at the cost of the
 * TD_BUDGET_LEAST pairs that every group has in any case.  Only when none lacks
 * these any more, or no pair of theirs fits, the rest goes to more precision: a
 * share is then the time left over the groups that still come in this pass, so
 * what one does not spend is handed on.
 */
#ifndef TD_MEASURE_BUDGET_H
#define TD_MEASURE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TD_BUDGET_LEAST = 5 };

struct td_budget_group {
    uint32_t pairs;   /* so far, with those set aside */
    uint32_t first;   /* that it should have before any other has more */
    uint64_t pair_ns; /* its longest pair; 0 = not visited yet */
    bool stopped;     /* wants no more */
};

struct td_budget_visit {
    size_t group;
    uint32_t goal;     /* pairs at which it ends; UINT32_MAX = its own rule's */
    uint64_t share_ns; /* time after which no other pair begins, once it has
                          TD_BUDGET_LEAST */
};

/* Where the rounds are; zeroed at the begin of a run. */
struct td_budget {
    size_t next; /* group to look at, in the pass for precision */
    bool more;   /* all have what they should: now for precision */
    bool any;    /* this pass has had a visit */
};

/* The next visit with left_ns of the run's time left; false: the run has
 * ended. */
bool td_budget_next(struct td_budget *budget,
                    const struct td_budget_group *groups, size_t count,
                    uint64_t left_ns, struct td_budget_visit *out);

#endif
