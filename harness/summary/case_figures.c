#include "summary/case_figures.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Above the histograms' range, as the default of stat/hist.h has it. */
#define CLIP_NS 3600e9

/* What one pass over an invocation's samples adds up. */
struct totals {
    double duration_ns, operations;
    uint64_t clipped;
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
    series->count = 0;
    series->timed_ns = 0;
}

void td_case_series_release(struct td_case_series *series)
{
    free(series->pair);
    free(series->mean_ns);
    free(series->median_ns);
    memset(series, 0, sizeof *series);
}

static int add_up(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct totals *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        to->duration_ns += (double)rows[i].duration_ns;
        to->operations += rows[i].loops ? (double)rows[i].loops : 1;
        to->clipped += td_sample_value(&rows[i]) > CLIP_NS;
    }
    return 0;
}

/* Steady rows of an invocation, and its first iteration's. */
static void split_rows(const struct td_invocation_entry *invocation,
                       struct td_rows *first, struct td_rows *steady)
{
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        td_rows_add(batch->batch == 0 ? first : steady, batch->first,
                    batch->count);
    }
}

/* CPU time per operation; NAN unless every steady batch told it. */
static double cpu_per_operation(const struct td_invocation_entry *invocation)
{
    double cpu_ns = 0, operations = 0;
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        if (batch->batch == 0)
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

/* Exact order statistics: the ceil(.99 n)-th sample between the two whose
 * ranks bound the quantile.  *out stays unknown where no two do. */
static int p99_of(const struct td_rows *rows, double confidence,
                  struct td_figure *out, struct td_err *err)
{
    uint64_t ranks[3];
    double found[3];
    int rc;
    if (!td_quantile_ranks(rows->count, .99, confidence, &ranks[0], &ranks[2]))
        return 0;
    ranks[1] = (rows->count * 99 + 99) / 100;
    for (int i = 0; i < 3; i++)
        ranks[i]--;
    rc = td_rows_select(rows, ranks, 3, found, err);
    if (!rc)
        *out = (struct td_figure){found[1], found[0], found[2], true, true};
    return rc;
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
    struct totals begun = {0, 0, 0}, totals = {0, 0, 0};
    struct td_rows *used = &steady;
    struct td_figure p99 = {NAN, NAN, NAN, false, false};
    double median;
    int rc;
    split_rows(invocation, &first, &steady);
    rc = td_rows_read(&first, add_up, &begun, err);
    if (!rc && steady.count)
        rc = td_rows_read(&steady, add_up, &totals, err);
    if (!steady.count) {
        used = &first;
        totals = begun;
    }
    if (!rc)
        rc = td_rows_median(used, &median, err);
    if (!rc)
        rc = p99_of(used, confidence, &p99, err);
    if (rc || !used->count)
        goto out;
    for (size_t i = 0; i < used->nspans; i++)
        td_rows_add(pooled, used->at[i].first, used->at[i].count);
    series->pair[series->count] = invocation->pair;
    series->mean_ns[series->count] = totals.duration_ns / totals.operations;
    series->median_ns[series->count++] = median;
    series->timed_ns += totals.duration_ns;
    if (used == &steady)
        series->timed_ns += begun.duration_ns;
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
    put(columns, CPU, cpu_per_operation(invocation));
    put(columns, P99, p99.value);
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
                    struct td_case_summary *out, struct td_case_series *series,
                    struct td_err *err)
{
    const struct td_case_entry *entry = source->entry;
    struct td_rows pooled = {.path = source->samples_path};
    struct columns columns;
    int rc = 0;
    series_init(series, entry->count);
    columns_init(&columns, entry->count);
    for (size_t i = 0; !rc && i < entry->count; i++)
        if (td_invocation_counts(&entry->at[i]))
            rc = take_invocation(&entry->at[i], source->samples_path,
                                 source->confidence, out, series, &columns,
                                 &pooled, err);
    if (rc)
        goto out;
    out->p99_pooled = series->count < 2 || columns.count[P99] < series->count;
    if (out->p99_pooled)
        rc = p99_of(&pooled, source->confidence, &out->p99_ns, err);
    else
        out->p99_ns = td_geomean_t(columns.at[P99], columns.count[P99],
                                   source->confidence);
    if (rc)
        goto out;
    out->invocations = (uint32_t)series->count;
    figures_of(series, &columns, source->confidence, out);
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

void td_case_ratios(const struct td_case_series *own,
                    const struct td_case_series *base, double confidence,
                    uint64_t seed, struct td_case_summary *out)
{
    double *above = td_xmalloc(own->count * sizeof *above);
    double *below = td_xmalloc(own->count * sizeof *below);
    size_t n = match(own, base, own->mean_ns, base->mean_ns, above, below);
    out->pairs = (uint32_t)n;
    out->ratio =
        td_ratio_paired(above, below, n, confidence, seed, TD_RESAMPLES);
    match(own, base, own->median_ns, base->median_ns, above, below);
    out->ratio_median =
        td_ratio_paired(above, below, n, confidence, seed, TD_RESAMPLES);
    free(above);
    free(below);
}
