/* The machine that was measured on, its interpreters and builds. */
#include "base/json.h"
#include "claims/facts_run.h"
#include "out/document_blocks.h"
#include "out/document_cells.h"
#include "out/table.h"

#include <string.h>

static void add_line(struct td_table *table, const char *what,
                     const struct td_buf *text)
{
    td_table_add(table, what, NULL);
    td_table_add(table, text->len ? td_buf_str(text) : "not known", NULL);
}

static void add_runtimes(struct td_table *table, const json_t *manifest)
{
    struct td_strings seen = TD_STRINGS_INIT;
    const json_t *of;
    size_t i;
    json_array_foreach(json_object_get(manifest, "cases"), i, of)
    {
        const char *name = td_json_str(of, "runtime", "?");
        struct td_buf text = TD_BUF_INIT;
        if (td_strings_has(&seen, name) || !td_is_own_runtime(of))
            continue;
        td_strings_add(&seen, name);
        td_build_print(of, &text);
        add_line(table, name, &text);
        td_buf_release(&text);
    }
    td_strings_release(&seen);
}

static void print_run(const struct td_fact_run *run, struct td_buf *out)
{
    const json_t *manifest = run->dir.manifest;
    const json_t *host = json_object_get(manifest, "host");
    struct td_table table;
    struct td_buf text = TD_BUF_INIT;
    td_table_init(&table, 2);
    td_table_add(&table, "Run", NULL);
    td_buf_addf(&text, "`%s`, %s%s", run->dir.id,
                td_json_str(manifest, "started", "date not known"),
                json_is_true(json_object_get(manifest, "quick"))
                    ? ", quick: too short to rest anything on"
                    : "");
    td_table_add(&table, td_buf_str(&text), NULL);
    td_buf_clear(&text);
    td_machine_print(host, &text);
    add_line(&table, "Machine", &text);
    td_buf_clear(&text);
    td_system_print(host, &text);
    add_line(&table, "System", &text);
    td_buf_clear(&text);
    td_buf_addf(&text, "tandem %s", td_json_str(manifest, "tandem", "?"));
    add_line(&table, "Program", &text);
    add_runtimes(&table, manifest);
    td_table_markdown(&table, out);
    td_table_release(&table);
    td_buf_release(&text);
}

/* Every run where the user named them, else the newest that counts. */
int td_block_host(const struct td_block_sources *from, const char *file,
                  const struct td_block *block, struct td_buf *out,
                  struct td_err *err)
{
    const struct td_facts *facts = from->facts;
    size_t printed = 0;
    (void)file;
    (void)block;
    (void)err;
    for (size_t i = 0; i < facts->nruns; i++) {
        if (facts->runs[i].is_service ||
            (!facts->named &&
             (printed || !td_fact_run_counts(&facts->runs[i]))))
            continue;
        td_buf_adds(out, printed++ ? "\n" : "");
        print_run(&facts->runs[i], out);
    }
    if (!printed)
        td_buf_adds(out, "not measured: there is no complete run that is not "
                         "a quick one.\n");
    return 0;
}
