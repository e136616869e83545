#include "out/report_growth.h"

#include "out/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, WIDTH = 100 };

/* The entries of one sweep lie side by side. */
static size_t end_of_sweep(const struct td_summary *summary, size_t first)
{
    const struct td_run_growth *all = summary->growth;
    size_t i = first;
    while (i < summary->ngrowth &&
           strcmp(all[i].workload, all[first].workload) == 0 &&
           strcmp(all[i].parameter, all[first].parameter) == 0)
        i++;
    return i;
}

void td_growth_size_print(double size, struct td_buf *out)
{
    if (size >= 1e15 || size != floor(size))
        td_buf_addf(out, "%.4g", size);
    else
        td_count_print((uint64_t)size, out);
}

static void say_range(const struct td_run_growth *entry, struct td_buf *out)
{
    td_buf_addf(out, "%zu sizes, ", entry->nsizes);
    td_growth_size_print(entry->sizes[0], out);
    td_buf_adds(out, " to ");
    td_growth_size_print(entry->sizes[entry->nsizes - 1], out);
}

static void add_slope(struct td_table *table, const struct td_figure *figure)
{
    char value[32], interval[64];
    snprintf(value, sizeof value, "%.3f", figure->value);
    snprintf(interval, sizeof interval, "%.3f–%.3f", figure->lower,
             figure->upper);
    td_table_add(table, figure->known ? value : TD_DASH,
                 figure->known && figure->bounded ? interval : NULL);
}

/* Of one coefficient, which may be smaller than any time that is measured. */
static void print_coefficient(struct td_figure figure, struct td_buf *value,
                              struct td_buf *interval)
{
    struct td_buf range = TD_BUF_INIT;
    const char *unit;
    if (figure.value < .01) {
        td_buf_addf(value, "%.3g ns", figure.value);
        td_buf_addf(&range, "%.3g–%.3g", figure.lower, figure.upper);
    } else {
        td_figure_print(figure, TD_UNIT_TIME, value, &range);
    }
    unit = strrchr(td_buf_str(value), ' ');
    if (figure.bounded)
        td_buf_addf(interval, "%s%s%s", interval->len ? ", " : "",
                    td_buf_str(&range), unit ? unit : "");
    td_buf_release(&range);
}

void td_growth_model_print(const char *model, struct td_figure a,
                           struct td_figure c, struct td_buf *value,
                           struct td_buf *interval)
{
    bool constant = strcmp(model, td_growth_name(TD_GROWTH_1)) == 0;
    if (a.value > 0 || constant)
        print_coefficient(a, value, interval);
    if (constant)
        return;
    td_buf_adds(value, a.value > 0 ? " + " : "");
    print_coefficient(c, value, interval);
    td_buf_addf(value, " × %s", model);
}

static void add_models(struct td_table *table, const struct td_growth *growth)
{
    const struct td_growth_fit *first = &growth->fits[0];
    struct td_buf best = TD_BUF_INIT, others = TD_BUF_INIT;
    td_growth_model_print(td_growth_name(first->model), first->a, first->c,
                          &best, &others);
    for (size_t i = 1; i < growth->plausible; i++)
        td_buf_addf(&others, "%s%s",
                    i > 1        ? ", "
                    : others.len ? "; or "
                                 : "or ",
                    td_growth_name(growth->fits[i].model));
    td_table_add(table, td_buf_str(&best),
                 others.len ? td_buf_str(&others) : NULL);
    td_buf_release(&best);
    td_buf_release(&others);
}

static void fill(struct td_table *table, const struct td_summary *summary,
                 size_t first, size_t end)
{
    char *interval = td_xasprintf("%g %%", 100 * summary->confidence);
    char *models = td_xasprintf("%s; or as likely", interval);
    td_table_init(table, COLUMNS);
    td_table_add(table, "runtime", "  implementation");
    td_table_add(table, "exponent", interval);
    td_table_add(table, "last octave", interval);
    td_table_add(table, "best model", models);
    td_table_add(table, "its error", NULL);
    for (size_t i = first; i < end; i++) {
        const struct td_run_growth *entry = &summary->growth[i];
        char *name = td_xasprintf("  %s", entry->implementation);
        char *error = td_xasprintf("%.2g %%", 100 * entry->fit.fits[0].error);
        td_table_add(table, entry->runtime, name);
        add_slope(table, &entry->fit.exponent);
        add_slope(table, &entry->fit.last_octave);
        add_models(table, &entry->fit);
        td_table_add(table, error, NULL);
        free(error);
        free(name);
    }
    free(models);
    free(interval);
}

static void say_crossing(const struct td_run_growth *entry, struct td_buf *out)
{
    td_buf_clear(out);
    td_buf_addf(out,
                "%s %s and %s %s change places between %s = ", entry->runtime,
                entry->implementation, entry->base_runtime,
                entry->base_implementation, entry->parameter);
    td_growth_size_print(entry->below, out);
    td_buf_adds(out, " and ");
    td_growth_size_print(entry->above, out);
    td_buf_addc(out, '.');
}

/* What the table does not show; a sentence each. */
static void remarks(const struct td_summary *summary, size_t first, size_t end,
                    struct td_strings *out)
{
    struct td_buf line = TD_BUF_INIT;
    bool any = false, compared = false, few = false;
    for (size_t i = first; i < end; i++) {
        const struct td_run_growth *entry = &summary->growth[i];
        few |= !entry->fit.enough;
        compared |= entry->base_runtime != NULL;
        if (!entry->crosses)
            continue;
        any = true;
        say_crossing(entry, &line);
        td_strings_add(out, td_buf_str(&line));
    }
    if (compared && !any)
        td_strings_add(out, "No two change places with their base within "
                            "these sizes.");
    if (few)
        td_strings_add(out, "Fewer than 9 sizes or less than 2 decades: models "
                            "cannot be told apart well.");
    td_buf_release(&line);
}

static void heading(const struct td_run_growth *entry, struct td_buf *out)
{
    td_buf_addf(out, "%s: growth with %s, ", entry->workload, entry->parameter);
    say_range(entry, out);
    td_buf_addc(out, '\n');
}

void td_growth_text(const struct td_summary *summary, struct td_buf *out)
{
    for (size_t i = 0, end; i < summary->ngrowth; i = end) {
        struct td_strings said = TD_STRINGS_INIT;
        struct td_table table;
        end = end_of_sweep(summary, i);
        heading(&summary->growth[i], out);
        remarks(summary, i, end, &said);
        for (size_t k = 0; k < said.count; k++)
            td_text_fold(said.at[k], WIDTH, 0, out);
        td_buf_addc(out, '\n');
        fill(&table, summary, i, end);
        td_table_text(&table, out);
        td_buf_adds(out, "\n\n");
        td_table_release(&table);
        td_strings_release(&said);
    }
}

void td_growth_markdown(const struct td_summary *summary, struct td_buf *out)
{
    for (size_t i = 0, end; i < summary->ngrowth; i = end) {
        struct td_strings said = TD_STRINGS_INIT;
        struct td_table table;
        end = end_of_sweep(summary, i);
        td_buf_adds(out, "### ");
        heading(&summary->growth[i], out);
        td_buf_addc(out, '\n');
        remarks(summary, i, end, &said);
        for (size_t k = 0; k < said.count; k++)
            td_buf_addf(out, "%s\n\n", said.at[k]);
        fill(&table, summary, i, end);
        td_table_markdown(&table, out);
        td_buf_addc(out, '\n');
        td_table_release(&table);
        td_strings_release(&said);
    }
}
