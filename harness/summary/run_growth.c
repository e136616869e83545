#include "summary/run_growth.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_SIZES = 3 };

/* One case of one size. */
struct point {
    double size;
    const struct td_case_summary *c;
};

/* What is the same at all sizes of one entry. */
struct sought {
    const json_t *groups; /* the manifest's */
    size_t group;         /* the first one */
    const char *parameter;
    const struct td_case_summary *c;
};

static const json_t *sweeps_of(const json_t *groups, size_t g)
{
    return json_object_get(json_array_get(groups, g), "sweeps");
}

static const char *param_of(const json_t *groups, size_t g, const char *name)
{
    return td_json_str(json_object_get(json_array_get(groups, g), "params"),
                       name, "");
}

static bool names_it(const json_t *sweeps, const char *parameter)
{
    for (size_t i = 0; i < json_array_size(sweeps); i++)
        if (strcmp(json_string_value(json_array_get(sweeps, i)), parameter) ==
            0)
            return true;
    return false;
}

/* 0: no size. */
static double size_of(const json_t *groups, size_t g, const char *parameter)
{
    const char *text = param_of(groups, g, parameter);
    char *end;
    double size = strtod(text, &end);
    return end != text && !*end && isfinite(size) && size > 0 ? size : 0;
}

/* Sizes of the same sweep: where others are swept too, these must agree. */
static bool is_alike(const struct sought *sought, size_t g)
{
    const json_t *one = sweeps_of(sought->groups, sought->group);
    if (!names_it(sweeps_of(sought->groups, g), sought->parameter))
        return false;
    for (size_t i = 0; i < json_array_size(one); i++) {
        const char *name = json_string_value(json_array_get(one, i));
        if (strcmp(name, sought->parameter) != 0 &&
            strcmp(param_of(sought->groups, g, name),
                   param_of(sought->groups, sought->group, name)) != 0)
            return false;
    }
    return size_of(sought->groups, g, sought->parameter) > 0;
}

static const struct td_case_summary *
case_like(const struct td_group_summary *group, const struct td_case_summary *c)
{
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *other = &group->cases[i];
        if (strcmp(other->implementation, c->implementation) == 0 &&
            strcmp(other->runtime, c->runtime) == 0)
            return other;
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

/* All sizes that have figures, ascending; malloc'd. */
static struct point *collect(const struct td_summary *summary,
                             const struct sought *sought, size_t *count)
{
    const char *workload = summary->groups[sought->group].workload;
    struct point *points = td_xcalloc(summary->ngroups, sizeof *points);
    *count = 0;
    for (size_t g = sought->group; g < summary->ngroups; g++) {
        const struct td_group_summary *group = &summary->groups[g];
        const struct td_case_summary *c;
        if (strcmp(group->workload, workload) != 0 || !is_alike(sought, g))
            continue;
        c = case_like(group, sought->c);
        if (c && c->mean_ns.known)
            points[(*count)++] = (struct point){
                size_of(sought->groups, g, sought->parameter), c};
    }
    qsort(points, *count, sizeof *points, by_size);
    return points;
}

/* -1: nothing can be fitted. */
static int fit(struct td_run_growth *out, const struct point *points,
               double confidence)
{
    size_t total = 0, n = 0;
    double *sizes, *times;
    int rc;
    for (size_t i = 0; i < out->nsizes; i++)
        total += points[i].c->series.count;
    sizes = td_xcalloc(total + 1, sizeof *sizes);
    times = td_xcalloc(total + 1, sizeof *times);
    for (size_t i = 0; i < out->nsizes; i++)
        for (size_t k = 0; k < points[i].c->series.count; k++) {
            sizes[n] = points[i].size;
            times[n++] = points[i].c->series.mean_ns[k];
        }
    rc = td_growth_fit(sizes, times, n, confidence, &out->fit);
    free(sizes);
    free(times);
    return rc;
}

static void release(struct td_run_growth *entry)
{
    free(entry->sizes);
    free(entry->mean_ns);
    free(entry->ratios);
}

static void add_entry(struct td_summary *summary, const struct sought *sought)
{
    struct td_run_growth entry = {
        .workload = summary->groups[sought->group].workload,
        .parameter = sought->parameter,
        .implementation = sought->c->implementation,
        .runtime = sought->c->runtime,
        .base_runtime = sought->c->base_runtime,
        .base_implementation = sought->c->base_implementation,
    };
    struct point *points = collect(summary, sought, &entry.nsizes);
    entry.sizes = td_xcalloc(entry.nsizes + 1, sizeof *entry.sizes);
    entry.mean_ns = td_xcalloc(entry.nsizes + 1, sizeof *entry.mean_ns);
    entry.ratios = td_xcalloc(entry.nsizes + 1, sizeof *entry.ratios);
    for (size_t i = 0; i < entry.nsizes; i++) {
        entry.sizes[i] = points[i].size;
        entry.mean_ns[i] = points[i].c->mean_ns;
        entry.ratios[i] = points[i].c->ratio;
    }
    if (entry.base_runtime)
        entry.crosses = td_crossover(entry.sizes, entry.ratios, entry.nsizes,
                                     &entry.below, &entry.above);
    if (entry.nsizes < LEAST_SIZES ||
        fit(&entry, points, summary->confidence)) {
        release(&entry);
    } else {
        summary->growth = td_xrealloc(
            summary->growth, (summary->ngrowth + 1) * sizeof *summary->growth);
        summary->growth[summary->ngrowth++] = entry;
    }
    free(points);
}

/* Is this the first group of its sweep that has the case? */
static bool is_first(const struct td_summary *summary,
                     const struct sought *sought)
{
    for (size_t g = 0; g < sought->group; g++)
        if (strcmp(summary->groups[g].workload,
                   summary->groups[sought->group].workload) == 0 &&
            is_alike(sought, g) && case_like(&summary->groups[g], sought->c))
            return false;
    return true;
}

static void of_group(struct td_summary *summary, const json_t *groups, size_t g,
                     const char *parameter)
{
    const struct td_group_summary *group = &summary->groups[g];
    struct sought sought = {groups, g, parameter, NULL};
    if (size_of(groups, g, parameter) <= 0)
        return;
    for (size_t i = 0; i < group->ncases; i++) {
        sought.c = &group->cases[i];
        if (!sought.c->is_twin && !sought.c->is_counterpart &&
            is_first(summary, &sought))
            add_entry(summary, &sought);
    }
}

void td_summary_growth(struct td_summary *summary, const json_t *manifest)
{
    const json_t *groups = json_object_get(manifest, "groups");
    for (size_t g = 0; g < summary->ngroups; g++) {
        const json_t *sweeps = sweeps_of(groups, g);
        for (size_t i = 0; i < json_array_size(sweeps); i++)
            of_group(summary, groups, g,
                     json_string_value(json_array_get(sweeps, i)));
    }
}

void td_summary_growth_release(struct td_summary *summary)
{
    for (size_t i = 0; i < summary->ngrowth; i++)
        release(&summary->growth[i]);
    free(summary->growth);
}

static json_t *figures_json(const struct td_figure *figures, size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, td_figure_json(figures[i]));
    return out;
}

static json_t *models_json(const struct td_growth *growth)
{
    json_t *out = json_array();
    for (size_t i = 0; i < growth->plausible; i++) {
        const struct td_growth_fit *one = &growth->fits[i];
        json_array_append_new(
            out, json_pack("{s:s, s:o, s:o, s:o, s:o}", "model",
                           td_growth_name(one->model), "a_ns",
                           td_figure_json(one->a), "c_ns",
                           td_figure_json(one->c), "behind_best",
                           td_json_number(one->bic - growth->fits[0].bic),
                           "error", td_json_number(one->error)));
    }
    return out;
}

static json_t *entry_json(const struct td_run_growth *entry)
{
    json_t *sizes = json_array();
    for (size_t i = 0; i < entry->nsizes; i++)
        json_array_append_new(sizes, td_json_number(entry->sizes[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:o, s:o, s:o, s:o, s:b, "
        "s:o}",
        "workload", entry->workload, "parameter", entry->parameter,
        "implementation", entry->implementation, "runtime", entry->runtime,
        "base_runtime", entry->base_runtime, "base_implementation",
        entry->base_implementation, "sizes", sizes, "mean_ns",
        figures_json(entry->mean_ns, entry->nsizes), "ratio",
        figures_json(entry->ratios, entry->nsizes), "exponent",
        td_figure_json(entry->fit.exponent), "last_octave",
        td_figure_json(entry->fit.last_octave), "models",
        models_json(&entry->fit), "enough", (int)entry->fit.enough, "crossover",
        entry->crosses ? json_pack("{s:f, s:f}", "below", entry->below, "above",
                                   entry->above)
                       : json_null());
}

json_t *td_summary_growth_json(const struct td_summary *summary)
{
    json_t *out = json_array();
    for (size_t i = 0; i < summary->ngrowth; i++)
        json_array_append_new(out, entry_json(&summary->growth[i]));
    return out;
}
