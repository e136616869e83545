/* A case's summary before anything is known of it, its release, and which of
 * its members are figures. */
#include "summary/summary_parts.h"

#include "base/json.h"
#include "summary/case_series.h"

#include <math.h>
#include <stdlib.h>

const struct td_figure_field td_case_figures_table[] = {
#define FIELD(name)                                                            \
    {                                                                          \
#name, offsetof(struct td_case_summary, name)                          \
    }
    FIELD(ratio),     FIELD(ratio_median),
    FIELD(ratio_cpu), FIELD(ratio_all),
    FIELD(median_ns), FIELD(mean_ns),
    FIELD(p99_ns),    FIELD(over_ideal_ns),
    FIELD(first_ns),  FIELD(setup_ns),
    FIELD(cpu_ns),    FIELD(rss_bytes),
    FIELD(pss_bytes), {NULL, 0},
#undef FIELD
};

static const struct td_figure unknown = {NAN, NAN, NAN, false, false};

void td_case_init(struct td_case_summary *out, size_t index, const json_t *from)
{
    *out = (struct td_case_summary){
        .index = index,
        .runtime = td_json_str(from, "runtime", "?"),
        .implementation = td_json_str(from, "implementation", "?"),
        .hosting = td_json_str(from, "hosting", NULL),
        .is_twin = json_is_true(json_object_get(from, "twin")),
        .is_counterpart = json_is_true(json_object_get(from, "counterpart")),
        .is_revised = td_json_str(from, "revision", NULL) != NULL,
        .noise_floor = NAN,
        .p_above = NAN,
        .p_above_median = NAN,
        .p_above_cpu = NAN,
        .log_error = NAN,
        .loops = 1,
        .median_ns = unknown,
        .mean_ns = unknown,
        .p99_ns = unknown,
        .rss_bytes = unknown,
        .pss_bytes = unknown,
        .cpu_ns = unknown,
        .setup_ns = unknown,
        .first_ns = unknown,
        .over_ideal_ns = unknown,
        .warmup = {.until_ns = unknown, .steady_ns = unknown},
        .ratio = unknown,
        .ratio_median = unknown,
        .ratio_cpu = unknown,
        .ratio_all = unknown,
        .waited_share = NAN,
        .stolen_share = NAN,
    };
    td_case_service_init(&out->service);
    if (td_json_str(from, "problem", NULL))
        out->problem = td_xstrdup(td_json_str(from, "problem", NULL));
}

void td_case_release(struct td_case_summary *c)
{
    td_case_service_release(&c->service);
    free(c->problem);
    free(c->last_words);
    td_case_series_release(&c->series);
    td_case_series_release(&c->aside);
    td_case_reported_release(&c->reported);
    td_strings_release(&c->notes);
}
