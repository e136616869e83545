#include "measure/load_samples.h"

#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_intended(const void *a, const void *b)
{
    return compare(((const struct td_load_sample *)a)->intended_ns,
                   ((const struct td_load_sample *)b)->intended_ns);
}

static int by_end(const void *a, const void *b)
{
    return compare(((const struct td_load_sample *)a)->end_ns,
                   ((const struct td_load_sample *)b)->end_ns);
}

uint64_t td_samples_of_requests(struct td_load_sample *at, size_t n,
                                struct td_interval *out)
{
    if (n)
        qsort(at, n, sizeof *at, by_intended);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct td_interval){at[i].intended_ns, at[i].end_ns};
    return n;
}

uint64_t td_samples_of_windows(struct td_load_sample *at, size_t n,
                               uint64_t loops, struct td_interval *out)
{
    uint64_t count = 0;
    if (n)
        qsort(at, n, sizeof *at, by_end);
    for (size_t last = (size_t)loops; last < n; last += (size_t)loops)
        out[count++] =
            (struct td_interval){at[last - loops].end_ns, at[last].end_ns};
    return count;
}

static json_t *quantiles_json(const struct td_hist *hist)
{
    static const struct {
        const char *name;
        double percentile;
    } of[] = {
        {"p50", 50}, {"p90", 90}, {"p99", 99}, {"p999", 99.9}, {"max", 100}};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        json_object_set_new(out, of[i].name,
                            hist->total ? json_integer(td_hist_percentile(
                                              hist, of[i].percentile))
                                        : json_null());
    return out;
}

json_t *td_load_result_json(const struct td_load_result *result)
{
    json_t *failed = json_object();
    json_t *out = json_pack(
        "{s:I, s:I, s:I, s:I, s:o, s:f, s:f, s:b, s:I, s:I, s:I}", "sent",
        (json_int_t)result->sent, "answered", (json_int_t)result->answered,
        "censored", (json_int_t)result->censored, "unsent",
        (json_int_t)result->unsent, "failed", failed, "requested_rate",
        result->requested_rate, "achieved_rate", result->achieved_rate, "valid",
        (int)result->valid, "bytes_in", (json_int_t)result->bytes_in,
        "connects", (json_int_t)(result->connects + result->reconnects),
        "generator_cpu_ns", (json_int_t)result->cpu_ns);
    for (int i = 0; i < TD_LOAD_FAILURES; i++)
        if (result->failed[i])
            json_object_set_new(failed, td_load_failure_keys[i],
                                json_integer((json_int_t)result->failed[i]));
    if (!result->valid)
        json_object_set_new(out, "invalid_reason",
                            td_json_text(result->invalid_reason));
    if (result->first_failure[0])
        json_object_set_new(out, "first_failure",
                            td_json_text(result->first_failure));
    json_object_set_new(out, "latency_ns", quantiles_json(&result->latency));
    json_object_set_new(out, "service_ns", quantiles_json(&result->service));
    json_object_set_new(out, "send_lag_ns", quantiles_json(&result->send_lag));
    return out;
}

void td_load_failures_say(const struct td_load_result *result,
                          struct td_buf *out)
{
    for (int i = 0; i < TD_LOAD_FAILURES; i++)
        if (result->failed[i])
            td_buf_addf(out, "%s%s: %" PRIu64, out->len ? ", " : "",
                        td_load_failure_words[i], result->failed[i]);
    if (result->censored)
        td_buf_addf(out, "%sno answer: %" PRIu64, out->len ? ", " : "",
                    result->censored);
}
