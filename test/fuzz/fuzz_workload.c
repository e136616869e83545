/* Workload files: any bytes either give a workload or one message with
 * file:line. */
#include "plan/workload.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct td_workload workload;
    struct td_err err = TD_ERR_INIT;
    int rc = td_workload_parse(&workload, "x", "/", "x.ini", (const char *)data,
                               size, &err);
    if (rc && strncmp(err.msg, "x.ini:", 6) != 0)
        abort();
    td_workload_release(&workload);
    return 0;
}
