/*
 * targets - the table of what the statistics promise, and single scenarios on
 * demand.
 */
#ifndef TD_SELFTEST_TARGETS_H
#define TD_SELFTEST_TARGETS_H

#include "selftest/scenario.h"

/* Every promise, check by check; ends in a scenario without a check. */
extern const struct td_scenario td_targets[];
size_t td_targets_count(void);

/* Comparisons of one's own choice. */
struct td_choice {
    const char *generator; /* NULL: each of G1 to G5 */
    size_t pairs;          /* 0: 15; adaptive: at most 60 */
    size_t iterations;     /* 0: 10 */
    double shift;          /* true ratio less 1 */
    bool adaptive;
};

enum { TD_CHOSEN_MOST = 6 };

struct td_chosen {
    struct td_scenario scenarios[TD_CHOSEN_MOST]; /* names point into names */
    char names[TD_CHOSEN_MOST][64];
    size_t count;
};

/* The interval's coverage, by each generator; and what power is promised of
 * exactly this.  Targets hold where they are promised: for 10 to 30 pairs of
 * 10 iterations or more, and for adaptive numbers as the sessions have them.
 * *out must not be moved. */
void td_targets_choose(const struct td_choice *choice, struct td_chosen *out);

#endif
