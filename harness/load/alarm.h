/*
 * alarm - a call at an absolute time of CLOCK_MONOTONIC, to the microsecond
 * and never early.  (uv_timer counts milliseconds of a cached clock and may
 * fire before its time.)  One timerfd, watched by the loop.
 *
 * The caller supplies the struct, and must keep it until the loop has run
 * the close callback.
 */
#ifndef TD_LOAD_ALARM_H
#define TD_LOAD_ALARM_H

#include "base/err.h"

#include <stdint.h>
#include <uv.h>

struct td_alarm;
typedef void td_alarm_fn(struct td_alarm *alarm);

struct td_alarm {
    uv_poll_t poll;
    td_alarm_fn *fn;
    int fd;
    uint64_t at_ns; /* 0 = not armed */
    void *data;     /* the owner's */
};

int td_alarm_init(struct td_alarm *alarm, uv_loop_t *loop, td_alarm_fn *fn,
                  struct td_err *err);
/* Arms for at_ns, which may have passed; 0 disarms.  Costs nothing when it
 * is armed for that time already. */
void td_alarm_set(struct td_alarm *alarm, uint64_t at_ns);
void td_alarm_close(struct td_alarm *alarm);

#endif
