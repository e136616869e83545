#include "summary/summary.h"

#include "base/json.h"
#include "stat/stopping.h"
#include "summary/case_figures.h"
#include "summary/set_aside.h"
#include "summary/summary_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the making of one summary works with. */
struct maker {
    const struct td_run_dir *run;
    const json_t *cases; /* of the manifest */
    struct td_run_index index;
    struct td_summary_options options;
    double confidence;
    double threshold;
    double ratio_confidence; /* greater where the run was adaptive */
    uint64_t seed;
};

/* NULL: a group of workers. */
static const json_t *load_of(const json_t *group)
{
    const json_t *load = json_object_get(group, "load");
    return json_is_object(load) ? load : NULL;
}

static void group_init(struct td_group_summary *out, size_t group,
                       const struct maker *maker)
{
    const json_t *from =
        json_array_get(json_object_get(maker->run->manifest, "groups"), group);
    const struct td_group_entry *entry = &maker->index.groups[group];
    const json_t *c;
    size_t i;
    *out = (struct td_group_summary){
        .workload = td_json_str(from, "workload", "?"),
        .set = td_json_str(from, "set", ""),
        .answer = td_json_str(from, "answer", NULL),
        .params = json_object_get(from, "params"),
        .pairs = entry->pairs,
        .pairs_failed = entry->incomplete,
        .aside_throttled = entry->aside_throttled,
        .aside_stolen = entry->aside_stolen,
        .all_used = entry->all_used,
        .why = entry->why,
        .ideal_ns = td_json_u64(from, "ideal_ns", 0),
        .load = load_of(from),
        .is_command = json_is_true(json_object_get(from, "command")),
        .is_reference = json_is_true(json_object_get(from, "reference")),
        .half_width = NAN,
        .noise_floor = NAN,
        .cases = td_xcalloc(maker->index.ncases, sizeof *out->cases),
    };
    json_array_foreach(maker->cases, i,
                       c) if (td_json_u64(c, "group", UINT64_MAX) == group)
        td_case_init(&out->cases[out->ncases++], i, c);
}

static int figures(const struct maker *maker,
                   const struct td_group_summary *group,
                   struct td_case_summary *out, struct td_err *err)
{
    char *path = td_run_dir_samples_path(maker->run, out->index);
    struct td_case_source source = {&maker->index.cases[out->index],
                                    path,
                                    maker->confidence,
                                    group->ideal_ns,
                                    maker->options.whole,
                                    group->is_command};
    int rc = 0;
    if (!out->problem && out->answer != TD_ANSWER_WRONG)
        rc = td_case_figures(&source, out, err);
    if (!rc && out->series.count)
        rc = td_case_aside(&source, out, err);
    td_summary_disturbances(out, source.entry);
    free(path);
    return rc;
}

/* Position in the group of the case that ratios of case i divide by. */
static size_t base_of(const struct maker *maker,
                      const struct td_group_summary *group, size_t i)
{
    uint64_t base =
        td_json_u64(json_array_get(maker->cases, group->cases[i].index), "base",
                    UINT64_MAX);
    for (size_t k = 0; k < group->ncases; k++)
        if (k != i && group->cases[k].index == base)
            return k;
    return SIZE_MAX;
}

static void ratios(const struct maker *maker, struct td_group_summary *group)
{
    double confidence =
        group->is_reference ? maker->confidence : maker->ratio_confidence;
    for (size_t i = 0; i < group->ncases; i++) {
        struct td_case_summary *c = &group->cases[i];
        size_t base = base_of(maker, group, i);
        td_case_details_make(
            c, base == SIZE_MAX ? NULL : &group->cases[base].series,
            confidence);
        if (base == SIZE_MAX)
            continue;
        group->cases[base].is_base = true;
        c->base_runtime = group->cases[base].runtime;
        c->base_implementation = group->cases[base].implementation;
        td_case_ratios(c, &group->cases[base].series, confidence,
                       maker->seed + c->index);
        td_case_ratio_all(c, &group->cases[base], confidence,
                          maker->seed + c->index);
        td_case_reported_ratios(c, &group->cases[base], confidence,
                                maker->seed + c->index);
        c->is_revised = c->is_revised && !c->is_twin;
        td_case_p_above(c, &group->cases[base].series, maker->threshold);
        if (c->ratio.known && !c->is_counterpart)
            group->half_width =
                fmax(group->half_width, td_figure_half_width(c->ratio));
    }
}

static double timed_share(const struct td_group_summary *group,
                          uint64_t wall_ns)
{
    double timed = 0;
    for (size_t i = 0; i < group->ncases; i++)
        timed += group->cases[i].series.timed_ns;
    return wall_ns ? timed / (double)wall_ns : NAN;
}

static int group_make(struct td_group_summary *out, size_t group,
                      const struct maker *maker, struct td_err *err)
{
    int rc = 0;
    group_init(out, group, maker);
    td_summary_answers(out, &maker->index);
    for (size_t i = 0; !rc && i < out->ncases; i++)
        rc = figures(maker, out, &out->cases[i], err);
    if (rc)
        return rc;
    for (size_t i = 0; i < out->ncases; i++)
        td_summary_failures(&out->cases[i],
                            &maker->index.cases[out->cases[i].index]);
    ratios(maker, out);
    out->timed_share = timed_share(out, maker->index.groups[group].wall_ns);
    for (size_t i = 0; i < out->ncases; i++)
        td_summary_note_case(&out->cases[i],
                             &maker->index.cases[out->cases[i].index], out);
    td_summary_note_group(out);
    if (maker->index.ngroups > 1)
        td_summary_note_group_noise(
            out, &maker->index.groups[group],
            json_object_get(maker->run->manifest, "noise"));
    return 0;
}

/* Of an adaptive run; 0: the number of pairs was fixed. */
static double target_of(const json_t *settings)
{
    return td_json_num(json_object_get(settings, "stopping"), "target", 0);
}

/* How far from 1 the ratio of a thing to itself may lie, as far as its
 * interval can tell. */
static double reach(struct td_figure ratio)
{
    return ratio.bounded ? fmax(ratio.upper, 1 / ratio.lower) - 1 : NAN;
}

/* Of the twins of a group; NAN where it has none. */
static double floor_of(const struct td_group_summary *group,
                       const char **runtime)
{
    double floor = NAN;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *c = &group->cases[i];
        double found = c->is_twin ? reach(c->ratio) : NAN;
        if (!isnan(found) && !(found <= floor)) {
            floor = found;
            *runtime = c->base_runtime;
        }
    }
    return floor;
}

enum kind { OF_MEANS, OF_MEDIANS, OF_CPU };

static struct td_figure ratio_of(const struct td_case_summary *c,
                                 enum kind kind)
{
    return kind == OF_MEANS     ? c->ratio
           : kind == OF_MEDIANS ? c->ratio_median
                                : c->ratio_cpu;
}

/* Of the twins of what a case divides by; the group's where there is none. */
static double own_floor(const struct td_group_summary *group,
                        const struct td_case_summary *c, enum kind kind)
{
    double floor = NAN;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *twin = &group->cases[i];
        if (twin->is_twin && twin->base_runtime &&
            strcmp(twin->base_runtime, c->base_runtime) == 0)
            floor = fmax(floor, reach(ratio_of(twin, kind)));
    }
    return isnan(floor) ? group->noise_floor : floor;
}

/* A twin's own ratio is judged without a floor: it is the floor. */
static void judge_case(const struct td_summary *summary,
                       const struct td_group_summary *group,
                       struct td_case_summary *c)
{
    enum td_verdict *const to[] = {&c->verdict, &c->verdict_median,
                                   &c->verdict_cpu};
    if (!c->ratio.known)
        return;
    if (!c->is_twin)
        c->noise_floor = own_floor(group, c, OF_MEANS);
    for (int kind = OF_MEANS; kind <= OF_CPU; kind++) {
        double floor = c->is_twin ? NAN : own_floor(group, c, (enum kind)kind);
        *to[kind] = td_verdict_of(ratio_of(c, (enum kind)kind),
                                  summary->threshold, isnan(floor) ? 0 : floor);
    }
}

/* A group's own twin measures its floor; else the run's reference does. */
static void judge(struct td_summary *summary)
{
    const char *of_reference = NULL;
    double reference = NAN;
    for (size_t i = 0; i < summary->ngroups; i++)
        if (summary->groups[i].is_reference)
            reference = floor_of(&summary->groups[i], &of_reference);
    for (size_t i = 0; i < summary->ngroups; i++) {
        struct td_group_summary *group = &summary->groups[i];
        group->noise_floor = floor_of(group, &group->floor_of);
        if (isnan(group->noise_floor)) {
            group->noise_floor = reference;
            group->floor_of = of_reference;
        }
        for (size_t k = 0; k < group->ncases; k++)
            judge_case(summary, group, &group->cases[k]);
    }
}

static void maker_init(struct maker *maker, const struct td_run_dir *run)
{
    const json_t *settings = json_object_get(run->manifest, "settings");
    *maker = (struct maker){
        .run = run,
        .cases = json_object_get(run->manifest, "cases"),
        .confidence = td_json_num(settings, "confidence", .95),
        .threshold = td_json_num(settings, "threshold", .01),
        .ratio_confidence = td_stopping_confidence(
            &(struct td_stopping){.target = target_of(settings)},
            td_json_num(settings, "confidence", .95)),
        .seed = strtoull(td_json_str(run->manifest, "seed", "0"), NULL, 10),
    };
}

int td_summary_make(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err)
{
    return td_summary_make_as(out, run, &(struct td_summary_options){0}, err);
}

int td_summary_make_as(struct td_summary *out, const struct td_run_dir *run,
                       const struct td_summary_options *options,
                       struct td_err *err)
{
    const json_t *settings = json_object_get(run->manifest, "settings");
    struct maker maker;
    int rc, torn = 0;
    memset(out, 0, sizeof *out);
    maker_init(&maker, run);
    maker.options = *options;
    rc = td_run_dir_expect(run, TD_RUN_KIND, err);
    if (!rc)
        rc = td_run_dir_journal(run, &out->journal, &torn, err);
    if (!rc)
        rc = td_run_index_make(&maker.index, run->manifest, out->journal, err);
    if (rc)
        goto out;
    out->run_id = run->id;
    out->confidence = maker.confidence;
    out->threshold = maker.threshold;
    out->target = target_of(settings);
    out->quick = json_is_true(json_object_get(run->manifest, "quick"));
    out->cross_checked = json_is_true(json_object_get(settings, "cross_check"));
    out->complete =
        maker.index.status && strcmp(maker.index.status, "complete") == 0;
    out->groups = td_xcalloc(maker.index.ngroups, sizeof *out->groups);
    for (size_t i = 0; !rc && i < maker.index.ngroups; i++) {
        out->ngroups++;
        rc = group_make(&out->groups[i], i, &maker, err);
    }
    if (!rc) {
        judge(out);
        td_summary_bias(out, run->manifest);
        td_summary_suites(out, run->manifest);
        td_summary_growth(out, run->manifest);
    }
    td_summary_note_run(out, &maker.index, torn);
    if (!maker.index.resumed)
        td_summary_note_noise(&out->notes,
                              json_object_get(run->manifest, "noise"));
out:
    td_run_index_release(&maker.index);
    if (rc)
        td_summary_release(out);
    return rc;
}

void td_summary_release(struct td_summary *summary)
{
    for (size_t i = 0; i < summary->ngroups; i++) {
        struct td_group_summary *group = &summary->groups[i];
        for (size_t k = 0; k < group->ncases; k++)
            td_case_release(&group->cases[k]);
        free(group->cases);
        td_strings_release(&group->notes);
    }
    free(summary->groups);
    free(summary->suites);
    td_summary_growth_release(summary);
    td_strings_release(&summary->notes);
    json_decref(summary->journal);
    json_decref(summary->saved);
    memset(summary, 0, sizeof *summary);
}
