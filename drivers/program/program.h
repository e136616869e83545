/*
 * program - what servers and commands have in common: an entry that names a
 * whole program with its arguments is split, its {names} are replaced, and
 * the runtime's driver says how the program is started.
 */
#ifndef TD_DRIVERS_PROGRAM_PROGRAM_H
#define TD_DRIVERS_PROGRAM_PROGRAM_H

#include "drivers/driver.h"

/* Environment, working directory (the workload's), program and argv of the
 * case's entry in *out; {names} are those of `names`, to which {entry} is
 * added.  Errors begin with the file and the entry. */
int td_program_prepare(const struct td_context *context,
                       const struct td_case_spec *spec, struct td_fields *names,
                       struct td_launch *out, json_t *hashes,
                       struct td_err *err);

/* Splits a command into words and replaces their {names}. */
int td_program_words(const char *text, const struct td_fields *names,
                     struct td_strings *out, struct td_err *err);

/* Every `name` ("{port}") in a word replaced; malloc'd. */
char *td_program_replace(const char *word, const char *name, const char *value);

#endif
