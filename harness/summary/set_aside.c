#include "summary/set_aside.h"

#include "base/buf.h"
#include "summary/case_series.h"
#include "summary/case_warmup.h"
#include "summary/exact.h"

#include <stdlib.h>
#include <string.h>

struct sum {
    double duration_ns, operations;
};

static int add_up(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct sum *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        to->duration_ns += (double)rows[i].duration_ns;
        to->operations += rows[i].loops ? (double)rows[i].loops : 1;
    }
    return 0;
}

/* Of the samples that would be in the figures; of its first iteration where
 * it has no others. */
static int sum_of(const struct td_invocation_entry *invocation, uint64_t cut,
                  const char *path, struct sum *out, struct td_err *err)
{
    struct td_rows rows = {.path = path};
    int rc;
    for (size_t i = 0; i < invocation->nbatches; i++) {
        const struct td_batch_entry *batch = &invocation->batches[i];
        uint64_t left = td_batch_left_out(batch, &cut);
        if (left < batch->count)
            td_rows_add(&rows, batch->first + left, batch->count - left);
    }
    if (!rows.count)
        td_rows_add(&rows, invocation->batches[0].first,
                    invocation->batches[0].count);
    rc = td_rows_read(&rows, add_up, out, err);
    td_rows_release(&rows);
    return rc;
}

static void series_add(struct td_case_series *to, uint32_t pair, double mean_ns)
{
    size_t n = to->count++;
    to->pair = td_xrealloc(to->pair, to->count * sizeof *to->pair);
    to->mean_ns = td_xrealloc(to->mean_ns, to->count * sizeof *to->mean_ns);
    to->pair[n] = pair;
    to->mean_ns[n] = mean_ns;
}

int td_case_aside(const struct td_case_source *source,
                  struct td_case_summary *out, struct td_err *err)
{
    uint64_t cut = out->warmup.truncated ? out->warmup.cut : 0;
    int rc = 0;
    for (size_t i = 0; !rc && i < source->entry->count; i++) {
        const struct td_invocation_entry *it = &source->entry->at[i];
        struct sum sum = {0, 0};
        if (!td_invocation_is_aside(it))
            continue;
        rc = sum_of(it, cut, source->samples_path, &sum, err);
        if (rc || sum.operations <= 0)
            continue;
        series_add(&out->aside, it->pair, sum.duration_ns / sum.operations);
        out->series.timed_ns += sum.duration_ns;
    }
    return rc;
}

static void series_join(struct td_case_series *to,
                        const struct td_case_summary *from)
{
    const struct td_case_series *const both[] = {&from->series, &from->aside};
    memset(to, 0, sizeof *to);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < both[k]->count; i++)
            series_add(to, both[k]->pair[i], both[k]->mean_ns[i]);
}

void td_case_ratio_all(struct td_case_summary *out,
                       const struct td_case_summary *base, double confidence,
                       uint64_t seed)
{
    struct td_case_series own, below;
    if (!out->aside.count)
        return;
    series_join(&own, out);
    series_join(&below, base);
    out->ratio_all = td_series_ratio(&own, &below, own.mean_ns, below.mean_ns,
                                     confidence, seed, NULL);
    td_case_series_release(&own);
    td_case_series_release(&below);
}
