#include "summary/service_figures.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double gib = 1073741824;

const char *const td_service_keys[TD_SERVICE_MEASURES] = {
    [TD_SERVICE_MAX_RATE] = "max_rate",
    [TD_SERVICE_CPU] = "cpu_ns_per_request",
    [TD_SERVICE_START] = "first_answer_ns",
    [TD_SERVICE_LOW_P50] = "low_p50_ns",
    [TD_SERVICE_LOW_P99] = "low_p99_ns",
    [TD_SERVICE_LOW_P999] = "low_p99.9_ns",
    [TD_SERVICE_HIGH_P50] = "high_p50_ns",
    [TD_SERVICE_HIGH_P99] = "high_p99_ns",
    [TD_SERVICE_HIGH_P999] = "high_p99.9_ns",
    [TD_SERVICE_MOST_P50] = "most_p50_ns",
    [TD_SERVICE_MOST_P99] = "most_p99_ns",
    [TD_SERVICE_MOST_P999] = "most_p99.9_ns",
    [TD_SERVICE_IDLE_RSS] = "idle_rss_bytes",
    [TD_SERVICE_IDLE_PSS] = "idle_pss_bytes",
    [TD_SERVICE_LOAD_RSS] = "load_rss_bytes",
    [TD_SERVICE_LOAD_PSS] = "load_pss_bytes",
    [TD_SERVICE_PER_GIB] = "services_per_gib",
};

void td_service_row_init(struct td_service_row *row, const char *name)
{
    memset(row, 0, sizeof *row);
    row->name = td_xstrdup(name);
}

void td_service_row_release(struct td_service_row *row)
{
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++) {
        free(row->at[i].values);
        free(row->at[i].why);
    }
    free(row->name);
    free(row->implementation);
    free(row->runtime);
    free(row->family);
    free(row->memory_by);
    json_decref(row->trace);
    memset(row, 0, sizeof *row);
}

void td_service_lack(struct td_service_row *row, enum td_service_measure first,
                     enum td_service_measure last, const char *why)
{
    size_t len = strcspn(why, "\n"); /* one line of an answer will do */
    for (size_t i = first; i <= last; i++)
        if (!row->at[i].why)
            row->at[i].why = td_xstrndup(why, len);
}

void td_service_add(struct td_service_row *row, enum td_service_measure measure,
                    double value)
{
    struct td_service_value *at = &row->at[measure];
    if (!(value > 0) || !isfinite(value)) {
        td_service_lack(row, measure, measure, "it could not be read");
        return;
    }
    if (at->count == at->cap) {
        at->cap = at->cap ? 2 * at->cap : 8;
        at->values = td_xrealloc(at->values, at->cap * sizeof *at->values);
    }
    at->values[at->count++] = value;
}

void td_service_set_search(struct td_service_row *row,
                           const struct td_search_result *result)
{
    struct td_service_value *at = &row->at[TD_SERVICE_MAX_RATE];
    bool bounded = !result->at_limit && isfinite(result->upper);
    row->search = *result;
    row->at_least = result->at_limit;
    at->invocations = 1;
    if (result->found && result->conclusive)
        at->figure = (struct td_figure){.value = result->rate,
                                        .lower = result->lower,
                                        .upper = result->upper,
                                        .known = true,
                                        .bounded = bounded};
    if (!at->figure.known || result->at_limit)
        td_service_lack(row, TD_SERVICE_MAX_RATE, TD_SERVICE_MAX_RATE,
                        td_search_why_words(result->why));
}

/* What fits in a GiB: the bounds change places. */
static void close_per_gib(struct td_service_row *row)
{
    const struct td_service_value *pss = &row->at[TD_SERVICE_LOAD_PSS];
    struct td_service_value *at = &row->at[TD_SERVICE_PER_GIB];
    struct td_figure figure = pss->figure;
    at->invocations = pss->invocations;
    if (!figure.known) {
        td_service_lack(row, TD_SERVICE_PER_GIB, TD_SERVICE_PER_GIB,
                        pss->why ? pss->why : "the PSS is not known");
        return;
    }
    at->figure = figure;
    at->figure.value = floor(gib / figure.value);
    at->figure.lower = floor(gib / figure.upper);
    at->figure.upper = floor(gib / figure.lower);
}

void td_service_row_close(struct td_service_row *row, double confidence)
{
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++) {
        struct td_service_value *at = &row->at[i];
        if (i == TD_SERVICE_MAX_RATE || i == TD_SERVICE_PER_GIB)
            continue;
        if (at->count)
            at->figure = td_geomean_t(at->values, at->count, confidence);
        at->invocations = (uint32_t)at->count;
        if (!at->figure.known)
            td_service_lack(row, (enum td_service_measure)i,
                            (enum td_service_measure)i, "not measured");
    }
    if (!row->at[TD_SERVICE_MAX_RATE].figure.known)
        td_service_lack(row, TD_SERVICE_MAX_RATE, TD_SERVICE_MAX_RATE,
                        "not searched for");
    close_per_gib(row);
}
