#include "out/report_case.h"

#include "base/files.h"
#include "base/json.h"
#include "out/report_figures.h"
#include "out/report_parts.h"
#include "stat/interval.h"
#include "stat/quantile.h"
#include "store/hist_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, FIGURES_A_TABLE = 6 };

/* What one report is made from. */
struct reported_case {
    const struct td_summary *summary;
    const struct td_run_dir *run;
    const struct td_group_summary *group;
    const struct td_case_summary *c;
    struct td_hist hist;
    bool has_hist;
    bool markdown;
    struct td_buf *out;
};

static const struct {
    const char *name;
    double percentile;
} quantiles[] = {
    {"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99},
};
enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

/* To the ns, other than the histogram's; NAN: not known. */
static double longest(const struct td_case_series *series)
{
    double most = NAN;
    for (size_t i = 0; i < series->count; i++)
        most = fmax(most, series->max_ns[i]);
    return most;
}

/* In ns; NAN where the samples are too few to bound it.  A histogram answers
 * with the upper edge of a bucket, which may lie above all samples. */
static double quantile(const struct reported_case *it, size_t i)
{
    uint64_t lower, upper, n = (uint64_t)it->hist.total;
    double p = quantiles[i].percentile / 100;
    if (!n || !td_quantile_ranks(n, p, it->summary->confidence, &lower, &upper))
        return NAN;
    return fmin((double)td_hist_percentile(&it->hist, quantiles[i].percentile),
                longest(&it->c->series));
}

static int read_histogram(struct reported_case *it, struct td_err *err)
{
    char *path = td_run_dir_histogram_path(it->run, it->c->index, "hlog");
    size_t intervals;
    int rc = 0;
    if (td_file_exists(path)) {
        rc = td_hlog_read(path, &it->hist, &intervals, err);
        it->has_hist = !rc;
    }
    free(path);
    return rc;
}

static void paragraph(const struct reported_case *it, const char *text)
{
    if (it->markdown)
        td_buf_addf(it->out, "%s\n\n", text);
    else
        td_text_fold(text, WIDTH, 0, it->out);
}

static void put_table(const struct reported_case *it, struct td_table *table)
{
    if (it->markdown)
        td_table_markdown(table, it->out);
    else
        td_table_text(table, it->out);
    td_buf_addc(it->out, '\n');
    td_table_release(table);
}

/* Four digits; of one invocation there is no interval. */
static void add_value(struct td_table *table, double value, enum td_unit unit)
{
    struct td_figure figure = {value, value, value, isfinite(value), true};
    struct td_buf text = TD_BUF_INIT, unused = TD_BUF_INIT;
    td_figure_print(figure, unit, &text, &unused);
    td_table_add(table, td_buf_str(&text), NULL);
    td_buf_release(&text);
    td_buf_release(&unused);
}

static bool any_known(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i]))
            return true;
    return false;
}

static void invocations(const struct reported_case *it)
{
    const struct td_case_series *series = &it->c->series;
    const struct {
        const char *name;
        const double *values;
        enum td_unit unit;
    } all[] = {
        {"mean", series->mean_ns, TD_UNIT_TIME},
        {"median", series->median_ns, TD_UNIT_TIME},
        {"p99", series->p99_ns, TD_UNIT_TIME},
        {"p99.9", series->p999_ns, TD_UNIT_TIME},
        {"max", series->max_ns, TD_UNIT_TIME},
        {"first", series->first_ns, TD_UNIT_TIME},
        {"set-up", series->setup_ns, TD_UNIT_TIME},
        {"CPU time", series->cpu_ns, TD_UNIT_TIME},
        {"peak RSS", series->rss_bytes, TD_UNIT_BYTES},
    };
    enum { ALL = sizeof all / sizeof *all };
    bool shown[ALL];
    size_t columns = 1;
    struct td_table table;
    for (size_t i = 0; i < ALL; i++) {
        shown[i] = any_known(all[i].values, series->count);
        columns += shown[i];
    }
    td_table_init(&table, columns);
    td_table_add(&table, "pair", NULL);
    for (size_t i = 0; i < ALL; i++)
        if (shown[i])
            td_table_add(&table, all[i].name, NULL);
    for (size_t k = 0; k < series->count; k++) {
        char pair[16];
        snprintf(pair, sizeof pair, "%u", series->pair[k]);
        td_table_add(&table, pair, NULL);
        for (size_t i = 0; i < ALL; i++)
            if (shown[i])
                add_value(&table, all[i].values[k], all[i].unit);
    }
    put_table(it, &table);
}

/* As the invocation said it, whatever the unit. */
static void add_said(struct td_table *table, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.9g", value);
    td_table_add(table, isfinite(value) ? text : TD_DASH, NULL);
}

/* Some of its figures, a column each. */
static void figures_table(const struct reported_case *it,
                          const struct td_reported *at, size_t n)
{
    const struct td_case_series *series = &it->c->series;
    struct td_table table;
    td_table_init(&table, n + 1);
    td_table_add(&table, "pair", NULL);
    for (size_t i = 0; i < n; i++) {
        char *head = td_xasprintf("%s, %s", at[i].name, at[i].unit);
        td_table_add(&table, head, NULL);
        free(head);
    }
    for (size_t k = 0; k < series->count; k++) {
        char pair[16];
        snprintf(pair, sizeof pair, "%u", series->pair[k]);
        td_table_add(&table, pair, NULL);
        for (size_t i = 0; i < n; i++)
            add_said(&table, at[i].at[k]);
    }
    put_table(it, &table);
}

static void figures(const struct reported_case *it)
{
    const struct td_case_reported *all = &it->c->reported;
    for (size_t i = 0; i < all->count; i += FIGURES_A_TABLE) {
        size_t left = all->count - i;
        figures_table(it, &all->at[i],
                      left < FIGURES_A_TABLE ? left : FIGURES_A_TABLE);
    }
}

static void quantile_table(const struct reported_case *it)
{
    struct td_table table;
    td_table_init(&table, QUANTILES + 2);
    td_table_add(&table, "all samples", NULL);
    for (size_t i = 0; i < QUANTILES; i++)
        td_table_add(&table, quantiles[i].name, NULL);
    td_table_add(&table, "max", NULL);
    {
        struct td_buf count = TD_BUF_INIT;
        td_count_print((uint64_t)it->hist.total, &count);
        td_table_add(&table, td_buf_str(&count), NULL);
        td_buf_release(&count);
    }
    for (size_t i = 0; i < QUANTILES; i++)
        add_value(&table, quantile(it, i), TD_UNIT_TIME);
    add_value(&table, longest(&it->c->series), TD_UNIT_TIME);
    put_table(it, &table);
}

/* Paths, malloc'd; NULL: there is none. */
static char *samples_path(const struct reported_case *it)
{
    char *path = td_run_dir_samples_path(it->run, it->c->index);
    if (!td_run_dir_is_archived(it->run) && td_file_exists(path))
        return path;
    free(path);
    return NULL;
}

static char *histogram_path(const struct reported_case *it)
{
    return it->has_hist
               ? td_run_dir_histogram_path(it->run, it->c->index, "hgrm")
               : NULL;
}

/* Paths are not folded. */
static void say_where(const struct reported_case *it)
{
    char *samples = samples_path(it), *histogram = histogram_path(it);
    td_buf_addf(it->out, "Raw samples: %s\n%s",
                samples ? samples : "not here: an archive keeps none",
                it->markdown ? "\n" : "");
    td_buf_addf(it->out, "Histogram: %s\n", histogram ? histogram : "none");
    free(histogram);
    free(samples);
}

static void say_head(const struct reported_case *it)
{
    const struct td_case_summary *c = it->c;
    struct td_buf text = TD_BUF_INIT;
    td_buf_addf(it->out, "%s%s %s: %s %s\n%s", it->markdown ? "### " : "",
                it->group->workload, it->group->set, c->runtime,
                c->implementation, it->markdown ? "\n" : "");
    td_buf_addf(&text, "Case %zu of run %s. ", c->index, it->run->id);
    if (c->base_runtime)
        td_buf_addf(&text, "Its ratios divide by %s %s. ", c->base_runtime,
                    c->base_implementation);
    td_buf_addf(&text, "%" PRIu64 " operation%s in a sample.", c->loops,
                c->loops == 1 ? "" : "s, at most,");
    paragraph(it, td_buf_str(&text));
    td_buf_release(&text);
}

/* The same row as in the group's table, and its footnotes. */
static void headline(const struct reported_case *it)
{
    struct td_group_summary alone = *it->group;
    struct td_case_summary c = *it->c;
    struct td_strings notes = TD_STRINGS_INIT;
    struct td_table table;
    alone.cases = &c;
    alone.ncases = 1;
    td_group_table(it->summary, &alone, &table, &notes);
    if (it->markdown)
        td_table_markdown(&table, it->out);
    else
        td_table_text(&table, it->out);
    td_table_release(&table);
    td_buf_adds(it->out, it->markdown && notes.count ? "\n" : "");
    for (size_t i = 0; i < notes.count; i++)
        td_buf_addf(it->out, it->markdown ? "- [%zu] %s\n" : "[%zu] %s\n",
                    i + 1, notes.at[i]);
    td_strings_release(&notes);
    td_say_figures(&alone, &notes);
    td_buf_adds(it->out, it->markdown && notes.count ? "\n" : "");
    for (size_t i = 0; i < notes.count; i++)
        td_buf_addf(it->out, it->markdown ? "- %s\n" : "%s\n", notes.at[i]);
    td_strings_release(&notes);
    td_buf_addc(it->out, '\n');
}

static void report_words(const struct reported_case *it)
{
    say_head(it);
    td_buf_adds(it->out, it->markdown ? "" : "\n");
    headline(it);
    if (it->c->series.count) {
        paragraph(it, "Its invocations, each a fresh process:");
        td_buf_adds(it->out, it->markdown ? "" : "\n");
        invocations(it);
        figures(it);
    }
    if (it->has_hist) {
        paragraph(it, "Quantiles of all its samples, pooled, to the 3 "
                      "digits of the histogram; a dash where the samples are "
                      "too few to bound one:");
        td_buf_adds(it->out, it->markdown ? "" : "\n");
        quantile_table(it);
    }
    say_where(it);
}

static json_t *quantiles_json(const struct reported_case *it)
{
    json_t *out;
    if (!it->has_hist)
        return json_null();
    out = json_pack("{s:I}", "samples", (json_int_t)it->hist.total);
    for (size_t i = 0; i < QUANTILES; i++)
        json_object_set_new(out, quantiles[i].name,
                            td_json_number(quantile(it, i)));
    json_object_set_new(out, "max", td_json_number(longest(&it->c->series)));
    return out;
}

static void report_json(const struct reported_case *it, struct td_picked picked)
{
    char *samples = samples_path(it), *histogram = histogram_path(it), *text;
    json_t *all = td_summary_json(it->summary);
    const json_t *group =
        json_array_get(json_object_get(all, "groups"), picked.group);
    json_t *c = json_array_get(json_object_get(group, "cases"), picked.c);
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:O?, s:O, s:o, s:s?, s:s?}", "run",
                  it->run->id, "workload", it->group->workload, "set",
                  it->group->set, "params", json_object_get(group, "params"),
                  "case", c, "quantiles_ns", quantiles_json(it), "samples_file",
                  samples, "histogram_file", histogram);
    text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    td_buf_addf(it->out, "%s\n", text ? text : "null");
    free(text);
    json_decref(json);
    json_decref(all);
    free(histogram);
    free(samples);
}

int td_report_case(const struct td_summary *summary,
                   const struct td_run_dir *run, struct td_picked picked,
                   enum td_format format, struct td_buf *out,
                   struct td_err *err)
{
    const struct td_group_summary *group = &summary->groups[picked.group];
    struct reported_case it = {
        .summary = summary,
        .run = run,
        .group = group,
        .c = &group->cases[picked.c],
        .markdown = format == TD_FORMAT_MARKDOWN,
        .out = out,
    };
    int rc = read_histogram(&it, err);
    if (rc)
        return rc;
    if (format == TD_FORMAT_JSON)
        report_json(&it, picked);
    else
        report_words(&it);
    if (it.has_hist)
        td_hist_release(&it.hist);
    return 0;
}
