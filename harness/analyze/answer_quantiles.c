#include "analyze/answer.h"
#include "analyze/sample_values.h"
#include "stat/quantile.h"

#include <math.h>

/* Beyond what the data can carry only the lower end is given. */
static json_t *one_quantile(const struct td_sample_values *sorted, double p,
                            double confidence)
{
    struct td_quantile q =
        td_quantile_sorted(sorted->at, sorted->count, p, confidence);
    bool carried = q.figure.known && q.figure.bounded && !q.at_least;
    double smooth = NAN;
    if (carried)
        smooth = td_harrell_davis(sorted->at, sorted->count, p, NULL);
    else
        q.figure.value = q.figure.upper = NAN;
    if (!q.figure.known)
        q.figure.lower = NAN;
    return json_pack("{s:f, s:o, s:o, s:o, s:b, s:o, s:I}", "p", p, "estimate",
                     td_answer_number(q.figure.value), "lower",
                     td_answer_number(q.figure.lower), "upper",
                     td_answer_number(q.figure.upper), "at_least", q.at_least,
                     "harrell_davis", td_answer_number(smooth), "least_count",
                     (json_int_t)td_quantile_least(p, confidence));
}

static json_t *answer(const struct td_query *request,
                      const struct td_sample_values *sorted)
{
    json_t *out, *quantiles = json_array();
    for (size_t i = 0; i < request->quantiles.count; i++)
        json_array_append_new(quantiles,
                              one_quantile(sorted, request->quantiles.at[i],
                                           request->confidence));
    out = json_pack("{s:I, s:I, s:f, s:f, s:o, s:[]}", "count",
                    (json_int_t)sorted->count, "first_left_out",
                    (json_int_t)sorted->first, "min", sorted->at[0], "max",
                    sorted->at[sorted->count - 1], "quantiles", quantiles,
                    "warnings");
    return out;
}

int td_answer_quantiles(struct td_query *request, json_t **out,
                        struct td_err *err)
{
    struct td_sample_values from_file = {NULL, 0, 0};
    struct td_sample_values values = {request->samples.at,
                                      request->samples.count, 0};
    int rc = 0;
    if (request->npy.len) {
        rc = td_sample_values_read(td_buf_str(&request->npy), &from_file, err);
        values = from_file;
    }
    if (!rc) {
        td_sort_ascending(values.at, values.count);
        *out = answer(request, &values);
    }
    td_sample_values_release(&from_file);
    return rc;
}
