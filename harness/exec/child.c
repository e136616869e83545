#include "exec/process.h"

#include <stdlib.h>
#include <string.h>

struct collector {
    struct td_child_result *result;
    size_t limit;
};

void td_child_result_release(struct td_child_result *result)
{
    td_buf_release(&result->out);
    td_buf_release(&result->err);
}

static void collect(void *context, enum td_stream stream, const char *data,
                    size_t len)
{
    struct collector *collector = context;
    struct td_buf *out = &collector->result->out;
    size_t room = collector->limit - out->len;
    if (stream == TD_STREAM_ERR)
        td_tail_add(&collector->result->err, data, len);
    else
        td_buf_add(out, data, len < room ? len : room);
}

int td_child_run(struct td_loop *loop, const struct td_launch *launch,
                 uint64_t timeout_ns, size_t out_limit,
                 struct td_child_result *result, struct td_err *err)
{
    struct collector collector = {result, out_limit};
    struct td_process *process;
    uint64_t deadline_ns = td_deadline_ns(timeout_ns);
    int rc;
    memset(result, 0, sizeof *result);
    process = td_process_new(loop, collect, &collector);
    rc = td_process_start(process, launch, -1, deadline_ns, err);
    if (!rc) {
        rc = td_loop_wait_eagerly(loop, td_process_over, process, deadline_ns);
        if (rc == TD_ETIMEOUT)
            td_err_set(err, rc, "%s did not end within %.3g s", launch->program,
                       (double)timeout_ns / 1e9);
        else if (rc)
            td_err_set(err, rc, "%s was interrupted", launch->program);
    }
    td_process_stop(process);
    result->exit_status = process->said.usage.exit_status;
    result->signal = process->said.usage.signal;
    td_process_free(process);
    td_text_clean(result->err.data, result->err.len);
    return rc;
}
