/*
 * own_tool - beside each pair of a run with --cross-check, the same cases
 * once more by the tool that the users of their runtimes would take: once a
 * pair, for about as long as the case's turns in it.
 *
 * In pairs of even number it comes after the block (in the first, what the
 * block found is needed), in the others before, so that neither has always
 * the warmer machine.  Only where the runtime runs as itself, not embedded:
 * what embedding costs is the counterpart's matter (choose.h).
 */
#ifndef TD_MEASURE_OWN_TOOL_H
#define TD_MEASURE_OWN_TOOL_H

#include "measure/session.h"

enum td_own_tool_when { TD_OWN_BEFORE_BLOCK, TD_OWN_AFTER_BLOCK };

/* Runs the tools of a group's cases when it is their turn, and journals what
 * they said.  A tool that fails is journalled, and no error: only the
 * harness's own faults are. */
int td_own_tools_run(struct td_session *session, size_t group, uint32_t pair,
                     enum td_own_tool_when when, struct td_err *err);

#endif
