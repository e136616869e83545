/*
 * aside - work that blocks, done on a thread of its own while the loop goes
 * on: children's output is read, signals are counted, ticks come.  No signal
 * is delivered to that thread, nor to those that it starts.
 */
#ifndef TD_EXEC_ASIDE_H
#define TD_EXEC_ASIDE_H

#include "exec/worker.h"

struct td_aside;
typedef void td_aside_fn(void *context);

/* NULL: no thread could be had. */
struct td_aside *td_aside_start(struct td_loop *loop, td_aside_fn *fn,
                                void *context, struct td_err *err);
/* Until it is done (0) or until_ns of CLOCK_MONOTONIC has come
 * (TD_ETIMEOUT); TD_EINTERRUPTED after a second signal, when somebody should
 * tell the work to end.  Sets no error. */
int td_aside_wait(struct td_aside *aside, uint64_t until_ns);
/* Waits for the end, however long that takes.  NULL is fine. */
void td_aside_free(struct td_aside *aside);

#endif
