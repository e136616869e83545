#include "claims/measure.h"

#include "base/json.h"
#include "stat/stopping.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct td_measure td_measures[] = {
    {"wall", "mean_ns", "mean_ns", "ns"},
    {"median", "median_ns", "median_ns", "ns"},
    {"p99", "p99_ns", "p99_ns", "ns"},
    {"p999", "p999_ns", "p999_ns", "ns"},
    {"max", "max_ns", "max_ns", "ns"},
    {"cpu", "cpu_ns", "cpu_ns", "ns"},
    {"rss", "rss_bytes", "rss_bytes", "B"},
    {"pss", "pss_bytes", "pss_bytes", "B"},
    {"first", "first_ns", "first_ns", "ns"},
    {"setup", "setup_ns", "setup_ns", "ns"},
    {"over_ideal", NULL, "over_ideal_ns", "ns"},
    {"per_s", NULL, "per_s", "1/s"},
    {NULL, NULL, NULL, NULL},
};

static const struct td_figure unknown = {NAN, NAN, NAN, false, false};

const struct td_measure *td_measure_find(const char *name)
{
    for (const struct td_measure *at = td_measures; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

const char *td_service_unit(const char *key)
{
    if (ends_in(key, "_ns") || ends_in(key, "_ns_per_request") ||
        strcmp(key, "cpu_ns_per_request") == 0)
        return "ns";
    if (ends_in(key, "_bytes"))
        return "B";
    return ends_in(key, "_rate") ? "1/s" : "";
}

/* As in summary.json: an object, or null. */
static struct td_figure figure_of(const json_t *json)
{
    struct td_figure out = unknown;
    out.value = td_json_num(json, "value", NAN);
    out.lower = td_json_num(json, "lower", NAN);
    out.upper = td_json_num(json, "upper", NAN);
    out.known = isfinite(out.value);
    out.bounded = isfinite(out.lower) && isfinite(out.upper);
    return out;
}

/* Invocations that have the value, and their pairs. */
static void take_series(struct td_reading *out, const json_t *series,
                        const json_t *values)
{
    const json_t *pairs = json_object_get(series, "pair"), *at;
    size_t n = json_array_size(values), i;
    if (!n || json_array_size(pairs) != n)
        return;
    out->values = td_xmalloc(n * sizeof *out->values);
    out->pairs = td_xmalloc(n * sizeof *out->pairs);
    json_array_foreach(values, i, at)
    {
        if (!json_is_number(at))
            continue;
        out->values[out->count] = json_number_value(at);
        out->pairs[out->count++] =
            (uint32_t)json_integer_value(json_array_get(pairs, i));
    }
}

static bool is_positive(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(x[i] > 0))
            return false;
    return n > 0;
}

/* Over the invocations, as the summary does with its own figures. */
static struct td_figure over_invocations(const struct td_reading *r)
{
    if (!r->count)
        return unknown;
    return is_positive(r->values, r->count)
               ? td_geomean_t(r->values, r->count, r->confidence)
               : td_mean_t(r->values, r->count, r->confidence);
}

/* Operations a second: of servers as counted, else what the mean says. */
static struct td_figure per_second(const json_t *of)
{
    const json_t *service = json_object_get(of, "service");
    struct td_figure mean, out;
    if (json_is_object(service))
        return figure_of(json_object_get(service, "per_s"));
    mean = figure_of(json_object_get(of, "mean_ns"));
    if (!mean.known || !(mean.value > 0))
        return unknown;
    out = mean;
    out.value = 1e9 / mean.value;
    out.lower = 1e9 / mean.upper;
    out.upper = 1e9 / mean.lower;
    return out;
}

static void take_measure(struct td_reading *out, const json_t *of,
                         const struct td_measure *measure)
{
    const json_t *series = json_object_get(of, "series");
    const json_t *own = json_object_get(of, measure->figure);
    out->unit = measure->unit;
    if (measure->series)
        take_series(out, series, json_object_get(series, measure->series));
    if (!own)
        own = json_object_get(json_object_get(of, "service"), measure->figure);
    out->figure =
        strcmp(measure->name, "per_s") == 0 ? per_second(of) : figure_of(own);
    if (!out->figure.known)
        out->figure = over_invocations(out);
    if (strcmp(measure->name, "p99") == 0 &&
        json_is_true(json_object_get(of, "p99_pooled")))
        out->caveat = td_xstrdup("of all samples pooled, which are not "
                                 "independent");
}

static void take_reported(struct td_reading *out, const json_t *of,
                          const char *key)
{
    const json_t *series = json_object_get(of, "series");
    const json_t *own = json_object_get(json_object_get(of, "figures"), key);
    out->unit = td_json_str(own, "unit", NULL);
    take_series(out, series,
                json_object_get(json_object_get(series, "figures"), key));
    out->figure = figure_of(own);
    if (!out->figure.known)
        out->figure = over_invocations(out);
    if (out->count)
        out->invocations = out->count;
}

static void say_missing(struct td_reading *out, const struct td_fact *fact,
                        const struct td_measure *measure, const char *key)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    if (!measure)
        td_figure_names(fact, "*", &names);
    td_buf_addf(&text, "run %s has no %s%s of %s %s", fact->run,
                measure ? "" : "figure ", measure ? measure->name : key,
                td_json_str(fact->of, "runtime", ""),
                td_json_str(fact->of, "implementation", ""));
    for (size_t i = 0; i < names.count; i++)
        td_buf_addf(&text, "%s%s", i ? ", " : "; it has ", names.at[i]);
    out->missing = td_buf_detach(&text);
    td_strings_release(&names);
}

static void take_case(struct td_reading *out, const struct td_fact *fact,
                      const struct td_measure *measure, const char *key)
{
    out->confidence = td_json_num(fact->summary, "confidence", .95);
    out->ratio_confidence = td_stopping_confidence(
        &(struct td_stopping){.target =
                                  td_json_num(fact->summary, "target", 0)},
        out->confidence);
    out->invocations = (size_t)td_json_u64(fact->of, "invocations", 0);
    if (measure)
        take_measure(out, fact->of, measure);
    else
        take_reported(out, fact->of, key);
    if (!out->figure.known)
        say_missing(out, fact, measure, key);
}

/* What a service's figure depends on besides the service. */
static char *conditions_of(const struct td_fact *fact, bool at_least)
{
    const char *by = td_json_str(fact->of, "memory_by", NULL);
    return td_xasprintf("%sobjective %s%s%s",
                        at_least ? "at least: the search ended at a limit of "
                                   "its own; "
                                 : "",
                        td_json_str(fact->summary, "slo", "unknown"),
                        by ? ", memory limited by " : "", by ? by : "");
}

/* The highest rate rests on the search's trials; its upper end is open where
 * the search ended at a limit of its own. */
static void take_rate(struct td_reading *out, const struct td_fact *fact)
{
    const json_t *search = json_object_get(fact->of, "search");
    bool at_least = json_is_true(json_object_get(fact->of, "at_least"));
    out->invocations = (size_t)td_json_u64(search, "trials", 0);
    out->trials = true;
    out->caveat = conditions_of(fact, at_least);
    if (!out->figure.known || !at_least)
        return;
    if (!isfinite(out->figure.lower))
        out->figure.lower = out->figure.value;
    out->figure.upper = INFINITY;
    out->figure.bounded = true;
}

static void take_service(struct td_reading *out, const struct td_fact *fact,
                         const char *key)
{
    const json_t *own =
        json_object_get(json_object_get(fact->of, "figures"), key);
    out->confidence = out->ratio_confidence =
        td_json_num(fact->summary, "confidence", .95);
    out->unit = td_service_unit(key);
    out->figure = figure_of(own);
    out->invocations = (size_t)td_json_u64(own, "invocations", 0);
    if (strcmp(key, "max_rate") == 0)
        take_rate(out, fact);
    if (!out->figure.known)
        out->missing = td_xasprintf(
            "%s has no %s: %s (run %s)", td_json_str(fact->of, "name", ""), key,
            td_json_str(own, "why", "not measured"), fact->run);
}

void td_reading_take(struct td_reading *out, const struct td_fact *fact,
                     const struct td_measure *measure, const char *key)
{
    *out = (struct td_reading){.figure = unknown};
    if (fact->group)
        take_case(out, fact, measure, key);
    else
        take_service(out, fact, key);
}

void td_reading_release(struct td_reading *reading)
{
    free(reading->values);
    free(reading->pairs);
    free(reading->missing);
    free(reading->caveat);
    *reading = (struct td_reading){.figure = unknown};
}

void td_figure_names(const struct td_fact *fact, const char *pattern,
                     struct td_strings *names)
{
    const char *name;
    json_t *ignored;
    json_object_foreach(json_object_get(fact->of, "figures"), name, ignored)
    {
        if (fnmatch(pattern, name, 0) == 0)
            td_strings_add(names, name);
    }
}
