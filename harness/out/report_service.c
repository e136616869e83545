#include "out/report_service.h"

#include "base/fields.h"
#include "base/json.h"
#include "out/table.h"
#include "out/units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 5, WIDTH = 80 };

struct column {
    enum td_service_measure measure;
    const char *heading;
    enum td_unit unit;
};

/* One of the tables, which together are one: it would be too wide. */
struct section {
    const char *heading; /* may hold one %s: the rate */
    struct column columns[COLUMNS_MOST];
    size_t count;
};

static const struct section sections[] = {
    {"Rate, CPU, start",
     {{TD_SERVICE_MAX_RATE, "highest rate /s", TD_UNIT_NONE},
      {TD_SERVICE_CPU, "CPU a request", TD_UNIT_TIME},
      {TD_SERVICE_START, "first answer", TD_UNIT_TIME}},
     3},
    {"Latency at %s requests/s",
     {{TD_SERVICE_LOW_P50, "p50", TD_UNIT_TIME},
      {TD_SERVICE_LOW_P99, "p99", TD_UNIT_TIME},
      {TD_SERVICE_LOW_P999, "p99.9", TD_UNIT_TIME}},
     3},
    {"Latency at %s requests/s",
     {{TD_SERVICE_HIGH_P50, "p50", TD_UNIT_TIME},
      {TD_SERVICE_HIGH_P99, "p99", TD_UNIT_TIME},
      {TD_SERVICE_HIGH_P999, "p99.9", TD_UNIT_TIME}},
     3},
    {"Latency at %s of the highest rate",
     {{TD_SERVICE_MOST_P50, "p50", TD_UNIT_TIME},
      {TD_SERVICE_MOST_P99, "p99", TD_UNIT_TIME},
      {TD_SERVICE_MOST_P999, "p99.9", TD_UNIT_TIME}},
     3},
    {"Memory",
     {{TD_SERVICE_IDLE_RSS, "RSS idle", TD_UNIT_BYTES},
      {TD_SERVICE_IDLE_PSS, "PSS idle", TD_UNIT_BYTES},
      {TD_SERVICE_LOAD_RSS, "RSS loaded", TD_UNIT_BYTES},
      {TD_SERVICE_LOAD_PSS, "PSS loaded", TD_UNIT_BYTES},
      {TD_SERVICE_PER_GIB, "per GiB", TD_UNIT_NONE}},
     5},
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* "nethttp, 64 MB" */
static char *label(const struct td_service_row *row)
{
    struct td_figure limit = {.value = (double)row->memory_limit_bytes,
                              .known = true};
    struct td_buf text = TD_BUF_INIT, unused = TD_BUF_INIT;
    td_buf_addf(&text, "%s", row->name);
    if (row->memory_limit_bytes) {
        td_buf_adds(&text, ", ");
        td_figure_print(limit, TD_UNIT_BYTES, &text, &unused);
    }
    td_buf_release(&unused);
    return td_buf_detach(&text);
}

/* Whole numbers with their thousands; small ones as they are. */
static void print_plain(double value, struct td_buf *out)
{
    if (value >= 999.5)
        td_count_print((uint64_t)llround(value), out);
    else
        td_buf_addf(out, "%.3g", value);
}

static void print_plain_figure(const struct td_figure *figure, bool at_least,
                               struct td_buf *value, struct td_buf *interval)
{
    if (!figure->known) {
        td_buf_adds(value, TD_DASH);
        return;
    }
    td_buf_adds(value, at_least ? "≥ " : "");
    print_plain(figure->value, value);
    if (!figure->bounded)
        return;
    print_plain(figure->lower, interval);
    td_buf_adds(interval, "–");
    print_plain(figure->upper, interval);
}

static void add_figure(struct td_table *table, const struct td_service_row *row,
                       const struct column *column)
{
    const struct td_service_value *at = &row->at[column->measure];
    bool at_least = column->measure == TD_SERVICE_MAX_RATE && row->at_least;
    struct td_buf value = TD_BUF_INIT, detail = TD_BUF_INIT;
    if (column->unit == TD_UNIT_NONE)
        print_plain_figure(&at->figure, at_least, &value, &detail);
    else
        td_figure_print(at->figure, column->unit, &value, &detail);
    if (at->figure.known)
        td_buf_addf(&detail, "%sn = %" PRIu32, detail.len ? ", " : "",
                    at->invocations);
    td_table_add(table, td_buf_str(&value),
                 at->figure.known ? td_buf_str(&detail) : NULL);
    td_buf_release(&value);
    td_buf_release(&detail);
}

static void fill(struct td_table *table, const struct section *section,
                 const struct td_service_report *report)
{
    td_table_init(table, section->count + 1);
    td_table_add(table, "implementation", NULL);
    for (size_t i = 0; i < section->count; i++)
        td_table_add(table, section->columns[i].heading, NULL);
    for (size_t r = 0; r < report->count; r++) {
        char *name = label(&report->rows[r]);
        td_table_add(table, name, NULL);
        free(name);
        for (size_t i = 0; i < section->count; i++)
            add_figure(table, &report->rows[r], &section->columns[i]);
    }
}

static void say_heading(const struct td_service_report *report, size_t section,
                        struct td_buf *out)
{
    const char *heading = sections[section].heading;
    const char *gap = strstr(heading, "%s");
    if (!gap) {
        td_buf_adds(out, heading);
        return;
    }
    td_buf_add(out, heading, (size_t)(gap - heading));
    if (section == SECTIONS - 2)
        td_buf_addf(out, "%g %%", report->share * 100);
    else
        print_plain(section == 1 ? report->low_rate : report->high_rate, out);
    td_buf_adds(out, gap + 2);
}

/* Where a measure is: its section, and its column there. */
static const struct column *find_column(enum td_service_measure measure,
                                        size_t *section)
{
    for (size_t s = 0; s < SECTIONS; s++)
        for (size_t i = 0; i < sections[s].count; i++)
            if (sections[s].columns[i].measure == measure) {
                *section = s;
                return &sections[s].columns[i];
            }
    return NULL;
}

/* The name that it has in the tables: "p99 at 1,000 requests/s". */
static void say_measure(const struct td_service_report *report,
                        enum td_service_measure measure, struct td_buf *out)
{
    struct td_buf where = TD_BUF_INIT;
    size_t section = 0;
    td_buf_adds(out, find_column(measure, &section)->heading);
    if (strstr(sections[section].heading, "%s")) {
        say_heading(report, section, &where);
        td_buf_adds(out, td_buf_str(&where) + strlen("Latency"));
    }
    td_buf_release(&where);
}

/* One line a reason: "nethttp: p50 at 5,000 …, p99 at …: reason". */
static void say_reasons(const struct td_service_report *report,
                        const struct td_service_row *row,
                        struct td_strings *out)
{
    bool said[TD_SERVICE_MEASURES] = {false};
    char *name = label(row);
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++) {
        struct td_buf line = TD_BUF_INIT;
        const char *why = row->at[i].why;
        if (!why || said[i])
            continue;
        td_buf_addf(&line, "%s: ", name);
        for (size_t k = i; k < TD_SERVICE_MEASURES; k++) {
            if (said[k] || !row->at[k].why || strcmp(row->at[k].why, why) != 0)
                continue;
            said[k] = true;
            td_buf_adds(&line, k > i ? ", " : "");
            say_measure(report, (enum td_service_measure)k, &line);
            if (row->at[k].figure.known && row->at[k].count)
                td_buf_adds(&line, " (in some invocations)");
        }
        td_buf_addf(&line, ": %s.", why);
        td_strings_add(out, td_buf_str(&line));
        td_buf_release(&line);
    }
    free(name);
}

static void say_memory(const struct td_service_row *row, struct td_strings *out)
{
    char *name;
    if (!row->memory_limit_bytes)
        return;
    name = label(row);
    td_strings_addf(out, "%s: the limit of %" PRIu64 " bytes is kept by %s.",
                    name, row->memory_limit_bytes,
                    row->memory_by ? row->memory_by
                                   : "nothing, for it never started");
    free(name);
}

static void say_what_it_is(const struct td_service_report *report,
                           struct td_strings *out)
{
    td_strings_addf(out,
                    "The highest rate keeps %s in half of the trials; below "
                    "each figure its %g %% interval and the number of "
                    "invocations. CPU and memory under load are those at %g "
                    "%% of the highest rate; a GiB holds floor(1 GiB / PSS "
                    "loaded) services.",
                    report->slo, report->confidence * 100, report->share * 100);
    if (report->conditions)
        td_strings_add(out, report->conditions);
}

static void notes(const struct td_service_report *report,
                  struct td_strings *out)
{
    say_what_it_is(report, out);
    for (size_t i = 0; i < report->count; i++)
        say_memory(&report->rows[i], out);
    for (size_t i = 0; i < report->count; i++)
        say_reasons(report, &report->rows[i], out);
}

void td_service_text(const struct td_service_report *report, struct td_buf *out)
{
    struct td_strings said = TD_STRINGS_INIT;
    td_buf_addf(out, "%s\n", report->title);
    for (size_t i = 0; i < SECTIONS; i++) {
        struct td_table table;
        td_buf_addc(out, '\n');
        say_heading(report, i, out);
        td_buf_addc(out, '\n');
        fill(&table, &sections[i], report);
        td_table_text(&table, out);
        td_table_release(&table);
    }
    notes(report, &said);
    td_buf_addc(out, '\n');
    for (size_t i = 0; i < said.count; i++) {
        td_text_fold(said.at[i], WIDTH, 2, out);
        td_buf_addc(out, '\n');
    }
    td_strings_release(&said);
}

void td_service_markdown(const struct td_service_report *report,
                         struct td_buf *out)
{
    struct td_strings said = TD_STRINGS_INIT;
    td_buf_addf(out, "## %s\n", report->title);
    for (size_t i = 0; i < SECTIONS; i++) {
        struct td_table table;
        td_buf_adds(out, "\n### ");
        say_heading(report, i, out);
        td_buf_adds(out, "\n\n");
        fill(&table, &sections[i], report);
        td_table_markdown(&table, out);
        td_table_release(&table);
    }
    notes(report, &said);
    for (size_t i = 0; i < said.count; i++)
        td_buf_addf(out, "%s%s\n", i ? "- " : "\n", said.at[i]);
    td_strings_release(&said);
}

static json_t *value_json(const struct td_service_value *at)
{
    const struct td_figure *f = &at->figure;
    json_t *values = json_array();
    for (size_t i = 0; i < at->count; i++)
        json_array_append_new(values, td_json_number(at->values[i]));
    return json_pack("{s:o, s:o, s:o, s:i, s:o, s:o}", "value",
                     td_json_number(f->known ? f->value : NAN), "lower",
                     td_json_number(f->bounded ? f->lower : NAN), "upper",
                     td_json_number(f->bounded ? f->upper : NAN), "invocations",
                     (int)at->invocations, "why",
                     at->why ? td_json_text(at->why) : json_null(), "values",
                     values);
}

static json_t *search_json(const struct td_service_row *row)
{
    const struct td_search_result *s = &row->search;
    if (!s->trials)
        return json_null();
    return json_pack(
        "{s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:s, s:O?}",
        "found", s->found, "at_limit", s->at_limit, "conclusive", s->conclusive,
        "rate", td_json_number(s->rate), "lower", td_json_number(s->lower),
        "upper", td_json_number(s->upper), "confirmed",
        td_json_number(s->confirmed), "knee", td_json_number(s->knee), "trials",
        (int)s->trials, "invalid", (int)s->invalid, "why", s->why, "trace",
        row->trace);
}

static json_t *row_json(const struct td_service_row *row)
{
    json_t *figures = json_object();
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
        json_object_set_new(figures, td_service_keys[i],
                            value_json(&row->at[i]));
    return json_pack(
        "{s:o, s:o, s:o, s:b, s:o, s:o}", "name", td_json_text(row->name),
        "memory_limit_bytes",
        row->memory_limit_bytes
            ? json_integer((json_int_t)row->memory_limit_bytes)
            : json_null(),
        "memory_by",
        row->memory_by ? td_json_text(row->memory_by) : json_null(), "at_least",
        row->at_least, "figures", figures, "search", search_json(row));
}

json_t *td_service_json(const struct td_service_report *report)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(rows, row_json(&report->rows[i]));
    return json_pack(
        "{s:o, s:o, s:f, s:f, s:f, s:f, s:o, s:o}", "title",
        td_json_text(report->title), "slo", td_json_text(report->slo),
        "low_rate", report->low_rate, "high_rate", report->high_rate, "share",
        report->share, "confidence", report->confidence, "conditions",
        report->conditions ? td_json_text(report->conditions) : json_null(),
        "rows", rows);
}
