#include "analyze/answer.h"

#include <math.h>
#include <stdarg.h>

json_t *td_answer_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *td_answer_figure(struct td_figure figure, const char *method)
{
    bool bounded = figure.known && figure.bounded;
    return json_pack("{s:o, s:o, s:o, s:s}", "estimate",
                     td_answer_number(figure.known ? figure.value : NAN),
                     "lower", td_answer_number(bounded ? figure.lower : NAN),
                     "upper", td_answer_number(bounded ? figure.upper : NAN),
                     "method", method);
}

json_t *td_answer_indices(const size_t *at, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, json_integer((json_int_t)at[i]));
    return out;
}

void td_answer_warn(json_t *warnings, const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    json_array_append_new(warnings, json_string(td_buf_str(&text)));
    td_buf_release(&text);
}

int td_answer(struct td_query *request, json_t **out, struct td_err *err)
{
    switch (request->kind) {
    case TD_QUERY_COMPARISON:
        *out = td_answer_comparison(request);
        return 0;
    case TD_QUERY_SERIES:
        *out = td_answer_series(request);
        return 0;
    case TD_QUERY_GROWTH:
        *out = td_answer_growth(request);
        return 0;
    case TD_QUERY_QUANTILES:
        return td_answer_quantiles(request, out, err);
    case TD_QUERY_CASES:
        break;
    }
    return td_err_set(err, TD_EINTERNAL, "cases have no answer of their own");
}
