/*
 * tandem-null RUNTIME FACTOR own ENTRY COUNT - what stands for a runtime's
 * own tool: prints what the formula says that COUNT operations take, each of
 * them own_ns longer, and takes no time.  Parameters are in the environment,
 * TANDEM_P_NAME.
 */
#include "drivers/null/null.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static void parameters(struct td_fields *out)
{
    static const char prefix[] = "TANDEM_P_";
    for (char **at = environ; *at; at++) {
        const char *equals = strchr(*at, '=');
        char *name;
        if (!equals || strncmp(*at, prefix, strlen(prefix)) != 0)
            continue;
        name = td_xasprintf("p.%.*s", (int)(equals - *at - (int)strlen(prefix)),
                            *at + strlen(prefix));
        td_fields_set(out, name, equals + 1);
        free(name);
    }
}

static int print(const char *entry, double factor, uint64_t count,
                 const struct td_fields *fields, struct td_err *err)
{
    struct null_formula formula;
    uint64_t sum = 0, more = 0;
    int rc = null_formula_read(&formula, entry, fields, err);
    if (!rc)
        rc = td_fields_u64(fields, "p.own_ns", 0, &more, err);
    if (rc)
        return rc;
    formula.factor = factor;
    for (uint64_t i = 0; i < count; i++)
        sum += null_formula_ns(&formula, i) + more;
    printf("%" PRIu64 " operations in %" PRIu64 " ns\n", count, sum);
    return 0;
}

int null_own(double factor, const char *entry, const char *count)
{
    struct td_fields fields = TD_FIELDS_INIT;
    struct td_err err = TD_ERR_INIT;
    int rc;
    parameters(&fields);
    rc = print(entry, factor, strtoull(count, NULL, 10), &fields, &err);
    if (rc)
        fprintf(stderr, "tandem-null: %s\n", err.msg);
    td_fields_release(&fields);
    return rc ? 1 : 0;
}
