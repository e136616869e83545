/*
 * Any text: as an expression and as a file of claims.  What is refused is
 * refused with its place, and what is accepted can be walked through.
 */
#include "claims/claims.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void expression(const char *text)
{
    static const struct td_place here = {.file = "f", .line = 1, .column = 1};
    static const struct td_catalogue none = {NULL, 0};
    struct td_err err = TD_ERR_INIT;
    struct td_expression *e;
    int rc = td_expression_parse(&e, text, &here, &err);
    if ((rc == 0) != (e != NULL) || (rc && (rc != TD_EINPUT || !err.msg[0])))
        abort();
    if (e && !td_expression_check(e, &none, &err))
        abort(); /* without workloads every name is unknown */
    td_expression_free(e);
}

static void claims(const char *text, size_t len)
{
    struct td_err err = TD_ERR_INIT;
    struct td_claims file;
    int rc = td_claims_parse(&file, "f", text, len, &err);
    if (rc && (rc != TD_EINPUT || strncmp(err.msg, "f:", 2) != 0))
        abort();
    for (size_t i = 0; !rc && i < file.count; i++)
        if (!file.at[i].id ||
            !(file.at[i].range.lower < file.at[i].range.upper))
            abort();
    td_claims_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = td_xstrndup((const char *)data, len);
    expression(text);
    claims(text, strlen(text));
    free(text);
    return 0;
}
