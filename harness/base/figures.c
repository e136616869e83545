#include "base/figures.h"

#include "base/buf.h"
#include "base/fields.h"
#include "base/json.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void td_figures_release(struct td_figures *figures)
{
    free(figures->at);
    *figures = (struct td_figures)TD_FIGURES_INIT;
}

void td_figures_copy(struct td_figures *to, const struct td_figures *from)
{
    size_t bytes = from->count * sizeof *from->at;
    td_figures_release(to);
    if (!from->count)
        return;
    to->at = memcpy(td_xmalloc(bytes), from->at, bytes);
    to->count = from->count;
}

const struct td_named_figure *td_figures_get(const struct td_figures *figures,
                                             const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (!strcmp(figures->at[i].name, name))
            return &figures->at[i];
    return NULL;
}

static bool is_name(const char *text)
{
    size_t len = strlen(text);
    return *text >= 'a' && *text <= 'z' && len <= TD_FIGURE_NAME_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

/* One word; more than ASCII is fine ("µs"). */
static bool is_unit(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
            return false;
    return len && len < TD_FIGURE_UNIT_SIZE && td_json_can_hold(text, len);
}

/* strtod alone would take hexadecimal numbers too. */
static bool is_number(const char *text, double *value)
{
    char *end;
    if (!*text || strspn(text, "0123456789.+-eE") != strlen(text))
        return false;
    *value = strtod(text, &end);
    return !*end && isfinite(*value);
}

/* Foreign text, cut short, with '?' for what cannot be shown. */
static const char *shown(const char *text, char to[TD_FIGURE_NAME_MAX + 1])
{
    size_t i = 0;
    for (; text[i] && i < TD_FIGURE_NAME_MAX; i++)
        to[i] = (char)(isascii((unsigned char)text[i]) &&
                               isprint((unsigned char)text[i])
                           ? text[i]
                           : '?');
    to[i] = '\0';
    return to;
}

static int check(const char *name, const char *value, const char *unit,
                 double *number, struct td_err *err)
{
    char bad[TD_FIGURE_NAME_MAX + 1];
    if (!name || !value || !unit)
        return td_err_set(err, TD_EPROTOCOL, "reported a figure without a %s",
                          !name    ? "name"
                          : !value ? "value"
                                   : "unit");
    if (!is_name(name))
        return td_err_set(err, TD_EPROTOCOL,
                          "reported a figure under the name \"%s\": expected "
                          "at most %d of a-z, 0-9 and _, a letter first",
                          shown(name, bad), TD_FIGURE_NAME_MAX);
    if (!is_number(value, number))
        return td_err_set(err, TD_EPROTOCOL,
                          "reported the figure %s as \"%s\": expected a "
                          "finite decimal number",
                          name, shown(value, bad));
    if (!is_unit(unit))
        return td_err_set(err, TD_EPROTOCOL,
                          "reported the figure %s in \"%s\": expected one "
                          "word of at most %d bytes",
                          name, shown(unit, bad), TD_FIGURE_UNIT_SIZE - 1);
    return 0;
}

/* Its place, a new one where the name is new; NULL when there are too many. */
static struct td_named_figure *place(struct td_figures *figures,
                                     const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (!strcmp(figures->at[i].name, name))
            return &figures->at[i];
    if (figures->count == TD_FIGURES_MAX)
        return NULL;
    if (!figures->at)
        figures->at = td_xcalloc(TD_FIGURES_MAX, sizeof *figures->at);
    return &figures->at[figures->count++];
}

static int too_many(const char *name, struct td_err *err)
{
    return td_err_set(err, TD_EPROTOCOL,
                      "reported more than %d figures: %s is one too many",
                      TD_FIGURES_MAX, name);
}

int td_figures_add(struct td_figures *figures, const char *name,
                   const char *value, const char *unit, struct td_err *err)
{
    struct td_named_figure *to;
    double number = NAN;
    int rc = check(name, value, unit, &number, err);
    if (rc)
        return rc;
    to = place(figures, name);
    if (!to)
        return too_many(name, err);
    snprintf(to->name, sizeof to->name, "%s", name);
    snprintf(to->unit, sizeof to->unit, "%s", unit);
    to->value = number;
    return 0;
}

int td_figures_parse(struct td_figures *figures, const char *line,
                     struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    char bad[TD_FIGURE_NAME_MAX + 1];
    int rc;
    td_strings_split(&words, line, " \t\r\n");
    if (words.count == 3)
        rc =
            td_figures_add(figures, words.at[0], words.at[1], words.at[2], err);
    else
        rc = td_err_set(err, TD_EPROTOCOL,
                        "reported a figure as \"%s\": expected NAME VALUE UNIT",
                        shown(line, bad));
    td_strings_release(&words);
    return rc;
}

int td_figures_mean(struct td_figures *mean, const struct td_figures *execution,
                    struct td_err *err)
{
    for (size_t i = 0; i < execution->count; i++) {
        const struct td_named_figure *from = &execution->at[i];
        struct td_named_figure *to = place(mean, from->name);
        uint64_t before;
        if (!to)
            return too_many(from->name, err);
        before = to->executions;
        to->value = before ? to->value + (from->value - to->value) /
                                             (double)(before + 1)
                           : from->value;
        to->executions = before + 1;
        memcpy(to->name, from->name, sizeof to->name);
        memcpy(to->unit, from->unit, sizeof to->unit);
    }
    return 0;
}

json_t *td_figures_json(const struct td_figures *figures)
{
    json_t *out = json_object();
    for (size_t i = 0; i < figures->count; i++)
        json_object_set_new(out, figures->at[i].name,
                            json_pack("{s:f, s:s}", "value",
                                      figures->at[i].value, "unit",
                                      figures->at[i].unit));
    return out;
}
