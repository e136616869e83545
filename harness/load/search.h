/*
 * search - the highest rate that a service sustains within an objective.
 *
 * Pure: it says which rate to try next and is told how that trial went.
 *
 * What is estimated.  Trials are noisy: the chance that one holds falls with
 * the rate, from nearly 1 to nearly 0, over a range that may be narrow (a
 * sharp knee) or wide.  The answer is the rate that holds half of the time,
 * under the model of stat/threshold.h with the logarithm of the rate as the
 * level, with its 95 % interval (`tandem selftest` holds that against known
 * truth).  A drift of the service is said when it is large: one of 1 % a
 * trial nearly always, one of .3 % in two searches of five.
 *
 * Half, because that is the point that noisy trials fix best, and the one
 * that MLRsearch of FD.io CSIT takes (its "goal exceed ratio",
 * draft-ietf-bmwg-mlrsearch); RFC 2544, section 26.1, lets one trial decide.
 * Beside it stands what is no estimate: `confirmed`, the highest rate that was
 * tried `repeats` times or more and held every time.
 *
 * How: doubling (or halving) from the start until one rate held and a higher
 * one broke; then always the rate that is likeliest to halve what is not
 * known, the posterior's median (probabilistic bisection: Karp & Kleinberg,
 * SODA 2007; QUEST, see stat/threshold.h); once the interval is as narrow as
 * the precision, its two ends in turn, until `repeats` trials held at or just
 * below it and as many broke at or just above it.  A surprise there widens the
 * interval, and the search goes on.
 */
#ifndef TD_LOAD_SEARCH_H
#define TD_LOAD_SEARCH_H

#include "base/err.h"
#include "load/slo.h"
#include "stat/threshold.h"

struct td_trial {
    double rate;
    int32_t level; /* of the rate; see search.c */
    enum td_trial_outcome outcome;
};

struct td_search_options {
    double start, highest; /* requests a second; 0 < start <= highest */
    double precision;      /* relative width to stop at: .02; >= .001 */
    uint32_t repeats;      /* confirmations of the answer: 3 and more */
    uint32_t most;         /* trials in all */
};

/* Why a search stopped. */
enum td_search_end {
    TD_SEARCH_GOING_ON,
    TD_SEARCH_CONFIRMED,    /* narrow enough, and repeated */
    TD_SEARCH_HIGHEST,      /* options.highest held, `repeats` times */
    TD_SEARCH_GENERATOR,    /* beyond it the generator cannot keep up */
    TD_SEARCH_MOST,         /* options.most trials: wider than wanted */
    TD_SEARCH_NOTHING_HELD, /* not even the lowest rate tried */
    TD_SEARCH_NOTHING_VALID /* the generator was always late */
};

struct td_search {
    struct td_search_options options;
    struct td_threshold_model model;
    struct td_trial *trials; /* the trace, in order */
    size_t count, cap;
    double held, broke; /* highest rate that held, lowest that broke; 0: none */
    double asked;       /* what td_search_next said last; 0 = done */
    int32_t asked_level;
    int32_t ceiling; /* no level above it is tried */
    bool generator_bound;
    bool low_turn; /* of the two ends of the interval */
    enum td_search_end end;
};

struct td_search_result {
    bool found;      /* false: not even the lowest rate tried held */
    bool at_limit;   /* the highest rate that may or can be tried held */
    bool conclusive; /* false: the interval's promise does not hold, see why */
    /* Requests a second: the rate that holds half of the time and its 95 %
     * interval.  At the limit: the highest rate, with upper = INFINITY.
     * Not found: 0, 0 and the lowest rate that was tried. */
    double rate, lower, upper;
    double confirmed; /* 0: none */
    /* Relative width of the knee: from nine trials in ten holding to one in
     * ten (2 ln 9 spreads); what rates more than that apart do differs. */
    double knee;
    uint32_t trials, invalid; /* in all; of these, invalid ones */
    const char *why; /* "confirmed", "highest", "generator", "most", "nothing
                        held", "nothing valid"; and where it is not conclusive:
                        "drift" (what held at first broke later, or the other
                        way round), "contradictory" (high and low rates hold
                        and break alike) or "disturbed" (more than half of
                        the trials were invalid) */
};

/* TD_EUSAGE: senseless options. */
int td_search_check(const struct td_search_options *options,
                    struct td_err *err);
void td_search_init(struct td_search *search,
                    const struct td_search_options *options);
void td_search_release(struct td_search *search);
/* The rate to try next; 0 = done.  The same until the outcome is told. */
double td_search_next(struct td_search *search);
void td_search_tell(struct td_search *search, enum td_trial_outcome outcome);
/* Of the trials so far; also before it is done. */
void td_search_result(const struct td_search *search,
                      struct td_search_result *out);
/* What a result's `why` means, as a clause for people. */
const char *td_search_why_words(const char *why);

#endif
