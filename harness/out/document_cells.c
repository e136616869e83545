#include "out/document_cells.h"

#include "claims/facts_run.h"
#include "out/report_claims.h"
#include "out/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_large(const struct td_figure *figure)
{
    return figure->known && figure->value >= 999.5 &&
           (!figure->bounded ||
            (figure->lower >= 999.5 && isfinite(figure->upper)));
}

static void print_counts(struct td_figure figure, struct td_buf *value,
                         struct td_buf *interval)
{
    td_count_print((uint64_t)llround(figure.value), value);
    if (!figure.bounded)
        return;
    td_count_print((uint64_t)llround(figure.lower), interval);
    td_buf_adds(interval, "–");
    td_count_print((uint64_t)llround(figure.upper), interval);
}

/* Counts with their thousands; all else as the claims are printed. */
static void print_value(const struct td_value *value, struct td_buf *figure,
                        struct td_buf *interval)
{
    bool scaled =
        strcmp(value->unit, "ns") == 0 || strcmp(value->unit, "B") == 0;
    const char *unit = strcmp(value->unit, "1/s") == 0 ? "/s" : value->unit;
    if (scaled || !is_large(&value->figure)) {
        td_value_print(value->figure, unit, figure, interval);
        return;
    }
    print_counts(value->figure, figure, interval);
    if (*unit)
        td_buf_addf(figure, "%s%s", strcmp(unit, "x") == 0 ? "" : " ", unit);
}

/* A mean over several figures has an interval, be each as exact as it is. */
static bool is_same_each_time(const struct td_value *value)
{
    return value->exact && value->invocations > 1 &&
           (!value->figure.bounded ||
            !(value->figure.upper > value->figure.lower));
}

void td_value_cell(const struct td_value *value, struct td_buf *out)
{
    struct td_buf figure = TD_BUF_INIT, interval = TD_BUF_INIT;
    if (value->missing || !value->figure.known) {
        td_buf_addf(out, "not measured: %s",
                    value->missing ? value->missing : "no figure");
        return;
    }
    print_value(value, &figure, &interval);
    td_buf_addf(out, "%s (%s; %zu)", td_buf_str(&figure),
                is_same_each_time(value) ? "the same each time"
                : value->figure.bounded  ? td_buf_str(&interval)
                                         : "no interval",
                value->invocations);
    td_buf_release(&figure);
    td_buf_release(&interval);
}

void td_footnotes_release(struct td_footnotes *notes)
{
    td_strings_release(&notes->notes);
    td_strings_release(&notes->runs);
}

size_t td_footnotes_add_run(struct td_footnotes *notes, const char *id)
{
    size_t i = 0;
    while (i < notes->runs.count && strcmp(notes->runs.at[i], id) != 0)
        i++;
    if (i == notes->runs.count)
        td_strings_add(&notes->runs, id);
    return i + 1;
}

/* A service's invocations differ from figure to figure: `tandem show` has
 * them. */
static void say_source(const struct td_value_source *source,
                       struct td_strings *said, struct td_footnotes *notes)
{
    char *text =
        source->service
            ? td_xasprintf("`tandem show %s` (%s)", source->run, source->title)
            : td_xasprintf("`tandem show %s %zu` (%s; %zu invocation%s)",
                           source->run, source->case_index, source->title,
                           source->invocations,
                           source->invocations == 1 ? "" : "s");
    td_footnotes_add_run(notes, source->run);
    if (!td_strings_has(said, text))
        td_strings_add(said, text);
    free(text);
}

static void add_once(struct td_strings *list, const char *text)
{
    if (text && !td_strings_has(list, text))
        td_strings_add(list, text);
}

static void join(const struct td_strings *parts, const char *before,
                 const char *between, struct td_buf *out)
{
    for (size_t i = 0; i < parts->count; i++)
        td_buf_addf(out, "%s%s",
                    i          ? between
                    : out->len ? before
                               : "",
                    parts->at[i]);
}

size_t td_footnotes_add(struct td_footnotes *notes,
                        const struct td_value *values, size_t n,
                        const char *note)
{
    struct td_strings sources = TD_STRINGS_INIT, words = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    size_t number = 0;
    add_once(&words, note);
    for (size_t i = 0; i < n; i++) {
        if (values[i].missing)
            continue;
        for (size_t s = 0; s < values[i].nsources; s++)
            say_source(&values[i].sources[s], &sources, notes);
        add_once(&words, values[i].caveat);
    }
    join(&sources, "", ", ", &text);
    join(&words, ". ", ". ", &text);
    if (text.len) {
        td_strings_add(&notes->notes, td_buf_str(&text));
        number = notes->notes.count;
    }
    td_strings_release(&sources);
    td_strings_release(&words);
    td_buf_release(&text);
    return number;
}

static const json_t *manifest_of(const struct td_facts *facts, const char *id)
{
    for (size_t i = 0; i < facts->nruns; i++)
        if (strcmp(facts->runs[i].dir.id, id) == 0)
            return facts->runs[i].dir.manifest;
    return NULL;
}

void td_footnotes_print(const struct td_footnotes *notes,
                        const struct td_facts *facts, struct td_buf *out)
{
    for (size_t i = 0; i < notes->notes.count; i++)
        td_buf_addf(out, "- [%zu] %s.\n", i + 1, notes->notes.at[i]);
    for (size_t i = 0; i < notes->runs.count; i++) {
        td_buf_adds(out, "- Run ");
        if (notes->numbered)
            td_buf_addf(out, "%zu, ", i + 1);
        td_buf_addf(out, "`%s`: ", notes->runs.at[i]);
        td_conditions_print(manifest_of(facts, notes->runs.at[i]), out);
        td_buf_adds(out, ".\n");
    }
}
