#include "analyze/query_fields.h"

#include <float.h>
#include <stddef.h>

enum {
    COMPARISON = TD_QUERY_COMPARISON,
    SERIES = TD_QUERY_SERIES,
    QUANTILES = TD_QUERY_QUANTILES,
    GROWTH = TD_QUERY_GROWTH,
    CASES = TD_QUERY_CASES,
    ANY = COMPARISON | SERIES | QUANTILES | GROWTH
};

static const char *const orders[] = {"interleaved", "sequential", NULL};
static const char *const sides[] = {"a", "b", NULL};
static const char *const series_kinds[] = {"warmup", "history", NULL};

static const char a_time[] = "a finite number, 0 or more";
static const char positive[] = "a finite number above 0";
static const char finite[] = "a finite number";
static const char probability[] = "a number above 0 and below 1";

#define AT(member) offsetof(struct td_query, member)
#define OPEN_01 DBL_MIN, 1 - DBL_EPSILON / 2
#define FINITE -DBL_MAX, DBL_MAX
#define NO_BOUNDS 0, 0

/* clang-format off */
const struct td_query_field td_query_fields[] = {
    {"a", TD_FIELD_INVOCATIONS, AT(a), COMPARISON, true, true,
     a_time, 0, DBL_MAX, NULL},
    {"b", TD_FIELD_INVOCATIONS, AT(b), COMPARISON, true, true,
     a_time, 0, DBL_MAX, NULL},
    {"aa", TD_FIELD_INVOCATIONS, AT(aa), COMPARISON, false, false,
     a_time, 0, DBL_MAX, NULL},
    {"paired", TD_FIELD_FLAG, AT(paired), COMPARISON, false, false,
     NULL, NO_BOUNDS, NULL},
    {"order", TD_FIELD_CHOICE, AT(order), COMPARISON, false, false,
     NULL, NO_BOUNDS, orders},
    {"first", TD_FIELD_CHOICES, AT(first), COMPARISON, false, false,
     NULL, NO_BOUNDS, sides},
    {"threshold", TD_FIELD_NUMBER, AT(threshold), COMPARISON, false, false,
     "a number from 0 and below 1 (0.02 = 2 %)", 0, 1 - DBL_EPSILON / 2, NULL},
    {"adaptive", TD_FIELD_FLAG, AT(adaptive), COMPARISON, false, false,
     NULL, NO_BOUNDS, NULL},
    {"truncate", TD_FIELD_FLAG, AT(truncate), COMPARISON, false, false,
     NULL, NO_BOUNDS, NULL},
    {"confidence", TD_FIELD_NUMBER, AT(confidence), ANY, false, false,
     probability, OPEN_01, NULL},
    {"seed", TD_FIELD_WHOLE, AT(seed), ANY, false, false,
     NULL, NO_BOUNDS, NULL},
    {"series", TD_FIELD_NUMBERS, AT(series), SERIES, true, true,
     finite, FINITE, NULL},
    {"kind", TD_FIELD_CHOICE, AT(series_kind), SERIES, false, true,
     NULL, NO_BOUNDS, series_kinds},
    {"samples", TD_FIELD_NUMBERS, AT(samples), QUANTILES, true, false,
     finite, FINITE, NULL},
    {"npy", TD_FIELD_STRING, AT(npy), QUANTILES, true, false,
     "a file's name in quotes", NO_BOUNDS, NULL},
    {"quantiles", TD_FIELD_NUMBERS, AT(quantiles), QUANTILES, false, false,
     probability, OPEN_01, NULL},
    {"sizes", TD_FIELD_NUMBERS, AT(sizes), GROWTH, true, true,
     positive, DBL_MIN, DBL_MAX, NULL},
    {"times", TD_FIELD_NUMBERS, AT(times), GROWTH, true, true,
     positive, DBL_MIN, DBL_MAX, NULL},
    {"cases", TD_FIELD_CASES, 0, CASES, true, true,
     NULL, NO_BOUNDS, NULL},
    {NULL, TD_FIELD_FLAG, 0, 0, false, false, NULL, NO_BOUNDS, NULL},
};
/* clang-format on */

const char *td_query_kind_name(unsigned kind)
{
    return kind == COMPARISON  ? "a comparison"
           : kind == SERIES    ? "a series"
           : kind == QUANTILES ? "a request for quantiles"
           : kind == GROWTH    ? "a request for growth"
                               : "a request of many cases";
}
