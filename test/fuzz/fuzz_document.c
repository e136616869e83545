/* Documents: any bytes either give one message with the file's name, or
 * blocks whose filling leaves every other byte alone, is read back as the
 * same blocks and, once more, changes nothing. */
#include "claims/document.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const none[] = {NULL};
static const char *const args[] = {"source", "run", NULL};
static const struct td_block_kind kinds[] = {
    {"host", none, NULL},
    {"claims", args, NULL},
    {"growth", args, "source"},
    {NULL, NULL, NULL},
};

/* The bytes outside the blocks, one after the other. */
static void outside(const struct td_document *document, struct td_buf *out)
{
    size_t done = 0;
    for (size_t i = 0; i < document->count; i++) {
        td_buf_add(out, document->text + done, document->blocks[i].from - done);
        done = document->blocks[i].to;
    }
    td_buf_add(out, document->text + done, document->len - done);
}

static void fill(const struct td_document *document, struct td_buf *out)
{
    struct td_buf *bodies = td_xcalloc(document->count + 1, sizeof *bodies);
    for (size_t i = 0; i < document->count; i++)
        td_buf_addf(&bodies[i], "\n| %zu |\n\n", i);
    td_document_fill(document, bodies, out);
    for (size_t i = 0; i < document->count; i++)
        td_buf_release(&bodies[i]);
    free(bodies);
}

static bool same(const struct td_buf *a, const struct td_buf *b)
{
    return a->len == b->len &&
           memcmp(td_buf_str(a), td_buf_str(b), a->len) == 0;
}

static void check(const struct td_document *document)
{
    struct td_buf filled = TD_BUF_INIT, again = TD_BUF_INIT;
    struct td_buf before = TD_BUF_INIT, after = TD_BUF_INIT;
    struct td_document second;
    struct td_err err = TD_ERR_INIT;
    fill(document, &filled);
    if (td_document_parse(&second, "x.md", td_buf_str(&filled), filled.len,
                          kinds, &err) ||
        second.count != document->count)
        abort();
    fill(&second, &again);
    outside(document, &before);
    outside(&second, &after);
    if (!same(&filled, &again) || !same(&before, &after))
        abort();
    td_document_release(&second);
    td_buf_release(&filled);
    td_buf_release(&again);
    td_buf_release(&before);
    td_buf_release(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct td_document document;
    struct td_err err = TD_ERR_INIT;
    int rc = td_document_parse(&document, "x.md", (const char *)data, size,
                               kinds, &err);
    if (rc && strncmp(err.msg, "x.md:", 5) != 0)
        abort();
    if (!rc)
        check(&document);
    td_document_release(&document);
    return 0;
}
