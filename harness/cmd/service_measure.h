/*
 * service_measure - all measures of the services of one group: for each a
 * search for its highest rate, then invocations that take turns, each of
 * which is loaded at two fixed rates and at 80 % of the highest one.
 */
#ifndef TD_CMD_SERVICE_MEASURE_H
#define TD_CMD_SERVICE_MEASURE_H

#include "cmd/service_options.h"
#include "cmd/service_sitting.h"
#include "summary/service_figures.h"

/* Of the highest rate, where CPU, memory and latency are measured. */
#define TD_SERVICE_SHARE .8

/* What is going on; may be NULL. */
typedef void td_service_tell_fn(void *to, const char *text);

struct td_service_job {
    const struct td_service_options *options;
    struct td_slo slo;
    struct td_search_options search;
    struct td_session *session;
    struct td_service_case *cases;
    struct td_service_row *rows; /* one a case */
    size_t count;
    td_service_tell_fn *tell;
    void *to;
    uint64_t loads; /* made so far: each has a seed of its own */
    int worst;      /* 0, TD_EWORKER, TD_EANSWER: of what has no limit */
};

/* What the servers need themselves, a database say, is up meanwhile.  A
 * failing server is no error: its row says why it has no figures.
 * TD_EINTERRUPTED: the rows have what there is. */
int td_service_measure(struct td_service_job *job, struct td_err *err);
/* The same, with what they need up already. */
int td_service_measure_rows(struct td_service_job *job, struct td_err *err);

#endif
