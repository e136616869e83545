#include "base/json.h"
#include "out/report_claims.h"

#include <math.h>

static json_t *text_or_null(const char *text)
{
    return text ? td_json_text(text) : json_null();
}

static json_t *cases_json(const struct td_value *value)
{
    json_t *out = json_array();
    for (size_t i = 0; i < value->nsources; i++) {
        const struct td_value_source *at = &value->sources[i];
        json_array_append_new(
            out, json_pack("{s:s, s:I, s:o, s:I, s:b}", "run", at->run, "case",
                           (json_int_t)at->case_index, "title",
                           td_json_text(at->title), "invocations",
                           (json_int_t)at->invocations, "service",
                           (int)at->service));
    }
    return out;
}

static json_t *contradicts_json(const struct td_claim_results *results,
                                const struct td_claim_result *of)
{
    json_t *out = json_array();
    for (size_t i = 0; i < of->ncontradicts; i++) {
        const struct td_claim *with = results->at[of->contradicts[i]].claim;
        json_array_append_new(out, json_sprintf("%s%s%s", with->id,
                                                with->part ? " " : "",
                                                with->part ? with->part : ""));
    }
    return out;
}

static json_t *claim_json(const struct td_claim_results *results,
                          const struct td_claim_result *at)
{
    const struct td_claim *claim = at->claim;
    const struct td_value *value = &at->value;
    const struct td_figure *f = &value->figure;
    return json_pack(
        "{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, "
        "s:o, s:o, s:s, s:I, s:I, s:b, s:o, s:o, s:o, s:o, s:o}",
        "id", claim->id, "part", text_or_null(claim->part), "source",
        claim->source, "says", td_json_text(claim->says), "claimed",
        td_json_text(claim->claimed), "claimed_lower",
        td_json_number(claim->range.lower), "claimed_upper",
        td_json_number(claim->range.upper), "measure",
        text_or_null(claim->measure), "measured", td_json_number(f->value),
        "lower", td_json_number(f->bounded ? f->lower : NAN), "upper",
        td_json_number(f->bounded ? f->upper : NAN), "unit",
        td_json_text(*value->unit ? value->unit : claim->range.unit), "verdict",
        td_claim_verdict_name(at->verdict), "reason", text_or_null(at->reason),
        "run", text_or_null(value->run), "counted",
        value->trials ? "trials" : "invocations", "invocations",
        (json_int_t)value->invocations, "invocations_needed",
        (json_int_t)claim->invocations, "exact", (int)value->exact, "cases",
        cases_json(value), "caveat", text_or_null(value->caveat), "conditions",
        text_or_null(claim->conditions), "note", text_or_null(claim->note),
        "contradicts", contradicts_json(results, at));
}

json_t *td_claims_json(const struct td_claim_results *results)
{
    json_t *out = json_array();
    for (size_t i = 0; i < results->count; i++)
        json_array_append_new(out, claim_json(results, &results->at[i]));
    return out;
}
