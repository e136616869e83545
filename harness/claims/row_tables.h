/*
 * row_tables - workloads/tables.ini: the tables of the articles, their rows
 * in the articles' order, their cells, and beside these what is to be
 * measured, in the language of claims/expression.h:
 *
 *     [table NAME]                  NAME is the KIND of a document's block
 *     source = 001                  the article
 *     label = Metric                head of the first column
 *     article = Python | Go         heads of the article's other columns
 *     measured = python go ratio    which of these columns stand beside them
 *
 *     [row NAME WORD]               a row of that table; WORD tells them apart
 *     label = Execution time
 *     article = 14.2 s | 1.8 s      its cells; none for a row of ours below one
 *     python = value(…)             an expression a measured column
 *     go = value(…)
 *     ratio = ratio(…)              ratio_2, ratio_3: continue a long line
 *     why = no cloud at hand        instead of expressions: why there is none
 *     note = what to know of it     a footnote
 *
 * This module reads; it evaluates nothing.
 */
#ifndef TD_CLAIMS_ROW_TABLES_H
#define TD_CLAIMS_ROW_TABLES_H

#include "base/err.h"
#include "base/fields.h"
#include "claims/expression.h"

#include <stddef.h>

enum td_measured { TD_MEASURED_PYTHON, TD_MEASURED_GO, TD_MEASURED_RATIO };
enum { TD_MEASURED = 3 };

struct td_row {
    char *label;
    struct td_strings article;          /* as many as the table has, or none */
    char *expression[TD_MEASURED];      /* NULL: an empty cell */
    struct td_place place[TD_MEASURED]; /* of each */
    char *why;                          /* why nothing is measured, or NULL */
    char *note;                         /* or NULL */
};

struct td_row_table {
    char *name, *source, *label;
    struct td_strings article; /* heads */
    bool measured[TD_MEASURED];
    struct td_row *rows;
    size_t count;
};

struct td_row_tables {
    char *file; /* for messages */
    struct td_row_table *at;
    size_t count;
};

/* Reads a file; TD_EINPUT "file:line: …" on the first mistake.  Release *out
 * either way. */
int td_row_tables_load(struct td_row_tables *out, const char *path,
                       struct td_err *err);
/* The same of text. */
int td_row_tables_parse(struct td_row_tables *out, const char *file,
                        const char *text, size_t len, struct td_err *err);
/* Every expression can be read, and every workload, set, runtime and
 * implementation in one is in the catalogue; else TD_EINPUT with the place. */
int td_row_tables_check(const struct td_row_tables *tables,
                        const struct td_catalogue *catalogue,
                        struct td_err *err);
void td_row_tables_release(struct td_row_tables *tables);
/* NULL when there is none. */
const struct td_row_table *td_row_tables_find(const struct td_row_tables *of,
                                              const char *name);

#endif
