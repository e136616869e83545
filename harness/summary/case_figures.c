#include "summary/case_figures.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/case_warmup.h"
#include "summary/exact.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above the histograms' range, as the default of stat/hist.h has it. */
#define CLIP_NS 3600e9

/* What one pass over an invocation's samples adds up. */
struct totals {
    double duration_ns, operations;
    uint64_t clipped;
    size_t count;
    double start, off, squares; /* sums of differences to the first value, so
                                   that nothing cancels */
};

/* The figures that become intervals over invocations. */
enum column { FIRST, SETUP, RSS, PSS, CPU, P99, COLUMNS };

struct columns {
    double *at[COLUMNS];
    size_t count[COLUMNS]; /* of known ones */
};

static void put(struct columns *columns, enum column column, double value)
{
    if (isfinite(value))
        columns->at[column][columns->count[column]++] = value;
}

static void columns_init(struct columns *columns, size_t n)
{
    for (int i = 0; i < COLUMNS; i++) {
        columns->at[i] = td_xmalloc(n * sizeof *columns->at[i]);
        columns->count[i] = 0;
    }
}

static void columns_release(struct columns *columns)
{
    for (int i = 0; i < COLUMNS; i++)
        free(columns->at[i]);
}

static void series_init(struct td_case_series *series, size_t n)
{
    series->pair = td_xmalloc(n * sizeof *series->pair);
    series->mean_ns = td_xmalloc(n * sizeof *series->mean_ns);
    series->median_ns = td_xmalloc(n * sizeof *series->median_ns);
    series->cpu_ns = td_xmalloc(n * sizeof *series->cpu_ns);
    series->moments = td_xmalloc(n * sizeof *series->moments);
    series->begin_ns = td_xmalloc(n * sizeof *series->begin_ns);
    series->count = 0;
    series->timed_ns = 0;
}

void td_case_series_release(struct td_case_series *series)
{
    free(series->pair);
    free(series->mean_ns);
    free(series->median_ns);
    free(series->cpu_ns);
    free(series->moments);
    free(series->begin_ns);
    memset(series, 0, sizeof *series);
}

static int add_up(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct totals *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        double value = td_sample_value(&rows[i]);
        to->duration_ns += (double)rows[i].duration_ns;
        to->operations += rows[i].loops ? (double)rows[i].loops : 1;
        to->clipped += value > CLIP_NS;
        if (to->count++ == 0)
            to->start = value;
        value -= to->start;
        to->off += value;
        to->squares += value * value;
    }
    return 0;
}

static struct td_moments moments_of(const struct totals *totals)
{
    double n = (double)totals->count, mean = totals->off / n;
    return (struct td_moments){totals->count, totals->start + mean,
                               (totals->squares - mean * totals->off) /
                                   (n - 1)};
}

/* When its first steady turn began. */
static uint64_t began_ns(const struct td_invocation_entry *invocation)
{
    for (size_t i = 0; i < invocation->nbatches; i++)
        if (td_batch_is_steady(&invocation->batches[i]))
            return invocation->batches[i].begin_ns;
    return invocation->nbatches ? invocation->batches[0].begin_ns : 0;
}

/* Rows of an invocation's figures, and its first iteration's. */
static void split_rows(const struct td_invocation_entry *invocation,
                       uint64_t cut, struct td_rows *first,
                       struct td_rows *steady)
{
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        uint64_t out = td_batch_left_out(batch, &cut);
        if (out < batch->count)
            td_rows_add(steady, batch->first + out, batch->count - out);
        else if (batch->flags & TD_SAMPLE_FIRST)
            td_rows_add(first, batch->first, batch->count);
    }
}

/* CPU time per operation, of the batches that are in the figures as a whole;
 * NAN unless each of them told it. */
static double cpu_per_operation(const struct td_invocation_entry *invocation,
                                uint64_t cut)
{
    double cpu_ns = 0, operations = 0;
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        if (td_batch_left_out(batch, &cut))
            continue;
        cpu_ns += batch->cpu_ns;
        operations += (double)batch->count * (double)batch->loops;
    }
    return operations > 0 ? cpu_ns / operations : NAN;
}

static uint64_t most_loops(const struct td_invocation_entry *invocation,
                           uint64_t most)
{
    for (size_t i = 0; i < invocation->nbatches; i++)
        if (invocation->batches[i].loops > most)
            most = invocation->batches[i].loops;
    return most;
}

static double peak_rss(const struct td_invocation_entry *invocation)
{
    const json_t *usage = json_object_get(invocation->end, "usage");
    double hwm = td_json_num(usage, "hwm_bytes", NAN);
    return isnan(hwm) ? td_json_num(usage, "maxrss_bytes", NAN) : hwm;
}

/* An invocation without steady samples (one long operation) is represented
 * by its first iteration. */
static int take_invocation(const struct td_invocation_entry *invocation,
                           const char *path, double confidence,
                           struct td_case_summary *out,
                           struct td_case_series *series,
                           struct columns *columns, struct td_rows *pooled,
                           struct td_err *err)
{
    struct td_rows first = {.path = path}, steady = {.path = path};
    struct totals begun = {0}, totals = {0};
    struct td_rows *used = &steady;
    struct td_order order;
    uint64_t cut = out->warmup.truncated ? out->warmup.cut : 0;
    int rc;
    split_rows(invocation, cut, &first, &steady);
    rc = td_rows_read(&first, add_up, &begun, err);
    if (!rc && steady.count)
        rc = td_rows_read(&steady, add_up, &totals, err);
    if (!steady.count) {
        used = &first;
        totals = begun;
    }
    if (!rc)
        rc = td_rows_order(used, confidence, &order, err);
    if (rc || !used->count)
        goto out;
    for (size_t i = 0; i < used->nspans; i++)
        td_rows_add(pooled, used->at[i].first, used->at[i].count);
    series->pair[series->count] = invocation->pair;
    series->moments[series->count] = moments_of(&totals);
    series->begin_ns[series->count] = began_ns(invocation);
    series->mean_ns[series->count] = totals.duration_ns / totals.operations;
    series->cpu_ns[series->count] = cpu_per_operation(invocation, cut);
    series->median_ns[series->count++] = order.median;
    out->samples += used->count;
    out->operations += (uint64_t)totals.operations;
    out->clipped += totals.clipped;
    out->loops = most_loops(invocation, out->loops);
    if (first.count)
        put(columns, FIRST, begun.duration_ns / begun.operations);
    put(columns, SETUP, invocation->setup_ns);
    put(columns, RSS, peak_rss(invocation));
    put(columns, PSS,
        td_json_num(json_object_get(invocation->end, "usage"), "pss_bytes",
                    NAN));
    put(columns, CPU, cpu_per_operation(invocation, cut));
    put(columns, P99, order.p99.value);
out:
    td_rows_release(&first);
    td_rows_release(&steady);
    return rc;
}

static void over_ideal(const struct td_case_series *series, uint64_t ideal_ns,
                       double confidence, struct td_figure *out)
{
    double *over = td_xmalloc(series->count * sizeof *over);
    for (size_t i = 0; i < series->count; i++)
        over[i] = series->median_ns[i] - (double)ideal_ns;
    *out = td_mean_t(over, series->count, confidence);
    free(over);
}

static void figures_of(const struct td_case_series *series,
                       const struct columns *columns, double confidence,
                       struct td_case_summary *out)
{
    struct td_figure *const to[P99] = {&out->first_ns, &out->setup_ns,
                                       &out->rss_bytes, &out->pss_bytes,
                                       &out->cpu_ns};
    for (int i = 0; i < P99; i++)
        *to[i] = td_geomean_t(columns->at[i], columns->count[i], confidence);
    out->mean_ns = td_geomean_t(series->mean_ns, series->count, confidence);
    out->median_ns = td_geomean_t(series->median_ns, series->count, confidence);
}

int td_case_figures(const struct td_case_source *source,
                    struct td_case_summary *out, struct td_err *err)
{
    const struct td_case_entry *entry = source->entry;
    struct td_case_series *series = &out->series;
    struct td_rows pooled = {.path = source->samples_path};
    struct columns columns;
    struct td_order order;
    int rc = 0;
    series_init(series, entry->count);
    columns_init(&columns, entry->count);
    rc = td_case_warmup_find(source, &out->warmup, &series->timed_ns, err);
    out->warmup.truncated = out->warmup.left_out && !source->whole;
    for (size_t i = 0; !rc && i < entry->count; i++)
        if (td_invocation_counts(&entry->at[i]))
            rc = take_invocation(&entry->at[i], source->samples_path,
                                 source->confidence, out, series, &columns,
                                 &pooled, err);
    if (rc)
        goto out;
    out->p99_pooled = series->count < 2 || columns.count[P99] < series->count;
    if (out->p99_pooled) {
        rc = td_rows_order(&pooled, source->confidence, &order, err);
        out->p99_ns = order.p99;
    } else {
        out->p99_ns = td_geomean_t(columns.at[P99], columns.count[P99],
                                   source->confidence);
    }
    if (rc)
        goto out;
    out->invocations = (uint32_t)series->count;
    figures_of(series, &columns, source->confidence, out);
    rc = td_case_service_make(entry, &pooled, out->mean_ns, source->confidence,
                              &out->service, err);
    if (rc)
        goto out;
    /* Of a closed loop's samples a tail is no tail of requests. */
    if (out->service.known && !out->service.open)
        out->p99_ns = (struct td_figure){NAN, NAN, NAN, false, false};
    /* One figure for one thing: `whole` alone has two. */
    if (out->warmup.steady_ns.known &&
        (out->warmup.truncated || !out->warmup.left_out))
        out->warmup.steady_ns = out->mean_ns;
    if (source->ideal_ns)
        over_ideal(series, source->ideal_ns, source->confidence,
                   &out->over_ideal_ns);
out:
    td_rows_release(&pooled);
    columns_release(&columns);
    return rc;
}

/* Copies the figures of the pairs that both have, side by side. */
static size_t match(const struct td_case_series *own,
                    const struct td_case_series *base, const double *own_ns,
                    const double *base_ns, double *above, double *below)
{
    size_t n = 0;
    for (size_t i = 0; i < own->count; i++)
        for (size_t k = 0; k < base->count; k++)
            if (own->pair[i] == base->pair[k]) {
                above[n] = own_ns[i];
                below[n++] = base_ns[k];
                break;
            }
    return n;
}

struct td_figure td_series_ratio(const struct td_case_series *own,
                                 const struct td_case_series *base,
                                 const double *own_ns, const double *base_ns,
                                 double confidence, uint64_t seed,
                                 uint32_t *pairs)
{
    double *above = td_xmalloc(own->count * sizeof *above);
    double *below = td_xmalloc(own->count * sizeof *below);
    size_t n = match(own, base, own_ns, base_ns, above, below);
    struct td_figure out =
        td_ratio_paired(above, below, n, confidence, seed, TD_RESAMPLES);
    if (pairs)
        *pairs = (uint32_t)n;
    free(above);
    free(below);
    return out;
}

/* At least half of what it took, but for waiting for a CPU, it was on one. */
static bool computes(const struct td_case_summary *c)
{
    double waited = isnan(c->waited_share) ? 0 : c->waited_share;
    return c->cpu_ns.value >= .5 * (1 - waited) * c->mean_ns.value;
}

void td_case_ratios(struct td_case_summary *out,
                    const struct td_case_series *base, double confidence,
                    uint64_t seed)
{
    const struct td_case_series *own = &out->series;
    out->ratio = td_series_ratio(own, base, own->mean_ns, base->mean_ns,
                                 confidence, seed, &out->pairs);
    if (computes(out))
        out->ratio_cpu = td_series_ratio(own, base, own->cpu_ns, base->cpu_ns,
                                         confidence, seed, NULL);
    out->ratio_median = td_series_ratio(
        own, base, own->median_ns, base->median_ns, confidence, seed, NULL);
}

/* Of one kind of figure per invocation. */
static double p_above(const struct td_case_series *own,
                      const struct td_case_series *base, const double *own_ns,
                      const double *base_ns, double threshold, double *error)
{
    double *above = td_xmalloc(own->count * sizeof *above);
    double *below = td_xmalloc(own->count * sizeof *below), p;
    size_t n = match(own, base, own_ns, base_ns, above, below);
    td_log_ratios(above, below, n, above);
    p = td_p_above_paired(above, n, threshold);
    if (error && n >= 2)
        *error = gsl_stats_sd(above, 1, n) / sqrt((double)n);
    free(above);
    free(below);
    return p;
}

void td_case_p_above(struct td_case_summary *c,
                     const struct td_case_series *base, double threshold)
{
    const struct td_case_series *own = &c->series;
    c->p_above = p_above(own, base, own->mean_ns, base->mean_ns, threshold,
                         &c->log_error);
    c->p_above_median =
        p_above(own, base, own->median_ns, base->median_ns, threshold, NULL);
    if (c->ratio_cpu.known)
        c->p_above_cpu =
            p_above(own, base, own->cpu_ns, base->cpu_ns, threshold, NULL);
}
