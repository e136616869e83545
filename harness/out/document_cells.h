/*
 * document_cells - values and runs as the tables in documents print them: a
 * figure never without its interval and its invocations, and under a table
 * the way from each figure to the samples behind it.
 */
#ifndef TD_OUT_DOCUMENT_CELLS_H
#define TD_OUT_DOCUMENT_CELLS_H

#include "base/buf.h"
#include "base/fields.h"
#include "claims/expression.h"
#include "claims/facts.h"

/* "1.462 s (1.420–1.505; 15)", "52 lines (the same each time; 5)", "not
 * measured: …". */
void td_value_cell(const struct td_value *value, struct td_buf *out);

/* What stands under a table. */
struct td_footnotes {
    struct td_strings notes; /* [1], [2], … */
    struct td_strings runs;  /* ids, in the order of their first use */
    bool numbered;           /* the runs have numbers, from 1 */
};

#define TD_FOOTNOTES_INIT                                                      \
    {                                                                          \
        TD_STRINGS_INIT, TD_STRINGS_INIT, false                                \
    }

void td_footnotes_release(struct td_footnotes *notes);
/* The cases behind n values, each once, the values' caveats and `note` (NULL:
 * none) as one footnote: its number, from 1; 0 where there is nothing to
 * say. */
size_t td_footnotes_add(struct td_footnotes *notes,
                        const struct td_value *values, size_t n,
                        const char *note);
/* The run goes on the list once; its number there, from 1. */
size_t td_footnotes_add_run(struct td_footnotes *notes, const char *id);
/* A list: the footnotes, then each run with its conditions. */
void td_footnotes_print(const struct td_footnotes *notes,
                        const struct td_facts *facts, struct td_buf *out);

/* "2026-11-21, AMD EPYC, 2 CPUs, …; cpython-3.11.2 (…), go-1.26.8 (…); at
 * least 15 pairs …": what the manifest says of it; what it does not have is
 * left out. */
void td_conditions_print(const json_t *manifest, struct td_buf *out);
/* Parts of it, from the manifest's `host`: "AMD EPYC, 2 CPUs, 25.3 GB";
 * "Debian GNU/Linux 12 (bookworm), Linux 6.18, glibc 2.36". */
void td_machine_print(const json_t *host, struct td_buf *out);
void td_system_print(const json_t *host, struct td_buf *out);
/* Of one of the manifest's cases: it could be run, and is there neither for an
 * A/A ratio nor for a hosting bias. */
bool td_is_own_runtime(const json_t *of);
/* "cpython-3.11.2": "GCC 12.2.0, -O2, worker linked with …"; of one of the
 * manifest's cases. */
void td_build_print(const json_t *of, struct td_buf *out);

#endif
