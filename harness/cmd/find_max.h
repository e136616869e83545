/*
 * find_max - `tandem load --find-max`: trials of a load, one after another,
 * at the rates that load/search.h asks for; each is printed when it is done.
 */
#ifndef TD_CMD_FIND_MAX_H
#define TD_CMD_FIND_MAX_H

#include "cmd/load_options.h"
#include "out/progress.h"

#include <signal.h>

/* Prints the trace and the result, as text or (--json) as one object.  The
 * tick prints to a printer of its own, which is cleared before each line;
 * NULL: none.  *interrupted: looked at after each trial, which may be too
 * short for a tick.
 * TD_ENOISE: no rate was confirmed; TD_EDEPENDENCY: nothing was answered;
 * TD_EINTERRUPTED: stopped. */
int td_find_max(const struct td_load_options *options,
                struct td_load_setup *setup, const char *url,
                td_load_tick_fn *tick, struct td_progress_printer *printer,
                const volatile sig_atomic_t *interrupted, struct td_err *err);

#endif
