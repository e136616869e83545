#include "summary/case_series.h"
#include "summary/summary_parts.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *td_figure_json(struct td_figure f)
{
    if (!f.known)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "value", number(f.value), "lower",
                     f.bounded ? number(f.lower) : json_null(), "upper",
                     f.bounded ? number(f.upper) : json_null());
}

const char *td_answer_state_name(enum td_answer_state answer)
{
    switch (answer) {
    case TD_ANSWER_VERIFIED:
        return "verified";
    case TD_ANSWER_AGREED:
        return "agreed";
    case TD_ANSWER_WRONG:
        return "wrong";
    case TD_ANSWER_NONE:
        break;
    }
    return "none";
}

static json_t *strings(const struct td_strings *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_string(list->at[i]));
    return out;
}

static void add_figures(json_t *to, const struct td_case_summary *c)
{
    const struct td_figure_field *at;
    for (at = td_case_figures_table; at->name; at++) {
        const void *figure = (const char *)c + at->offset;
        json_object_set_new(to, at->name,
                            td_figure_json(*(const struct td_figure *)figure));
    }
}

static json_t *disturbed_json(const struct td_disturbed *of)
{
    if (!of->known)
        return json_null();
    return json_pack("{s:I, s:o}", "samples", (json_int_t)of->samples,
                     "time_share", number(of->time_share));
}

static json_t *disturbances_json(const struct td_case_summary *c)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "switched",
                     disturbed_json(&c->switched), "stolen",
                     disturbed_json(&c->stolen), "gc", disturbed_json(&c->gc),
                     "waited_share", number(c->waited_share), "stolen_share",
                     number(c->stolen_share));
}

static json_t *series_json(const struct td_case_summary *c)
{
    json_t *out = td_case_series_json(&c->series);
    json_object_set_new(
        out, "figures",
        td_case_reported_series_json(&c->reported, c->series.count));
    return out;
}

static json_t *warmup_json(const struct td_case_warmup *warmup)
{
    json_t *counts;
    if (!warmup->known)
        return json_null();
    counts = json_object();
    for (enum td_warmup_class i = TD_WARMUP_FLAT; i <= TD_WARMUP_NONE; i++)
        json_object_set_new(counts, td_warmup_name(i),
                            json_integer((json_int_t)warmup->counts[i]));
    return json_pack(
        "{s:s, s:o, s:I, s:I, s:I, s:I, s:b, s:o, s:o}", "class",
        td_warmup_name(warmup->kind), "counts", counts, "invocations",
        (json_int_t)warmup->invocations, "samples", (json_int_t)warmup->samples,
        "cut", (json_int_t)warmup->cut, "left_out",
        (json_int_t)warmup->left_out, "truncated", (int)warmup->truncated,
        "until_ns", td_figure_json(warmup->until_ns), "steady_ns",
        td_figure_json(warmup->steady_ns));
}

static json_t *case_json(const struct td_case_summary *c)
{
    json_t *out = json_pack(
        "{s:I, s:s, s:s, s:s?, s:b, s:s?, s:s?, s:I, s:s, s:I, s:I, s:I, s:I, "
        "s:I, s:I}",
        "case", (json_int_t)c->index, "runtime", c->runtime, "implementation",
        c->implementation, "hosting", c->hosting, "is_base", (int)c->is_base,
        "base_runtime", c->base_runtime, "base_implementation",
        c->base_implementation, "pairs", (json_int_t)c->pairs, "answer",
        td_answer_state_name(c->answer), "samples", (json_int_t)c->samples,
        "operations", (json_int_t)c->operations, "invocations",
        (json_int_t)c->invocations, "voided", (json_int_t)c->voided, "loops",
        (json_int_t)c->loops, "clipped", (json_int_t)c->clipped);
    add_figures(out, c);
    json_object_set_new(out, "warmup", warmup_json(&c->warmup));
    json_object_set_new(out, "disturbances", disturbances_json(c));
    json_object_set_new(out, "series", series_json(c));
    json_object_set_new(out, "figures", td_case_reported_json(&c->reported));
    json_object_set_new(out, "variance", td_case_variance_json(&c->details));
    json_object_set_new(out, "companions",
                        td_case_companions_json(&c->details));
    json_object_set_new(out, "hosting_bias", td_case_hosting_json(&c->bias));
    json_object_set_new(out, "own_tool", td_case_own_tool_json(&c->bias));
    json_object_set_new(out, "service", td_case_service_json(&c->service));
    json_object_set_new(out, "verdict",
                        c->ratio.known
                            ? json_string(td_verdict_name(c->verdict))
                            : json_null());
    json_object_set_new(out, "noise_floor", number(c->noise_floor));
    json_object_set_new(out, "p_above", number(c->p_above));
    json_object_set_new(out, "verdict_median",
                        c->ratio.known
                            ? json_string(td_verdict_name(c->verdict_median))
                            : json_null());
    json_object_set_new(out, "p_above_median", number(c->p_above_median));
    json_object_set_new(out, "verdict_cpu",
                        c->ratio_cpu.known
                            ? json_string(td_verdict_name(c->verdict_cpu))
                            : json_null());
    json_object_set_new(out, "p_above_cpu", number(c->p_above_cpu));
    json_object_set_new(out, "twin", json_boolean(c->is_twin));
    json_object_set_new(out, "p99_pooled", json_boolean(c->p99_pooled));
    json_object_set_new(out, "problem",
                        c->problem ? json_string(c->problem) : json_null());
    json_object_set_new(out, "last_words",
                        c->last_words ? json_string(c->last_words)
                                      : json_null());
    json_object_set_new(out, "notes", strings(&c->notes));
    return out;
}

static json_t *group_json(const struct td_group_summary *group)
{
    json_t *cases = json_array();
    for (size_t i = 0; i < group->ncases; i++)
        json_array_append_new(cases, case_json(&group->cases[i]));
    return json_pack(
        "{s:s, s:s, s:O?, s:s?, s:s, s:I, s:I, s:s?, s:o, s:I, s:o, s:o, s:b, "
        "s:o, "
        "s:o, s:s?, s:O?, s:{s:I, s:I, s:b}, s:b}",
        "workload", group->workload, "set", group->set, "params", group->params,
        "answer", group->answer, "answer_state",
        td_answer_state_name(group->answer_state), "pairs",
        (json_int_t)group->pairs, "pairs_failed",
        (json_int_t)group->pairs_failed, "why", group->why, "timed_share",
        number(group->timed_share), "ideal_ns", (json_int_t)group->ideal_ns,
        "cases", cases, "notes", strings(&group->notes), "reference",
        (int)group->is_reference, "half_width", number(group->half_width),
        "noise_floor", number(group->noise_floor), "floor_of", group->floor_of,
        "load", group->load, "set_aside", "throttled",
        (json_int_t)group->aside_throttled, "stolen",
        (json_int_t)group->aside_stolen, "all_used", (int)group->all_used,
        "command", (int)group->is_command);
}

static json_t *suites_json(const struct td_summary *summary)
{
    json_t *out = json_array();
    for (size_t i = 0; i < summary->nsuites; i++) {
        const struct td_suite *suite = &summary->suites[i];
        json_array_append_new(out,
                              json_pack("{s:s, s:s, s:I, s:o}", "runtime",
                                        suite->runtime, "base", suite->base,
                                        "groups", (json_int_t)suite->groups,
                                        "ratio", td_figure_json(suite->ratio)));
    }
    return out;
}

json_t *td_summary_json(const struct td_summary *summary)
{
    json_t *groups;
    if (summary->saved)
        return json_incref(summary->saved);
    groups = json_array();
    for (size_t i = 0; i < summary->ngroups; i++)
        json_array_append_new(groups, group_json(&summary->groups[i]));
    return json_pack(
        "{s:i, s:s, s:f, s:f, s:f, s:b, s:b, s:b, s:o, s:o, s:o, s:o}",
        "schema", TD_SCHEMA, "run", summary->run_id, "confidence",
        summary->confidence, "threshold", summary->threshold, "target",
        summary->target, "quick", (int)summary->quick, "cross_checked",
        (int)summary->cross_checked, "complete", (int)summary->complete,
        "groups", groups, "suites", suites_json(summary), "growth",
        td_summary_growth_json(summary), "notes", strings(&summary->notes));
}
