#include "measure/command_answer.h"

#include "base/buf.h"
#include "base/files.h"
#include "base/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT = 64, DIGITS = 16 };

static const char FIGURE[] = "figure ";
enum { FIGURE_LEN = sizeof FIGURE - 1 };

static bool is_figure(const char *line, size_t len)
{
    return len > FIGURE_LEN && strncmp(line, FIGURE, FIGURE_LEN) == 0;
}

static int take_figure(const char *line, size_t len, struct td_figures *figures,
                       struct td_err *err)
{
    char *text;
    int rc;
    if (len && line[len - 1] == '\n')
        len--;
    text = td_xstrndup(line + FIGURE_LEN, len - FIGURE_LEN);
    rc = td_figures_parse(figures, text, err);
    free(text);
    return rc;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The lines that are no figures. */
static int part(const char *text, size_t len, struct td_figures *figures,
                struct td_buf *answer, struct td_err *err)
{
    int rc = 0;
    while (!rc && len) {
        const char *newline = memchr(text, '\n', len);
        size_t line = newline ? (size_t)(newline - text) + 1 : len;
        if (is_figure(text, line))
            rc = take_figure(text, line, figures, err);
        else
            td_buf_add(answer, text, line);
        text += line;
        len -= line;
    }
    return rc;
}

static bool is_short(const char *text, size_t len)
{
    if (len > SHORT || !td_json_can_hold(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return true;
}

static char *shorten(const char *from, size_t n)
{
    char hex[TD_SHA256_HEX];
    while (n && is_blank(from[n - 1]))
        n--;
    for (; n && is_blank(*from); n--)
        from++;
    if (!n)
        return td_xstrdup(TD_ANSWER_EMPTY);
    if (is_short(from, n))
        return td_xstrndup(from, n);
    td_sha256(from, n, hex);
    return td_xstrndup(hex, DIGITS);
}

int td_command_answer(const char *text, size_t len, struct td_figures *figures,
                      char **answer, struct td_err *err)
{
    struct td_buf kept = TD_BUF_INIT;
    int rc = part(text, len, figures, &kept, err);
    *answer = rc ? NULL : shorten(td_buf_str(&kept), kept.len);
    td_buf_release(&kept);
    return rc;
}
