/*
 * process - one child below its launcher: spawning, streams, its end.
 *
 * worker, child and service are made of this.  A process is always on the
 * heap, because libuv's handles live in it and may be freed only in their
 * close callbacks; td_process_free sees to that.
 *
 * Whatever it does, the child is gone when td_process_stop returns.
 */
#ifndef TD_EXEC_PROCESS_H
#define TD_EXEC_PROCESS_H

#include "base/buf.h"
#include "exec/launch.h"
#include "exec/launch_report.h"
#include "exec/lines.h"
#include "exec/loop.h"

enum td_stream { TD_STREAM_OUT, TD_STREAM_ERR, TD_STREAM_CONTROL };

/* Bytes from one of the child's streams. */
typedef void td_stream_fn(void *context, enum td_stream stream,
                          const char *data, size_t len);

struct td_pipe {
    uv_pipe_t uv;
    bool open;
    bool eof;
};

struct td_process {
    struct td_loop *loop;
    uv_process_t launcher;
    bool launcher_open;
    bool exited; /* the launcher: nothing is left below it */
    bool stopping;
    bool channelled; /* has a control channel */
    struct td_pipe out, err, control, report;
    struct td_lines report_lines;
    struct td_report said;
    td_stream_fn *on_data;
    void *context;
    int handles; /* open, of libuv's */
    char chunk[16384];
};

struct td_process *td_process_new(struct td_loop *loop, td_stream_fn *on_data,
                                  void *context);
/* Stops, then frees.  NULL is fine. */
void td_process_free(struct td_process *process);

/* Starts the child and waits until it has become its program.  samples_fd:
 * the sample buffer, or -1 for a child without a control channel.
 * TD_EDEPENDENCY when the program cannot be executed. */
int td_process_start(struct td_process *process, const struct td_launch *launch,
                     int samples_fd, uint64_t deadline_ns, struct td_err *err);
/* Writes to the control channel; never waits.  A child that is gone is
 * noticed when it is read from, not here. */
void td_process_send(struct td_process *process, const char *data, size_t len);
/* Has ended, all that it wrote has been read. */
bool td_process_over(void *process);
/* Kills what is left, and waits for the end. */
void td_process_stop(struct td_process *process);

#endif
