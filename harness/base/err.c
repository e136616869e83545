#include "base/err.h"

#include <stdio.h>
#include <string.h>

static void format(struct td_err *err, int code, const char *fmt, va_list ap)
{
    err->code = code;
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
}

int td_err_set(struct td_err *err, int code, const char *fmt, ...)
{
    va_list ap;
    if (err->code)
        return err->code;
    va_start(ap, fmt);
    format(err, code, fmt, ap);
    va_end(ap);
    return code;
}

int td_err_vinput(struct td_err *err, const char *file, int line,
                  const char *fmt, va_list ap)
{
    int used;
    if (err->code)
        return err->code;
    err->code = TD_EINPUT;
    used = snprintf(err->msg, sizeof err->msg, "%s:%d: ", file, line);
    if (used >= 0 && (size_t)used < sizeof err->msg)
        vsnprintf(err->msg + used, sizeof err->msg - (size_t)used, fmt, ap);
    return TD_EINPUT;
}

int td_err_sys(struct td_err *err, int negative_errno, const char *fmt, ...)
{
    va_list ap;
    size_t used;
    if (err->code)
        return err->code;
    va_start(ap, fmt);
    format(err, negative_errno, fmt, ap);
    va_end(ap);
    used = strlen(err->msg);
    snprintf(err->msg + used, sizeof err->msg - used, ": %s",
             strerror(-negative_errno));
    return negative_errno;
}

int td_err_prefix(struct td_err *err, const char *fmt, ...)
{
    char context[512];
    size_t room, used;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(context, sizeof context, fmt, ap);
    va_end(ap);
    used = strlen(context);
    if (used + 2 >= sizeof context)
        used = sizeof context - 3;
    memcpy(context + used, ": ", 3);
    used += 2;
    room = sizeof err->msg - used - 1;
    memmove(err->msg + used, err->msg, strnlen(err->msg, room) + 1);
    err->msg[sizeof err->msg - 1] = '\0';
    memcpy(err->msg, context, used);
    return err->code;
}

void td_err_clear(struct td_err *err)
{
    err->code = 0;
    err->msg[0] = '\0';
}

int td_err_exit_code(int code)
{
    switch (code) {
    case 0:
        return 0;
    case TD_ESLOWER:
    case TD_ESTALE:
        return 1;
    case TD_EUSAGE:
    case TD_EINPUT:
        return 2;
    case TD_EANSWER:
        return 3;
    case TD_ENOISE:
        return 4;
    case TD_EWORKER:
    case TD_EDEPENDENCY:
    case TD_EPROTOCOL:
    case TD_ETIMEOUT:
        return 5;
    case TD_EINTERRUPTED:
        return 130;
    default:
        return 6;
    }
}
