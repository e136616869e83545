/* How times grow over the sizes of a sweep, from summary.json. */
#include "base/json.h"
#include "claims/facts_run.h"
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/report_growth.h"
#include "out/table.h"
#include "out/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct making {
    struct td_fact_run *run;
    const char *workload, *parameter; /* borrowed from the run's figures */
    json_t *entries;                  /* of this sweep; owned */
};

static void add_figure(struct td_table *table, const json_t *from,
                       enum td_unit unit)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    struct td_figure figure = td_figure_from_json(from);
    td_figure_print(figure, unit, &value, &interval);
    td_table_add(table, td_buf_str(&value),
                 figure.bounded ? td_buf_str(&interval) : NULL);
    td_buf_release(&value);
    td_buf_release(&interval);
}

static void add_number(struct td_table *table, double value, int decimals,
                       const char *unit)
{
    char *text = td_xasprintf("%.*f%s", decimals, value, unit);
    td_table_add(table, isfinite(value) ? text : TD_DASH, NULL);
    free(text);
}

static void add_size(struct td_table *table, double size)
{
    struct td_buf text = TD_BUF_INIT;
    td_growth_size_print(size, &text);
    td_table_add(table, td_buf_str(&text), NULL);
    td_buf_release(&text);
}

static struct td_figure part_of(const json_t *fit, const char *name)
{
    return td_figure_from_json(json_object_get(fit, name));
}

static void add_models(struct td_table *table, const json_t *entry)
{
    const json_t *models = json_object_get(entry, "models");
    const json_t *first = json_array_get(models, 0);
    struct td_buf best = TD_BUF_INIT, others = TD_BUF_INIT;
    td_growth_model_print(td_json_str(first, "model", "?"),
                          part_of(first, "a_ns"), part_of(first, "c_ns"), &best,
                          &others);
    for (size_t i = 1; i < json_array_size(models); i++)
        td_buf_addf(&others, "%s%s",
                    i > 1        ? ", "
                    : others.len ? "; or "
                                 : "or ",
                    td_json_str(json_array_get(models, i), "model", "?"));
    td_table_add(table, td_buf_str(&best),
                 others.len ? td_buf_str(&others) : NULL);
    add_number(table, 100 * td_json_num(first, "error", NAN), 1, " %");
    td_buf_release(&best);
    td_buf_release(&others);
}

static char *name_of(const json_t *entry)
{
    return td_xasprintf("%s %s", td_json_str(entry, "runtime", "?"),
                        td_json_str(entry, "implementation", "?"));
}

static void print_laws(const struct making *in, struct td_buf *out)
{
    static const char *const heads[] = {
        "Runtime, implementation", "Exponent", "Over the last octave",
        "Best model (interval; or as likely)", "Its error"};
    struct td_table table;
    const json_t *entry;
    size_t i;
    td_table_init(&table, sizeof heads / sizeof *heads);
    for (i = 0; i < table.columns; i++)
        td_table_add(&table, heads[i], NULL);
    json_array_foreach(in->entries, i, entry)
    {
        char *name = name_of(entry);
        td_table_add(&table, name, NULL);
        add_figure(&table, json_object_get(entry, "exponent"), TD_UNIT_NONE);
        add_figure(&table, json_object_get(entry, "last_octave"), TD_UNIT_NONE);
        add_models(&table, entry);
        free(name);
    }
    td_table_markdown(&table, out);
    td_table_release(&table);
}

static bool has_base(const json_t *entry)
{
    return json_is_string(json_object_get(entry, "base_runtime"));
}

static void add_size_heading(const struct making *in, struct td_table *table)
{
    const json_t *entry;
    size_t i, columns = 1;
    json_array_foreach(in->entries, i, entry) columns += 1 + has_base(entry);
    td_table_init(table, columns);
    td_table_add(table, in->parameter, NULL);
    json_array_foreach(in->entries, i, entry)
    {
        char *name = name_of(entry);
        td_table_add(table, name, NULL);
        if (has_base(entry))
            td_table_add(table, "ratio to its base", NULL);
        free(name);
    }
}

/* What an entry has of a size. */
static void add_size_cells(struct td_table *table, const json_t *entry,
                           const json_t *size)
{
    const json_t *own;
    size_t at;
    json_array_foreach(json_object_get(entry, "sizes"), at,
                       own) if (json_equal(own, size)) break;
    add_figure(table, json_array_get(json_object_get(entry, "mean_ns"), at),
               TD_UNIT_TIME);
    if (has_base(entry))
        add_figure(table, json_array_get(json_object_get(entry, "ratio"), at),
                   TD_UNIT_NONE);
}

/* A row a size of the first entry; an entry without that size has dashes. */
static void print_sizes(const struct making *in, struct td_buf *out)
{
    const json_t *sizes =
        json_object_get(json_array_get(in->entries, 0), "sizes");
    const json_t *entry, *size;
    size_t i, row;
    struct td_table table;
    add_size_heading(in, &table);
    json_array_foreach(sizes, row, size)
    {
        add_size(&table, json_number_value(size));
        json_array_foreach(in->entries, i, entry)
            add_size_cells(&table, entry, size);
    }
    td_table_markdown(&table, out);
    td_table_release(&table);
}

static void say_crossings(const struct making *in, struct td_buf *out)
{
    const json_t *entry;
    size_t i;
    json_array_foreach(in->entries, i, entry)
    {
        const json_t *between = json_object_get(entry, "crossover");
        char *name = name_of(entry);
        if (json_is_object(between))
            td_buf_addf(out,
                        "- %s and its base change places between %s = %.15g "
                        "and %.15g.\n",
                        name, in->parameter, td_json_num(between, "below", NAN),
                        td_json_num(between, "above", NAN));
        free(name);
    }
}

/* Is it the group of one of the entry's sizes? */
static bool is_swept(const struct making *in, const json_t *group,
                     const json_t *entry)
{
    const char *text =
        td_json_str(json_object_get(group, "params"), in->parameter, "");
    const json_t *size;
    size_t i;
    if (strcmp(td_json_str(group, "workload", ""), in->workload) != 0)
        return false;
    json_array_foreach(json_object_get(entry, "sizes"), i, size)
    {
        if (*text && fabs(strtod(text, NULL) - json_number_value(size)) <= 0)
            return true;
    }
    return false;
}

static bool is_same(const json_t *a, const json_t *b, const char *key)
{
    return json_equal(json_object_get(a, key), json_object_get(b, key));
}

/* "cpython-3.11.2 trial: cases 1 (15 invocations), 3 (15), …" */
static void say_cases(const struct making *in, const json_t *entry,
                      struct td_buf *out)
{
    const json_t *groups = json_object_get(in->run->figures, "groups");
    const json_t *group, *of;
    size_t g, c, said = 0;
    char *name = name_of(entry);
    td_buf_addf(out, "- %s, `tandem show %s CASE` with CASE one of", name,
                in->run->dir.id);
    json_array_foreach(groups, g, group)
    {
        if (!is_swept(in, group, entry))
            continue;
        json_array_foreach(json_object_get(group, "cases"), c, of)
        {
            if (!is_same(of, entry, "runtime") ||
                !is_same(of, entry, "implementation"))
                continue;
            td_buf_addf(out, "%s %" PRIu64 " (%s; %" PRIu64 ")",
                        said++ ? "," : "", td_json_u64(of, "case", 0),
                        td_json_str(group, "set", "?"),
                        td_json_u64(of, "invocations", 0));
        }
    }
    td_buf_adds(out, ".\n");
    free(name);
}

static void print_sweep(const struct making *in, const struct td_facts *facts,
                        struct td_buf *out)
{
    struct td_footnotes notes = TD_FOOTNOTES_INIT;
    const json_t *entry;
    size_t i;
    print_laws(in, out);
    td_buf_addc(out, '\n');
    print_sizes(in, out);
    td_buf_addf(out,
                "\nThe exponent is the slope of log time over log %s; times "
                "are of one operation, over invocations, whose number stands "
                "below behind each size; with figures their interval, with a "
                "model those of its coefficients, were it the true one.\n\n",
                in->parameter);
    say_crossings(in, out);
    json_array_foreach(in->entries, i, entry) say_cases(in, entry, out);
    td_footnotes_add_run(&notes, in->run->dir.id);
    td_footnotes_print(&notes, facts, out);
    td_footnotes_release(&notes);
}

/* The first sweep of the workload in the run, all its entries; false when
 * there is none. */
static bool find_sweep(struct making *in, const char *workload)
{
    json_t *entry;
    size_t i;
    in->entries = json_array();
    json_array_foreach(json_object_get(in->run->figures, "growth"), i, entry)
    {
        if (strcmp(td_json_str(entry, "workload", ""), workload) != 0)
            continue;
        if (!json_array_size(in->entries)) {
            in->workload = td_json_str(entry, "workload", "");
            in->parameter = td_json_str(entry, "parameter", "");
        }
        if (is_same(entry, json_array_get(in->entries, 0), "parameter") ||
            !json_array_size(in->entries))
            json_array_append(in->entries, entry);
    }
    return json_array_size(in->entries) > 0;
}

int td_block_growth(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err)
{
    const char *workload = td_fields_get(&block->args, "workload");
    struct td_facts *facts = from->facts;
    (void)file;
    for (size_t i = 0; i < facts->nruns; i++) {
        struct making in = {.run = &facts->runs[i]};
        bool found;
        if (in.run->is_service ||
            (!facts->named && !td_fact_run_counts(in.run)))
            continue;
        if (td_fact_run_load(in.run, err))
            return err->code;
        found = find_sweep(&in, workload);
        if (found)
            print_sweep(&in, facts, out);
        json_decref(in.entries);
        if (found)
            return 0;
    }
    td_buf_addf(out, "not measured: no complete run has a sweep of %s.\n",
                workload);
    return 0;
}
