#include "out/report_service.h"

#include "base/fields.h"
#include "out/report_service_parts.h"
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
char *td_service_label(const struct td_service_row *row)
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
    td_table_add(table, td_buf_str(&value),
                 at->figure.bounded ? td_buf_str(&detail) : NULL);
    td_buf_release(&value);
    td_buf_release(&detail);
}

/* How many invocations stand behind a row: "3", or a number a column. */
static void add_invocations(struct td_table *table,
                            const struct td_service_row *row,
                            const struct section *section)
{
    const struct column *columns = section->columns;
    struct td_buf text = TD_BUF_INIT;
    bool alike = true;
    for (size_t i = 1; i < section->count; i++)
        alike &= row->at[columns[i].measure].invocations ==
                 row->at[columns[0].measure].invocations;
    for (size_t i = 0; i < (alike ? 1 : section->count); i++)
        td_buf_addf(&text, "%s%" PRIu32, i ? ", " : "",
                    row->at[columns[i].measure].invocations);
    td_table_add(table, td_buf_str(&text), NULL);
    td_buf_release(&text);
}

static void fill(struct td_table *table, const struct section *section,
                 const struct td_service_report *report)
{
    td_table_init(table, section->count + 2);
    td_table_add(table, "implementation", NULL);
    for (size_t i = 0; i < section->count; i++)
        td_table_add(table, section->columns[i].heading, NULL);
    td_table_add(table, "n", NULL);
    for (size_t r = 0; r < report->count; r++) {
        char *name = td_service_label(&report->rows[r]);
        td_table_add(table, name, NULL);
        free(name);
        for (size_t i = 0; i < section->count; i++)
            add_figure(table, &report->rows[r], &section->columns[i]);
        add_invocations(table, &report->rows[r], section);
    }
}

void td_service_heading(const struct td_service_report *report, size_t section,
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

/* The names that they have in the tables: "p99, p99.9 at 1,000
 * requests/s".  which: those wanted; there are some. */
static void say_measures(const struct td_service_report *report,
                         const bool which[TD_SERVICE_MEASURES],
                         struct td_buf *out)
{
    const char *between = "";
    for (size_t k = 0; k < TD_SERVICE_MEASURES; k++) {
        size_t section = 0, next = 0;
        struct td_buf where = TD_BUF_INIT;
        if (!which[k])
            continue;
        td_buf_addf(out, "%s%s", between,
                    find_column((enum td_service_measure)k, &section)->heading);
        between = ", ";
        if (k + 1 < TD_SERVICE_MEASURES && which[k + 1])
            find_column((enum td_service_measure)(k + 1), &next);
        if (next == section || !strstr(sections[section].heading, "%s"))
            continue;
        td_service_heading(report, section, &where);
        td_buf_adds(out, td_buf_str(&where) + strlen("Latency"));
        td_buf_release(&where);
    }
}

/* One reason, and no figure at all. */
static bool lacks_all(const struct td_service_row *row)
{
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
        if (row->at[i].figure.known || !row->at[i].why ||
            strcmp(row->at[i].why, row->at[0].why) != 0)
            return false;
    return true;
}

/* Those of a row that lack something for the same reason as the i-th, and
 * have, or have not, a figure all the same; how many. */
static size_t find_alike(const struct td_service_row *row, size_t i, bool known,
                         bool out[TD_SERVICE_MEASURES])
{
    const char *why = row->at[i].why;
    size_t count = 0;
    for (size_t k = 0; k < TD_SERVICE_MEASURES; k++) {
        const struct td_service_value *at = &row->at[k];
        out[k] =
            at->why && strcmp(at->why, why) == 0 && at->figure.known == known;
        count += out[k];
    }
    return count;
}

/* Has an earlier measure had this reason? */
static bool is_said(const struct td_service_row *row, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (row->at[k].why && strcmp(row->at[k].why, row->at[i].why) == 0)
            return true;
    return false;
}

/* "nethttp: no p50, p99 at 5,000 requests/s: reason" and "nethttp: fewer
 * invocations of …: reason". */
static void say_reason(const struct td_service_report *report,
                       const struct td_service_row *row, const char *name,
                       size_t i, struct td_strings *out)
{
    bool which[TD_SERVICE_MEASURES];
    for (int known = 0; known < 2; known++) {
        struct td_buf line = TD_BUF_INIT;
        if (!find_alike(row, i, known, which))
            continue;
        td_buf_addf(&line, "%s: %s ", name,
                    !known                     ? "no"
                    : i == TD_SERVICE_MAX_RATE ? "only a bound of"
                                               : "fewer invocations of");
        say_measures(report, which, &line);
        td_buf_addf(&line, ": %s.", row->at[i].why);
        td_strings_add(out, td_buf_str(&line));
        td_buf_release(&line);
    }
}

static void say_reasons(const struct td_service_report *report,
                        const struct td_service_row *row,
                        struct td_strings *out)
{
    char *name = td_service_label(row);
    if (lacks_all(row))
        td_strings_addf(out, "%s: nothing was measured: %s.", name,
                        row->at[0].why);
    else
        for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
            if (row->at[i].why && !is_said(row, i))
                say_reason(report, row, name, i, out);
    free(name);
}

static void say_memory(const struct td_service_row *row, struct td_strings *out)
{
    char *name;
    if (!row->memory_limit_bytes)
        return;
    name = td_service_label(row);
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
                    "each figure its %g %% interval, n: the "
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
    td_service_say_requests(report, out);
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
        td_service_heading(report, i, out);
        td_buf_addc(out, '\n');
        fill(&table, &sections[i], report);
        td_table_text(&table, out);
        td_table_release(&table);
    }
    notes(report, &said);
    td_buf_addc(out, '\n');
    for (size_t i = 0; i < said.count; i++) {
        td_text_fold(said.at[i], WIDTH, 2, out);
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
        td_service_heading(report, i, out);
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
