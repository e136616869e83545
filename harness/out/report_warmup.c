/* How the cases of a group warmed up: a table beside the group's, where one of
 * them did. */
#include "out/report_parts.h"

#include <stdlib.h>

static bool is_shown(const struct td_case_summary *c)
{
    return !c->problem && c->warmup.known && c->warmup.kind != TD_WARMUP_FLAT;
}

static void heading(const struct td_summary *summary, struct td_table *table)
{
    char *interval = td_xasprintf("%g %%", 100 * summary->confidence);
    td_table_add(table, "warming up", "  implementation");
    td_table_add(table, "class", "invocations");
    td_table_add(table, "first", interval);
    td_table_add(table, "until steady", interval);
    td_table_add(table, "steady", interval);
    td_table_add(table, "left out", "samples");
    free(interval);
}

static void class_cell(const struct td_case_warmup *warmup,
                       struct td_table *table)
{
    char *invocations = td_xasprintf("%u", warmup->invocations);
    td_table_add(table,
                 warmup->kind == TD_WARMUP_NONE ? "not steady"
                                                : td_warmup_name(warmup->kind),
                 invocations);
    free(invocations);
}

static void left_out_cell(const struct td_case_warmup *warmup,
                          struct td_table *table)
{
    struct td_buf out = TD_BUF_INIT, of = TD_BUF_INIT;
    td_count_print(warmup->truncated ? warmup->left_out : 0, &out);
    td_buf_adds(&of, "of ");
    td_count_print(warmup->samples, &of);
    td_table_add(table, td_buf_str(&out), td_buf_str(&of));
    td_buf_release(&out);
    td_buf_release(&of);
}

static void row(const struct td_case_summary *c, struct td_table *table)
{
    char *name = td_xasprintf("  %s", c->implementation);
    td_table_add(table, c->runtime, name);
    class_cell(&c->warmup, table);
    td_table_add_figure(table, c->first_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->warmup.until_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->warmup.steady_ns, TD_UNIT_TIME);
    left_out_cell(&c->warmup, table);
    free(name);
}

bool td_warmup_table(const struct td_summary *summary,
                     const struct td_group_summary *group,
                     struct td_table *table)
{
    bool any = false;
    td_table_init(table, 6);
    heading(summary, table);
    for (size_t i = 0; i < group->ncases; i++)
        if (is_shown(&group->cases[i])) {
            row(&group->cases[i], table);
            any = true;
        }
    return any;
}

void td_say_warmup(const struct td_summary *summary, struct td_buf *out)
{
    bool any = false, whole = false;
    for (size_t i = 0; i < summary->ngroups; i++)
        for (size_t k = 0; k < summary->groups[i].ncases; k++) {
            const struct td_case_summary *c = &summary->groups[i].cases[k];
            any = any || (is_shown(c) && !summary->groups[i].is_reference);
            whole = whole || (c->warmup.left_out && !c->warmup.truncated);
        }
    if (!any)
        return;
    td_buf_adds(out,
                "Warming up: the first iteration, the time inside samples "
                "before the steady state, and the mean of an operation from "
                "then on, over all invocations but the one that was "
                "calibrated; where it was comes from what they have in "
                "common. ");
    td_buf_adds(out, whole ? "Nothing was left out of the figures."
                           : "Left out of all other figures: that many "
                             "samples at the start of each invocation.");
}
