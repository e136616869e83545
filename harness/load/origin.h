/*
 * origin - an HTTP/1.1 server that answers late, by exactly the time that
 * the path asks for: what fan-out workloads wait for.  It is a queueing
 * server and a broken one too, to test load generators (origin_reply.h has
 * the paths).  It listens on loopback only, runs in its own process and never
 * answers early.
 *
 * A delay or an arrival in a queue counts from the moment the request was
 * read.  Requests of one connection are answered in order, one at a time: a
 * pipelined one arrives when the one before it was answered.
 */
#ifndef TD_LOAD_ORIGIN_H
#define TD_LOAD_ORIGIN_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

struct td_origin_options {
    char *host;       /* "127.0.0.1", "::1" or "localhost"; others refused */
    int64_t port;     /* 0 = any free one */
    uint64_t idle_ns; /* a connection that asks nothing for so long is shut */
    uint64_t service_ns; /* of a request to /queue; 0 = none */
    int64_t servers;     /* >= 1, of each queue */
    int service_law;     /* enum td_service_law */
    int64_t seed;
    uint64_t stall_ns;       /* 0 = never */
    uint64_t stall_every_ns; /* > stall_ns; from the first work on */
};

/* Serves until SIGTERM or SIGINT, or until the parent process has died.
 * Writes its address ("http://127.0.0.1:1234\n") to announce once it
 * listens.  TD_EUSAGE: host is not loopback; TD_EDEPENDENCY: cannot listen.
 * Ignores SIGPIPE in this process. */
int td_origin_run(const struct td_origin_options *options, FILE *announce,
                  struct td_err *err);

#endif
