#include "claims/expression_parser.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int td_place_fail(const struct td_place *place, int column, struct td_err *err,
                  const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    int rc, line = place->line;
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    for (size_t i = place->nbreaks; i-- > 0;)
        if (column >= place->breaks[i].from) {
            line = place->breaks[i].line;
            column += place->breaks[i].column - place->breaks[i].from;
            break;
        }
    rc = td_err_set(err, TD_EINPUT, "%s:%d:%d: %s", place->file, line, column,
                    td_buf_str(&text));
    td_buf_release(&text);
    return rc;
}

void td_add_nearest(struct td_buf *out, const struct td_strings *names,
                    const char *word)
{
    const char *near = td_strings_nearest(names, word);
    if (near)
        td_buf_addf(out, "; did you mean %s?", near);
}

int td_parser_column(const struct td_parser *p, const char *at)
{
    return p->where->column + (int)(at - p->text);
}

void td_parser_blanks(struct td_parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
}

/* Up to where the complaint's word ends. */
static int word_length(const char *at)
{
    size_t n = strcspn(at, " \t,()[]");
    return (int)(n ? n : *at != '\0');
}

int td_parser_expected(struct td_parser *p, const char *what)
{
    if (!*p->at)
        return td_place_fail(p->where, td_parser_column(p, p->at), p->err,
                             "expected %s, found the end of the expression",
                             what);
    return td_place_fail(p->where, td_parser_column(p, p->at), p->err,
                         "expected %s, found \"%.*s\"", what,
                         word_length(p->at), p->at);
}

int td_parser_take(struct td_parser *p, char c, const char *what)
{
    td_parser_blanks(p);
    if (*p->at != c)
        return td_parser_expected(p, what);
    p->at++;
    return 0;
}

int td_parser_until(struct td_parser *p, const char *ends, const char *what,
                    char **out)
{
    size_t n;
    td_parser_blanks(p);
    n = strcspn(p->at, ends);
    while (n && isspace((unsigned char)p->at[n - 1]))
        n--;
    if (!n)
        return td_parser_expected(p, what);
    *out = td_xstrndup(p->at, n);
    p->at += n;
    td_parser_blanks(p);
    return 0;
}

static int parse_call(struct td_parser *p, struct td_expression **out);

static int add_part(struct td_parser *p, struct td_expression *e)
{
    struct td_expression *part;
    int rc;
    td_parser_blanks(p);
    if (e->nparts == TD_EXPRESSION_PARTS)
        return td_parser_expected(p, "no more expressions: 64 is the most");
    rc = parse_call(p, &part);
    if (rc)
        return rc;
    e->parts =
        td_xrealloc(e->parts, (e->nparts + 1) * sizeof(struct td_expression *));
    e->parts[e->nparts++] = part;
    return 0;
}

static int parse_geomean(struct td_parser *p, struct td_expression *e)
{
    int rc = add_part(p, e);
    for (td_parser_blanks(p); !rc && *p->at == ','; td_parser_blanks(p)) {
        p->at++;
        rc = add_part(p, e);
    }
    for (size_t i = 0; !rc && i < e->nparts; i++) {
        const struct td_expression *part = e->parts[i];
        if (part->kind == TD_EXPRESSION_SCALE ||
            part->kind == TD_EXPRESSION_VALUE)
            rc = td_place_fail(p->where, part->place.column, p->err,
                               "geomean is of ratios: expected ratio(…)");
        else if (part->pattern && e->nparts > 1)
            rc = td_place_fail(p->where, part->measure_column, p->err,
                               "a figure with * stands alone in its geomean");
    }
    return rc;
}

static int parse_scale(struct td_parser *p, struct td_expression *e)
{
    char *end, *unit = NULL;
    int rc = add_part(p, e);
    if (!rc)
        rc = td_parser_take(p, ',', "\",\" and a factor");
    td_parser_blanks(p);
    if (rc)
        return rc;
    e->factor = strtod(p->at, &end);
    if (end == p->at || !isfinite(e->factor) || !(e->factor > 0))
        return td_parser_expected(p, "a factor above 0");
    p->at = end;
    rc = td_parser_until(p, ",()", "a unit after the factor", &unit);
    if (!rc && strlen(unit) >= TD_UNIT_NAME)
        rc = td_place_fail(p->where, td_parser_column(p, p->at), p->err,
                           "the unit \"%s\" is longer than %d letters", unit,
                           TD_UNIT_NAME - 1);
    else if (!rc)
        memcpy(e->unit, unit, strlen(unit) + 1);
    free(unit);
    return rc;
}

static const char *const functions[] = {"value", "ratio", "geomean", "scale"};

static int parse_name(struct td_parser *p, enum td_expression_kind *kind)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf near = TD_BUF_INIT;
    char *word = NULL;
    int rc, column = td_parser_column(p, p->at);
    bool found = false;
    rc = td_parser_until(p, "([,) \t", "value, ratio, geomean or scale", &word);
    for (size_t i = 0; !rc && i < sizeof functions / sizeof *functions; i++) {
        td_strings_add(&names, functions[i]);
        if (strcmp(functions[i], word) == 0) {
            *kind = (enum td_expression_kind)i;
            found = true;
        }
    }
    if (!rc && !found) {
        td_add_nearest(&near, &names, word);
        rc = td_place_fail(p->where, column, p->err,
                           "\"%s\" is no function%s (expected value, ratio, "
                           "geomean or scale)",
                           word, td_buf_str(&near));
    }
    td_buf_release(&near);
    td_strings_release(&names);
    free(word);
    return rc;
}

static int parse_arguments(struct td_parser *p, struct td_expression *e)
{
    int rc;
    if (e->kind == TD_EXPRESSION_GEOMEAN)
        return parse_geomean(p, e);
    if (e->kind == TD_EXPRESSION_SCALE)
        return parse_scale(p, e);
    rc = td_parse_case(p, e);
    if (!rc)
        rc = td_parser_take(p, ',', "\",\" and a runtime");
    return rc ? rc : td_parse_runtimes(p, e);
}

static int parse_call(struct td_parser *p, struct td_expression **out)
{
    struct td_expression *e = td_xcalloc(1, sizeof *e);
    int rc;
    *out = NULL;
    td_parser_blanks(p);
    e->place = *p->where;
    e->place.column = td_parser_column(p, p->at);
    rc = p->depth == TD_EXPRESSION_DEPTH
             ? td_parser_expected(p, "no deeper nesting: 8 is the most")
             : parse_name(p, &e->kind);
    p->depth++;
    if (!rc)
        rc = td_parser_take(p, '(', "\"(\"");
    if (!rc)
        rc = parse_arguments(p, e);
    if (!rc)
        rc = td_parser_take(p, ')', "\")\"");
    p->depth--;
    if (rc)
        td_expression_free(e);
    else
        *out = e;
    return rc;
}

/* A pattern means something only where many figures become one. */
static int check_patterns(const struct td_expression *e, bool in_geomean,
                          struct td_err *err)
{
    int rc = 0;
    if (e->pattern && (!in_geomean || e->kind != TD_EXPRESSION_RATIO))
        return td_place_fail(&e->place, e->measure_column, err,
                             "a figure with * needs geomean(ratio(…)) around "
                             "it: it stands for many");
    for (size_t i = 0; !rc && i < e->nparts; i++)
        rc = check_patterns(e->parts[i], e->kind == TD_EXPRESSION_GEOMEAN, err);
    return rc;
}

int td_expression_parse(struct td_expression **out, const char *text,
                        const struct td_place *where, struct td_err *err)
{
    struct td_parser p = {text, text, where, err, 0};
    int rc = parse_call(&p, out);
    td_parser_blanks(&p);
    if (!rc && *p.at)
        rc = td_parser_expected(&p, "the end of the expression");
    if (!rc)
        rc = check_patterns(*out, false, err);
    if (rc) {
        td_expression_free(*out);
        *out = NULL;
    }
    return rc;
}

void td_expression_free(struct td_expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->nparts; i++)
        td_expression_free(expression->parts[i]);
    free(expression->parts);
    td_case_name_release(&expression->names[0]);
    td_case_name_release(&expression->names[1]);
    free(expression->key);
    free(expression);
}
