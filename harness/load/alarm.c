#include "load/alarm.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct td_alarm *alarm = poll->data;
    uint64_t expirations;
    (void)events;
    if (status < 0 ||
        read(alarm->fd, &expirations, sizeof expirations) != sizeof expirations)
        return;
    alarm->at_ns = 0;
    alarm->fn(alarm);
}

int td_alarm_init(struct td_alarm *alarm, uv_loop_t *loop, td_alarm_fn *fn,
                  struct td_err *err)
{
    int rc;
    alarm->fn = fn;
    alarm->at_ns = 0;
    alarm->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (alarm->fd < 0)
        return td_err_sys(err, -errno, "cannot create a timer descriptor");
    rc = uv_poll_init(loop, &alarm->poll, alarm->fd);
    if (rc) {
        close(alarm->fd);
        return td_err_sys(err, rc, "cannot watch the timer descriptor");
    }
    alarm->poll.data = alarm;
    rc = uv_poll_start(&alarm->poll, UV_READABLE, on_poll);
    if (rc) {
        td_alarm_close(alarm);
        return td_err_sys(err, rc, "cannot watch the timer descriptor");
    }
    return 0;
}

void td_alarm_set(struct td_alarm *alarm, uint64_t at_ns)
{
    struct itimerspec spec = {.it_value = {0, 0}};
    if (alarm->at_ns == at_ns)
        return;
    alarm->at_ns = at_ns;
    spec.it_value.tv_sec = (time_t)(at_ns / 1000000000u);
    spec.it_value.tv_nsec = (long)(at_ns % 1000000000u);
    timerfd_settime(alarm->fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void on_close(uv_handle_t *handle)
{
    struct td_alarm *alarm = handle->data;
    close(alarm->fd);
}

void td_alarm_close(struct td_alarm *alarm)
{
    if (!uv_is_closing((uv_handle_t *)&alarm->poll))
        uv_close((uv_handle_t *)&alarm->poll, on_close);
}
