#include "summary/case_series.h"

#include "base/buf.h"
#include "base/json.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name; /* in summary.json */
    size_t offset;    /* of a double * */
} columns[] = {
#define COLUMN(name)                                                           \
    {                                                                          \
#name, offsetof(struct td_case_series, name)                           \
    }
    COLUMN(mean_ns),   COLUMN(median_ns), COLUMN(cpu_ns),  COLUMN(rss_bytes),
    COLUMN(pss_bytes), COLUMN(p99_ns),    COLUMN(p999_ns), COLUMN(max_ns),
    COLUMN(first_ns),  COLUMN(setup_ns),
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static double **column(struct td_case_series *series, size_t i)
{
    return (double **)(void *)((char *)series + columns[i].offset);
}

void td_case_series_init(struct td_case_series *series, size_t n)
{
    memset(series, 0, sizeof *series);
    series->pair = td_xmalloc(n * sizeof *series->pair);
    series->moments = td_xmalloc(n * sizeof *series->moments);
    series->begin_ns = td_xmalloc(n * sizeof *series->begin_ns);
    for (size_t i = 0; i < COLUMNS; i++)
        *column(series, i) = td_xmalloc(n * sizeof(double));
}

void td_case_series_release(struct td_case_series *series)
{
    free(series->pair);
    free(series->moments);
    free(series->begin_ns);
    for (size_t i = 0; i < COLUMNS; i++)
        free(*column(series, i));
    memset(series, 0, sizeof *series);
}

static json_t *values_json(const double *values, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(out, td_json_number(values[i]));
    return out;
}

json_t *td_case_series_json(const struct td_case_series *series)
{
    struct td_case_series read = *series;
    json_t *out = json_object(), *pair = json_array();
    for (size_t i = 0; i < series->count; i++)
        json_array_append_new(pair, json_integer(series->pair[i]));
    json_object_set_new(out, "pair", pair);
    for (size_t i = 0; i < COLUMNS; i++)
        json_object_set_new(out, columns[i].name,
                            values_json(*column(&read, i), series->count));
    return out;
}

void td_values_load(const json_t *from, size_t n, double *to)
{
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(from, i);
        to[i] = json_is_number(value) ? json_number_value(value) : NAN;
    }
}

void td_case_series_load(struct td_case_series *series, const json_t *from)
{
    const json_t *pair = json_object_get(from, "pair");
    size_t n = json_array_size(pair);
    td_case_series_init(series, n);
    for (size_t i = 0; i < COLUMNS; i++)
        td_values_load(json_object_get(from, columns[i].name), n,
                       *column(series, i));
    for (size_t i = 0; i < n; i++) {
        series->pair[i] = (uint32_t)json_integer_value(json_array_get(pair, i));
        series->moments[i] = (struct td_moments){0, NAN, NAN};
        series->begin_ns[i] = 0;
    }
    series->count = n;
}
