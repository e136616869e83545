/*
 * search - the highest rate that a service sustains within an objective.
 *
 * Pure: it says which rate to try next and is told how that trial went.
 * Trials are noisy, so no single one decides: bracketing by doubling, then a
 * bisection on the logarithm of the rate, then the candidate and its
 * neighbours are tried again, interleaved, until the answer is confirmed;
 * the interval comes from how often each rate held.
 */
#ifndef TD_LOAD_SEARCH_H
#define TD_LOAD_SEARCH_H

#include "base/err.h"
#include "load/load.h"

/* 'p99.9<100ms,errors<0.1%': conditions, all of which must hold. */
enum td_slo_kind { TD_SLO_QUANTILE, TD_SLO_MAX, TD_SLO_MEAN, TD_SLO_ERRORS };
struct td_slo_condition {
    enum td_slo_kind kind;
    double percentile; /* of TD_SLO_QUANTILE */
    double limit;      /* ns, or a share (.001) of TD_SLO_ERRORS */
};
enum { TD_SLO_CONDITIONS = 8 };
struct td_slo {
    struct td_slo_condition at[TD_SLO_CONDITIONS];
    size_t count;
};
/* TD_EUSAGE says which part is wrong and what would be right. */
int td_slo_parse(struct td_slo *out, const char *text, struct td_err *err);

enum td_trial_outcome {
    TD_TRIAL_HELD,
    TD_TRIAL_BROKE,
    TD_TRIAL_INVALID /* the generator was late: tried again */
};
/* Errors count failed and censored requests.  A trial whose achieved rate is
 * 1 % below the requested one broke the objective, whatever its latencies.
 * why: in words, for the trace ("p99.9 140 ms"). */
enum td_trial_outcome td_slo_judge(const struct td_slo *slo,
                                   const struct td_load_result *result,
                                   char *why, size_t why_size);

struct td_trial {
    double rate;
    enum td_trial_outcome outcome;
};

struct td_search_options {
    double start, highest; /* requests a second */
    double precision;      /* relative width to stop at: .02 */
    uint32_t repeats;      /* confirmations of the answer: 3 and more */
    uint32_t most;         /* trials in all */
};

struct td_search {
    struct td_search_options options;
    struct td_trial *trials; /* the trace, in order */
    size_t count, cap;
    double held, broke; /* highest confirmed so far; lowest that broke */
};

struct td_search_result {
    bool found;                /* false: not even the lowest rate tried held */
    bool at_limit;             /* options.highest held */
    double rate, lower, upper; /* requests a second */
    uint32_t trials;
    const char *why; /* why it stopped: "confirmed", "most", "highest" */
};

void td_search_init(struct td_search *search,
                    const struct td_search_options *options);
void td_search_release(struct td_search *search);
/* The rate to try next; 0 = done. */
double td_search_next(struct td_search *search);
void td_search_tell(struct td_search *search, enum td_trial_outcome outcome);
void td_search_result(const struct td_search *search,
                      struct td_search_result *out);

#endif
