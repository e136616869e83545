/* Claims and their verdicts, all or those of an article. */
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/report_claims.h"
#include "out/table.h"
#include "out/units.h"

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

/* The conditions of each run that a claim of the article rests on. */
static void print_runs(const struct td_claim_results *results,
                       const char *source, const struct td_facts *facts,
                       struct td_buf *out)
{
    struct td_footnotes notes = {TD_STRINGS_INIT, TD_STRINGS_INIT};
    for (size_t i = 0; i < results->count; i++) {
        const struct td_claim_result *at = &results->at[i];
        if (source && strcmp(at->claim->source, source) != 0)
            continue;
        for (size_t s = 0; s < at->value.nsources; s++)
            td_footnotes_add_run(&notes, at->value.sources[s].run);
    }
    td_buf_adds(out, notes.runs.count ? "\n" : "");
    td_footnotes_print(&notes, facts, out);
    td_footnotes_release(&notes);
}

static void add_claim(const struct td_claim_result *at, struct td_table *table)
{
    const struct td_claim *claim = at->claim;
    struct td_buf cell = TD_BUF_INIT;
    td_buf_addf(&cell, "%s%s%s", claim->id, claim->part ? " " : "",
                claim->part ? claim->part : "");
    td_table_add(table, td_buf_str(&cell), NULL);
    td_table_add(table, claim->source, NULL);
    td_table_add(table, claim->claimed, NULL);
    td_buf_clear(&cell);
    if (at->value.missing || !at->value.figure.known)
        td_buf_adds(&cell, TD_DASH);
    else
        td_value_cell(&at->value, &cell);
    td_table_add(table, td_buf_str(&cell), NULL);
    td_buf_clear(&cell);
    td_buf_adds(&cell, td_claim_verdict_name(at->verdict));
    if (at->verdict == TD_CLAIM_NOT_MEASURED && at->reason)
        td_buf_addf(&cell, ": %s", at->reason);
    td_table_add(table, td_buf_str(&cell), NULL);
    td_buf_release(&cell);
}

/* The rows alone, a figure with its invocations; what each is about, and how
 * to get to its samples, is left to the other form. */
static void print_short(const struct td_claim_results *results,
                        const char *source, struct td_buf *out)
{
    static const char *const heads[] = {"Claim", "Article", "Claimed",
                                        "Measured (interval; invocations)",
                                        "Verdict"};
    struct td_table table;
    td_table_init(&table, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < table.columns; i++)
        td_table_add(&table, heads[i], NULL);
    for (size_t i = 0; i < results->count; i++)
        if (!source || strcmp(results->at[i].claim->source, source) == 0)
            add_claim(&results->at[i], &table);
    td_table_markdown(&table, out);
    td_table_release(&table);
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
            print_short(&results, source, out);
        else
            td_report_claims_of(&results, source, TD_FORMAT_MARKDOWN, out);
        print_runs(&results, source, from->facts, out);
    }
    td_claim_results_release(&results);
    return rc;
}
