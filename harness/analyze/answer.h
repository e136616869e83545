/*
 * answer - the answer to one request, as JSON.
 */
#ifndef TD_ANALYZE_ANSWER_H
#define TD_ANALYZE_ANSWER_H

#include "analyze/query.h"
#include "base/json.h"
#include "stat/interval.h"

#include <jansson.h>

/* Any kind but TD_QUERY_CASES; sorts request->samples.  *out is a new
 * reference; fails where a file that the request names cannot be used. */
int td_answer(struct td_query *request, json_t **out, struct td_err *err);

/* One file each: answer_comparison.c and so on.  New references. */
json_t *td_answer_comparison(const struct td_query *request);
json_t *td_answer_series(const struct td_query *request);
json_t *td_answer_growth(const struct td_query *request);
int td_answer_quantiles(struct td_query *request, json_t **out,
                        struct td_err *err);

/* null where the value is not finite. */
json_t *td_answer_number(double value);
/* {"estimate", "lower", "upper", "method"}; all null but the method where
 * nothing is known, bounds null where the data cannot carry them. */
json_t *td_answer_figure(struct td_figure figure, const char *method);
json_t *td_answer_indices(const size_t *at, size_t count);
/* Appends a sentence to an array. */
void td_answer_warn(json_t *warnings, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
