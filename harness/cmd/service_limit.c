#include "cmd/service_limit.h"

#include "exec/worker.h"
#include "plan/server_load.h"

#include <inttypes.h>
#include <string.h>

bool td_service_can_group(struct td_loop *loop, uint64_t bytes)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result result = {.out = TD_BUF_INIT, .err = TD_BUF_INIT};
    struct td_err why = TD_ERR_INIT;
    launch.program = td_xstrdup("true");
    td_launch_env_base(&launch);
    launch.memory_limit_bytes = bytes;
    launch.memory_by = TD_MEMORY_CGROUP;
    td_child_run(loop, &launch, 10000000000u, 0, &result, &why);
    td_child_result_release(&result);
    td_launch_release(&launch);
    return !why.code;
}

/* A Go program reserves far more addresses than it uses, so that under
 * RLIMIT_AS it would not even start: there its own collector has to see to
 * it. */
void td_service_limit(struct td_service_case *c,
                      const struct td_service_options *o, bool can_group)
{
    bool go = strcmp(c->c.spec.runtime->family, "go") == 0;
    c->c.launch.memory_limit_bytes = o->memory_limit_bytes;
    c->c.launch.memory_by = (enum td_memory_by)o->memory_by;
    if (o->memory_by != TD_MEMORY_ANY || can_group || !go)
        return;
    c->limited_by = "GOMEMLIMIT";
    c->c.launch.memory_limit_bytes = 0;
    td_fields_setf(&c->c.launch.env, "GOMEMLIMIT", "%" PRIu64,
                   o->memory_limit_bytes);
}

uint64_t td_service_limit_of(const struct td_group *group)
{
    struct td_server_load load;
    struct td_err ignored = TD_ERR_INIT;
    uint64_t bytes = 0;
    if (!td_server_load_read(&load, &group->set.params, "set", TD_EINPUT,
                             &ignored))
        bytes = load.memory_bytes;
    td_server_load_release(&load);
    return bytes;
}
