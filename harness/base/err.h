/*
 * err - how a failure travels: a negative code and one sentence.
 *
 * A function that can fail returns 0 or a negative code and takes a last
 * parameter `struct td_err *err`.  Codes of the system are -errno (which is
 * what libuv returns too); tandem's own lie below -20000.  The sentence says
 * what was tried, on what, and what to do.  The first failure wins: setting
 * an error that is already set keeps the old one.
 *
 * This module prints nothing; only cmd/ and out/ do.
 */
#ifndef TD_BASE_ERR_H
#define TD_BASE_ERR_H

#include <stdarg.h>

enum td_code {
    TD_EUSAGE = -20001,       /* the command line is wrong */
    TD_EINPUT = -20002,       /* a file we were given is wrong */
    TD_EANSWER = -20003,      /* a runtime returned the wrong answer */
    TD_ENOISE = -20004,       /* no verdict can be given */
    TD_EWORKER = -20005,      /* a worker failed */
    TD_EDEPENDENCY = -20006,  /* a tool or library is missing or failed */
    TD_EPROTOCOL = -20007,    /* a worker broke the protocol */
    TD_ETIMEOUT = -20008,     /* a worker did not answer in time */
    TD_EINTERRUPTED = -20009, /* the user asked to stop */
    TD_ESLOWER = -20010,      /* slower than the gate allows */
    TD_EINTERNAL = -20011,    /* tandem's own fault */
    TD_ESTALE = -20012        /* a document is not what it would become */
};

struct td_err {
    int code; /* 0 while nothing failed */
    char msg[2048];
};

#define TD_ERR_INIT                                                            \
    {                                                                          \
        0, ""                                                                  \
    }

/* Records a failure unless one is recorded; returns the recorded code. */
int td_err_set(struct td_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A mistake in a file we were given: TD_EINPUT, "file:line: …". */
int td_err_vinput(struct td_err *err, const char *file, int line,
                  const char *fmt, va_list ap)
    __attribute__((format(printf, 4, 0)));

/* As td_err_set, for -errno: appends ": <what the system says>". */
int td_err_sys(struct td_err *err, int negative_errno, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "text: " before a recorded message: context on the way up. */
int td_err_prefix(struct td_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void td_err_clear(struct td_err *err);

/* The documented exit code (0..6) for an error code. */
int td_err_exit_code(int code);

#endif
