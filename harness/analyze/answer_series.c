#include "analyze/answer.h"
#include "stat/changepoint.h"
#include "stat/warmup.h"

static json_t *indices(struct td_changes changes)
{
    return td_answer_indices(changes.at, changes.count);
}

static json_t *warmup(const struct td_query *request)
{
    struct td_warmup found;
    json_t *out;
    td_warmup_analyse(request->series.at, request->series.count, &found);
    out = json_pack(
        "{s:s, s:s?, s:o, s:I, s:I, s:o, s:o, s:o, s:[]}", "kind", "warmup",
        "class", found.steady_known ? td_warmup_name(found.kind) : NULL,
        "change_points", indices(found.changes), "start",
        (json_int_t)found.start, "cut", (json_int_t)found.cut, "first",
        td_answer_number(found.first), "steady", td_answer_number(found.steady),
        "until", td_answer_number(found.until), "warnings");
    if (!found.steady_known)
        td_answer_warn(json_object_get(out, "warnings"),
                       "%zu values: fewer than %d, or one that is 0: no class",
                       request->series.count, TD_WARMUP_LEAST);
    td_warmup_release(&found);
    return out;
}

static json_t *history(const struct td_query *request)
{
    struct td_history found;
    json_t *out;
    td_history_analyse(request->series.at, request->series.count, request->seed,
                       &found);
    out = json_pack("{s:s, s:o, s:o, s:[]}", "kind", "history", "change_points",
                    indices(found.verdict), "suspects", indices(found.suspects),
                    "warnings");
    td_history_release(&found);
    return out;
}

json_t *td_answer_series(const struct td_query *request)
{
    return request->series_kind == TD_SERIES_WARMUP ? warmup(request)
                                                    : history(request);
}
