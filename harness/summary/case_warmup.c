#include "summary/case_warmup.h"

#include "base/buf.h"
#include "summary/exact.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

/* Of a case with many invocations the analysis may not take seconds; it
 * grows with the square of this. */
enum { POINTS = 1000 };

/* One invocation's series; each point stands for `step` samples. */
struct series {
    double value[POINTS + 1];   /* mean time of an operation */
    double took_ns[POINTS + 1]; /* all of the samples' time */
    size_t n;                   /* of whole points */
    uint64_t step, in_point;
    uint64_t lead; /* samples before the steady ones */
};

/* Those of a case that are analysed, of equal step. */
struct all_series {
    struct series *at;
    size_t count;
    size_t shortest; /* points */
};

static int average(const struct td_sample *rows, size_t count, void *context,
                   struct td_err *err)
{
    struct series *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        to->value[to->n] += td_sample_value(&rows[i]) / (double)to->step;
        to->took_ns[to->n] += (double)rows[i].duration_ns;
        if (++to->in_point == to->step) {
            to->in_point = 0;
            to->n++;
        }
    }
    return 0;
}

static int read_series(const struct td_invocation_entry *invocation,
                       const char *path, struct series *out, struct td_err *err)
{
    struct td_rows rows = {.path = path};
    int rc;
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        td_rows_add(&rows, batch->first, batch->count);
        out->lead += td_batch_is_steady(batch) ? 0 : batch->count;
    }
    rc = td_rows_read(&rows, average, out, err);
    td_rows_release(&rows);
    return rc;
}

static uint64_t common_step(const struct td_case_entry *entry)
{
    uint64_t most = 1;
    for (size_t i = 0; i < entry->count; i++) {
        uint64_t samples = 0;
        for (size_t k = 0; k < entry->at[i].nbatches; k++)
            samples += entry->at[i].batches[k].count;
        if (td_invocation_counts(&entry->at[i]) && samples > most)
            most = samples;
    }
    return (most + POINTS - 1) / POINTS;
}

/* Reads every invocation that counts, for *timed_ns; keeps those that can be
 * analysed. */
static int read_all(const struct td_case_source *source, struct all_series *out,
                    double *timed_ns, struct td_err *err)
{
    const struct td_case_entry *entry = source->entry;
    uint64_t step = common_step(entry);
    double span_ns;
    int rc = 0;
    out->at = td_xcalloc(entry->count, sizeof *out->at);
    out->shortest = POINTS;
    for (size_t i = 0; !rc && i < entry->count; i++) {
        struct series *series = &out->at[out->count];
        if (!td_invocation_counts(&entry->at[i]))
            continue;
        *series = (struct series){.step = step};
        rc = read_series(&entry->at[i], source->samples_path, series, err);
        span_ns = td_invocation_span_ns(&entry->at[i]);
        for (size_t k = 0; k <= series->n && isnan(span_ns); k++)
            *timed_ns += series->took_ns[k];
        if (!isnan(span_ns))
            *timed_ns += span_ns;
        if (source->fresh || entry->at[i].calibrated ||
            series->n < TD_WARMUP_LEAST ||
            td_invocation_is_open_loop(&entry->at[i]))
            continue;
        out->count++;
        if (series->n < out->shortest)
            out->shortest = series->n;
    }
    return rc;
}

static struct td_warmup analysed(const double *x, size_t n)
{
    struct td_warmup out;
    td_warmup_analyse(x, n, &out);
    td_warmup_release(&out);
    return out;
}

/* What the invocations have in common; *start: its point. */
static void find_class(const struct all_series *all, struct td_case_warmup *out,
                       size_t *start)
{
    const double **x = td_xmalloc(all->count * sizeof *x);
    double *typical = td_xmalloc(all->shortest * sizeof *typical);
    struct td_warmup found;
    for (size_t i = 0; i < all->count; i++) {
        x[i] = all->at[i].value;
        out->counts[analysed(x[i], all->at[i].n).kind]++;
    }
    td_warmup_typical(x, all->count, all->shortest, typical);
    found = analysed(typical, all->shortest);
    out->kind = found.kind;
    if (out->kind == TD_WARMUP_WARMUP || out->kind == TD_WARMUP_SLOWDOWN)
        out->cut = found.cut * all->at[0].step;
    *start = found.start;
    free(x);
    free(typical);
}

/* NAN if nothing is left. */
static double steady_level(const struct series *series, uint64_t cut)
{
    uint64_t from = cut > series->lead ? cut : series->lead;
    size_t point = (size_t)((from + series->step - 1) / series->step);
    return point < series->n
               ? gsl_stats_mean(series->value + point, 1, series->n - point)
               : NAN;
}

static void find_figures(const struct all_series *all, size_t start,
                         double confidence, struct td_case_warmup *out)
{
    double *until = td_xcalloc(all->count, sizeof *until);
    double *steady = td_xmalloc(all->count * sizeof *steady);
    for (size_t i = 0; i < all->count; i++) {
        const struct series *series = &all->at[i];
        for (size_t k = 0; k < start; k++)
            until[i] += series->took_ns[k];
        steady[i] = steady_level(series, out->cut);
    }
    out->until_ns = td_mean_t(until, all->count, confidence);
    out->until_ns.lower = fmax(out->until_ns.lower, 0);
    out->steady_ns = td_geomean_t(steady, all->count, confidence);
    free(until);
    free(steady);
}

static void sum_up(const struct all_series *all, double confidence,
                   struct td_case_warmup *out)
{
    uint64_t lead = UINT64_MAX, samples = UINT64_MAX;
    size_t start;
    for (size_t i = 0; i < all->count; i++) {
        const struct series *series = &all->at[i];
        uint64_t steady =
            series->n * series->step + series->in_point - series->lead;
        lead = series->lead < lead ? series->lead : lead;
        samples = steady < samples ? steady : samples;
    }
    out->samples = samples;
    out->known = true;
    out->invocations = (uint32_t)all->count;
    find_class(all, out, &start);
    out->left_out = out->cut > lead ? out->cut - lead : 0;
    if (out->kind != TD_WARMUP_NONE && out->kind != TD_WARMUP_CYCLIC)
        find_figures(all, start, confidence, out);
}

int td_case_warmup_find(const struct td_case_source *source,
                        struct td_case_warmup *out, double *timed_ns,
                        struct td_err *err)
{
    struct all_series all = {NULL, 0, 0};
    int rc;
    *timed_ns = 0;
    rc = read_all(source, &all, timed_ns, err);
    if (!rc && all.count)
        sum_up(&all, source->confidence, out);
    free(all.at);
    return rc;
}

uint64_t td_batch_left_out(const struct td_batch_entry *batch, uint64_t *cut)
{
    uint64_t reached = *cut < batch->count ? *cut : batch->count;
    *cut -= reached;
    return td_batch_is_steady(batch) ? reached : batch->count;
}
