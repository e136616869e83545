#include "out/document_blocks.h"

#include <stddef.h>

static const char *const no_args[] = {NULL};
static const char *const service_args[] = {"workload", "set", NULL};
static const char *const claims_args[] = {"source", "form", NULL};
static const char *const growth_args[] = {"workload", NULL};

typedef int make_fn(const struct td_block_sources *from, const char *file,
                    const struct td_block *block, struct td_buf *out,
                    struct td_err *err);

const struct td_block_kind td_block_kinds[] = {
    {"comparison", no_args, NULL},
    {"scenario", no_args, NULL},
    {"deployment", no_args, NULL},
    {"ci-cd", no_args, NULL},
    {"service", service_args, NULL},
    {"claims", claims_args, NULL},
    {"growth", growth_args, "workload"},
    {"host", no_args, NULL},
    {NULL, NULL, NULL},
};

/* In the same order. */
static make_fn *const makers[] = {
    td_block_rows,    td_block_rows,   td_block_rows,   td_block_rows,
    td_block_service, td_block_claims, td_block_growth, td_block_host,
};

_Static_assert(sizeof makers / sizeof *makers + 1 ==
                   sizeof td_block_kinds / sizeof *td_block_kinds,
               "each kind of block has its maker");

int td_block_write(const struct td_block_sources *from, const char *file,
                   const struct td_block *block, struct td_buf *out,
                   struct td_err *err)
{
    int rc;
    td_buf_addc(out, '\n');
    rc = makers[block->kind - td_block_kinds](from, file, block, out, err);
    td_buf_addc(out, '\n');
    return rc;
}
