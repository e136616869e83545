#include "out/report.h"
#include "out/report_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100 };

static const char no_case[] = "No case is in both runs.\n";

static char *case_name(const struct td_group_summary *group,
                       const struct td_case_summary *c)
{
    return td_xasprintf("%s %s %s %s", group->workload, group->set, c->runtime,
                        c->implementation);
}

/* "go-1.26.8 trial [1,2]"; "go-1.22.12 → go-1.26.8 trial" */
static char *detail(const struct td_compared_case *c, struct td_strings *notes)
{
    struct td_buf out = TD_BUF_INIT;
    const char *const problems[] = {c->a->problem, c->b->problem};
    bool same = strcmp(c->a->runtime, c->b->runtime) == 0;
    td_buf_addf(&out, "  %s%s%s %s", same ? "" : c->a->runtime,
                same ? "" : " → ", c->b->runtime, c->b->implementation);
    for (size_t i = 0; i < 2; i++)
        if (problems[i]) {
            char *text = td_xasprintf("%s: %s", i ? "B" : "A", problems[i]);
            td_buf_addf(&out, " [%zu]", td_note_number(notes, text));
            free(text);
        }
    for (size_t i = 0; i < c->notes.count; i++)
        td_buf_addf(&out, " [%zu]", td_note_number(notes, c->notes.at[i]));
    return td_buf_detach(&out);
}

static void verdict_cell(struct td_table *table,
                         const struct td_compared_case *c, bool gate)
{
    struct td_buf below = TD_BUF_INIT;
    const char *verdict =
        c->ratio.known ? td_verdict_name(c->verdict) : TD_DASH;
    if (gate)
        td_buf_addf(&below, "gate: %s", td_gate_name(c->gate));
    td_table_add(table, verdict, gate ? td_buf_str(&below) : NULL);
    td_buf_release(&below);
}

static void floor_cell(struct td_table *table, double floor)
{
    char *text = isnan(floor) ? td_xstrdup(TD_DASH)
                              : td_xasprintf("%.1f %%", 100 * floor);
    td_table_add(table, text, NULL);
    free(text);
}

static void add_row(struct td_table *table, const struct td_compared_case *c,
                    bool gate, struct td_strings *notes)
{
    char *name = td_xasprintf("%s %s", c->group_b->workload, c->group_b->set);
    char *below = detail(c, notes);
    td_table_add(table, name, below);
    td_table_add_figure(table, c->ratio, TD_UNIT_NONE);
    td_table_add_figure(table, c->hodges_lehmann, TD_UNIT_NONE);
    floor_cell(table, c->noise_floor);
    td_table_add_figure(table, c->a->mean_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->b->mean_ns, TD_UNIT_TIME);
    verdict_cell(table, c, gate);
    free(name);
    free(below);
}

static void make_table(const struct td_comparison *comparison, bool gate,
                       struct td_table *table, struct td_strings *notes)
{
    char *interval = td_xasprintf("%g %%", 100 * comparison->confidence);
    td_table_init(table, 7);
    td_table_add(table, "case", "  runtime implementation");
    td_table_add(table, "B / A", interval);
    td_table_add(table, "H–L", interval);
    td_table_add(table, "floor", NULL);
    td_table_add(table, "mean A", interval);
    td_table_add(table, "mean B", interval);
    td_table_add(table, "verdict", NULL);
    for (size_t i = 0; i < comparison->ncases; i++)
        add_row(table, &comparison->cases[i], gate, notes);
    free(interval);
}

/* What the reference says of the machine. */
static char *say_reference(const struct td_comparison *comparison)
{
    const struct td_compared_case *c = &comparison->reference;
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    char *name, *out;
    if (!c->a)
        return td_xstrdup("the runs have no reference in common: nothing is "
                          "known of how the machine itself drifted");
    name = case_name(c->group_b, c->b);
    td_figure_say(c->ratio, &value, &interval);
    out = td_xasprintf(
        "%sthe reference (%s) took %s times as long in B as in A (%g %% "
        "interval %s)%s",
        comparison->drifted ? "the machine itself changed: " : "", name,
        td_buf_str(&value), 100 * comparison->confidence, td_buf_str(&interval),
        comparison->drifted ? "; every verdict of this table includes that"
                            : "");
    free(name);
    td_buf_release(&value);
    td_buf_release(&interval);
    return out;
}

/* Before the table. */
static void say_warnings(const struct td_comparison *comparison,
                         struct td_strings *out)
{
    char *reference = say_reference(comparison);
    td_strings_addf(out, "%s: %s.",
                    comparison->drifted || !comparison->reference.a ? "Warning"
                                                                    : "Drift",
                    reference);
    free(reference);
    for (size_t i = 0; i < comparison->warnings.count; i++)
        td_strings_addf(out, "Warning: %s.", comparison->warnings.at[i]);
}

static void say_unmatched(const struct td_unmatched *list, size_t count,
                          const char *run, struct td_strings *out)
{
    for (size_t i = 0; i < count; i++) {
        char *name = case_name(list[i].group, list[i].only);
        td_strings_addf(out, "Only in %s: %s%s%s.", run, name,
                        list[i].only->problem ? ": " : "",
                        list[i].only->problem ? list[i].only->problem : "");
        free(name);
    }
}

/* Behind the table. */
static void say_rest(const struct td_comparison *comparison, bool gate,
                     struct td_strings *out)
{
    say_unmatched(comparison->only_a, comparison->nonly_a, "A", out);
    say_unmatched(comparison->only_b, comparison->nonly_b, "B", out);
    td_strings_addf(
        out,
        "B / A is the ratio of the means over invocations with Fieller's "
        "interval, H–L the shift of Hodges and Lehmann; verdicts are on B / A "
        "with a threshold of %g %%, and never on less than the floor, the "
        "larger noise floor of both runs. The runs did not take turns: what "
        "the "
        "machine did between them is in no interval here. Measure both again, "
        "in turns, before anyone is alarmed.",
        100 * comparison->settings.threshold);
    if (gate)
        td_strings_addf(
            out, "Gate at %g %%: %s.", 100 * comparison->settings.threshold,
            comparison->gate == TD_GATE_NONE ? "nothing to compare"
                                             : td_gate_name(comparison->gate));
}

static void comparison_text(const struct td_comparison *comparison, bool gate,
                            struct td_buf *out)
{
    struct td_strings before = TD_STRINGS_INIT, after = TD_STRINGS_INIT;
    struct td_strings notes = TD_STRINGS_INIT;
    struct td_table table;
    td_buf_addf(out, "A %s\nB %s\n", comparison->a.run_id,
                comparison->b.run_id);
    say_warnings(comparison, &before);
    for (size_t i = 0; i < before.count; i++)
        td_text_fold(before.at[i], WIDTH, 0, out);
    make_table(comparison, gate, &table, &notes);
    td_buf_addc(out, '\n');
    if (comparison->ncases)
        td_table_text(&table, out);
    else
        td_buf_adds(out, no_case);
    for (size_t i = 0; i < notes.count; i++) {
        td_buf_addf(out, "[%zu] ", i + 1);
        td_text_fold(notes.at[i], WIDTH, 4, out);
    }
    td_buf_addc(out, '\n');
    say_rest(comparison, gate, &after);
    for (size_t i = 0; i < after.count; i++)
        td_text_fold(after.at[i], WIDTH, 0, out);
    td_table_release(&table);
    td_strings_release(&before);
    td_strings_release(&after);
    td_strings_release(&notes);
}

static void comparison_markdown(const struct td_comparison *comparison,
                                bool gate, struct td_buf *out)
{
    struct td_strings before = TD_STRINGS_INIT, after = TD_STRINGS_INIT;
    struct td_strings notes = TD_STRINGS_INIT;
    struct td_table table;
    td_buf_addf(out, "### `%s` (A) and `%s` (B)\n\n", comparison->a.run_id,
                comparison->b.run_id);
    say_warnings(comparison, &before);
    for (size_t i = 0; i < before.count; i++)
        td_buf_addf(out, "%s\n\n", before.at[i]);
    make_table(comparison, gate, &table, &notes);
    if (comparison->ncases)
        td_table_markdown(&table, out);
    else
        td_buf_adds(out, no_case);
    td_buf_addc(out, '\n');
    for (size_t i = 0; i < notes.count; i++)
        td_buf_addf(out, "- [%zu] %s\n", i + 1, notes.at[i]);
    td_buf_adds(out, notes.count ? "\n" : "");
    say_rest(comparison, gate, &after);
    for (size_t i = 0; i < after.count; i++)
        td_buf_addf(out, "%s\n\n", after.at[i]);
    td_table_release(&table);
    td_strings_release(&before);
    td_strings_release(&after);
    td_strings_release(&notes);
}

static void comparison_json(const struct td_comparison *comparison,
                            struct td_buf *out)
{
    json_t *json = td_comparison_json(comparison);
    char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    td_buf_addf(out, "%s\n", text ? text : "null");
    free(text);
    json_decref(json);
}

int td_report_comparison(const struct td_comparison *comparison,
                         enum td_format format, bool gate, FILE *to,
                         struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = 0;
    switch (format) {
    case TD_FORMAT_TEXT:
        comparison_text(comparison, gate, &text);
        break;
    case TD_FORMAT_MARKDOWN:
        comparison_markdown(comparison, gate, &text);
        break;
    case TD_FORMAT_JSON:
        comparison_json(comparison, &text);
        break;
    }
    if (fwrite(text.data, 1, text.len, to) != text.len || fflush(to))
        rc = td_err_sys(err, -errno, "cannot write the comparison");
    td_buf_release(&text);
    return rc;
}
