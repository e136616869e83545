#include "out/report_claims.h"

#include "out/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, INDENT = 5 };

void td_value_print(struct td_figure figure, const char *unit,
                    struct td_buf *value, struct td_buf *interval)
{
    bool time = strcmp(unit, "ns") == 0, bytes = strcmp(unit, "B") == 0;
    bool open = figure.known && figure.bounded && isinf(figure.upper);
    enum td_unit as = time    ? TD_UNIT_TIME
                      : bytes ? TD_UNIT_BYTES
                              : TD_UNIT_NONE;
    if (open) {
        td_buf_adds(value, "at least ");
        figure.value = figure.lower;
        figure.bounded = false;
    }
    td_figure_print(figure, as, value, interval);
    if (figure.known && as == TD_UNIT_NONE && *unit)
        td_buf_addf(value, "%s%s", strcmp(unit, "x") == 0 ? "" : " ",
                    strcmp(unit, "1/s") == 0 ? "/s" : unit);
}

/* "startup cpython" */
static void add_name(const struct td_claim *claim, struct td_buf *out)
{
    td_buf_addf(out, "%s%s%s", claim->id, claim->part ? " " : "",
                claim->part ? claim->part : "");
}

static void add_row(const struct td_claim_result *at, size_t number,
                    struct td_table *table)
{
    const struct td_claim *claim = at->claim;
    struct td_buf name = TD_BUF_INIT, value = TD_BUF_INIT,
                  interval = TD_BUF_INIT;
    char *source = td_xasprintf("  (article %s) [%zu]", claim->source, number);
    add_name(claim, &name);
    td_value_print(at->value.figure, at->value.unit, &value, &interval);
    td_table_add(table, td_buf_str(&name), source);
    td_table_add(table, claim->claimed, NULL);
    td_table_add(table, td_buf_str(&value),
                 isfinite(at->value.figure.upper) ? td_buf_str(&interval)
                                                  : NULL);
    td_table_add(table, td_claim_verdict_name(at->verdict), NULL);
    td_buf_release(&name);
    td_buf_release(&value);
    td_buf_release(&interval);
    free(source);
}

/* Is it one of the article's?  source NULL: they all are. */
static bool is_shown(const struct td_claim_result *at, const char *source)
{
    return !source || strcmp(at->claim->source, source) == 0;
}

static void make_table(const struct td_claim_results *results,
                       const char *source, struct td_table *table)
{
    td_table_init(table, 4);
    td_table_add(table, "claim", NULL);
    td_table_add(table, "claimed", NULL);
    td_table_add(table, "measured", "95 %");
    td_table_add(table, "verdict", NULL);
    for (size_t i = 0, number = 0; i < results->count; i++)
        if (is_shown(&results->at[i], source))
            add_row(&results->at[i], ++number, table);
}

/* "a; b": a part of a footnote, without one where text is NULL. */
static void add_part(struct td_buf *out, const char *text)
{
    if (text && *text)
        td_buf_addf(out, "%s%s", out->len ? "; " : "", text);
}

/* "go-1.26.8 trial: tandem show RUN 3": who, and the way to its samples. */
static void add_way_back(const struct td_value *value, const char *quote,
                         struct td_buf *out)
{
    struct td_strings seen = TD_STRINGS_INIT;
    for (size_t i = 0; i < value->nsources; i++) {
        const struct td_value_source *at = &value->sources[i];
        const char *who = value->nsources > 2 ? NULL : strstr(at->title, ", ");
        struct td_buf way = TD_BUF_INIT;
        td_buf_addf(&way, "%s: %standem show %s", who ? who + 2 : at->title,
                    quote, at->run);
        if (!at->service)
            td_buf_addf(&way, " %zu", at->case_index);
        td_buf_adds(&way, quote);
        if (!td_strings_has(&seen, td_buf_str(&way)))
            add_part(out, td_buf_str(&way));
        td_strings_add(&seen, td_buf_str(&way));
        td_buf_release(&way);
    }
    td_strings_release(&seen);
}

static void footnote(const struct td_claim_result *at, const char *quote,
                     struct td_buf *out)
{
    const struct td_claim *claim = at->claim;
    char *count = td_xasprintf("%zu %s%s", at->value.invocations,
                               at->value.trials ? "trial" : "invocation",
                               at->value.invocations == 1 ? "" : "s");
    char *measure = claim->measure
                        ? td_xasprintf("%s%s%s", quote, claim->measure, quote)
                        : NULL;
    add_part(out, claim->says);
    add_part(out, measure);
    add_part(out, claim->conditions);
    add_part(out, claim->note);
    if (at->value.run)
        add_part(out, count);
    add_part(out, at->value.exact ? "the same in all of them" : NULL);
    add_part(out, at->value.caveat);
    add_part(out, at->reason);
    if (at->value.run)
        add_way_back(&at->value, quote, out);
    free(measure);
    free(count);
}

/* "12 hold, 3 do not, 2 are inconclusive, 40 are not measured." */
void td_say_claim_count(const struct td_claim_results *results,
                        const char *source, struct td_buf *out)
{
    size_t of[TD_CLAIM_NOT_MEASURED + 1] = {0}, count = 0;
    for (size_t i = 0; i < results->count; i++) {
        bool shown = is_shown(&results->at[i], source);
        of[results->at[i].verdict] += shown;
        count += shown;
    }
    td_buf_addf(out,
                "Of %zu claims %zu hold, %zu do not hold, %zu are "
                "inconclusive, %zu are not measured.",
                count, of[TD_CLAIM_HOLDS], of[TD_CLAIM_DOES_NOT_HOLD],
                of[TD_CLAIM_INCONCLUSIVE], of[TD_CLAIM_NOT_MEASURED]);
}

/* "cpu-range (article 003: 10x-40x)" */
static void add_side(const struct td_claim *claim, struct td_buf *out)
{
    add_name(claim, out);
    td_buf_addf(out, " (article %s: %s)", claim->source, claim->claimed);
}

/* Each pair once: where the other one comes later. */
void td_say_contradictions(const struct td_claim_results *results,
                           const char *source, struct td_strings *out)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t k = 0; k < results->at[i].ncontradicts; k++) {
            size_t with = results->at[i].contradicts[k];
            struct td_buf text = TD_BUF_INIT;
            if (with < i || (!is_shown(&results->at[i], source) &&
                             !is_shown(&results->at[with], source)))
                continue;
            add_side(results->at[i].claim, &text);
            td_buf_adds(&text, " and ");
            add_side(results->at[with].claim, &text);
            td_buf_adds(&text, " are about the same measurement and cannot "
                               "both hold");
            td_strings_add(out, td_buf_str(&text));
            td_buf_release(&text);
        }
}

static void text_footnotes(const struct td_claim_results *results,
                           const char *source, struct td_buf *out)
{
    for (size_t i = 0, number = 0; i < results->count; i++) {
        struct td_buf note = TD_BUF_INIT;
        char *mark;
        if (!is_shown(&results->at[i], source))
            continue;
        mark = td_xasprintf("[%zu]", ++number);
        footnote(&results->at[i], "", &note);
        td_buf_addf(out, "%-*s", INDENT, mark);
        td_text_fold(td_buf_str(&note), WIDTH, INDENT, out);
        free(mark);
        td_buf_release(&note);
    }
}

static void text(const struct td_claim_results *results, const char *source,
                 const struct td_table *table,
                 const struct td_strings *contradictions, struct td_buf *out)
{
    struct td_buf count = TD_BUF_INIT;
    td_table_text(table, out);
    text_footnotes(results, source, out);
    if (contradictions->count)
        td_buf_adds(out, "\nContradictions between the articles\n");
    for (size_t i = 0; i < contradictions->count; i++)
        td_text_fold(contradictions->at[i], WIDTH, 0, out);
    td_buf_addc(out, '\n');
    for (size_t i = 0; i < results->notes.count; i++)
        td_text_fold(results->notes.at[i], WIDTH, 0, out);
    td_say_claim_count(results, source, &count);
    td_text_fold(td_buf_str(&count), WIDTH, 0, out);
    td_buf_release(&count);
}

static void markdown(const struct td_claim_results *results, const char *source,
                     const struct td_table *table,
                     const struct td_strings *contradictions,
                     struct td_buf *out)
{
    struct td_buf line = TD_BUF_INIT;
    td_table_markdown(table, out);
    td_buf_addc(out, '\n');
    for (size_t i = 0, number = 0; i < results->count; i++) {
        if (!is_shown(&results->at[i], source))
            continue;
        td_buf_clear(&line);
        footnote(&results->at[i], "`", &line);
        td_buf_addf(out, "- [%zu] %s\n", ++number, td_buf_str(&line));
    }
    if (contradictions->count)
        td_buf_adds(out, "\nContradictions between the articles:\n\n");
    for (size_t i = 0; i < contradictions->count; i++)
        td_buf_addf(out, "- %s\n", contradictions->at[i]);
    for (size_t i = 0; i < results->notes.count; i++)
        td_buf_addf(out, "\nNote: %s\n", results->notes.at[i]);
    td_buf_clear(&line);
    td_say_claim_count(results, source, &line);
    td_buf_addf(out, "\n%s\n", td_buf_str(&line));
    td_buf_release(&line);
}

static void json(const struct td_claim_results *results, struct td_buf *out)
{
    json_t *value = td_claims_json(results);
    char *dumped = json_dumps(value, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    td_buf_addf(out, "%s\n", dumped ? dumped : "null");
    free(dumped);
    json_decref(value);
}

void td_report_claims(const struct td_claim_results *results,
                      enum td_format format, struct td_buf *out)
{
    td_report_claims_of(results, NULL, format, out);
}

void td_report_claims_of(const struct td_claim_results *results,
                         const char *source, enum td_format format,
                         struct td_buf *out)
{
    struct td_strings contradictions = TD_STRINGS_INIT;
    struct td_table table;
    if (format == TD_FORMAT_JSON) {
        json(results, out);
        return;
    }
    make_table(results, source, &table);
    td_say_contradictions(results, source, &contradictions);
    if (format == TD_FORMAT_MARKDOWN)
        markdown(results, source, &table, &contradictions, out);
    else
        text(results, source, &table, &contradictions, out);
    td_strings_release(&contradictions);
    td_table_release(&table);
}
