#include "summary/compare_runs.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *strings(const struct td_strings *list)
{
    json_t *out = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(out, json_string(list->at[i]));
    return out;
}

/* What a case is called, and what it took in one run. */
static json_t *side(const struct td_case_summary *c)
{
    return json_pack("{s:s, s:I, s:o, s:s?}", "runtime", c->runtime,
                     "invocations", (json_int_t)c->series.count, "mean_ns",
                     td_figure_json(c->mean_ns), "problem", c->problem);
}

static json_t *case_json(const struct td_compared_case *c)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:s, s:o}",
        "workload", c->group_b->workload, "set", c->group_b->set,
        "implementation", c->b->implementation, "family", c->family, "a",
        side(c->a), "b", side(c->b), "ratio", td_figure_json(c->ratio),
        "hodges_lehmann", td_figure_json(c->hodges_lehmann), "noise_floor",
        number(c->noise_floor), "verdict", td_verdict_name(c->verdict), "p",
        number(c->p), "gate", td_gate_name(c->gate), "notes",
        strings(&c->notes));
}

static json_t *unmatched(const struct td_unmatched *list, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            out,
            json_pack("{s:s, s:s, s:s, s:s, s:s?}", "workload",
                      list[i].group->workload, "set", list[i].group->set,
                      "implementation", list[i].only->implementation, "runtime",
                      list[i].only->runtime, "problem", list[i].only->problem));
    return out;
}

static json_t *reference_json(const struct td_comparison *comparison)
{
    const struct td_compared_case *c = &comparison->reference;
    if (!c->a)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:b}", "workload",
                     c->group_b->workload, "set", c->group_b->set,
                     "implementation", c->b->implementation, "runtime",
                     c->b->runtime, "ratio", td_figure_json(c->ratio),
                     "drifted", (int)comparison->drifted);
}

json_t *td_comparison_json(const struct td_comparison *comparison)
{
    json_t *cases = json_array();
    for (size_t i = 0; i < comparison->ncases; i++)
        json_array_append_new(cases, case_json(&comparison->cases[i]));
    return json_pack(
        "{s:i, s:s, s:s, s:f, s:f, s:o, s:o, s:o, s:{s:o, s:o}, s:s}", "schema",
        TD_SCHEMA, "a", comparison->a.run_id, "b", comparison->b.run_id,
        "confidence", comparison->confidence, "threshold",
        comparison->settings.threshold, "warnings",
        strings(&comparison->warnings), "reference", reference_json(comparison),
        "cases", cases, "unmatched", "a",
        unmatched(comparison->only_a, comparison->nonly_a), "b",
        unmatched(comparison->only_b, comparison->nonly_b), "gate",
        td_gate_name(comparison->gate));
}
