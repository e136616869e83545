/*
 * measure - what a case's figures are called in an expression, and what the
 * run says of one of them.
 */
#ifndef TD_CLAIMS_MEASURE_H
#define TD_CLAIMS_MEASURE_H

#include "claims/facts.h"

struct td_measure {
    const char *name;   /* "wall" */
    const char *series; /* key in `series`; NULL: not known by invocation */
    const char *figure; /* key of the case's figure; NULL: from the series */
    const char *unit;   /* NULL: said in the run */
};

/* Ends in a row whose name is NULL; figure.* and service.* are not in it. */
extern const struct td_measure td_measures[];
const struct td_measure *td_measure_find(const char *name);

/* "ns", "B", "1/s" or "" (a number) of a key of `tandem service`, told by its
 * end (_ns, _bytes, _rate). */
const char *td_service_unit(const char *key);

/* One measure of one case. */
struct td_reading {
    struct td_figure figure;
    const char *unit; /* borrowed from the fact, or constant; NULL: none said */
    size_t invocations;
    bool trials; /* of the search, not invocations */
    /* The invocations, side by side; none where they are not known. */
    double *values;
    uint32_t *pairs;
    size_t count;
    double confidence;       /* of the figure's interval */
    double ratio_confidence; /* that a ratio of two takes */
    char *missing;           /* why figure is not known; NULL = known */
    char *caveat;            /* or NULL */
};

/* key: of figure.NAME or service.KEY, where measure is NULL.  Release *out. */
void td_reading_take(struct td_reading *out, const struct td_fact *fact,
                     const struct td_measure *measure, const char *key);
void td_reading_release(struct td_reading *reading);
/* Names of the figures that the workload itself reported, that fit the
 * pattern (`*`: anything); in the run's order. */
void td_figure_names(const struct td_fact *fact, const char *pattern,
                     struct td_strings *names);

#endif
