/*
 * table - cells in columns that align, by their width on the screen (UTF-8),
 * as text or as Markdown.
 *
 * Cells are added row by row.  A cell has a value and a detail ("954 µs" and
 * "946–962"): text puts the detail under the value, Markdown behind it in
 * parentheses.  The first row is the heading.
 */
#ifndef TD_OUT_TABLE_H
#define TD_OUT_TABLE_H

#include "base/buf.h"

#include <stdbool.h>

struct td_cell {
    char *value, *detail; /* owned; detail may be NULL */
};

struct td_table {
    size_t columns;
    struct td_cell *cells;
    size_t count, cap;
};

void td_table_init(struct td_table *table, size_t columns);
void td_table_release(struct td_table *table);
/* Copies both; detail may be NULL. */
void td_table_add(struct td_table *table, const char *value,
                  const char *detail);

/* First column to the left, the others to the right. */
void td_table_text(const struct td_table *table, struct td_buf *out);
void td_table_markdown(const struct td_table *table, struct td_buf *out);

/* Columns that the text takes on a terminal. */
size_t td_text_width(const char *text);
/* Folds text at spaces to `width` columns; each line after the first begins
 * with `indent` spaces. */
void td_text_fold(const char *text, size_t width, size_t indent,
                  struct td_buf *out);

#endif
