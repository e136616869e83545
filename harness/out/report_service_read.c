/* The tables of services again, from service.json. */
#include "base/json.h"
#include "out/report_service.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? td_xstrdup(text) : NULL;
}

static bool is_number(const json_t *object, const char *key)
{
    return json_is_number(json_object_get(object, key));
}

static void read_value(struct td_service_value *at, const json_t *from)
{
    at->invocations = (uint32_t)td_json_u64(from, "invocations", 0);
    at->why = text_of(from, "why");
    at->figure = (struct td_figure){
        .value = td_json_num(from, "value", 0),
        .lower = td_json_num(from, "lower", 0),
        .upper = td_json_num(from, "upper", 0),
        .known = is_number(from, "value"),
        .bounded = is_number(from, "lower") && is_number(from, "upper"),
    };
}

static void read_row(struct td_service_row *row, const json_t *from)
{
    const json_t *figures = json_object_get(from, "figures");
    td_service_row_init(row, td_json_str(from, "name", "?"));
    row->memory_limit_bytes = td_json_u64(from, "memory_limit_bytes", 0);
    row->memory_by = text_of(from, "memory_by");
    row->at_least = json_is_true(json_object_get(from, "at_least"));
    for (size_t i = 0; i < TD_SERVICE_RATES; i++) {
        const json_t *at = json_array_get(json_object_get(from, "requests"), i);
        row->requests[i].sent = td_json_u64(at, "sent", 0);
        row->requests[i].failed = td_json_u64(at, "failed", 0);
    }
    row->repeats = td_json_u64(from, "repeats", 0);
    for (size_t i = 0; i < TD_SERVICE_MEASURES; i++)
        read_value(&row->at[i], json_object_get(figures, td_service_keys[i]));
}

static void print_group(const json_t *from, bool markdown, struct td_buf *out)
{
    const json_t *rows = json_object_get(from, "rows");
    struct td_service_report report = {
        .title = td_json_str(from, "title", "?"),
        .slo = td_json_str(from, "slo", "?"),
        .conditions = td_json_str(from, "conditions", NULL),
        .low_rate = td_json_num(from, "low_rate", 0),
        .high_rate = td_json_num(from, "high_rate", 0),
        .confidence = td_json_num(from, "confidence", .95),
        .share = td_json_num(from, "share", 0),
        .count = json_array_size(rows),
    };
    report.rows = td_xcalloc(report.count + 1, sizeof *report.rows);
    for (size_t i = 0; i < report.count; i++)
        read_row(&report.rows[i], json_array_get(rows, i));
    if (markdown)
        td_service_markdown(&report, out);
    else
        td_service_text(&report, out);
    for (size_t i = 0; i < report.count; i++)
        td_service_row_release(&report.rows[i]);
    free(report.rows);
}

void td_service_print_saved(const json_t *groups, bool markdown,
                            struct td_buf *out)
{
    for (size_t i = 0; i < json_array_size(groups); i++)
        print_group(json_array_get(groups, i), markdown, out);
}
