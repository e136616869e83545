/* The services of one group, and what they need themselves. */
#include "cmd/service_measure.h"
#include "measure/services.h"

int td_service_measure(struct td_service_job *job, struct td_err *err)
{
    struct td_services services = {NULL, 0, NULL};
    struct td_err trouble = TD_ERR_INIT;
    int rc = 0;
    if (!job->count)
        return 0;
    td_services_start(&services, job->session, job->cases[0].c.group, &trouble);
    if (!trouble.code)
        rc = td_service_measure_rows(job, err);
    else if (trouble.code == TD_EINTERRUPTED)
        rc = td_err_set(err, trouble.code, "%s", trouble.msg);
    for (char *c = trouble.msg; *c; c++)
        if (*c == '\n') /* the last line may be the one that tells */
            *c = ' ';
    for (size_t i = 0; trouble.code && i < job->count; i++)
        td_service_lack(&job->rows[i], 0, TD_SERVICE_MEASURES - 1, trouble.msg);
    if (trouble.code)
        job->worst = TD_EWORKER;
    td_services_release(&services);
    return rc;
}
