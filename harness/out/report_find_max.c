#include "out/report_find_max.h"

#include "out/report_load.h"
#include "out/units.h"

#include <inttypes.h>

static const char *const outcome_names[] = {[TD_TRIAL_HELD] = "held",
                                            [TD_TRIAL_BROKE] = "broke",
                                            [TD_TRIAL_INVALID] = "invalid"};

void td_find_max_heading(const char *url, const char *slo,
                         const struct td_load_plan *plan, struct td_buf *out)
{
    td_buf_addf(out,
                "the highest rate at which %s keeps %s\n"
                "%" PRIu32 " connections, threads: %" PRIu32
                ", trials of %.4g s after %.3g s of warm-up\n\n"
                "trial       rate   achieved    p50 ms    p99 ms  p99.9 ms"
                "  not answered  outcome\n",
                url, slo, plan->connections, plan->threads,
                (double)plan->duration_ns / 1e9, (double)plan->warmup_ns / 1e9);
}

/* A figure or, where there are too few, a dash: 10 columns. */
static void add_percentile(struct td_buf *out, const struct td_hist *hist,
                           double percentile)
{
    if (td_load_carries(hist, percentile))
        td_buf_addf(out, " %9.3f",
                    (double)td_load_percentile(hist, percentile) / 1e6);
    else
        td_buf_adds(out, "         " TD_DASH);
}

void td_find_max_line(const struct td_trial_report *trial, struct td_buf *out)
{
    const struct td_load_result *result = trial->result;
    td_buf_addf(out, "%5zu %10.1f %10.1f", trial->number, trial->rate,
                result->achieved_rate);
    add_percentile(out, &result->latency, 50);
    add_percentile(out, &result->latency, 99);
    add_percentile(out, &result->latency, 99.9);
    td_buf_addf(out, " %13" PRIu64 "  %s%s%s\n",
                td_load_failed(result) + result->censored,
                outcome_names[trial->outcome], trial->why[0] ? ": " : "",
                trial->why);
}

static void say_rate(const struct td_search_result *result, struct td_buf *out)
{
    if (!result->found)
        td_buf_adds(out, "no rate kept the objective; the lowest tried was ");
    else if (result->at_limit)
        td_buf_adds(out, "at least ");
    td_load_rate_print(result->found ? result->rate : result->upper, out);
    td_buf_adds(out, " requests/s");
    if (!result->found || result->at_limit)
        return;
    td_buf_adds(out, " (95 % interval ");
    td_load_rate_print(result->lower, out);
    td_buf_adds(out, " to ");
    td_load_rate_print(result->upper, out);
    td_buf_addc(out, ')');
}

void td_find_max_text(const struct td_search_result *result, struct td_buf *out)
{
    td_buf_addc(out, '\n');
    say_rate(result, out);
    td_buf_addf(out, "; %" PRIu32 " trials", result->trials);
    if (result->invalid)
        td_buf_addf(out, ", %" PRIu32 " of them invalid", result->invalid);
    td_buf_addf(out, "\n%s: %s\n",
                result->conclusive ? "ended" : "INCONCLUSIVE",
                td_search_why_words(result->why));
    if (result->confirmed <= 0)
        return;
    td_buf_adds(out, "the highest rate that held every time it was tried: ");
    td_load_rate_print(result->confirmed, out);
    td_buf_adds(out, " requests/s\n");
}

json_t *td_find_max_trial_json(const struct td_trial_report *trial)
{
    const struct td_load_result *result = trial->result;
    return json_pack("{s:f, s:s, s:o, s:f, s:I, s:I, s:I, s:I, s:b, s:o, s:o}",
                     "rate", trial->rate, "outcome",
                     outcome_names[trial->outcome], "why",
                     td_json_text(trial->why), "achieved_rate",
                     result->achieved_rate, "sent", (json_int_t)result->sent,
                     "answered", (json_int_t)result->answered, "failed",
                     (json_int_t)td_load_failed(result), "censored",
                     (json_int_t)result->censored, "valid", result->valid,
                     "latency_ms", td_load_hist_json(&result->latency),
                     "send_lag_ms", td_load_hist_json(&result->send_lag));
}

static json_t *rate_or_null(bool known, double rate)
{
    return known ? td_json_number(rate) : json_null();
}

json_t *td_find_max_json(const char *url, const char *slo,
                         const struct td_load_plan *plan,
                         const struct td_search_result *result, json_t *trials)
{
    bool found = result->found;
    json_t *out = json_pack(
        "{s:o, s:o, s:I, s:I, s:f, s:f, s:I}", "url", td_json_text(url), "slo",
        td_json_text(slo), "connections", (json_int_t)plan->connections,
        "threads", (json_int_t)plan->threads, "duration_s",
        (double)plan->duration_ns / 1e9, "warmup_s",
        (double)plan->warmup_ns / 1e9, "seed", (json_int_t)plan->seed);
    json_object_update_new(
        out, json_pack("{s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:s, s:o}",
                       "found", found, "at_limit", result->at_limit,
                       "conclusive", result->conclusive, "max_rate",
                       rate_or_null(found, result->rate), "lower",
                       rate_or_null(found, result->lower), "upper",
                       rate_or_null(found, result->upper), "confirmed",
                       rate_or_null(result->confirmed > 0, result->confirmed),
                       "knee",
                       rate_or_null(found && !result->at_limit, result->knee),
                       "why", result->why, "trials", trials));
    return out;
}
