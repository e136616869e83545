/*
 * services - the servers of a workload file, alive while its group is
 * measured.  Their first line of output becomes a parameter.
 */
#ifndef TD_MEASURE_SERVICES_H
#define TD_MEASURE_SERVICES_H

#include "measure/session.h"

struct td_services {
    struct td_service **at; /* in the order of the workload file */
    size_t count;
    const struct td_workload *workload;
};

/* Starts them and sets the group's parameters.  release either way. */
int td_services_start(struct td_services *services, struct td_session *session,
                      size_t group, struct td_err *err);
int td_services_check(const struct td_services *services, struct td_err *err);
void td_services_release(struct td_services *services);

/* Writes a service's failure into the journal: every case of the group is
 * dropped with it.  Returns non-zero only if that cannot be written. */
int td_services_blame(struct td_session *session, size_t group,
                      const struct td_err *why, struct td_err *err);

#endif
