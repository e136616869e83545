/* A summary from its own JSON: the reverse of summary_json.c. */
#include "summary/summary_parts.h"

#include "base/files.h"
#include "base/json.h"
#include "summary/case_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct td_figure td_figure_from_json(const json_t *from)
{
    struct td_figure out = {
        .value = td_json_num(from, "value", NAN),
        .lower = td_json_num(from, "lower", NAN),
        .upper = td_json_num(from, "upper", NAN),
        .known = json_is_object(from),
    };
    out.bounded = out.known && isfinite(out.lower) && isfinite(out.upper);
    return out;
}

static enum td_answer_state state_from(const json_t *from, const char *key)
{
    const char *name = td_json_str(from, key, "");
    enum td_answer_state state = TD_ANSWER_VERIFIED;
    while (state != TD_ANSWER_NONE &&
           strcmp(name, td_answer_state_name(state)) != 0)
        state++;
    return state;
}

static enum td_verdict verdict_from(const json_t *from, const char *key)
{
    static const enum td_verdict all[] = {TD_VERDICT_SLOWER, TD_VERDICT_FASTER,
                                          TD_VERDICT_EQUIVALENT};
    const char *name = td_json_str(from, key, "");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(name, td_verdict_name(all[i])))
            return all[i];
    return TD_VERDICT_INCONCLUSIVE;
}

static void strings_from(const json_t *from, struct td_strings *to)
{
    for (size_t i = 0; i < json_array_size(from); i++)
        td_strings_add(to, json_string_value(json_array_get(from, i)));
}

static bool is_true(const json_t *from, const char *key)
{
    return json_is_true(json_object_get(from, key));
}

static void warmup_from(const json_t *from, struct td_case_warmup *to)
{
    const json_t *counts = json_object_get(from, "counts");
    const char *name = td_json_str(from, "class", "");
    *to = (struct td_case_warmup){
        .known = json_is_object(from),
        .invocations = (uint32_t)td_json_u64(from, "invocations", 0),
        .samples = td_json_u64(from, "samples", 0),
        .cut = td_json_u64(from, "cut", 0),
        .left_out = td_json_u64(from, "left_out", 0),
        .truncated = is_true(from, "truncated"),
        .until_ns = td_figure_from_json(json_object_get(from, "until_ns")),
        .steady_ns = td_figure_from_json(json_object_get(from, "steady_ns")),
    };
    for (enum td_warmup_class i = TD_WARMUP_FLAT; i <= TD_WARMUP_NONE; i++) {
        to->counts[i] = (size_t)td_json_u64(counts, td_warmup_name(i), 0);
        if (!strcmp(name, td_warmup_name(i)))
            to->kind = i;
    }
}

static void disturbed_from(const json_t *from, struct td_disturbed *to)
{
    to->known = json_is_object(from);
    to->samples = td_json_u64(from, "samples", 0);
    to->time_share = td_json_num(from, "time_share", NAN);
}

static void disturbances_from(const json_t *from, struct td_case_summary *to)
{
    disturbed_from(json_object_get(from, "switched"), &to->switched);
    disturbed_from(json_object_get(from, "stolen"), &to->stolen);
    disturbed_from(json_object_get(from, "gc"), &to->gc);
    to->waited_share = td_json_num(from, "waited_share", NAN);
    to->stolen_share = td_json_num(from, "stolen_share", NAN);
}

static void figures_from(const json_t *from, struct td_case_summary *to)
{
    const struct td_figure_field *at;
    for (at = td_case_figures_table; at->name; at++) {
        void *figure = (char *)to + at->offset;
        *(struct td_figure *)figure =
            td_figure_from_json(json_object_get(from, at->name));
    }
}

static char *text_from(const json_t *from, const char *key)
{
    const char *text = td_json_str(from, key, NULL);
    return text ? td_xstrdup(text) : NULL;
}

static void counts_from(const json_t *from, struct td_case_summary *to)
{
    to->is_base = is_true(from, "is_base");
    to->base_runtime = td_json_str(from, "base_runtime", NULL);
    to->base_implementation = td_json_str(from, "base_implementation", NULL);
    to->pairs = (uint32_t)td_json_u64(from, "pairs", 0);
    to->answer = state_from(from, "answer");
    to->samples = td_json_u64(from, "samples", 0);
    to->operations = td_json_u64(from, "operations", 0);
    to->invocations = (uint32_t)td_json_u64(from, "invocations", 0);
    to->voided = (uint32_t)td_json_u64(from, "voided", 0);
    to->loops = td_json_u64(from, "loops", 1);
    to->clipped = td_json_u64(from, "clipped", 0);
    to->p99_pooled = is_true(from, "p99_pooled");
    to->is_revised = to->is_revised && !to->is_twin;
    to->noise_floor = td_json_num(from, "noise_floor", NAN);
    to->verdict = verdict_from(from, "verdict");
    to->p_above = td_json_num(from, "p_above", NAN);
    to->verdict_median = verdict_from(from, "verdict_median");
    to->p_above_median = td_json_num(from, "p_above_median", NAN);
    to->verdict_cpu = verdict_from(from, "verdict_cpu");
    to->p_above_cpu = td_json_num(from, "p_above_cpu", NAN);
    to->problem = text_from(from, "problem");
    to->last_words = text_from(from, "last_words");
}

static int case_from(const json_t *from, const json_t *cases,
                     struct td_case_summary *to, struct td_err *err)
{
    const json_t *series = json_object_get(from, "series");
    uint64_t index = td_json_u64(from, "case", UINT64_MAX);
    const json_t *described = json_array_get(cases, (size_t)index);
    if (!described || strcmp(td_json_str(described, "runtime", ""),
                             td_json_str(from, "runtime", "?")) != 0)
        return td_err_set(err, TD_EINPUT,
                          "summary.json: its case %lld is not the manifest's",
                          (long long)index);
    td_case_init(to, (size_t)index, described);
    free(to->problem);
    counts_from(from, to);
    figures_from(from, to);
    warmup_from(json_object_get(from, "warmup"), &to->warmup);
    disturbances_from(json_object_get(from, "disturbances"), to);
    td_case_series_load(&to->series, series);
    td_case_reported_load(&to->reported, json_object_get(from, "figures"),
                          json_object_get(series, "figures"), to->series.count);
    td_case_details_load(&to->details, json_object_get(from, "variance"),
                         json_object_get(from, "companions"));
    td_case_bias_load(&to->bias, json_object_get(from, "hosting_bias"),
                      json_object_get(from, "own_tool"));
    td_case_service_load(&to->service, json_object_get(from, "service"));
    strings_from(json_object_get(from, "notes"), &to->notes);
    return 0;
}

static int group_from(const json_t *from, const json_t *cases,
                      struct td_group_summary *to, struct td_err *err)
{
    const json_t *all = json_object_get(from, "cases");
    const json_t *aside = json_object_get(from, "set_aside");
    const json_t *load = json_object_get(from, "load");
    int rc = 0;
    *to = (struct td_group_summary){
        .workload = td_json_str(from, "workload", "?"),
        .set = td_json_str(from, "set", ""),
        .params = json_object_get(from, "params"),
        .answer = td_json_str(from, "answer", NULL),
        .answer_state = state_from(from, "answer_state"),
        .pairs = (uint32_t)td_json_u64(from, "pairs", 0),
        .pairs_failed = (uint32_t)td_json_u64(from, "pairs_failed", 0),
        .aside_throttled = (uint32_t)td_json_u64(aside, "throttled", 0),
        .aside_stolen = (uint32_t)td_json_u64(aside, "stolen", 0),
        .all_used = is_true(aside, "all_used"),
        .why = td_json_str(from, "why", NULL),
        .timed_share = td_json_num(from, "timed_share", NAN),
        .ideal_ns = td_json_u64(from, "ideal_ns", 0),
        .load = json_is_object(load) ? load : NULL,
        .is_reference = is_true(from, "reference"),
        .is_command = is_true(from, "command"),
        .half_width = td_json_num(from, "half_width", NAN),
        .noise_floor = td_json_num(from, "noise_floor", NAN),
        .floor_of = td_json_str(from, "floor_of", NULL),
        .cases = td_xcalloc(json_array_size(all) + 1, sizeof *to->cases),
    };
    strings_from(json_object_get(from, "notes"), &to->notes);
    while (!rc && to->ncases < json_array_size(all)) {
        rc = case_from(json_array_get(all, to->ncases), cases,
                       &to->cases[to->ncases], err);
        to->ncases += !rc;
    }
    return rc;
}

static void suites_from(const json_t *from, struct td_summary *to)
{
    size_t n = json_array_size(from);
    to->suites = td_xcalloc(n + 1, sizeof *to->suites);
    for (to->nsuites = 0; to->nsuites < n; to->nsuites++) {
        const json_t *suite = json_array_get(from, to->nsuites);
        to->suites[to->nsuites] = (struct td_suite){
            .runtime = td_json_str(suite, "runtime", "?"),
            .base = td_json_str(suite, "base", "?"),
            .groups = (size_t)td_json_u64(suite, "groups", 0),
            .ratio = td_figure_from_json(json_object_get(suite, "ratio")),
        };
    }
}

int td_summary_load(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err)
{
    const json_t *cases = json_object_get(run->manifest, "cases"), *groups;
    json_t *saved;
    int rc = td_run_dir_read(run, "summary.json", &saved, err);
    memset(out, 0, sizeof *out);
    if (rc)
        return rc;
    *out = (struct td_summary){
        .run_id = run->id,
        .confidence = td_json_num(saved, "confidence", .95),
        .threshold = td_json_num(saved, "threshold", .01),
        .target = td_json_num(saved, "target", 0),
        .quick = is_true(saved, "quick"),
        .cross_checked = is_true(saved, "cross_checked"),
        .complete = is_true(saved, "complete"),
        .saved = saved,
    };
    groups = json_object_get(saved, "groups");
    out->groups = td_xcalloc(json_array_size(groups) + 1, sizeof *out->groups);
    while (!rc && out->ngroups < json_array_size(groups)) {
        rc = group_from(json_array_get(groups, out->ngroups), cases,
                        &out->groups[out->ngroups], err);
        out->ngroups++;
    }
    suites_from(json_object_get(saved, "suites"), out);
    if (!rc)
        td_summary_growth(out, run->manifest);
    strings_from(json_object_get(saved, "notes"), &out->notes);
    if (rc)
        td_summary_release(out);
    return rc;
}

int td_summary_open(struct td_summary *out, const struct td_run_dir *run,
                    const struct td_summary_options *options,
                    struct td_err *err)
{
    if (!td_run_dir_is_archived(run))
        return td_summary_make_as(out, run, options, err);
    memset(out, 0, sizeof *out);
    if (options->whole)
        return td_err_set(err, TD_EUSAGE,
                          "%s is archived: it has no samples to look at in "
                          "another way (--no-truncate)",
                          run->id);
    return td_summary_load(out, run, err);
}
