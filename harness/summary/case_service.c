#include "summary/case_service.h"

#include "base/buf.h"
#include "base/json.h"
#include "stat/compare.h"
#include "summary/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const struct td_figure unknown = {NAN, NAN, NAN, false, false};

/* One figure an invocation; unknown ones are left out. */
enum column { PER_S, IDLE_RSS, IDLE_PSS, LOAD_RSS, LOAD_PSS, COLUMNS };
struct columns {
    double *at[COLUMNS];
    size_t count[COLUMNS];
};

void td_case_service_init(struct td_case_service *service)
{
    *service = (struct td_case_service){
        .per_s = unknown,
        .p999_ns = unknown,
        .idle_rss_bytes = unknown,
        .idle_pss_bytes = unknown,
        .load_rss_bytes = unknown,
        .load_pss_bytes = unknown,
    };
}

void td_case_service_release(struct td_case_service *service)
{
    json_decref(service->failed);
    td_case_service_init(service);
}

double td_invocation_span_ns(const struct td_invocation_entry *invocation)
{
    double sum = NAN;
    for (size_t i = 0; i < invocation->nbatches; i++)
        if (!isnan(invocation->batches[i].span_ns))
            sum = (isnan(sum) ? 0 : sum) + invocation->batches[i].span_ns;
    return sum;
}

bool td_invocation_is_open_loop(const struct td_invocation_entry *invocation)
{
    for (size_t i = 0; i < invocation->nbatches; i++)
        if (td_json_num(invocation->batches[i].load, "requested_rate", 0) > 0)
            return true;
    return false;
}

static void put(struct columns *columns, enum column column, double value)
{
    if (isfinite(value))
        columns->at[column][columns->count[column]++] = value;
}

static void add_failed(json_t *to, const json_t *load)
{
    json_t *failed = json_object_get(load, "failed"), *count;
    const char *name;
    json_object_foreach(failed, name, count) json_object_set_new(
        to, name,
        json_integer(json_integer_value(json_object_get(to, name)) +
                     json_integer_value(count)));
}

static void take_turn(const json_t *load, struct td_case_service *out)
{
    out->turns++;
    out->sent += td_json_u64(load, "sent", 0);
    out->answered += td_json_u64(load, "answered", 0);
    out->censored += td_json_u64(load, "censored", 0);
    out->open |= td_json_num(load, "requested_rate", 0) > 0;
    add_failed(out->failed, load);
    if (!json_is_true(json_object_get(load, "valid"))) {
        out->invalid++;
        out->invalid_reason = td_json_str(load, "invalid_reason", NULL);
    }
}

static void take_invocation(const struct td_invocation_entry *it,
                            struct td_case_service *out,
                            struct columns *columns)
{
    double answered = 0, span_ns = 0, rss = NAN, pss = NAN;
    for (size_t i = 0; i < it->nbatches; i++) {
        const struct td_batch_entry *batch = &it->batches[i];
        if (!batch->load || !td_batch_is_steady(batch))
            continue;
        take_turn(batch->load, out);
        answered += td_json_num(batch->load, "answered", NAN);
        span_ns += batch->span_ns;
        rss = fmax(rss, td_json_num(batch->load, "rss_bytes", NAN));
        pss = fmax(pss, td_json_num(batch->load, "pss_bytes", NAN));
    }
    put(columns, PER_S, answered / span_ns * 1e9);
    put(columns, IDLE_RSS, td_json_num(it->server, "idle_rss_bytes", NAN));
    put(columns, IDLE_PSS, td_json_num(it->server, "idle_pss_bytes", NAN));
    put(columns, LOAD_RSS, rss);
    put(columns, LOAD_PSS, pss);
    out->memory_by = td_json_str(it->server, "memory_by", out->memory_by);
}

/* So that it and the ratio say the same. */
static struct td_figure inverse(struct td_figure ns)
{
    struct td_figure out = ns;
    out.value = 1e9 / ns.value;
    out.lower = 1e9 / ns.upper;
    out.upper = 1e9 / ns.lower;
    return out;
}

int td_case_service_make(const struct td_case_entry *entry,
                         const struct td_rows *steady, struct td_figure mean_ns,
                         double confidence, struct td_case_service *out,
                         struct td_err *err)
{
    struct td_figure *const to[COLUMNS] = {
        &out->per_s, &out->idle_rss_bytes, &out->idle_pss_bytes,
        &out->load_rss_bytes, &out->load_pss_bytes};
    struct columns columns;
    for (int i = 0; i < COLUMNS; i++) {
        columns.at[i] = td_xcalloc(entry->count + 1, sizeof *columns.at[i]);
        columns.count[i] = 0;
    }
    out->failed = json_object();
    for (size_t i = 0; i < entry->count; i++)
        if (td_invocation_counts(&entry->at[i]) && entry->at[i].server)
            take_invocation(&entry->at[i], out, &columns);
    out->known = out->turns > 0;
    for (int i = 0; i < COLUMNS; i++) {
        *to[i] = td_geomean_t(columns.at[i], columns.count[i], confidence);
        free(columns.at[i]);
    }
    if (out->known && !out->open)
        out->per_s = inverse(mean_ns);
    if (!out->known || !out->open)
        return 0;
    return td_rows_quantile(steady, .999, confidence, &out->p999_ns, err);
}

/* "status_5xx: 12, no answer: 3" */
static void say_lost(const struct td_case_service *service, struct td_buf *out)
{
    const char *name;
    json_t *count;
    json_object_foreach(service->failed, name, count)
        td_buf_addf(out, "%s%s: %" JSON_INTEGER_FORMAT, out->len ? ", " : "",
                    name, json_integer_value(count));
    if (service->censored)
        td_buf_addf(out, "%sno answer: %" PRIu64, out->len ? ", " : "",
                    service->censored);
}

void td_case_service_note(const struct td_case_service *service, uint64_t loops,
                          struct td_strings *notes)
{
    uint64_t lost = service->sent - service->answered;
    struct td_buf words = TD_BUF_INIT;
    say_lost(service, &words);
    if (!service->open)
        td_strings_addf(notes,
                        "closed loop: a sample is the time in which %" PRIu64
                        " answers came",
                        loops);
    if (lost)
        td_strings_addf(notes,
                        "%" PRIu64 " of its %" PRIu64
                        " requests failed and are in no time (%s)",
                        lost, service->sent, td_buf_str(&words));
    if (service->invalid)
        td_strings_addf(notes,
                        "%u of its %u turns are not valid, "
                        "the last time: %s",
                        service->invalid, service->turns,
                        service->invalid_reason ? service->invalid_reason
                                                : "no reason given");
    if (service->memory_by)
        td_strings_addf(notes, "its memory was limited by %s",
                        service->memory_by);
    td_buf_release(&words);
}

json_t *td_case_service_json(const struct td_case_service *service)
{
    json_t *out;
    if (!service->known)
        return json_null();
    out = json_pack("{s:b, s:I, s:I, s:I, s:O, s:I, s:I, s:s?, s:s?}", "open",
                    (int)service->open, "sent", (json_int_t)service->sent,
                    "answered", (json_int_t)service->answered, "censored",
                    (json_int_t)service->censored, "failed", service->failed,
                    "turns", (json_int_t)service->turns, "invalid",
                    (json_int_t)service->invalid, "invalid_reason",
                    service->invalid_reason, "memory_by", service->memory_by);
    json_object_set_new(out, "per_s", td_figure_json(service->per_s));
    json_object_set_new(out, "p999_ns", td_figure_json(service->p999_ns));
    json_object_set_new(out, "idle_rss_bytes",
                        td_figure_json(service->idle_rss_bytes));
    json_object_set_new(out, "idle_pss_bytes",
                        td_figure_json(service->idle_pss_bytes));
    json_object_set_new(out, "load_rss_bytes",
                        td_figure_json(service->load_rss_bytes));
    json_object_set_new(out, "load_pss_bytes",
                        td_figure_json(service->load_pss_bytes));
    return out;
}

void td_case_service_load(struct td_case_service *service, const json_t *from)
{
    const struct {
        const char *name;
        struct td_figure *to;
    } figures[] = {
        {"per_s", &service->per_s},
        {"p999_ns", &service->p999_ns},
        {"idle_rss_bytes", &service->idle_rss_bytes},
        {"idle_pss_bytes", &service->idle_pss_bytes},
        {"load_rss_bytes", &service->load_rss_bytes},
        {"load_pss_bytes", &service->load_pss_bytes},
    };
    td_case_service_init(service);
    if (!json_is_object(from))
        return;
    service->known = true;
    service->open = json_is_true(json_object_get(from, "open"));
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        *figures[i].to =
            td_figure_from_json(json_object_get(from, figures[i].name));
    service->sent = td_json_u64(from, "sent", 0);
    service->answered = td_json_u64(from, "answered", 0);
    service->censored = td_json_u64(from, "censored", 0);
    service->failed = json_incref(json_object_get(from, "failed"));
    service->turns = (uint32_t)td_json_u64(from, "turns", 0);
    service->invalid = (uint32_t)td_json_u64(from, "invalid", 0);
    service->invalid_reason = td_json_str(from, "invalid_reason", NULL);
    service->memory_by = td_json_str(from, "memory_by", NULL);
}
