#include "load/load_tally.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

/* For many small histograms: two digits from 1 us to 1 h are 25 KB. */
static void init_coarse(struct td_hist *hist)
{
    struct td_err err = TD_ERR_INIT;
    td_hist_init(hist, 1000, INT64_C(3600) * (int64_t)SECOND_NS, 2, &err);
}

void td_load_pulse_init(struct td_load_pulse *pulse)
{
    pulse->answered = 0;
    pulse->failed = 0;
    init_coarse(&pulse->latency);
}

void td_load_pulse_release(struct td_load_pulse *pulse)
{
    td_hist_release(&pulse->latency);
}

void td_load_pulse_move(struct td_load_pulse *to, struct td_load_pulse *from)
{
    to->answered += from->answered;
    to->failed += from->failed;
    td_hist_add(&to->latency, &from->latency);
    td_hist_reset(&from->latency);
    from->answered = 0;
    from->failed = 0;
}

void td_load_tally_init(struct td_load_tally *tally)
{
    memset(tally, 0, sizeof *tally);
    tally->to_ns = UINT64_MAX;
    td_hist_init_default(&tally->latency);
    td_hist_init_default(&tally->service);
    td_hist_init_default(&tally->send_lag);
    td_load_pulse_init(&tally->pulse);
}

void td_load_tally_release(struct td_load_tally *tally)
{
    for (size_t i = 0; i < tally->nseconds; i++)
        td_hist_release(&tally->seconds[i].latency);
    free(tally->seconds);
    td_hist_release(&tally->latency);
    td_hist_release(&tally->service);
    td_hist_release(&tally->send_lag);
    td_load_pulse_release(&tally->pulse);
    memset(tally, 0, sizeof *tally);
}

static struct td_load_tally_second *second_of(struct td_load_tally *tally,
                                              uint64_t intended_ns)
{
    size_t i = (size_t)((intended_ns - tally->from_ns) / SECOND_NS);
    if (i >= tally->nseconds) {
        size_t count = i + 1 + i / 2;
        tally->seconds =
            td_xrealloc(tally->seconds, count * sizeof *tally->seconds);
        memset(&tally->seconds[tally->nseconds], 0,
               (count - tally->nseconds) * sizeof *tally->seconds);
        tally->nseconds = count;
    }
    return &tally->seconds[i];
}

static void record_latency(struct td_load_tally *tally,
                           struct td_load_tally_second *second, uint64_t ns)
{
    if (!second->latency.counts)
        init_coarse(&second->latency);
    td_hist_record(&second->latency, (int64_t)ns);
    td_hist_record(&tally->latency, (int64_t)ns);
}

void td_load_tally_due(struct td_load_tally *tally, uint64_t intended_ns)
{
    if (!td_load_tally_holds(tally, intended_ns))
        return;
    tally->sent++;
    second_of(tally, intended_ns)->sent++;
}

void td_load_tally_lag(struct td_load_tally *tally, uint64_t intended_ns,
                       uint64_t sent_ns)
{
    if (td_load_tally_holds(tally, intended_ns))
        td_hist_record(&tally->send_lag, (int64_t)(sent_ns - intended_ns));
}

static void keep_sample(struct td_load_samples *samples,
                        const struct td_load_sample *sample)
{
    if (samples->count < samples->cap)
        samples->at[samples->count++] = *sample;
}

void td_load_tally_answered(struct td_load_tally *tally,
                            const struct td_load_sample *sample)
{
    uint64_t latency_ns = sample->end_ns - sample->intended_ns;
    struct td_load_tally_second *second;
    td_hist_record(&tally->pulse.latency, (int64_t)latency_ns);
    tally->pulse.answered++;
    if (td_load_tally_holds(tally, sample->end_ns))
        tally->arrived++;
    if (!td_load_tally_holds(tally, sample->intended_ns))
        return;
    second = second_of(tally, sample->intended_ns);
    tally->answered++;
    second->answered++;
    record_latency(tally, second, latency_ns);
    td_hist_record(&tally->service,
                   (int64_t)(sample->end_ns - sample->sent_ns));
    keep_sample(&tally->samples, sample);
}

bool td_load_tally_failed(struct td_load_tally *tally,
                          enum td_load_failure failure, uint64_t intended_ns,
                          uint64_t now_ns)
{
    struct td_load_tally_second *second;
    tally->pulse.failed++;
    if (!td_load_tally_holds(tally, intended_ns))
        return false;
    second = second_of(tally, intended_ns);
    tally->failed[failure]++;
    second->failed++;
    if (failure == TD_LOAD_TIMEOUT)
        record_latency(tally, second, now_ns - intended_ns);
    if (tally->first_failure_ns)
        return false;
    tally->first_failure_ns = now_ns;
    snprintf(tally->first_failure, sizeof tally->first_failure, "%s",
             td_load_failure_words[failure]);
    return true;
}

void td_load_tally_explain(struct td_load_tally *tally, const char *fmt, ...)
{
    size_t used = strlen(tally->first_failure);
    va_list ap;
    if (used + 3 >= sizeof tally->first_failure)
        return;
    memcpy(tally->first_failure + used, ": ", 3);
    va_start(ap, fmt);
    vsnprintf(tally->first_failure + used + 2,
              sizeof tally->first_failure - used - 2, fmt, ap);
    va_end(ap);
}

void td_load_tally_censored(struct td_load_tally *tally, uint64_t intended_ns,
                            uint64_t now_ns, bool unsent)
{
    if (!td_load_tally_holds(tally, intended_ns))
        return;
    if (unsent) {
        td_load_tally_due(tally, intended_ns);
        tally->unsent++;
    }
    tally->censored++;
    record_latency(tally, second_of(tally, intended_ns), now_ns - intended_ns);
}
