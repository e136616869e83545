#include "out/report_load.h"
#include "store/hist_file.h"

struct level {
    const char *key;
    double percentile;
};

static const struct level levels[] = {
    {"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"max", 100}};

static json_t *in_ms(int64_t ns)
{
    return json_real((double)ns / 1e6);
}

json_t *td_load_hist_json(const struct td_hist *hist)
{
    json_t *out = json_object(), *too_few = json_array();
    uint64_t count = (uint64_t)hist->total + (uint64_t)hist->clipped;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        double percentile = levels[i].percentile;
        json_object_set_new(out, levels[i].key,
                            count ? in_ms(td_load_percentile(hist, percentile))
                                  : json_null());
        if (percentile < 100 && !td_load_carries(hist, percentile))
            json_array_append_new(too_few, json_string(levels[i].key));
    }
    json_object_set_new(
        out, "mean", count ? json_real(td_hist_mean(hist) / 1e6) : json_null());
    json_object_set_new(out, "count", json_integer((json_int_t)count));
    json_object_set_new(out, "too_few_for", too_few);
    return out;
}

static json_t *failures_json(const struct td_load_result *result)
{
    json_t *out = json_object();
    for (int i = 0; i < TD_LOAD_FAILURES; i++)
        json_object_set_new(out, td_load_failure_keys[i],
                            json_integer((json_int_t)result->failed[i]));
    return out;
}

static json_t *seconds_json(const struct td_load_result *result)
{
    json_t *out = json_array();
    for (size_t i = 0; i < result->nseconds; i++) {
        const struct td_load_second *at = &result->seconds[i];
        bool any = at->answered > 0;
        json_array_append_new(
            out, json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "sent",
                           (json_int_t)at->sent, "answered",
                           (json_int_t)at->answered, "failed",
                           (json_int_t)at->failed, "p50_ms",
                           any ? in_ms(at->p50_ns) : json_null(), "p99_ms",
                           any ? in_ms(at->p99_ns) : json_null(), "max_ms",
                           any ? in_ms(at->max_ns) : json_null()));
    }
    return out;
}

static json_t *text_or_null(const char *text)
{
    return text && text[0] ? td_json_text(text) : json_null();
}

static const char *arrivals_name(const struct td_load_plan *plan)
{
    if (plan->rate <= 0)
        return "closed";
    return plan->arrivals == TD_ARRIVALS_POISSON ? "poisson" : "constant";
}

/* What was asked for. */
static void add_plan(json_t *out, const struct td_load_report *report)
{
    const struct td_load_plan *plan = report->plan;
    json_object_update_new(
        out,
        json_pack("{s:o, s:o, s:s, s:I, s:I, s:f, s:f, s:f, s:b, s:I}", "url",
                  td_json_text(report->url), "method",
                  text_or_null(report->method), "arrivals", arrivals_name(plan),
                  "connections", (json_int_t)plan->connections, "threads",
                  (json_int_t)plan->threads, "duration_s",
                  (double)plan->duration_ns / 1e9, "warmup_s",
                  (double)plan->warmup_ns / 1e9, "timeout_s",
                  (double)plan->timeout_ns / 1e9, "keepalive", plan->keepalive,
                  "seed", (json_int_t)plan->seed));
}

static void add_rates(json_t *out, const struct td_load_report *report)
{
    const struct td_load_result *result = report->result;
    uint64_t ended = result->answered + td_load_failed(result);
    json_object_set_new(out, "requested_rate",
                        report->plan->rate > 0
                            ? json_real(result->requested_rate)
                            : json_null());
    json_object_set_new(out, "achieved_rate", json_real(result->achieved_rate));
    json_object_set_new(
        out, "cpu_us_per_request",
        ended ? json_real((double)result->cpu_ns / 1e3 / (double)ended)
              : json_null());
}

static void add_counts(json_t *out, const struct td_load_result *result)
{
    json_object_update_new(
        out,
        json_pack("{s:I, s:I, s:o, s:I, s:I, s:f, s:I, s:I, s:I}", "sent",
                  (json_int_t)result->sent, "answered",
                  (json_int_t)result->answered, "failed", failures_json(result),
                  "censored", (json_int_t)result->censored, "unsent",
                  (json_int_t)result->unsent, "measured_s", result->measured_s,
                  "bytes_in", (json_int_t)result->bytes_in, "connects",
                  (json_int_t)result->connects, "reconnects",
                  (json_int_t)result->reconnects));
}

json_t *td_load_json(const struct td_load_report *report)
{
    const struct td_load_result *result = report->result;
    json_t *out = json_object();
    add_plan(out, report);
    add_rates(out, report);
    add_counts(out, result);
    json_object_set_new(out, "first_failure",
                        text_or_null(result->first_failure));
    json_object_set_new(out, "stopped", json_boolean(result->stopped));
    json_object_set_new(out, "valid", json_boolean(result->valid));
    json_object_set_new(out, "invalid_reason",
                        result->valid ? json_null()
                                      : td_json_text(result->invalid_reason));
    json_object_set_new(out, "latency_ms", td_load_hist_json(&result->latency));
    json_object_set_new(out, "service_ms", td_load_hist_json(&result->service));
    json_object_set_new(out, "send_lag_ms",
                        td_load_hist_json(&result->send_lag));
    json_object_set_new(out, "seconds", seconds_json(result));
    return out;
}

int td_load_hlog(const struct td_load_report *report, double wall_s,
                 struct td_buf *out, struct td_err *err)
{
    const struct td_load_result *result = report->result;
    const struct {
        const char *tag;
        const struct td_hist *hist;
    } rows[] = {{"", &result->latency},
                {"Tag=service,", &result->service},
                {"Tag=send-lag,", &result->send_lag}};
    td_hlog_header(out, report->url, wall_s);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        td_buf_adds(out, rows[i].tag);
        if (td_hlog_interval(out, 0, result->measured_s, rows[i].hist, err))
            return err->code;
    }
    return 0;
}
