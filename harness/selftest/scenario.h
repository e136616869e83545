/*
 * scenario - one thing that the statistics promise, tried again and again on
 * data of known truth: the share of repetitions in which it holds, how far
 * chance may have moved that share, and what it ought to be.
 *
 * Pure; the same scenario, repetitions and seed give the same result.
 */
#ifndef TD_SELFTEST_SCENARIO_H
#define TD_SELFTEST_SCENARIO_H

#include "selftest/generator.h"
#include "selftest/series.h"

#include <stdbool.h>
#include <stdint.h>

struct td_scenario;

/* What repetitions of a comparison had, added up. */
struct td_tally {
    double pairs;
    double half_width;  /* as stopping.h takes it */
    uint32_t different; /* intervals that do not hold 1 */
};

/* One repetition: did that happen which is counted? */
typedef bool td_try_fn(const struct td_scenario *scenario, gsl_rng *rng,
                       struct td_tally *tally);

/* A kind of scenario and its target, a row of the table of promises. */
struct td_check {
    const char *id;    /* "coverage" */
    const char *title; /* what is counted, in words */
    td_try_fn *trial;
    bool compares; /* fills the tally */
    bool targeted; /* has a target at all */
    double at_least, at_most;
};

struct td_scenario {
    const struct td_check *check;
    const char *name;
    /* Comparisons: */
    const char *generator;
    struct td_sizes sizes; /* pairs: the most, when adaptive */
    bool adaptive;
    bool paired; /* in a request; else two separate series */
    /* Series: */
    struct td_series series;
    bool history; /* else: as an invocation's iterations */
    /* Quantiles, of samples or of their histogram: */
    enum td_tail tail;
    size_t samples;
    double quantile;
    bool histogram;
    /* Searches for a service's highest rate, see trials_search.c: */
    double spread; /* of its knee, in ln(rate) */
    double lapse;  /* share of trials that break whatever the rate */
};

struct td_result {
    uint32_t repetitions, held;
    double share;
    double lower, upper; /* 95 %, Clopper & Pearson 1934 */
    double pairs;        /* means; NAN where nothing is compared */
    double half_width;
    double different; /* share of intervals that do not hold 1 */
    bool met; /* the share itself is within the target; true where none */
};

struct td_result td_scenario_measure(const struct td_scenario *scenario,
                                     uint32_t repetitions, uint64_t seed);

#endif
