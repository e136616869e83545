/*
 * document_blocks - what stands in the blocks of a document
 * (claims/document.h): Markdown tables with their footnotes, made from runs on
 * disk.  The same runs give the same bytes: no time of day, no path.
 */
#ifndef TD_OUT_DOCUMENT_BLOCKS_H
#define TD_OUT_DOCUMENT_BLOCKS_H

#include "claims/claims.h"
#include "claims/document.h"
#include "claims/facts.h"
#include "claims/row_tables.h"

/* What all blocks are made from; borrowed. */
struct td_block_sources {
    struct td_facts *facts;
    const struct td_row_tables *tables;
    const struct td_claims *claims;
};

/* The kinds of blocks, for td_document_parse. */
extern const struct td_block_kind td_block_kinds[];

/* Appends the body of a block of one of these kinds, an empty line at each
 * end.  What cannot be measured is said in it; an error, TD_EINPUT with
 * file:line, is only what is wrong in document, tables or runs. */
int td_block_write(const struct td_block_sources *from, const char *file,
                   const struct td_block *block, struct td_buf *out,
                   struct td_err *err);

/* One kind each. */
int td_block_rows(const struct td_block_sources *from, const char *file,
                  const struct td_block *block, struct td_buf *out,
                  struct td_err *err);
int td_block_host(const struct td_block_sources *from, const char *file,
                  const struct td_block *block, struct td_buf *out,
                  struct td_err *err);
int td_block_service(const struct td_block_sources *from, const char *file,
                     const struct td_block *block, struct td_buf *out,
                     struct td_err *err);
int td_block_claims(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err);
int td_block_growth(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err);

#endif
