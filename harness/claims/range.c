#include "claims/range.h"

#include "claims/expression_parts.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How far from "28x" a figure may be and still be called that. */
#define MARGIN .25

static const struct {
    const char *name, *base;
    double factor;
} units[] = {
    {"ns", "ns", 1},
    {"us", "ns", 1e3},
    {"µs", "ns", 1e3},
    {"ms", "ns", 1e6},
    {"s", "ns", 1e9},
    {"min", "ns", 6e10},
    {"B", "B", 1},
    {"kB", "B", 1e3},
    {"MB", "B", 1e6},
    {"GB", "B", 1e9},
    {"KiB", "B", 1024},
    {"MiB", "B", 1048576},
    {"GiB", "B", 1073741824},
    {"/s", "1/s", 1},
};

struct reading {
    const char *text, *at;
    const struct td_place *where;
    struct td_err *err;
};

static int fail(const struct reading *in, const char *what)
{
    int column = in->where->column + (int)(in->at - in->text);
    return td_place_fail(in->where, column, in->err,
                         "claimed: expected %s, found \"%s\" (such as 28x, "
                         "10x-40x, within 1.1x, < 100 ms, > 1x)",
                         what, in->at);
}

static void skip_blanks(struct reading *in)
{
    while (isspace((unsigned char)*in->at))
        in->at++;
}

/* "100 ms": the number and the unit as written, "" where there is none. */
static int read_quantity(struct reading *in, double *value,
                         char unit[TD_UNIT_NAME])
{
    char *end;
    size_t n;
    skip_blanks(in);
    if (!isdigit((unsigned char)*in->at) && *in->at != '.')
        return fail(in, "a number");
    *value = strtod(in->at, &end);
    if (end == in->at || !isfinite(*value) || !(*value > 0))
        return fail(in, "a number above 0");
    in->at = end;
    skip_blanks(in);
    n = strcspn(in->at, " \t-");
    if (strncmp(in->at, "–", strlen("–")) == 0)
        n = 0;
    if (n >= TD_UNIT_NAME)
        return fail(in, "a unit of at most 15 letters");
    memcpy(unit, in->at, n);
    unit[n] = '\0';
    in->at += n;
    skip_blanks(in);
    return 0;
}

/* To the base unit. */
static double normalised(double value, char unit[TD_UNIT_NAME])
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, unit) == 0) {
            memcpy(unit, units[i].base, strlen(units[i].base) + 1);
            return value * units[i].factor;
        }
    return value;
}

static bool take(struct reading *in, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(in);
    if (strncmp(in->at, word, n) != 0)
        return false;
    in->at += n;
    return true;
}

/* What stands after the first quantity of "10x-40x". */
static int read_upper(struct reading *in, struct td_range *out, double first,
                      char first_unit[TD_UNIT_NAME])
{
    double second = 0;
    int rc = read_quantity(in, &second, out->unit);
    if (rc)
        return rc;
    if (!*first_unit)
        memcpy(first_unit, out->unit, TD_UNIT_NAME);
    out->lower = normalised(first, first_unit);
    out->upper = normalised(second, out->unit);
    if (strcmp(first_unit, out->unit) != 0)
        return fail(in, "the same kind of unit at both ends");
    if (!(out->lower < out->upper))
        return fail(in, "the smaller figure first");
    return 0;
}

static int read_figure(struct reading *in, struct td_range *out)
{
    char unit[TD_UNIT_NAME] = "";
    double value = 0;
    int rc = read_quantity(in, &value, unit);
    if (rc)
        return rc;
    if (take(in, "-") || take(in, "–"))
        return read_upper(in, out, value, unit);
    value = normalised(value, unit);
    memcpy(out->unit, unit, sizeof unit);
    out->lower = value * (1 - MARGIN);
    out->upper = value * (1 + MARGIN);
    return 0;
}

static int read_side(struct reading *in, struct td_range *out, char side)
{
    double value = 0;
    int rc = read_quantity(in, &value, out->unit);
    if (rc)
        return rc;
    value = normalised(value, out->unit);
    out->lower = side == '>' ? value : side == '<' ? -INFINITY : 1 / value;
    out->upper = side == '>' ? INFINITY : value;
    if (side == 'w' && (strcmp(out->unit, "x") != 0 || !(value > 1)))
        return fail(in, "a ratio above 1 after \"within\"");
    return 0;
}

int td_range_parse(struct td_range *out, const char *text,
                   const struct td_place *where, struct td_err *err)
{
    struct reading in = {text, text, where, err};
    int rc;
    *out = (struct td_range){0, 0, ""};
    if (take(&in, "within"))
        rc = read_side(&in, out, 'w');
    else if (take(&in, "<"))
        rc = read_side(&in, out, '<');
    else if (take(&in, ">"))
        rc = read_side(&in, out, '>');
    else
        rc = read_figure(&in, out);
    if (!rc && !*out->unit)
        rc = fail(&in, "a unit after the number");
    if (!rc && *in.at)
        rc = fail(&in, "the end of the claim");
    return rc;
}

bool td_ranges_meet(const struct td_range *a, const struct td_range *b)
{
    return strcmp(a->unit, b->unit) == 0 && a->lower <= b->upper &&
           b->lower <= a->upper;
}

const char *td_claim_verdict_name(enum td_claim_verdict verdict)
{
    static const char *const names[] = {"holds", "does not hold",
                                        "inconclusive", "not measured"};
    return names[verdict];
}

enum td_claim_verdict td_range_verdict(const struct td_range *range,
                                       struct td_figure figure, bool exact)
{
    if (!figure.known)
        return TD_CLAIM_NOT_MEASURED;
    if (!figure.bounded && !exact)
        return TD_CLAIM_INCONCLUSIVE;
    if (!figure.bounded)
        figure.lower = figure.upper = figure.value;
    if (figure.lower >= range->lower && figure.upper <= range->upper)
        return TD_CLAIM_HOLDS;
    if (figure.upper < range->lower || figure.lower > range->upper)
        return TD_CLAIM_DOES_NOT_HOLD;
    return TD_CLAIM_INCONCLUSIVE;
}
