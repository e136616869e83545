/*
 * run_record - what every kind of run writes down of itself: who measured,
 * where, when it began and how it ended.
 */
#ifndef TD_CMD_RUN_RECORD_H
#define TD_CMD_RUN_RECORD_H

#include "store/run_dir.h"

/* Adds version, machine, its state and the time to a new run's manifest. */
void td_run_record_begin(json_t *manifest);
/* Marks the run's end in journal and manifest; status: "complete" or
 * "interrupted". */
int td_run_record_end(struct td_run_dir *run, const char *status,
                      struct td_err *err);

#endif
