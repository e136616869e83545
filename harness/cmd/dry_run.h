/* dry_run - what a run would do, without doing it. */
#ifndef TD_CMD_DRY_RUN_H
#define TD_CMD_DRY_RUN_H

#include "measure/session.h"

#include <stdio.h>

/* Prints groups, cases and the turns of the first pair of each group. */
int td_dry_run(const struct td_plan *plan, const struct td_settings *settings,
               FILE *out);

#endif
