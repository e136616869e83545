/*
 * service_figures - the measures of one service, from what its invocations
 * showed: each figure with its interval, the number of invocations behind
 * it, or the reason why there is none.  Pure.
 *
 * Only invocations are independent, so an interval is over one value of each
 * of them (td_geomean_t); of a percentile, too, it is the geometric mean of
 * the invocations' percentiles.  Two are not like that: the highest rate has
 * the search's own interval (load/search.h), and what a GiB holds follows
 * from the PSS.
 */
#ifndef TD_SUMMARY_SERVICE_FIGURES_H
#define TD_SUMMARY_SERVICE_FIGURES_H

#include "load/search.h"
#include "stat/interval.h"

#include <jansson.h>

enum td_service_measure {
    TD_SERVICE_MAX_RATE, /* requests a second within the objective */
    TD_SERVICE_CPU,      /* ns a request, all processes, at 80 % of that */
    TD_SERVICE_START,    /* ns from the spawn to the first answer */
    TD_SERVICE_LOW_P50,  /* latency in ns, at the lower of the fixed rates */
    TD_SERVICE_LOW_P99,
    TD_SERVICE_LOW_P999,
    TD_SERVICE_HIGH_P50, /* at the higher one */
    TD_SERVICE_HIGH_P99,
    TD_SERVICE_HIGH_P999,
    TD_SERVICE_MOST_P50, /* at 80 % of the highest rate */
    TD_SERVICE_MOST_P99,
    TD_SERVICE_MOST_P999,
    TD_SERVICE_IDLE_RSS, /* bytes, before the first request */
    TD_SERVICE_IDLE_PSS,
    TD_SERVICE_LOAD_RSS, /* right after the load at 80 % */
    TD_SERVICE_LOAD_PSS,
    TD_SERVICE_PER_GIB, /* floor(1 GiB / PSS under load) */
    TD_SERVICE_MEASURES
};
enum { TD_SERVICE_RATES = 3 };
/* "max_rate": the key in JSON. */
extern const char *const td_service_keys[TD_SERVICE_MEASURES];

struct td_service_value {
    double *values; /* one an invocation */
    size_t count, cap;
    struct td_figure figure; /* valid after td_service_row_close */
    uint32_t invocations;
    char *why; /* not known, or not all: the first reason; NULL = none */
};

struct td_service_row {
    char *name; /* "nethttp, go-1.26.8" */
    /* The same in parts, and the runtime's family; NULL = not known. */
    char *implementation, *runtime, *family;
    uint64_t memory_limit_bytes; /* 0 = none */
    char *memory_by; /* "cgroup-v1", "rlimit-as", "GOMEMLIMIT"; NULL = none */
    struct td_service_value at[TD_SERVICE_MEASURES];
    struct td_search_result search; /* trials 0: none was made */
    json_t *trace;                  /* its trials; NULL = none; owned */
    bool at_least;                  /* the highest rate is a lower bound */
    /* At the lower, the higher and the third rate, over all invocations. */
    struct td_service_requests {
        uint64_t sent, failed; /* failed: without the answer expected */
    } requests[TD_SERVICE_RATES];
    uint64_t repeats; /* loads made again, since the generator was late */
};

void td_service_row_init(struct td_service_row *row, const char *name);
void td_service_row_release(struct td_service_row *row);
/* One invocation's value; one that is not positive counts as unknown. */
void td_service_add(struct td_service_row *row, enum td_service_measure measure,
                    double value);
/* Why an invocation has none; the first reason is kept.  From first to last,
 * these included. */
void td_service_lack(struct td_service_row *row, enum td_service_measure first,
                     enum td_service_measure last, const char *why);
/* The search's result, and what it means for the figures. */
void td_service_set_search(struct td_service_row *row,
                           const struct td_search_result *result);
/* Computes all figures. */
void td_service_row_close(struct td_service_row *row, double confidence);

#endif
