/*
 * slo - a service-level objective: what the answers of a trial must satisfy,
 * 'p99.9<100ms,errors<0.1%'.  Conditions are separated by commas, all must
 * hold, blanks do not matter.
 *
 *     pN<TIME    a quantile, 0 < N < 100         p50<5ms  p99.99<1s
 *     mean<TIME, max<TIME                        units ns, us, ms, s, min, h
 *     errors<SHARE%                              of all that was intended
 *
 * Latency counts from the intended time of a request, not from its sending.
 */
#ifndef TD_LOAD_SLO_H
#define TD_LOAD_SLO_H

#include "base/err.h"
#include "load/load.h"

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
    TD_TRIAL_INVALID /* says nothing of the service: tried again */
};
/*
 * Errors count failed and censored requests, of all whose intended time lay
 * in the measured time.  A trial that answered 1 % less than was asked of it
 * broke the objective, whatever its latencies: what is judged against is the
 * rate that was really offered, which a Poisson stream makes a little less or
 * more than the requested one.
 *
 * Invalid: one that was stopped; or one that broke while the generator itself
 * was late, for that may have broken it.  One that held all the same would
 * have held with a punctual generator: who sends later is not answered
 * earlier, and latency counts from the intended time.
 *
 * A quantile of fewer requests than 1 / (1 - p) is their maximum: give trials
 * of p99.9 thousands of requests.
 *
 * why: in words, for the trace ("p99.9 140 ms"); "" for a trial that held.
 */
enum td_trial_outcome td_slo_judge(const struct td_slo *slo,
                                   const struct td_load_result *result,
                                   char *why, size_t why_size);

#endif
