/* The tables of a run of `tandem service`. */
#include "base/json.h"
#include "claims/facts_run.h"
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/report_service.h"

#include <string.h>

static bool fits(const json_t *group, const struct td_fields *args,
                 const char *name)
{
    const char *wanted = td_fields_get(args, name);
    return !wanted || strcmp(td_json_str(group, name, ""), wanted) == 0;
}

/* Those of the run that the block asks for; new reference. */
static json_t *chosen(const struct td_fact_run *run,
                      const struct td_block *block)
{
    json_t *groups = json_array(), *group;
    size_t i;
    json_array_foreach(run->figures, i,
                       group) if (fits(group, &block->args, "workload") &&
                                  fits(group, &block->args, "set"))
        json_array_append(groups, group);
    return groups;
}

/* Headings of a table of their own level would tear the document apart: they
 * become bold. */
static void add_without_headings(const struct td_buf *text, struct td_buf *out)
{
    for (const char *at = td_buf_str(text); *at;) {
        size_t len = strcspn(at, "\n"), level = strspn(at, "#");
        if (level)
            td_buf_addf(out, "**%.*s**", (int)(len - level - 1),
                        at + level + 1);
        else
            td_buf_add(out, at, len);
        td_buf_addc(out, '\n');
        at += len + (at[len] == '\n');
    }
}

static void print_run(const struct td_fact_run *run, const json_t *groups,
                      const struct td_facts *facts, struct td_buf *out)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_footnotes notes = TD_FOOTNOTES_INIT;
    td_service_print_saved(groups, true, &text);
    add_without_headings(&text, out);
    td_footnotes_add_run(&notes, run->dir.id);
    td_buf_addf(out, "- All of it again: `tandem show %s`.\n", run->dir.id);
    td_footnotes_print(&notes, facts, out);
    td_footnotes_release(&notes);
    td_buf_release(&text);
}

int td_block_service(const struct td_block_sources *from, const char *file,
                     const struct td_block *block, struct td_buf *out,
                     struct td_err *err)
{
    struct td_facts *facts = from->facts;
    (void)file;
    for (size_t i = 0; i < facts->nruns; i++) {
        struct td_fact_run *run = &facts->runs[i];
        json_t *groups;
        bool found;
        if (!run->is_service || (!facts->named && !td_fact_run_counts(run)))
            continue;
        if (td_fact_run_load(run, err))
            return err->code;
        groups = chosen(run, block);
        found = json_array_size(groups) > 0;
        if (found)
            print_run(run, groups, facts, out);
        json_decref(groups);
        if (found)
            return 0;
    }
    td_buf_adds(out, "not measured: there is no run of `tandem service` of "
                     "this.\n");
    return 0;
}
