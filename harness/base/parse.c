#include "base/opt.h"

#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    double scale;
};

static const struct unit durations[] = {
    {"", 1e9},  {"ns", 1},     {"us", 1e3},   {"µs", 1e3}, {"ms", 1e6},
    {"s", 1e9}, {"min", 6e10}, {"h", 3.6e12}, {NULL, 0},
};

static const struct unit sizes[] = {
    {"", 1},         {"B", 1},           {"kB", 1e3},
    {"KB", 1e3},     {"MB", 1e6},        {"GB", 1e9},
    {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0},
    {NULL, 0},
};

/* Splits "1.5ms" into 1.5 and "ms".  Only plain decimals: strtod alone would
 * take "nan", "0x10" and a sign too. */
static bool split_number(const char *text, double *number, const char **rest)
{
    char digits[32], *end;
    size_t len = strspn(text, "0123456789.");
    if (len == 0 || len >= sizeof digits)
        return false;
    memcpy(digits, text, len);
    digits[len] = '\0';
    *number = strtod(digits, &end);
    if (*end || end == digits)
        return false;
    *rest = text + len + strspn(text + len, " ");
    return true;
}

static bool scaled(const char *text, const struct unit *units, uint64_t *out)
{
    const char *rest;
    double number;
    if (!split_number(text, &number, &rest))
        return false;
    for (; units->name; units++)
        if (strcmp(units->name, rest) == 0)
            break;
    number *= units->scale;
    if (!units->name || number >= 9e18)
        return false;
    *out = (uint64_t)(number + 0.5);
    return true;
}

int td_parse_duration_ns(const char *text, uint64_t *out, struct td_err *err)
{
    if (scaled(text, durations, out))
        return 0;
    return td_err_set(err, TD_EUSAGE,
                      "expected a duration such as 250ms, 5s or 2min, found "
                      "\"%s\"",
                      text);
}

int td_parse_percent(const char *text, double *out, struct td_err *err)
{
    const char *rest;
    double number;
    if (split_number(text, &number, &rest) && !strcmp(rest, "%")) {
        *out = number / 100;
        return 0;
    }
    return td_err_set(err, TD_EUSAGE,
                      "expected a percentage such as 2%% or 0.5%%, found "
                      "\"%s\"",
                      text);
}

int td_parse_size_bytes(const char *text, uint64_t *out, struct td_err *err)
{
    if (scaled(text, sizes, out))
        return 0;
    return td_err_set(err, TD_EUSAGE,
                      "expected a size such as 64MB or 1GiB, found \"%s\"",
                      text);
}
