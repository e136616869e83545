#include "summary/case_figures.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/case_series.h"
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
    double most; /* the longest sample */
    uint64_t clipped;
    size_t count;
    double start, off, squares; /* sums of differences to the first value, so
                                   that nothing cancels */
};

static int add_up(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct totals *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        double value = td_sample_value(&rows[i]);
        to->duration_ns += (double)rows[i].duration_ns;
        to->operations += rows[i].loops ? (double)rows[i].loops : 1;
        to->most = fmax(to->most, value);
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

/* What one invocation's samples say. */
struct taken {
    struct totals first, used;
    struct td_order order;
    double p999_ns; /* NAN: too few */
};

/* rows: of its figures.  A tail of a closed loop's samples is no tail of
 * requests. */
static int order_of(const struct td_rows *rows, bool has_tail,
                    double confidence, struct taken *out, struct td_err *err)
{
    struct td_figure p999 = {NAN, NAN, NAN, false, false};
    int rc = td_rows_order(rows, confidence, &out->order, err);
    if (!rc && has_tail)
        rc = td_rows_quantile(rows, .999, confidence, &p999, err);
    out->p999_ns = p999.value;
    if (!has_tail) {
        out->order.p99.value = NAN;
        out->used.most = NAN;
    }
    return rc;
}

static void add_to_series(const struct td_invocation_entry *invocation,
                          const struct taken *taken, double cpu_ns,
                          struct td_case_series *series)
{
    const json_t *usage = json_object_get(invocation->end, "usage");
    size_t i = series->count++;
    series->pair[i] = invocation->pair;
    series->moments[i] = moments_of(&taken->used);
    series->begin_ns[i] = began_ns(invocation);
    series->mean_ns[i] = taken->used.duration_ns / taken->used.operations;
    series->median_ns[i] = taken->order.median;
    series->p99_ns[i] = taken->order.p99.value;
    series->p999_ns[i] = taken->p999_ns;
    series->max_ns[i] = taken->used.most;
    series->cpu_ns[i] = cpu_ns;
    series->rss_bytes[i] = peak_rss(invocation);
    series->pss_bytes[i] = td_json_num(usage, "pss_bytes", NAN);
    series->setup_ns[i] = invocation->setup_ns;
    series->first_ns[i] =
        taken->first.count ? taken->first.duration_ns / taken->first.operations
                           : NAN;
}

/* An invocation without steady samples (one long operation) is represented
 * by its first iteration. */
static int take_invocation(const struct td_invocation_entry *invocation,
                           const struct td_case_source *source,
                           struct td_case_summary *out, struct td_rows *pooled,
                           struct td_err *err)
{
    struct td_rows first = {.path = source->samples_path};
    struct td_rows steady = {.path = source->samples_path};
    struct td_rows *used = &steady;
    struct taken taken = {0};
    uint64_t cut = out->warmup.truncated ? out->warmup.cut : 0;
    bool has_tail =
        !invocation->server || td_invocation_is_open_loop(invocation);
    int rc;
    split_rows(invocation, cut, &first, &steady);
    rc = td_rows_read(&first, add_up, &taken.first, err);
    if (!rc && steady.count)
        rc = td_rows_read(&steady, add_up, &taken.used, err);
    if (!steady.count) {
        used = &first;
        taken.used = taken.first;
    }
    if (!rc)
        rc = order_of(used, has_tail, source->confidence, &taken, err);
    if (rc || !used->count)
        goto out;
    for (size_t i = 0; i < used->nspans; i++)
        td_rows_add(pooled, used->at[i].first, used->at[i].count);
    td_case_reported_add(&out->reported, out->series.count,
                         source->entry->count, invocation->end);
    add_to_series(invocation, &taken, cpu_per_operation(invocation, cut),
                  &out->series);
    out->samples += used->count;
    out->operations += (uint64_t)taken.used.operations;
    out->clipped += taken.used.clipped;
    out->loops = most_loops(invocation, out->loops);
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

/* Over those invocations that know it; how many. */
static size_t known_of(const double *all, size_t n, double *out)
{
    size_t known = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(all[i]))
            out[known++] = all[i];
    return known;
}

static void figures_of(const struct td_case_series *series, double confidence,
                       struct td_case_summary *out)
{
    const struct {
        struct td_figure *to;
        const double *from;
    } all[] = {
        {&out->mean_ns, series->mean_ns},
        {&out->median_ns, series->median_ns},
        {&out->first_ns, series->first_ns},
        {&out->setup_ns, series->setup_ns},
        {&out->rss_bytes, series->rss_bytes},
        {&out->pss_bytes, series->pss_bytes},
        {&out->cpu_ns, series->cpu_ns},
    };
    double *known = td_xmalloc(series->count * sizeof *known);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_t n = known_of(all[i].from, series->count, known);
        *all[i].to = td_geomean_t(known, n, confidence);
    }
    free(known);
}

/* Over the invocations' p99s where each carries one, else pooled. */
static int p99_of(const struct td_case_series *series,
                  const struct td_rows *pooled, double confidence,
                  struct td_case_summary *out, struct td_err *err)
{
    struct td_order order;
    int rc;
    out->p99_pooled =
        series->count < 2 || !td_all_finite(series->p99_ns, series->count);
    if (!out->p99_pooled) {
        out->p99_ns = td_geomean_t(series->p99_ns, series->count, confidence);
        return 0;
    }
    rc = td_rows_order(pooled, confidence, &order, err);
    out->p99_ns = order.p99;
    return rc;
}

int td_case_figures(const struct td_case_source *source,
                    struct td_case_summary *out, struct td_err *err)
{
    const struct td_case_entry *entry = source->entry;
    struct td_case_series *series = &out->series;
    struct td_rows pooled = {.path = source->samples_path};
    int rc = 0;
    td_case_series_init(series, entry->count);
    rc = td_case_warmup_find(source, &out->warmup, &series->timed_ns, err);
    out->warmup.truncated = out->warmup.left_out && !source->whole;
    for (size_t i = 0; !rc && i < entry->count; i++)
        if (td_invocation_counts(&entry->at[i]))
            rc = take_invocation(&entry->at[i], source, out, &pooled, err);
    if (!rc)
        rc = p99_of(series, &pooled, source->confidence, out, err);
    if (rc)
        goto out;
    out->invocations = (uint32_t)series->count;
    figures_of(series, source->confidence, out);
    td_case_reported_make(&out->reported, series->count, source->confidence);
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
