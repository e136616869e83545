#include "out/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

void td_table_init(struct td_table *table, size_t columns)
{
    *table = (struct td_table){columns, NULL, 0, 0};
}

void td_table_release(struct td_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->cells[i].value);
        free(table->cells[i].detail);
    }
    free(table->cells);
    td_table_init(table, table->columns);
}

void td_table_add(struct td_table *table, const char *value, const char *detail)
{
    if (table->count == table->cap) {
        table->cap = table->cap ? table->cap * 2 : 32;
        table->cells =
            td_xrealloc(table->cells, table->cap * sizeof *table->cells);
    }
    table->cells[table->count++] =
        (struct td_cell){td_xstrdup(value), detail ? td_xstrdup(detail) : NULL};
}

/* Next code point of UTF-8 text; a stray byte is one of its own. */
static uint32_t next_char(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    uint32_t c = *p++;
    if (c >= 0xc0) {
        c &= c >= 0xf0 ? 0x07 : c >= 0xe0 ? 0x0f : 0x1f;
        while ((*p & 0xc0) == 0x80)
            c = c << 6 | (*p++ & 0x3f);
    }
    *text = (const char *)p;
    return c;
}

static size_t width_of(uint32_t c)
{
    static const uint32_t wide[][2] = {
        {0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff}, {0xfe30, 0xfe6f},   {0xff00, 0xff60},
        {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
    if ((c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f))
        return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (c >= wide[i][0] && c <= wide[i][1])
            return 2;
    return 1;
}

size_t td_text_width(const char *text)
{
    size_t width = 0;
    while (*text)
        width += width_of(next_char(&text));
    return width;
}

static size_t wider(size_t a, const char *text)
{
    size_t b = text ? td_text_width(text) : 0;
    return a > b ? a : b;
}

static size_t *widths_of(const struct td_table *table)
{
    size_t *widths = td_xcalloc(table->columns, sizeof *widths);
    for (size_t i = 0; i < table->count; i++) {
        size_t *width = &widths[i % table->columns];
        *width = wider(*width, table->cells[i].value);
        *width = wider(*width, table->cells[i].detail);
    }
    return widths;
}

static void spaces(struct td_buf *out, size_t n)
{
    while (n--)
        td_buf_addc(out, ' ');
}

static void pad(struct td_buf *out, const char *text, size_t width, bool left)
{
    size_t own = td_text_width(text);
    size_t room = width > own ? width - own : 0;
    if (!left)
        spaces(out, room);
    td_buf_adds(out, text);
    if (left)
        spaces(out, room);
}

static void trim(struct td_buf *out)
{
    while (out->len && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

static void text_line(const struct td_table *table, size_t row,
                      const size_t *widths, bool detail, struct td_buf *out)
{
    const struct td_cell *cells = table->cells + row * table->columns;
    for (size_t i = 0; i < table->columns; i++) {
        const char *text = detail ? cells[i].detail : cells[i].value;
        spaces(out, i ? GAP : 0);
        pad(out, text ? text : "", widths[i], i == 0);
    }
    trim(out);
    td_buf_addc(out, '\n');
}

static bool has_detail(const struct td_table *table, size_t row)
{
    for (size_t i = 0; i < table->columns; i++)
        if (table->cells[row * table->columns + i].detail)
            return true;
    return false;
}

static void rule(const size_t *widths, size_t columns, struct td_buf *out)
{
    size_t total = 0;
    for (size_t i = 0; i < columns; i++)
        total += widths[i] + (i ? GAP : 0);
    while (total--)
        td_buf_adds(out, "─");
    td_buf_addc(out, '\n');
}

void td_table_text(const struct td_table *table, struct td_buf *out)
{
    size_t *widths = widths_of(table);
    for (size_t row = 0; row < table->count / table->columns; row++) {
        text_line(table, row, widths, false, out);
        if (has_detail(table, row))
            text_line(table, row, widths, true, out);
        if (row == 0)
            rule(widths, table->columns, out);
    }
    free(widths);
}

/* A bar would end the cell. */
static void escaped(struct td_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            td_buf_addc(out, '\\');
        td_buf_addc(out, *text);
    }
}

static void markdown_row(const struct td_table *table, size_t row,
                         struct td_buf *out)
{
    const struct td_cell *cells = table->cells + row * table->columns;
    for (size_t i = 0; i < table->columns; i++) {
        td_buf_adds(out, i ? " | " : "| ");
        escaped(out, cells[i].value);
        if (cells[i].detail && cells[i].detail[0]) {
            td_buf_adds(out, i ? " (" : " ");
            escaped(out, cells[i].detail + strspn(cells[i].detail, " "));
            td_buf_adds(out, i ? ")" : "");
        }
    }
    td_buf_adds(out, " |\n");
}

void td_table_markdown(const struct td_table *table, struct td_buf *out)
{
    for (size_t row = 0; row < table->count / table->columns; row++) {
        markdown_row(table, row, out);
        if (row)
            continue;
        for (size_t i = 0; i < table->columns; i++)
            td_buf_adds(out, i ? "---:|" : "|:---|");
        td_buf_addc(out, '\n');
    }
}

void td_text_fold(const char *text, size_t width, size_t indent,
                  struct td_buf *out)
{
    size_t used = indent;
    bool first = true;
    while (*text) {
        size_t bytes = strcspn(text, " ");
        char *word = td_xstrndup(text, bytes);
        size_t wide = td_text_width(word);
        if (!first && used + 1 + wide > width) {
            td_buf_addc(out, '\n');
            spaces(out, indent);
            used = indent;
        } else if (!first) {
            td_buf_addc(out, ' ');
            used++;
        }
        td_buf_adds(out, word);
        used += wide;
        first = false;
        free(word);
        text += bytes;
        text += strspn(text, " ");
    }
    td_buf_addc(out, '\n');
}
