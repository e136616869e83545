/* tandem tables: the tables inside documents, from runs on disk. */
#include "base/files.h"
#include "base/staged_file.h"
#include "cmd/command.h"
#include "out/document_blocks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tables_options {
    struct td_strings runs;
    bool check;
    char *results;
};

static const struct td_opt options[] = {
    {"run", TD_OPT_LIST, offsetof(struct tables_options, runs), NULL, 0, 0,
     NULL, "RUN,…",
     "take the figures from these runs alone, even quick ones; otherwise from "
     "the newest complete run that has them"},
    {"check", TD_OPT_FLAG, offsetof(struct tables_options, check), NULL, 0, 0,
     NULL, NULL,
     "write nothing; say which blocks are not what they would become, and end "
     "with 1 when there are any"},
    {"results", TD_OPT_STRING, offsetof(struct tables_options, results), NULL,
     0, 0, NULL, "DIR", "where the runs are"},
    TD_OPT_END};

struct page {
    const char *file; /* borrowed */
    struct td_buf text, filled;
    struct td_document document;
    struct td_buf *bodies;
    struct td_staged_file staged;
};

static int read_page(struct page *page, const char *file, struct td_err *err)
{
    int rc;
    page->file = file;
    if (!td_file_exists(file))
        return td_err_set(err, TD_EUSAGE, "no document %s: %s", file,
                          strerror(errno));
    rc = td_file_read(file, &page->text, err);
    if (!rc)
        rc = td_document_parse(&page->document, file, td_buf_str(&page->text),
                               page->text.len, td_block_kinds, err);
    return rc;
}

static int fill_page(struct page *page, const struct td_block_sources *from,
                     struct td_err *err)
{
    const struct td_document *document = &page->document;
    int rc = 0;
    page->bodies = td_xcalloc(document->count + 1, sizeof *page->bodies);
    for (size_t i = 0; !rc && i < document->count; i++)
        rc = td_block_write(from, page->file, &document->blocks[i],
                            &page->bodies[i], err);
    if (!rc)
        td_document_fill(document, page->bodies, &page->filled);
    return rc;
}

static void release_page(struct page *page)
{
    for (size_t i = 0; page->bodies && i < page->document.count; i++)
        td_buf_release(&page->bodies[i]);
    free(page->bodies);
    td_document_release(&page->document);
    td_buf_release(&page->text);
    td_buf_release(&page->filled);
    td_staged_file_release(&page->staged);
}

/* Prints the blocks that are not as they should be; how many. */
static size_t print_stale(const struct page *page)
{
    size_t stale = 0;
    for (size_t i = 0; i < page->document.count; i++) {
        const struct td_block *block = &page->document.blocks[i];
        if (td_document_is_fresh(&page->document, i, &page->bodies[i]))
            continue;
        printf("%s:%d: %s is stale\n", page->file, block->line,
               block->kind->name);
        stale++;
    }
    return stale;
}

static int check(const struct page *pages, size_t count, struct td_err *err)
{
    size_t stale = 0;
    for (size_t i = 0; i < count; i++)
        stale += print_stale(&pages[i]);
    if (!stale)
        return 0;
    return td_err_set(err, TD_ESTALE,
                      "%zu block%s out of date; the same command without "
                      "--check renews %s",
                      stale, stale == 1 ? " is" : "s are",
                      stale == 1 ? "it" : "them");
}

static bool is_changed(const struct page *page)
{
    for (size_t i = 0; i < page->document.count; i++)
        if (!td_document_is_fresh(&page->document, i, &page->bodies[i]))
            return true;
    return false;
}

/* All new contents first, then all renames. */
static int write_pages(struct page *pages, size_t count, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < count; i++)
        if (is_changed(&pages[i]))
            rc = td_staged_file_write(&pages[i].staged, pages[i].file,
                                      td_buf_str(&pages[i].filled),
                                      pages[i].filled.len, err);
    for (size_t i = 0; !rc && i < count; i++)
        if (pages[i].staged.temporary)
            rc = td_staged_file_commit(&pages[i].staged, err);
    return rc;
}

static int renew(const struct td_strings *files, bool only_check,
                 const struct td_block_sources *from, struct td_err *err)
{
    struct page *pages = td_xcalloc(files->count, sizeof *pages);
    int rc = 0;
    for (size_t i = 0; !rc && i < files->count; i++)
        rc = read_page(&pages[i], files->at[i], err);
    for (size_t i = 0; !rc && i < files->count; i++)
        rc = fill_page(&pages[i], from, err);
    if (!rc)
        rc = only_check ? check(pages, files->count, err)
                        : write_pages(pages, files->count, err);
    for (size_t i = 0; i < files->count; i++)
        release_page(&pages[i]);
    free(pages);
    return rc;
}

/* Files beside the workloads; where one is not there, there are none. */
static int load(struct td_app *app, struct td_row_tables *tables,
                struct td_claims *claims, struct td_err *err)
{
    struct td_catalogue catalogue = {NULL, 0};
    char *rows = td_xasprintf("%s/tables.ini", app->workloads_dir);
    char *said = td_xasprintf("%s/claims.ini", app->workloads_dir);
    int rc = td_catalogue_load(&catalogue, app->workloads_dir, err);
    if (!rc)
        rc = td_file_exists(rows)
                 ? td_row_tables_load(tables, rows, err)
                 : td_row_tables_parse(tables, rows, "", 0, err);
    if (!rc)
        rc = td_row_tables_check(tables, &catalogue, err);
    if (!rc && td_file_exists(said))
        rc = td_claims_load(claims, said, err);
    if (!rc)
        rc = td_claims_check(claims, &catalogue, err);
    td_catalogue_release(&catalogue);
    free(rows);
    free(said);
    return rc;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct tables_options *given = values;
    const char *results = given->results ? given->results : app->results_dir;
    struct td_facts facts = {0};
    struct td_row_tables tables = {0};
    struct td_claims claims = {0};
    struct td_block_sources from = {&facts, &tables, &claims};
    int rc = args->count
                 ? load(app, &tables, &claims, err)
                 : td_err_set(err, TD_EUSAGE, "tables needs a document");
    if (!rc)
        rc = td_facts_open(&facts, results, &given->runs, err);
    if (!rc)
        rc = renew(args, given->check, &from, err);
    td_facts_release(&facts);
    td_row_tables_release(&tables);
    td_claims_release(&claims);
    return rc;
}

const struct td_command td_cmd_tables = {
    .name = "tables",
    .args = "DOC.md...",
    .summary = "renew the tables inside documents from what was measured",
    .details =
        "What lies between `<!-- tandem:begin KIND ARGS -->` and `<!-- "
        "tandem:end -->` is replaced;\nevery other byte stays. KIND is "
        "comparison, scenario, deployment, ci-cd, service, claims,\ngrowth or "
        "host. When any document has a mistake none is written.",
    .options = options,
    .options_size = sizeof(struct tables_options),
    .run = run,
};
