#include "summary/summary.h"

#include <math.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* null when unknown; bounds null when the data cannot carry them. */
static json_t *figure(struct td_figure f)
{
    if (!f.known)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "value", number(f.value), "lower",
                     f.bounded ? number(f.lower) : json_null(), "upper",
                     f.bounded ? number(f.upper) : json_null());
}

static const char *state(enum td_answer_state answer)
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
    const struct {
        const char *name;
        struct td_figure figure;
    } all[] = {
        {"ratio", c->ratio},         {"ratio_median", c->ratio_median},
        {"median_ns", c->median_ns}, {"mean_ns", c->mean_ns},
        {"p99_ns", c->p99_ns},       {"over_ideal_ns", c->over_ideal_ns},
        {"first_ns", c->first_ns},   {"setup_ns", c->setup_ns},
        {"cpu_ns", c->cpu_ns},       {"rss_bytes", c->rss_bytes},
        {"pss_bytes", c->pss_bytes},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        json_object_set_new(to, all[i].name, figure(all[i].figure));
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
        state(c->answer), "samples", (json_int_t)c->samples, "operations",
        (json_int_t)c->operations, "invocations", (json_int_t)c->invocations,
        "voided", (json_int_t)c->voided, "loops", (json_int_t)c->loops,
        "clipped", (json_int_t)c->clipped);
    add_figures(out, c);
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
        "{s:s, s:s, s:s?, s:s, s:I, s:I, s:s?, s:o, s:I, s:o, s:o}", "workload",
        group->workload, "set", group->set, "answer", group->answer,
        "answer_state", state(group->answer_state), "pairs",
        (json_int_t)group->pairs, "pairs_failed",
        (json_int_t)group->pairs_failed, "why", group->why, "timed_share",
        number(group->timed_share), "ideal_ns", (json_int_t)group->ideal_ns,
        "cases", cases, "notes", strings(&group->notes));
}

json_t *td_summary_json(const struct td_summary *summary)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < summary->ngroups; i++)
        json_array_append_new(groups, group_json(&summary->groups[i]));
    return json_pack("{s:i, s:s, s:f, s:b, s:b, s:o, s:o}", "schema", TD_SCHEMA,
                     "run", summary->run_id, "confidence", summary->confidence,
                     "quick", (int)summary->quick, "complete",
                     (int)summary->complete, "groups", groups, "notes",
                     strings(&summary->notes));
}
