/*
 * service_record - the run directory of `tandem service`: manifest.json with
 * `"kind": "service"`, and service.json, which holds what has been measured
 * so far (results/FORMAT.md).
 */
#ifndef TD_CMD_SERVICE_RECORD_H
#define TD_CMD_SERVICE_RECORD_H

#include "cmd/command.h"
#include "cmd/service_options.h"
#include "measure/session.h"

/* Creates the directory below app->results_dir. */
int td_service_record_begin(struct td_run_dir *run, const struct td_app *app,
                            const struct td_service_options *options,
                            const struct td_session *session,
                            struct td_err *err);
/* Replaces service.json by groups, an array of objects. */
int td_service_record_save(const struct td_run_dir *run, const json_t *groups,
                           struct td_err *err);

#endif
