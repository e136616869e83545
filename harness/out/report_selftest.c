#include "out/report_selftest.h"

#include "out/units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { COLUMNS = 5, COLUMNS_COMPARED = 8 };

static void add(struct td_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add(struct td_table *table, const char *format, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    va_start(ap, format);
    td_buf_vaddf(&text, format, ap);
    va_end(ap);
    td_table_add(table, td_buf_str(&text), NULL);
    td_buf_release(&text);
}

/* "94.5–97.5 %", "≥ 95 %" */
static void add_target(struct td_table *table, const struct td_check *check)
{
    double least = 100 * check->at_least, most = 100 * check->at_most;
    if (!check->targeted)
        add(table, TD_DASH);
    else if (least > 0 && most < 100)
        add(table, "%g–%g %%", least, most);
    else if (most < 100)
        add(table, "≤ %g %%", most);
    else
        add(table, least < 100 ? "≥ %g %%" : "%g %%", least);
}

static void add_heading(struct td_table *table, bool compares)
{
    add(table, "  data");
    add(table, "share");
    add(table, "by chance");
    add(table, "target");
    add(table, "%s", "");
    if (!compares)
        return;
    add(table, "pairs");
    add(table, "half-width");
    add(table, "differs");
}

static void add_row(struct td_table *table, const struct td_scenario *scenario,
                    const struct td_result *result)
{
    const char *met = result->met ? "pass" : "MISS";
    add(table, "  %s", scenario->name);
    add(table, "%.2f %%", 100 * result->share);
    add(table, "%.2f–%.2f %%", 100 * result->lower, 100 * result->upper);
    add_target(table, scenario->check);
    add(table, "%s", scenario->check->targeted ? met : "");
    if (!scenario->check->compares)
        return;
    add(table, "%.1f", result->pairs);
    add(table, "%.2f %%", 100 * result->half_width);
    add(table, "%.2f %%", 100 * result->different);
}

void td_selftest_text(const struct td_scenario *scenarios,
                      const struct td_result *results, size_t count,
                      struct td_buf *out)
{
    bool compares = scenarios[0].check->compares;
    struct td_table table;
    td_buf_addf(out, "%s\n", scenarios[0].check->title);
    td_table_init(&table, compares ? COLUMNS_COMPARED : COLUMNS);
    add_heading(&table, compares);
    for (size_t i = 0; i < count; i++)
        add_row(&table, &scenarios[i], &results[i]);
    td_table_text(&table, out);
    td_buf_addc(out, '\n');
    td_table_release(&table);
}

json_t *td_selftest_json(const struct td_scenario *scenario,
                         const struct td_result *result)
{
    const struct td_check *check = scenario->check;
    json_t *out = json_pack(
        "{s:s, s:s, s:s, s:i, s:f, s:f, s:f, s:b}", "check", check->id, "title",
        check->title, "data", scenario->name, "repetitions",
        (int)result->repetitions, "share", result->share, "share_lower",
        result->lower, "share_upper", result->upper, "met", result->met);
    if (check->targeted) {
        json_object_set_new(out, "at_least", json_real(check->at_least));
        json_object_set_new(out, "at_most", json_real(check->at_most));
    }
    if (check->compares) {
        json_object_set_new(out, "pairs", json_real(result->pairs));
        json_object_set_new(out, "half_width", json_real(result->half_width));
        json_object_set_new(out, "different", json_real(result->different));
    }
    return out;
}
