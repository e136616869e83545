#include "summary/compare_runs.h"

#include "summary/compare_runs_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double larger_known(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : fmax(a, b);
}

/* The companion contradicts the headline: worth a word, no more. */
static void note_contradiction(struct td_compared_case *c, double threshold)
{
    enum td_verdict other =
        td_verdict_of(c->hodges_lehmann, threshold, c->noise_floor);
    if (c->verdict == TD_VERDICT_INCONCLUSIVE ||
        other == TD_VERDICT_INCONCLUSIVE || c->verdict == other)
        return;
    td_strings_addf(&c->notes,
                    "the typical invocation is %s (Hodges and Lehmann), the "
                    "mean is %s: a few invocations decide",
                    td_verdict_name(other), td_verdict_name(c->verdict));
}

static void measure(struct td_compared_case *c, const struct td_comparison *of)
{
    const struct td_case_series *a = &c->a->series, *b = &c->b->series;
    c->noise_floor =
        larger_known(c->group_a->noise_floor, c->group_b->noise_floor);
    c->ratio = td_ratio_fieller(b->mean_ns, b->count, a->mean_ns, a->count,
                                of->confidence);
    c->hodges_lehmann = td_ratio_hodges_lehmann(
        b->mean_ns, b->count, a->mean_ns, a->count, of->confidence);
    c->verdict = td_verdict_of(c->ratio, of->settings.threshold,
                               isnan(c->noise_floor) ? 0 : c->noise_floor);
    note_contradiction(c, of->settings.threshold);
}

static const json_t *case_of(const struct td_run_dir *run, size_t index)
{
    return json_array_get(json_object_get(run->manifest, "cases"), index);
}

static bool has_drifted(struct td_figure reference)
{
    return reference.bounded && (reference.lower > 1 + TD_DRIFT_ALLOWED ||
                                 reference.upper < 1 - TD_DRIFT_ALLOWED);
}

static void warn_incomplete(const struct td_summary *run, const char *name,
                            struct td_strings *warnings)
{
    if (!run->complete)
        td_strings_addf(warnings, "run %s was cut off or interrupted", name);
}

static void fill(struct td_comparison *out, const struct td_run_dir *a,
                 const struct td_run_dir *b)
{
    td_comparison_match(out, a->manifest, b->manifest);
    td_compare_hosts(a->manifest, b->manifest, &out->warnings);
    warn_incomplete(&out->a, "A", &out->warnings);
    warn_incomplete(&out->b, "B", &out->warnings);
    if (out->reference.a) {
        measure(&out->reference, out);
        out->drifted = has_drifted(out->reference.ratio);
    }
    for (size_t i = 0; i < out->ncases; i++) {
        struct td_compared_case *c = &out->cases[i];
        td_compare_builds(case_of(a, c->a->index), case_of(b, c->b->index),
                          &c->notes);
        measure(c, out);
    }
    td_comparison_judge(out);
}

int td_comparison_make(struct td_comparison *out, const struct td_run_dir *a,
                       const struct td_run_dir *b,
                       const struct td_comparison_settings *settings,
                       struct td_err *err)
{
    const struct td_summary_options defaults = {0};
    int rc;
    memset(out, 0, sizeof *out);
    out->settings = *settings;
    rc = td_summary_open(&out->a, a, &defaults, err);
    if (!rc)
        rc = td_summary_open(&out->b, b, &defaults, err);
    if (rc)
        return rc;
    out->confidence = fmax(out->a.confidence, out->b.confidence);
    fill(out, a, b);
    return 0;
}

void td_comparison_release(struct td_comparison *comparison)
{
    for (size_t i = 0; i < comparison->ncases; i++)
        td_strings_release(&comparison->cases[i].notes);
    td_strings_release(&comparison->reference.notes);
    free(comparison->cases);
    free(comparison->only_a);
    free(comparison->only_b);
    td_strings_release(&comparison->warnings);
    td_summary_release(&comparison->a);
    td_summary_release(&comparison->b);
    memset(comparison, 0, sizeof *comparison);
}
