#include "claims/row_tables.h"

#include "base/files.h"
#include "base/opt.h"
#include "plan/sections.h"

#include <stdlib.h>
#include <string.h>

static const char *const measured_words[TD_MEASURED] = {"python", "go",
                                                        "ratio"};

/* In "name = value" the value begins so many columns behind the name's last;
 * where a file is not written so, a message's column is off by a few. */
enum { BEHIND_NAME = 4 };

/* A section's keys as they are written. */
struct keys {
    char *source, *label, *article;
    struct td_strings measured;
    char *expression[TD_MEASURED];
    char *ratio_more[2];
    char *why, *note;
};

#define TEXT(key, field, what)                                                 \
    {                                                                          \
        key, TD_OPT_STRING, offsetof(struct keys, field), NULL, 0, 0, NULL,    \
            NULL, what                                                         \
    }

static const struct td_opt table_keys[] = {
    TEXT("source", source, "the article"),
    TEXT("label", label, "head of the first column"),
    TEXT("article", article, "heads of the article's columns"),
    {"measured", TD_OPT_LIST, offsetof(struct keys, measured), NULL, 0, 0, NULL,
     NULL, "the columns beside them"},
    TD_OPT_END};

static const struct td_opt row_keys[] = {
    TEXT("label", label, "what the row is about"),
    TEXT("article", article, "the article's cells"),
    TEXT("python", expression[TD_MEASURED_PYTHON], "expression"),
    TEXT("go", expression[TD_MEASURED_GO], "expression"),
    TEXT("ratio", expression[TD_MEASURED_RATIO], "expression"),
    TEXT("ratio_2", ratio_more[0], "more of it"),
    TEXT("ratio_3", ratio_more[1], "more of it"),
    TEXT("why", why, "why nothing is measured"),
    TEXT("note", note, "a footnote"),
    TD_OPT_END};

struct reading {
    struct td_row_tables *out;
    const struct td_section *section;
    struct td_err *err;
};

static int refuse(const struct reading *in, const char *key, const char *fmt,
                  ...) __attribute__((format(printf, 3, 4)));

/* key: whose line is named; NULL: the heading's. */
static int refuse(const struct reading *in, const char *key, const char *fmt,
                  ...)
{
    va_list ap;
    int rc;
    va_start(ap, fmt);
    rc = td_err_vinput(in->err, in->out->file,
                       td_section_line(in->section, key), fmt, ap);
    va_end(ap);
    return rc;
}

static int take_keys(const struct reading *in, const struct td_opt *table,
                     struct keys *keys)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < in->section->nkeys; i++) {
        const struct td_key *key = &in->section->keys[i];
        char *where = td_xasprintf("%s:%d", in->out->file, key->line);
        rc = td_opt_set(table, keys, key->name, key->value, where, TD_EINPUT,
                        in->err);
        free(where);
    }
    return rc;
}

/* "a | b": each part without the blanks around it; parts may be empty. */
static void split_cells(struct td_strings *out, const char *text)
{
    for (const char *at = text; at;) {
        const char *bar = strchr(at, '|');
        const char *end = bar ? bar : at + strlen(at);
        char *cell;
        at += strspn(at, " \t");
        while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        cell = td_xstrndup(at, end > at ? (size_t)(end - at) : 0);
        td_strings_add(out, cell);
        free(cell);
        at = bar ? bar + 1 : NULL;
    }
}

static int take_measured(const struct reading *in,
                         const struct td_strings *words,
                         struct td_row_table *table)
{
    for (size_t i = 0; i < words->count; i++) {
        size_t k = 0;
        while (k < TD_MEASURED && strcmp(words->at[i], measured_words[k]) != 0)
            k++;
        if (k == TD_MEASURED)
            return refuse(in, "measured",
                          "expected python, go or ratio, found \"%s\"",
                          words->at[i]);
        table->measured[k] = true;
    }
    return words->count ? 0
                        : refuse(in, NULL, "[table %s] needs measured = …",
                                 in->section->name);
}

static int add_table(const struct reading *in)
{
    struct td_row_tables *out = in->out;
    struct keys keys = {0};
    struct td_row_table *table;
    int rc = take_keys(in, table_keys, &keys);
    out->at = td_xrealloc(out->at, (out->count + 1) * sizeof *out->at);
    table = &out->at[out->count++];
    *table = (struct td_row_table){.name = td_xstrdup(in->section->name)};
    if (!rc && (!keys.source || !keys.label || !keys.article))
        rc = refuse(in, NULL, "[table %s] needs source, label and article",
                    table->name);
    if (!rc)
        rc = take_measured(in, &keys.measured, table);
    if (!rc) {
        table->source = td_xstrdup(keys.source);
        table->label = td_xstrdup(keys.label);
        split_cells(&table->article, keys.article);
    }
    td_opt_release(table_keys, &keys);
    return rc;
}

/* The table that a row's heading names, "NAME WORD"; NULL: refused. */
static struct td_row_table *table_of(const struct reading *in)
{
    const char *name = in->section->name;
    size_t len = strcspn(name, " \t");
    char *first = td_xstrndup(name, len);
    struct td_strings names = TD_STRINGS_INIT;
    struct td_row_table *found = NULL;
    const char *near;
    for (size_t i = 0; i < in->out->count; i++) {
        td_strings_add(&names, in->out->at[i].name);
        if (strcmp(in->out->at[i].name, first) == 0)
            found = &in->out->at[i];
    }
    near = td_strings_nearest(&names, first);
    if (!found)
        refuse(in, NULL, "no [table %s] above this row%s%s%s", first,
               near ? "; did you mean " : "", near ? near : "",
               near ? "?" : "");
    td_strings_release(&names);
    free(first);
    return found;
}

/* Where a key's value stands. */
static struct td_place_break piece_at(const struct reading *in, const char *key,
                                      int from)
{
    return (struct td_place_break){from, td_section_line(in->section, key),
                                   (int)strlen(key) + BEHIND_NAME};
}

/* One text of ratio, ratio_2 and ratio_3, with the place of each. */
static void join_ratio(const struct reading *in, struct keys *keys,
                       struct td_place *place)
{
    static const char *const names[] = {"ratio_2", "ratio_3"};
    char **ratio = &keys->expression[TD_MEASURED_RATIO];
    for (size_t i = 0; *ratio && i < sizeof names / sizeof *names; i++) {
        char *longer;
        if (!keys->ratio_more[i])
            continue;
        longer = td_xasprintf("%s %s", *ratio, keys->ratio_more[i]);
        place->breaks[place->nbreaks++] =
            piece_at(in, names[i], place->column + (int)strlen(*ratio) + 1);
        free(*ratio);
        *ratio = longer;
    }
}

static void place_row(const struct reading *in, struct td_row *row)
{
    for (size_t k = 0; k < TD_MEASURED; k++) {
        struct td_place_break first = piece_at(in, measured_words[k], 0);
        first.from = first.column;
        row->place[k] = (struct td_place){.file = in->out->file,
                                          .line = first.line,
                                          .column = first.column,
                                          .breaks = {first},
                                          .nbreaks = 1};
    }
}

static int check_row(const struct reading *in, const struct td_row_table *table,
                     const struct keys *keys, const struct td_row *row)
{
    bool any = false;
    for (size_t k = 0; k < TD_MEASURED; k++) {
        any |= keys->expression[k] != NULL;
        if (keys->expression[k] && !table->measured[k])
            return refuse(in, measured_words[k],
                          "[table %s] has no measured column %s", table->name,
                          measured_words[k]);
    }
    if (!keys->label)
        return refuse(in, NULL, "the row needs a label");
    if (any == (keys->why != NULL))
        return refuse(in, any ? "why" : NULL,
                      "a row has expressions, or why = … instead");
    if (row->article.count && row->article.count != table->article.count)
        return refuse(in, "article", "expected %zu cells, found %zu",
                      table->article.count, row->article.count);
    return 0;
}

static char *copy(const char *text)
{
    return text ? td_xstrdup(text) : NULL;
}

static int add_row(const struct reading *in)
{
    struct td_row_table *table = table_of(in);
    struct keys keys = {0};
    struct td_row *row;
    int rc;
    if (!table)
        return in->err->code;
    rc = take_keys(in, row_keys, &keys);
    table->rows =
        td_xrealloc(table->rows, (table->count + 1) * sizeof *table->rows);
    row = &table->rows[table->count++];
    *row = (struct td_row){.label = copy(keys.label),
                           .why = copy(keys.why),
                           .note = copy(keys.note)};
    place_row(in, row);
    join_ratio(in, &keys, &row->place[TD_MEASURED_RATIO]);
    for (size_t k = 0; k < TD_MEASURED; k++)
        row->expression[k] = copy(keys.expression[k]);
    if (keys.article)
        split_cells(&row->article, keys.article);
    if (!rc)
        rc = check_row(in, table, &keys, row);
    td_opt_release(row_keys, &keys);
    return rc;
}

int td_row_tables_parse(struct td_row_tables *out, const char *file,
                        const char *text, size_t len, struct td_err *err)
{
    struct td_sections sections;
    int rc;
    *out = (struct td_row_tables){td_xstrdup(file), NULL, 0};
    rc = td_sections_parse(&sections, out->file, text, len, err);
    for (size_t i = 0; !rc && i < sections.count; i++) {
        struct reading in = {out, &sections.at[i], err};
        if (strcmp(in.section->kind, "table") == 0)
            rc = add_table(&in);
        else if (strcmp(in.section->kind, "row") == 0)
            rc = add_row(&in);
        else
            rc = refuse(&in, NULL,
                        "expected [table NAME] or [row NAME WORD], "
                        "found [%s]",
                        in.section->kind);
    }
    td_sections_release(&sections);
    return rc;
}

int td_row_tables_load(struct td_row_tables *out, const char *path,
                       struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = td_file_read(path, &text, err);
    *out = (struct td_row_tables){NULL, NULL, 0};
    if (!rc)
        rc = td_row_tables_parse(out, path, td_buf_str(&text), text.len, err);
    td_buf_release(&text);
    return rc;
}

static int check_names(const struct td_row *row,
                       const struct td_catalogue *catalogue, struct td_err *err)
{
    int rc = 0;
    for (size_t k = 0; !rc && k < TD_MEASURED; k++) {
        struct td_expression *expression = NULL;
        if (!row->expression[k])
            continue;
        rc = td_expression_parse(&expression, row->expression[k],
                                 &row->place[k], err);
        if (!rc)
            rc = td_expression_check(expression, catalogue, err);
        td_expression_free(expression);
    }
    return rc;
}

int td_row_tables_check(const struct td_row_tables *tables,
                        const struct td_catalogue *catalogue,
                        struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < tables->count; i++)
        for (size_t r = 0; !rc && r < tables->at[i].count; r++)
            rc = check_names(&tables->at[i].rows[r], catalogue, err);
    return rc;
}

static void release_row(struct td_row *row)
{
    for (size_t k = 0; k < TD_MEASURED; k++)
        free(row->expression[k]);
    td_strings_release(&row->article);
    free(row->label);
    free(row->why);
    free(row->note);
}

void td_row_tables_release(struct td_row_tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        struct td_row_table *table = &tables->at[i];
        for (size_t r = 0; r < table->count; r++)
            release_row(&table->rows[r]);
        td_strings_release(&table->article);
        free(table->rows);
        free(table->name);
        free(table->source);
        free(table->label);
    }
    free(tables->at);
    free(tables->file);
    *tables = (struct td_row_tables){NULL, NULL, 0};
}

const struct td_row_table *td_row_tables_find(const struct td_row_tables *of,
                                              const char *name)
{
    for (size_t i = 0; i < of->count; i++)
        if (strcmp(of->at[i].name, name) == 0)
            return &of->at[i];
    return NULL;
}
