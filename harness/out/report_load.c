#include "out/report_load.h"

#include "out/table.h"
#include "out/units.h"
#include "stat/quantile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CONFIDENCE .95

enum { COLUMNS = 7, PERCENTILES = 4, PROSE_WIDTH = 80 };

static const double percentiles[PERCENTILES] = {50, 90, 99, 99.9};
static const char *const percentile_names[PERCENTILES] = {"p50", "p90", "p99",
                                                          "p99.9"};

int64_t td_load_percentile(const struct td_hist *hist, double percentile)
{
    double all = (double)hist->total + (double)hist->clipped;
    double inside;
    int64_t value;
    if (!hist->total)
        return hist->clipped ? hist->highest : 0;
    inside = percentile * all / (double)hist->total;
    if (inside > 100)
        return hist->highest;
    value = td_hist_percentile(hist, inside);
    return value < hist->max ? value : hist->max;
}

static uint64_t count_of(const struct td_hist *hist)
{
    return (uint64_t)hist->total + (uint64_t)hist->clipped;
}

bool td_load_carries(const struct td_hist *hist, double percentile)
{
    return count_of(hist) >= td_quantile_least(percentile / 100, CONFIDENCE);
}

static void add_count(struct td_buf *out, uint64_t count, const char *what)
{
    td_count_print(count, out);
    td_buf_addf(out, " %s", what);
}

void td_load_rate_print(double rate, struct td_buf *out)
{
    if (rate >= 999.95)
        td_count_print((uint64_t)(rate + .5), out);
    else
        td_buf_addf(out, "%.4g", rate);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void say_what_was_asked(const struct td_load_report *report,
                               struct td_buf *out)
{
    const struct td_load_plan *plan = report->plan;
    td_buf_addf(out, "%s %s\n", report->method ? report->method : "a mix to",
                report->url);
    if (plan->rate > 0) {
        td_load_rate_print(plan->rate, out);
        td_buf_adds(out, plan->arrivals == TD_ARRIVALS_POISSON
                             ? " requests/s, Poisson arrivals, "
                             : " requests/s at constant intervals, ");
    } else {
        td_buf_adds(out, "closed loop, ");
    }
    td_buf_addf(out, "%" PRIu32 " connection%s, %" PRIu32 " thread%s, ",
                plan->connections, plural(plan->connections), plan->threads,
                plural(plan->threads));
    td_buf_addf(out, "%.4g s after %.3g s of warm-up, seed %" PRIu64 "\n",
                (double)plan->duration_ns / 1e9, (double)plan->warmup_ns / 1e9,
                plan->seed);
    if (!plan->keepalive)
        td_buf_adds(out, "a new connection for each request\n");
}

static void say_failures(const struct td_load_result *result,
                         struct td_buf *out)
{
    const char *before = "  failed: ";
    for (int i = 0; i < TD_LOAD_FAILURES; i++) {
        if (!result->failed[i])
            continue;
        td_buf_adds(out, before);
        add_count(out, result->failed[i], td_load_failure_words[i]);
        before = ", ";
    }
    if (td_load_failed(result))
        td_buf_addc(out, '\n');
    if (result->first_failure[0])
        td_buf_addf(out, "  first failure: %s\n", result->first_failure);
    if (!result->censored)
        return;
    td_buf_adds(out, "  censored: no answer yet when the load ended; counted "
                     "in the latency at their age");
    if (result->unsent) {
        td_buf_adds(out, " (");
        add_count(out, result->unsent, "never sent: no connection was free)");
    }
    td_buf_addc(out, '\n');
}

static void say_counts(const struct td_load_report *report, struct td_buf *out)
{
    const struct td_load_result *result = report->result;
    add_count(out, result->sent, "sent = ");
    add_count(out, result->answered, "answered + ");
    add_count(out, td_load_failed(result), "failed + ");
    add_count(out, result->censored, "censored\n");
    say_failures(result, out);
    td_load_rate_print(result->achieved_rate, out);
    td_buf_adds(out, " answered/s");
    if (report->plan->rate > 0) {
        td_buf_adds(out, " of ");
        td_load_rate_print(result->requested_rate, out);
        td_buf_adds(out, " asked for");
    }
    td_buf_addc(out, '\n');
}

static void add_time(struct td_table *table, double ns)
{
    struct td_figure figure = {.value = ns, .known = true};
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_print(figure, TD_UNIT_TIME, &value, &interval);
    td_table_add(table, td_buf_str(&value), NULL);
    td_buf_release(&value);
    td_buf_release(&interval);
}

/* missing[i]: percentile i is shown as a dash somewhere. */
static void add_row(struct td_table *table, const char *name,
                    const struct td_hist *hist, bool *missing)
{
    struct td_buf count = TD_BUF_INIT;
    td_table_add(table, name, NULL);
    for (int i = 0; i < PERCENTILES; i++) {
        if (td_load_carries(hist, percentiles[i])) {
            add_time(table, (double)td_load_percentile(hist, percentiles[i]));
            continue;
        }
        td_table_add(table, TD_DASH, NULL);
        missing[i] |= count_of(hist) > 0;
    }
    if (count_of(hist))
        add_time(table, (double)td_load_percentile(hist, 100));
    else
        td_table_add(table, TD_DASH, NULL);
    td_count_print(count_of(hist), &count);
    td_table_add(table, td_buf_str(&count), NULL);
    td_buf_release(&count);
}

static void say_missing(const bool *missing, struct td_buf *out)
{
    const char *before = "–: too few requests to bound it; ";
    for (int i = 0; i < PERCENTILES; i++) {
        if (!missing[i])
            continue;
        td_buf_addf(out, "%s%s needs ", before, percentile_names[i]);
        td_count_print(td_quantile_least(percentiles[i] / 100, CONFIDENCE),
                       out);
        before = ", ";
    }
    if (before[0] == ',')
        td_buf_addc(out, '\n');
}

static void add_table(const struct td_load_result *result, struct td_buf *out)
{
    bool missing[PERCENTILES] = {false};
    struct td_table table;
    td_table_init(&table, COLUMNS);
    td_table_add(&table, "", NULL);
    for (int i = 0; i < PERCENTILES; i++)
        td_table_add(&table, percentile_names[i], NULL);
    td_table_add(&table, "max", NULL);
    td_table_add(&table, "count", NULL);
    add_row(&table, "latency", &result->latency, missing);
    add_row(&table, "service", &result->service, missing);
    add_row(&table, "send lag", &result->send_lag, missing);
    td_table_text(&table, out);
    say_missing(missing, out);
    td_table_release(&table);
}

static void say_legend(const struct td_load_report *report, struct td_buf *out)
{
    static const char open_loop[] =
        "latency: from when the request was due, whether or not a connection "
        "was free; service: from when it was sent; send lag: how late the "
        "generator was with a connection free";
    static const char closed_loop[] =
        "closed loop: while the server stalls nothing is sent, so this is "
        "service time, not what users who come on their own would wait; "
        "--rate measures that";
    td_text_fold(report->plan->rate > 0 ? open_loop : closed_loop, PROSE_WIDTH,
                 0, out);
}

static void say_cost(const struct td_load_result *result, struct td_buf *out)
{
    uint64_t ended = result->answered + td_load_failed(result);
    if (ended)
        td_buf_addf(out, "generator: %.1f µs of CPU a request, ",
                    (double)result->cpu_ns / 1e3 / (double)ended);
    td_buf_addf(out, "%" PRIu64 " connection%s opened, %" PRIu64 " again\n",
                result->connects, plural(result->connects), result->reconnects);
}

static void say_validity(const struct td_load_report *report,
                         struct td_buf *out)
{
    const struct td_load_result *result = report->result;
    struct td_buf text = TD_BUF_INIT;
    if (result->stopped)
        td_buf_addf(out, "stopped after %.3g s of %.4g s\n", result->measured_s,
                    (double)report->plan->duration_ns / 1e9);
    if (!result->valid) {
        td_buf_addf(&text,
                    "INVALID: %s: these figures say more of the generator "
                    "than of the server",
                    result->invalid_reason);
        td_text_fold(td_buf_str(&text), PROSE_WIDTH, 0, out);
    }
    td_buf_release(&text);
}

void td_load_text(const struct td_load_report *report, struct td_buf *out)
{
    say_what_was_asked(report, out);
    td_buf_addc(out, '\n');
    say_counts(report, out);
    say_cost(report->result, out);
    td_buf_addc(out, '\n');
    add_table(report->result, out);
    say_legend(report, out);
    say_validity(report, out);
}

void td_load_live_text(const struct td_load_live *live, struct td_buf *out)
{
    td_buf_addf(out, "%.0f s  ", live->elapsed_s);
    if (live->warming_up)
        td_buf_adds(out, "warm-up  ");
    td_load_rate_print(live->rate, out);
    td_buf_addf(out, "/s  p50 %.3g ms  p99 %.3g ms  errors %" PRIu64,
                live->p50_ms, live->p99_ms, live->failed);
}
