/*
 * service_limit - by what the memory of a service is limited, and how much.
 */
#ifndef TD_CMD_SERVICE_LIMIT_H
#define TD_CMD_SERVICE_LIMIT_H

#include "cmd/service_options.h"
#include "cmd/service_sitting.h"

/* Whether a limit can be kept by a control group: found out on the least of
 * programs. */
bool td_service_can_group(struct td_loop *loop, uint64_t bytes);
/* Puts the options' limit into the launch, or into its environment. */
void td_service_limit(struct td_service_case *c,
                      const struct td_service_options *o, bool can_group);
/* What the set itself says; 0 = nothing. */
uint64_t td_service_limit_of(const struct td_group *group);

#endif
