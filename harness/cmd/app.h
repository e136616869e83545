/*
 * app - where things are: build tree or installed tree, workloads, results.
 *
 * Built in place, the executable is B/bin/tandem, helpers are in B/libexec,
 * sources are found upwards from B.  Installed, they are in
 * PREFIX/libexec/tandem and PREFIX/share/tandem, and caches go to
 * $XDG_CACHE_HOME/tandem.  TANDEM_SOURCE, TANDEM_WORKLOADS, TANDEM_RESULTS and
 * TANDEM_LIBEXEC override what was found.
 */
#ifndef TD_CMD_APP_H
#define TD_CMD_APP_H

#include "cmd/command.h"

int td_app_init(struct td_app *app, int argc, char **argv, struct td_err *err);
void td_app_release(struct td_app *app);
/* Uses another workload directory (an option of several commands). */
int td_app_set_workloads(struct td_app *app, const char *dir,
                         struct td_err *err);

#endif
