/* Claims and their verdicts, all or those of an article. */
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/report_claims.h"
#include "out/table.h"
#include "out/units.h"

#include <stdlib.h>
#include <string.h>

/* The article is one that has claims. */
static int check_source(const struct td_claims *claims, const char *source,
                        const char *file, const struct td_block *block,
                        struct td_err *err)
{
    struct td_strings sources = TD_STRINGS_INIT;
    const char *near;
    for (size_t i = 0; i < claims->count; i++)
        td_strings_add(&sources, claims->at[i].source);
    near = td_strings_nearest(&sources, source);
    if (!td_strings_has(&sources, source))
        td_err_set(err, TD_EINPUT, "%s:%d: %s has no claim of source=%s%s%s%s",
                   file, block->line, claims->file, source,
                   near ? "; did you mean " : "", near ? near : "",
                   near ? "?" : "");
    td_strings_release(&sources);
    return err->code;
}

static bool is_asked(const struct td_claim_result *at, const char *source)
{
    return !source || strcmp(at->claim->source, source) == 0;
}

/* The full report, and the conditions of each run that it rests on. */
static void print_full(const struct td_claim_results *results,
                       const char *source, const struct td_facts *facts,
                       struct td_buf *out)
{
    struct td_footnotes notes = TD_FOOTNOTES_INIT;
    td_report_claims_of(results, source, TD_FORMAT_MARKDOWN, out);
    for (size_t i = 0; i < results->count; i++) {
        const struct td_value *value = &results->at[i].value;
        for (size_t s = 0;
             is_asked(&results->at[i], source) && s < value->nsources; s++)
            td_footnotes_add_run(&notes, value->sources[s].run);
    }
    td_buf_adds(out, notes.runs.count ? "\n" : "");
    td_footnotes_print(&notes, facts, out);
    td_footnotes_release(&notes);
}

static void add_name(const struct td_claim *claim, struct td_table *table)
{
    char *name = td_xasprintf("%s%s%s", claim->id, claim->part ? " " : "",
                              claim->part ? claim->part : "");
    td_table_add(table, name, NULL);
    free(name);
}

static void add_verdict(const struct td_claim_result *at,
                        struct td_table *table)
{
    struct td_buf cell = TD_BUF_INIT;
    td_buf_adds(&cell, td_claim_verdict_name(at->verdict));
    if (at->reason)
        td_buf_addf(&cell, ": %s", at->reason);
    td_table_add(table, td_buf_str(&cell), NULL);
    td_buf_release(&cell);
}

/* "1: 16, 17": run 1 of the list below, its cases; a service has none. */
static void add_cases(const struct td_value *value, struct td_footnotes *notes,
                      struct td_table *table)
{
    struct td_buf cell = TD_BUF_INIT;
    size_t last = 0;
    for (size_t i = 0; i < value->nsources; i++) {
        const struct td_value_source *source = &value->sources[i];
        size_t run = td_footnotes_add_run(notes, source->run);
        if (run != last)
            td_buf_addf(&cell, "%s%zu", last ? "; " : "", run);
        if (!source->service)
            td_buf_addf(&cell, "%s %zu", run != last ? ":" : ",",
                        source->case_index);
        last = run;
    }
    td_table_add(table, td_buf_str(&cell), NULL);
    td_buf_release(&cell);
}

static void add_claim(const struct td_claim_result *at,
                      struct td_footnotes *notes, struct td_table *table)
{
    struct td_buf cell = TD_BUF_INIT;
    add_name(at->claim, table);
    td_table_add(table, at->claim->source, NULL);
    td_table_add(table, at->claim->claimed, NULL);
    if (at->value.missing || !at->value.figure.known)
        td_buf_adds(&cell, TD_DASH);
    else
        td_value_cell(&at->value, &cell);
    td_table_add(table, td_buf_str(&cell), NULL);
    add_verdict(at, table);
    add_cases(&at->value, notes, table);
    td_buf_release(&cell);
}

static void say_rest(const struct td_claim_results *results, const char *source,
                     struct td_buf *out)
{
    struct td_strings said = TD_STRINGS_INIT;
    td_buf_addc(out, '\n');
    td_say_claim_count(results, source, out);
    td_buf_adds(out, " The last column: the run, as numbered here, and its "
                     "cases, as `tandem show RUN CASE` takes them.\n\n");
    td_say_contradictions(results, source, &said);
    for (size_t i = 0; i < said.count; i++)
        td_buf_addf(out, "- %s.\n", said.at[i]);
    for (size_t i = 0; i < results->notes.count; i++)
        td_buf_addf(out, "- %s\n", results->notes.at[i]);
    td_strings_release(&said);
}

/* The rows without their footnotes, which say what each is about. */
static void print_short(const struct td_claim_results *results,
                        const char *source, const struct td_facts *facts,
                        struct td_buf *out)
{
    static const char *const heads[] = {
        "Claim",   "Article",   "Claimed", "Measured (interval; invocations)",
        "Verdict", "Run: cases"};
    struct td_footnotes notes = TD_FOOTNOTES_INIT;
    struct td_table table;
    notes.numbered = true;
    td_table_init(&table, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < table.columns; i++)
        td_table_add(&table, heads[i], NULL);
    for (size_t i = 0; i < results->count; i++)
        if (is_asked(&results->at[i], source))
            add_claim(&results->at[i], &notes, &table);
    td_table_markdown(&table, out);
    say_rest(results, source, out);
    td_footnotes_print(&notes, facts, out);
    td_table_release(&table);
    td_footnotes_release(&notes);
}

static int check_form(const char *form, const char *file,
                      const struct td_block *block, struct td_err *err)
{
    if (!form || strcmp(form, "short") == 0 || strcmp(form, "full") == 0)
        return 0;
    return td_err_set(err, TD_EINPUT,
                      "%s:%d: expected form=short or form=full, found "
                      "form=%s",
                      file, block->line, form);
}

int td_block_claims(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err)
{
    const char *source = td_fields_get(&block->args, "source");
    const char *form = td_fields_get(&block->args, "form");
    struct td_claim_results results = {NULL, 0, TD_STRINGS_INIT};
    int rc = check_form(form, file, block, err);
    if (!rc && source)
        rc = check_source(from->claims, source, file, block, err);
    if (!rc)
        rc = td_claims_evaluate(from->claims, from->facts, &results, err);
    if (!rc) {
        if (form && strcmp(form, "short") == 0)
            print_short(&results, source, from->facts, out);
        else
            print_full(&results, source, from->facts, out);
    }
    td_claim_results_release(&results);
    return rc;
}
