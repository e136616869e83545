#include "load/load_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double MS = 1e6;

/* One second of all the threads. */
static void merge_second(struct td_load_second *out, size_t index,
                         const struct td_load_tally *const *tallies,
                         size_t count, struct td_hist *scratch)
{
    td_hist_reset(scratch);
    for (size_t i = 0; i < count; i++) {
        const struct td_load_tally_second *from;
        if (index >= tallies[i]->nseconds)
            continue;
        from = &tallies[i]->seconds[index];
        out->sent += from->sent;
        out->answered += from->answered;
        out->failed += from->failed;
        if (from->latency.counts)
            td_hist_add(scratch, &from->latency);
    }
    out->p50_ns = td_hist_percentile(scratch, 50);
    out->p99_ns = td_hist_percentile(scratch, 99);
    out->max_ns = scratch->total ? scratch->max : 0;
}

static void merge_seconds(struct td_load_result *result,
                          const struct td_load_tally *const *tallies,
                          size_t count)
{
    struct td_load_pulse scratch; /* for its coarse histogram */
    double seconds = result->measured_s;
    result->nseconds = (size_t)seconds;
    if ((double)result->nseconds < seconds)
        result->nseconds++;
    if (result->nseconds == 0)
        return;
    result->seconds = td_xcalloc(result->nseconds, sizeof *result->seconds);
    td_load_pulse_init(&scratch);
    for (size_t i = 0; i < result->nseconds; i++)
        merge_second(&result->seconds[i], i, tallies, count, &scratch.latency);
    td_load_pulse_release(&scratch);
}

static void add_counts(struct td_load_result *result,
                       const struct td_load_tally *tally)
{
    result->sent += tally->sent;
    result->answered += tally->answered;
    result->censored += tally->censored;
    result->unsent += tally->unsent;
    result->bytes_in += tally->bytes_in;
    result->connects += tally->connects;
    result->reconnects += tally->reconnects;
    result->cpu_ns += tally->cpu_ns;
    for (int i = 0; i < TD_LOAD_FAILURES; i++)
        result->failed[i] += tally->failed[i];
    td_hist_add(&result->latency, &tally->latency);
    td_hist_add(&result->service, &tally->service);
    td_hist_add(&result->send_lag, &tally->send_lag);
}

static void __attribute__((format(printf, 2, 3)))
invalidate(struct td_load_result *result, const char *fmt, ...)
{
    va_list ap;
    result->valid = false;
    if (result->invalid_reason[0])
        return;
    va_start(ap, fmt);
    vsnprintf(result->invalid_reason, sizeof result->invalid_reason, fmt, ap);
    va_end(ap);
}

static void judge_lag(struct td_load_result *result, double percentile,
                      double at_least_ns)
{
    double lag = (double)td_hist_percentile(&result->send_lag, percentile);
    double latency = (double)td_hist_percentile(&result->latency, percentile);
    if (lag > at_least_ns && lag > .1 * latency)
        invalidate(result,
                   "the generator was late: p%g of the send lag is %.3g ms, "
                   "of the latency %.3g ms",
                   percentile, lag / MS, latency / MS);
}

/* Spare time is what a generator answers on time with. */
static void judge_cpu(struct td_load_result *result, double measured_s,
                      const struct td_load_tally *tally)
{
    double share = (double)tally->cpu_ns * 1e-9 / measured_s;
    if (share > .95)
        invalidate(result,
                   "the generator had no time to spare: a thread of it used "
                   "%.0f %% of a CPU; give it more threads",
                   share * 100);
}

void td_load_merge(struct td_load_result *result,
                   const struct td_load_plan *plan,
                   const struct td_load_tally *const *tallies, size_t count)
{
    uint64_t to_ns = 0, first_failure_ns = UINT64_MAX, arrived = 0;
    bool open = plan->rate > 0;
    td_hist_init_default(&result->latency);
    td_hist_init_default(&result->service);
    td_hist_init_default(&result->send_lag);
    result->valid = true;
    result->requested_rate = plan->rate;
    for (size_t i = 0; i < count; i++) {
        const struct td_load_tally *tally = tallies[i];
        add_counts(result, tally);
        arrived += tally->arrived;
        if (tally->to_ns > to_ns)
            to_ns = tally->to_ns;
        if (tally->first_failure_ns &&
            tally->first_failure_ns < first_failure_ns) {
            first_failure_ns = tally->first_failure_ns;
            memcpy(result->first_failure, tally->first_failure,
                   sizeof result->first_failure);
        }
    }
    if (to_ns <= tallies[0]->from_ns || to_ns == UINT64_MAX) {
        invalidate(result, "it was stopped before the measured time began");
        return;
    }
    result->measured_s = (double)(to_ns - tallies[0]->from_ns) * 1e-9;
    result->achieved_rate = (double)arrived / result->measured_s;
    merge_seconds(result, tallies, count);
    for (size_t i = 0; open && !plan->busy_poll && i < count; i++)
        judge_cpu(result, result->measured_s, tallies[i]);
    if (open) {
        judge_lag(result, 50, .25 * MS);
        judge_lag(result, 99, MS);
    }
}
