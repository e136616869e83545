/* A table of an article, its columns and beside them the measured ones. */
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/table.h"
#include "out/units.h"

#include <stdlib.h>
#include <string.h>

static const char *const measured_heads[TD_MEASURED] = {
    "Python, measured", "Go, measured", "Python / Go, measured"};

struct making {
    const struct td_block_sources *from;
    const struct td_row_table *table;
    struct td_table cells;
    struct td_footnotes notes;
};

/* A row's values; those of its empty cells stay all zero. */
struct row_values {
    struct td_value at[TD_MEASURED];
};

static void add_heading(struct making *in)
{
    const struct td_row_table *table = in->table;
    size_t columns = 1 + table->article.count;
    for (size_t k = 0; k < TD_MEASURED; k++)
        columns += table->measured[k];
    td_table_init(&in->cells, columns);
    td_table_add(&in->cells, table->label, NULL);
    for (size_t i = 0; i < table->article.count; i++) {
        char *head =
            td_xasprintf("%s: %s", table->source, table->article.at[i]);
        td_table_add(&in->cells, head, NULL);
        free(head);
    }
    for (size_t k = 0; k < TD_MEASURED; k++)
        if (table->measured[k])
            td_table_add(&in->cells, measured_heads[k], NULL);
}

static int evaluate(const struct making *in, const struct td_row *row,
                    struct row_values *values, struct td_err *err)
{
    int rc = 0;
    for (size_t k = 0; !rc && k < TD_MEASURED; k++) {
        if (row->expression[k])
            rc = td_expression_eval(in->from->facts, row->expression[k],
                                    &row->place[k], &values->at[k], err);
    }
    return rc;
}

/* Is what cell k lacks already said by a cell before it? */
static bool is_said(const struct row_values *values, size_t k)
{
    const char *missing = values->at[k].missing;
    for (size_t i = 0; missing && i < k; i++)
        if (values->at[i].missing &&
            strcmp(values->at[i].missing, missing) == 0)
            return true;
    return false;
}

static void add_measured(struct making *in, const struct td_row *row,
                         const struct row_values *values)
{
    bool first = true;
    for (size_t k = 0; k < TD_MEASURED; k++) {
        struct td_buf cell = TD_BUF_INIT;
        if (!in->table->measured[k])
            continue;
        if (row->why && first)
            td_buf_addf(&cell, "not measured: %s", row->why);
        else if (row->expression[k] && !is_said(values, k))
            td_value_cell(&values->at[k], &cell);
        else
            td_buf_adds(&cell, TD_DASH);
        td_table_add(&in->cells, td_buf_str(&cell), NULL);
        td_buf_release(&cell);
        first = false;
    }
}

static void add_cells(struct making *in, const struct td_row *row,
                      const struct row_values *values)
{
    size_t number =
        td_footnotes_add(&in->notes, values->at, TD_MEASURED, row->note);
    char *label = number ? td_xasprintf("%s [%zu]", row->label, number)
                         : td_xstrdup(row->label);
    td_table_add(&in->cells, label, NULL);
    for (size_t i = 0; i < in->table->article.count; i++)
        td_table_add(&in->cells, row->article.count ? row->article.at[i] : "",
                     NULL);
    add_measured(in, row, values);
    free(label);
}

static int add_row(struct making *in, const struct td_row *row,
                   struct td_err *err)
{
    struct row_values values;
    int rc;
    memset(&values, 0, sizeof values);
    rc = evaluate(in, row, &values, err);
    if (!rc)
        add_cells(in, row, &values);
    for (size_t k = 0; k < TD_MEASURED; k++)
        td_value_release(&values.at[k]);
    return rc;
}

static void say_legend(const struct making *in, struct td_buf *out)
{
    td_buf_addf(out,
                "\nColumns that begin with %s are the article's own. Measured "
                "figures: in parentheses the interval and, behind the "
                "semicolon, the invocations (fresh processes; of a highest "
                "rate the trials of its search) that the figure rests on.",
                in->table->source);
    if (in->table->measured[TD_MEASURED_RATIO])
        td_buf_adds(out, " Python / Go: how many times Go's figure Python's "
                         "is, pair by pair where both took turns.");
    td_buf_addc(out, '\n');
}

int td_block_rows(const struct td_block_sources *from, const char *file,
                  const struct td_block *block, struct td_buf *out,
                  struct td_err *err)
{
    struct making in = {.from = from};
    int rc = 0;
    in.table = td_row_tables_find(from->tables, block->kind->name);
    if (!in.table)
        return td_err_set(err, TD_EINPUT, "%s:%d: %s has no [table %s]", file,
                          block->line, from->tables->file, block->kind->name);
    add_heading(&in);
    for (size_t i = 0; !rc && i < in.table->count; i++)
        rc = add_row(&in, &in.table->rows[i], err);
    td_table_markdown(&in.cells, out);
    say_legend(&in, out);
    td_buf_adds(out, in.notes.notes.count || in.notes.runs.count ? "\n" : "");
    td_footnotes_print(&in.notes, from->facts, out);
    td_table_release(&in.cells);
    td_footnotes_release(&in.notes);
    return rc;
}
