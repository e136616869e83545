/*
 * command_steps - what a workload of kind `command` says besides its entries.
 *
 *     [implementation build]
 *     go = {runtime} build -o {fresh}/out ./x    ; the command itself
 *     prepare = python3 {workload}/drop.py       ; before each execution and
 *     cleanup = rm -r {scratch}/cache            ;   after it, not timed
 *     go.env = GOCACHE={scratch}/go GOPROXY=off  ; added to the environment
 *
 *     [set cold]
 *     until = output                             ; default: exit
 *     timeout = 2min                             ; of one execution
 *
 * Each of prepare, cleanup and env may stand for all runtimes or, with a
 * family before it, for one; the family's own goes before the other (of env
 * both count).  {names} in all of them are those of td_command_names.
 */
#ifndef TD_PLAN_COMMAND_STEPS_H
#define TD_PLAN_COMMAND_STEPS_H

#include "plan/workload.h"

enum td_command_until { TD_UNTIL_EXIT, TD_UNTIL_OUTPUT };
extern const char *const td_command_until_words[];

/* What is replaced only when an execution begins, and stands for itself
 * until then. */
#define TD_NAME_SCRATCH "{scratch}"
#define TD_NAME_FRESH "{fresh}"
/* A directory of the workload's own, kept from run to run. */
#define TD_KEPT "kept"
/* As the first word of an entry: the runtime's own executable. */
#define TD_NAME_RUNTIME "{runtime}"
/* In steps: the executable of the entry. */
#define TD_EXECUTABLE "executable"

/* True for "prepare", "cleanup", "env" and the same after "FAMILY.". */
bool td_command_is_step(const char *key);
/* The text of a step for a family; NULL = there is none.  `env` of all
 * runtimes is asked for with family NULL. */
const char *td_command_step(const struct td_implementation *implementation,
                            const char *family, const char *step);
/* Adds what {name} stands for in entries and steps: params, {workload} (the
 * folder), {implementation}, and those above as themselves. */
void td_command_names(const struct td_workload *workload,
                      const char *implementation,
                      const struct td_fields *params, struct td_fields *out);
/* True for the names that td_command_names adds, and TD_EXECUTABLE. */
bool td_command_has_name(const char *name);

/* For "did you mean": turns each family in the list into "family.step", too,
 * and adds the steps themselves. */
void td_command_add_steps(struct td_strings *families);

#endif
