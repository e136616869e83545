/*
 * document - a Markdown text with blocks that a program fills:
 *
 *     <!-- tandem:begin KIND NAME=VALUE … -->
 *     what is replaced
 *     <!-- tandem:end -->
 *
 * A marker has a line of its own, indented by three columns at most.  In a
 * fenced code block, behind four columns and between backticks on one line
 * it is text, as CommonMark 0.31 reads those (4.4, 4.5, 6.1).  Anywhere else
 * it is a mistake: a marker that is overlooked would leave old figures.
 *
 * Pure: bytes in, bytes out; every byte outside the blocks stays as it is, so
 * the text may have any encoding that ASCII is a part of, and either line
 * ending.
 */
#ifndef TD_CLAIMS_DOCUMENT_H
#define TD_CLAIMS_DOCUMENT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/fields.h"

#include <stdbool.h>

/* What may stand in a begin marker; an array of these ends in a NULL name. */
struct td_block_kind {
    const char *name;
    const char *const *args; /* names, NULL-terminated */
    const char *required;    /* one of them, or NULL */
};

struct td_block {
    const struct td_block_kind *kind;
    struct td_fields args;
    int line;        /* of the begin marker, from 1 */
    size_t from, to; /* the bytes between the two markers' lines */
    bool crlf;       /* the begin marker's line ends in CR LF */
};

struct td_document {
    const char *file, *text; /* borrowed */
    size_t len;
    struct td_block *blocks;
    size_t count;
};

/* TD_EINPUT "file:line: …" on the first mistake: an unknown kind or argument
 * (with the nearest name), a missing one, a begin inside a block or without
 * its end, an end without its begin.  Release *out either way; file, text and
 * kinds must outlive it. */
int td_document_parse(struct td_document *out, const char *file,
                      const char *text, size_t len,
                      const struct td_block_kind *kinds, struct td_err *err);
void td_document_release(struct td_document *document);

/* Appends the text with bodies[i] inside block i.  Line ends of a body are LF
 * and become CR LF where the block's are; a body that is not empty must end
 * in one. */
void td_document_fill(const struct td_document *document,
                      const struct td_buf *bodies, struct td_buf *out);
/* Is block i as td_document_fill would make it? */
bool td_document_is_fresh(const struct td_document *document, size_t i,
                          const struct td_buf *body);

#endif
