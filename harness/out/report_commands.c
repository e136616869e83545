#include "out/report_commands.h"

void td_say_commands(const struct td_summary *summary, struct td_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < summary->ngroups; i++)
        any = any || summary->groups[i].is_command;
    if (any)
        td_buf_adds(
            out,
            "Of commands an operation is a whole process, each a fresh one, "
            "and so is a sample: from its spawn to its end, or to its first "
            "output where the set says so, on the launcher's clock. CPU time "
            "is of the process and the children that it waited for; peak RSS "
            "of the largest of these processes, averaged over the executions "
            "of an invocation.");
}
