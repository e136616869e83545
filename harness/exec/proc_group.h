/*
 * proc_group - what /proc says of all living processes of one process group,
 * added up.
 */
#ifndef TD_EXEC_PROC_GROUP_H
#define TD_EXEC_PROC_GROUP_H

#include "exec/server.h"

/* Nobody is left: processes 0, figures not known.  memory: read that too. */
void td_proc_group_read(int group, bool memory, struct td_server_state *out);

#endif
