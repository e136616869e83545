/* What stands behind the headline figures: `tandem show --details`. */
#include "out/report.h"
#include "out/report_parts.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 100 };

static const char legend[] =
    "Between invocations, between iterations: the share of a sample's "
    "variance that arises there, and its standard deviation relative to the "
    "mean (two levels, Kalibera & Jones). Best iterations: samples an "
    "invocation for the narrowest interval in a given time, where an "
    "invocation costs its start and first iteration; below it, how many there "
    "were; any: invocations differ by no more than their iterations do, so "
    "more of either will do. Median pair: the median of the pairs' ratios, "
    "its interval from order statistics. Effect: mean of the log ratios over "
    "their standard deviation. First: the ratio in pairs that this case began, "
    "against that in the others, and its p (Welch's t).";

static void cell(struct td_table *table, char *value, char *detail)
{
    td_table_add(table, value, detail);
    free(value);
    free(detail);
}

static char *percent(double part)
{
    return isfinite(part)
               ? td_xasprintf("%.*f %%", part < .1 ? 2 : 0, 100 * part)
               : td_xstrdup(TD_DASH);
}

static void level_cell(struct td_table *table, double share, double variance,
                       double mean)
{
    bool known = isfinite(share);
    cell(table,
         known ? td_xasprintf("%.0f %%", 100 * share) : td_xstrdup(TD_DASH),
         known ? percent(sqrt(fmax(variance, 0)) / mean) : NULL);
}

static void best_cell(struct td_table *table, const struct td_case_details *d)
{
    struct td_buf best = TD_BUF_INIT, had = TD_BUF_INIT;
    if (d->best_iterations)
        td_count_print(d->best_iterations, &best);
    else
        td_buf_adds(&best, d->variance.t2[1] > 0 || isnan(d->variance.mean)
                               ? TD_DASH
                               : "any");
    if (!isnan(d->variance.mean))
        td_count_print((uint64_t)llround(d->variance.iterations), &had);
    td_table_add(table, td_buf_str(&best), td_buf_str(&had));
    td_buf_release(&best);
    td_buf_release(&had);
}

static void case_row(struct td_table *table, const struct td_case_summary *c)
{
    const struct td_case_details *d = &c->details;
    const struct td_variance *v = &d->variance;
    cell(table, td_xstrdup(c->runtime),
         td_xasprintf("  %s", c->implementation));
    level_cell(table, d->between_invocations, v->t2[1], v->mean);
    level_cell(table, 1 - d->between_invocations, v->t2[0], v->mean);
    best_cell(table, d);
    td_table_add_figure(table, d->pair_median, TD_UNIT_NONE);
    cell(table,
         isfinite(d->effect_size) ? td_xasprintf("%.3g", d->effect_size)
                                  : td_xstrdup(TD_DASH),
         NULL);
    cell(table,
         isfinite(d->period.p) ? td_xasprintf("%.3f", d->period.ratio)
                               : td_xstrdup(TD_DASH),
         isfinite(d->period.p) ? td_xasprintf("p %.2f", d->period.p) : NULL);
}

static void details_table(const struct td_summary *summary,
                          const struct td_group_summary *group,
                          struct td_table *table)
{
    td_table_init(table, 7);
    td_table_add(table, "runtime", "  implementation");
    td_table_add(table, "between invocations", "deviation");
    td_table_add(table, "between iterations", "deviation");
    td_table_add(table, "best iterations", "had");
    cell(table, td_xstrdup("median pair"),
         td_xasprintf("%g %%", 100 * summary->confidence));
    td_table_add(table, "effect", NULL);
    td_table_add(table, "first", "p");
    for (size_t i = 0; i < group->ncases; i++)
        if (!group->cases[i].problem)
            case_row(table, &group->cases[i]);
}

static bool any_figures(const struct td_group_summary *group)
{
    for (size_t i = 0; i < group->ncases; i++)
        if (!group->cases[i].problem)
            return true;
    return false;
}

static void group_details(const struct td_summary *summary,
                          const struct td_group_summary *group, bool markdown,
                          struct td_buf *out)
{
    struct td_table table;
    td_buf_addf(out,
                markdown ? "#### Details: %s %s\n\n" : "Details: %s %s\n\n",
                group->workload, group->set);
    details_table(summary, group, &table);
    if (markdown)
        td_table_markdown(&table, out);
    else
        td_table_text(&table, out);
    td_buf_addc(out, '\n');
    td_table_release(&table);
}

void td_report_details(const struct td_summary *summary, bool markdown,
                       struct td_buf *out)
{
    for (size_t i = 0; i < summary->ngroups; i++)
        if (!summary->groups[i].is_reference &&
            any_figures(&summary->groups[i]))
            group_details(summary, &summary->groups[i], markdown, out);
    if (markdown)
        td_buf_addf(out, "%s\n", legend);
    else
        td_text_fold(legend, WIDTH, 0, out);
}
