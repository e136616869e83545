/* Claims and their verdicts, all or those of an article. */
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/report_claims.h"

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

int td_block_claims(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err)
{
    const char *source = td_fields_get(&block->args, "source");
    struct td_claim_results results = {NULL, 0, TD_STRINGS_INIT};
    int rc = source ? check_source(from->claims, source, file, block, err) : 0;
    if (!rc)
        rc = td_claims_evaluate(from->claims, from->facts, &results, err);
    if (!rc) {
        td_report_claims_of(&results, source, TD_FORMAT_MARKDOWN, out);
        print_runs(&results, source, from->facts, out);
    }
    td_claim_results_release(&results);
    return rc;
}
