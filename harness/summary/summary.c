#include "summary/summary.h"

#include "base/json.h"
#include "summary/case_figures.h"
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
    double confidence;
    uint64_t seed;
};

static const struct td_figure unknown = {NAN, NAN, NAN, false, false};

static void case_init(struct td_case_summary *out, size_t index,
                      const json_t *from)
{
    *out = (struct td_case_summary){
        .index = index,
        .runtime = td_json_str(from, "runtime", "?"),
        .implementation = td_json_str(from, "implementation", "?"),
        .hosting = td_json_str(from, "hosting", NULL),
        .loops = 1,
        .median_ns = unknown,
        .mean_ns = unknown,
        .p99_ns = unknown,
        .rss_bytes = unknown,
        .pss_bytes = unknown,
        .cpu_ns = unknown,
        .setup_ns = unknown,
        .first_ns = unknown,
        .over_ideal_ns = unknown,
        .ratio = unknown,
        .ratio_median = unknown,
    };
    if (td_json_str(from, "problem", NULL))
        out->problem = td_xstrdup(td_json_str(from, "problem", NULL));
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
        .pairs = entry->pairs,
        .pairs_failed = entry->incomplete,
        .why = entry->why,
        .ideal_ns = td_json_u64(from, "ideal_ns", 0),
        .cases = td_xcalloc(maker->index.ncases, sizeof *out->cases),
    };
    json_array_foreach(maker->cases, i,
                       c) if (td_json_u64(c, "group", UINT64_MAX) == group)
        case_init(&out->cases[out->ncases++], i, c);
}

static int figures(const struct maker *maker,
                   const struct td_group_summary *group,
                   struct td_case_summary *out, struct td_case_series *series,
                   struct td_err *err)
{
    char *path = td_run_dir_samples_path(maker->run, out->index);
    struct td_case_source source = {&maker->index.cases[out->index], path,
                                    maker->confidence, group->ideal_ns};
    int rc = 0;
    if (!out->problem && out->answer != TD_ANSWER_WRONG)
        rc = td_case_figures(&source, out, series, err);
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

static void ratios(const struct maker *maker, struct td_group_summary *group,
                   const struct td_case_series *series)
{
    for (size_t i = 0; i < group->ncases; i++) {
        struct td_case_summary *c = &group->cases[i];
        size_t base = base_of(maker, group, i);
        if (base == SIZE_MAX)
            continue;
        group->cases[base].is_base = true;
        c->base_runtime = group->cases[base].runtime;
        c->base_implementation = group->cases[base].implementation;
        td_case_ratios(&series[i], &series[base], maker->confidence,
                       maker->seed + c->index, c);
    }
}

static double timed_share(const struct td_case_series *series, size_t n,
                          uint64_t wall_ns)
{
    double timed = 0;
    for (size_t i = 0; i < n; i++)
        timed += series[i].timed_ns;
    return wall_ns ? timed / (double)wall_ns : NAN;
}

static int group_make(struct td_group_summary *out, size_t group,
                      const struct maker *maker, struct td_err *err)
{
    struct td_case_series *series;
    int rc = 0;
    group_init(out, group, maker);
    td_summary_answers(out, &maker->index);
    series = td_xcalloc(out->ncases, sizeof *series);
    for (size_t i = 0; !rc && i < out->ncases; i++)
        rc = figures(maker, out, &out->cases[i], &series[i], err);
    if (rc)
        goto out;
    for (size_t i = 0; i < out->ncases; i++)
        td_summary_failures(&out->cases[i],
                            &maker->index.cases[out->cases[i].index]);
    ratios(maker, out, series);
    out->timed_share =
        timed_share(series, out->ncases, maker->index.groups[group].wall_ns);
    for (size_t i = 0; i < out->ncases; i++)
        td_summary_note_case(&out->cases[i],
                             &maker->index.cases[out->cases[i].index], out);
    td_summary_note_group(out);
out:
    for (size_t i = 0; i < out->ncases; i++)
        td_case_series_release(&series[i]);
    free(series);
    return rc;
}

static void maker_init(struct maker *maker, const struct td_run_dir *run)
{
    const json_t *settings = json_object_get(run->manifest, "settings");
    *maker = (struct maker){
        .run = run,
        .cases = json_object_get(run->manifest, "cases"),
        .confidence = td_json_num(settings, "confidence", .95),
        .seed = strtoull(td_json_str(run->manifest, "seed", "0"), NULL, 10),
    };
}

int td_summary_make(struct td_summary *out, const struct td_run_dir *run,
                    struct td_err *err)
{
    struct maker maker;
    int rc, torn = 0;
    memset(out, 0, sizeof *out);
    maker_init(&maker, run);
    rc = td_run_dir_journal(run, &out->journal, &torn, err);
    if (!rc)
        rc = td_run_index_make(&maker.index, run->manifest, out->journal, err);
    if (rc)
        goto out;
    out->run_id = run->id;
    out->confidence = maker.confidence;
    out->quick = json_is_true(json_object_get(run->manifest, "quick"));
    out->complete =
        maker.index.status && strcmp(maker.index.status, "complete") == 0;
    out->groups = td_xcalloc(maker.index.ngroups, sizeof *out->groups);
    for (size_t i = 0; !rc && i < maker.index.ngroups; i++) {
        out->ngroups++;
        rc = group_make(&out->groups[i], i, &maker, err);
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

static void case_release(struct td_case_summary *c)
{
    free(c->problem);
    free(c->last_words);
    td_strings_release(&c->notes);
}

void td_summary_release(struct td_summary *summary)
{
    for (size_t i = 0; i < summary->ngroups; i++) {
        struct td_group_summary *group = &summary->groups[i];
        for (size_t k = 0; k < group->ncases; k++)
            case_release(&group->cases[k]);
        free(group->cases);
        td_strings_release(&group->notes);
    }
    free(summary->groups);
    td_strings_release(&summary->notes);
    json_decref(summary->journal);
    memset(summary, 0, sizeof *summary);
}
