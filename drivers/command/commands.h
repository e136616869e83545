/*
 * commands - whole processes of all runtimes: how an execution's steps are
 * prepared and started.  README.md says what a workload file may say.
 */
#ifndef TD_DRIVERS_COMMAND_COMMANDS_H
#define TD_DRIVERS_COMMAND_COMMANDS_H

#include "drivers/driver.h"

/* The steps around an execution; program NULL: there is none. */
struct td_command_steps {
    struct td_launch prepare, cleanup;
};
void td_command_steps_release(struct td_command_steps *steps);

/* As a driver's prepare, for a case of a command workload; params: of its
 * set.  {scratch} and {fresh} stay as they are. */
int td_command_prepare(const struct td_context *context,
                       const struct td_case_spec *spec,
                       const struct td_fields *params, struct td_launch *out,
                       struct td_command_steps *steps, json_t *hashes,
                       struct td_err *err);

/* A copy of what was prepared, for one execution: *out (TD_LAUNCH_INIT) has
 * the two directories where {scratch} and {fresh} stood. */
void td_command_launch(const struct td_launch *prepared, const char *scratch,
                       const char *fresh, struct td_launch *out);

#endif
