#include "out/report_service.h"

#include "base/json.h"

#include <math.h>

static json_t *text_or_null(const char *text)
{
    return text ? td_json_text(text) : json_null();
}

static json_t *value_json(const struct td_service_value *at)
{
    const struct td_figure *f = &at->figure;
    json_t *values = json_array();
    for (size_t i = 0; i < at->count; i++)
        json_array_append_new(values, td_json_number(at->values[i]));
    return json_pack("{s:o, s:o, s:o, s:i, s:o, s:o}", "value",
                     td_json_number(f->known ? f->value : NAN), "lower",
                     td_json_number(f->bounded ? f->lower : NAN), "upper",
                     td_json_number(f->bounded ? f->upper : NAN), "invocations",
                     (int)at->invocations, "why", text_or_null(at->why),
                     "values", values);
}

static json_t *search_json(const struct td_service_row *row)
{
    const struct td_search_result *s = &row->search;
    if (!s->trials)
        return json_null();
    return json_pack(
        "{s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:s, s:O?}",
        "found", s->found, "at_limit", s->at_limit, "conclusive", s->conclusive,
        "rate", td_json_number(s->rate), "lower", td_json_number(s->lower),
        "upper", td_json_number(s->upper), "confirmed",
        td_json_number(s->confirmed), "knee", td_json_number(s->knee), "trials",
        (int)s->trials, "invalid", (int)s->invalid, "why", s->why, "trace",
        row->trace);
}

static json_t *row_json(const struct td_service_row *row)
{
    json_t *figures = json_object(), *requests = json_array();
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
        json_object_set_new(figures, td_service_keys[i],
                            value_json(&row->at[i]));
    for (size_t i = 0; i < TD_SERVICE_RATES; i++)
        json_array_append_new(
            requests,
            json_pack("{s:I, s:I}", "sent", (json_int_t)row->requests[i].sent,
                      "failed", (json_int_t)row->requests[i].failed));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:I, s:o, s:o}",
                     "name", td_json_text(row->name), "implementation",
                     text_or_null(row->implementation), "runtime",
                     text_or_null(row->runtime), "family",
                     text_or_null(row->family), "memory_limit_bytes",
                     row->memory_limit_bytes
                         ? json_integer((json_int_t)row->memory_limit_bytes)
                         : json_null(),
                     "memory_by", text_or_null(row->memory_by), "at_least",
                     row->at_least, "requests", requests, "repeats",
                     (json_int_t)row->repeats, "figures", figures, "search",
                     search_json(row));
}

json_t *td_service_json(const struct td_service_report *report)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(rows, row_json(&report->rows[i]));
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:f, s:f, s:f, s:f, s:o, s:o}", "title",
        td_json_text(report->title), "workload", text_or_null(report->workload),
        "set", text_or_null(report->set), "slo", td_json_text(report->slo),
        "low_rate", report->low_rate, "high_rate", report->high_rate, "share",
        report->share, "confidence", report->confidence, "conditions",
        text_or_null(report->conditions), "rows", rows);
}
