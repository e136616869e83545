/*
 * journal - the lines of journal.jsonl: writing one, reading all that count.
 * run_dir.h says what counts; nothing but store/ includes this.
 */
#ifndef TD_STORE_JOURNAL_H
#define TD_STORE_JOURNAL_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>

/* Appends record as one line; TD_EINTERNAL unless it is an object that JSON
 * can carry. */
int td_journal_line(struct td_buf *out, const json_t *record);

/* The whole lines of the file; *torn when the last one is not whole.  No
 * file is an empty journal. */
int td_journal_read(const char *path, json_t **lines, bool *torn,
                    struct td_err *err);

#endif
