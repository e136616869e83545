/*
 * report_commands - what the reports say of whole processes.
 */
#ifndef TD_OUT_REPORT_COMMANDS_H
#define TD_OUT_REPORT_COMMANDS_H

#include "summary/summary.h"

/* What holds for all tables of commands; nothing where there are none. */
void td_say_commands(const struct td_summary *summary, struct td_buf *out);

#endif
