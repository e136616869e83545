/*
 * server_load - how a set of a server workload is loaded: those of its
 * parameters that are the harness's own.  The others are the server's, and
 * reach it in its environment (drivers/http/README.md).
 *
 *     rate         requests a second; 0 (the default): closed loop, in which
 *                  each connection sends its next request upon the answer
 *     arrivals     constant (the default) or poisson; open loop only
 *     connections  default 64
 *     requests     the file of a mix (load/load_request.h) in the workload's
 *                  directory, or
 *     get          the path of one GET; default "/"
 *     keepalive    yes (the default), or no: a connection a request
 *     timeout      of one request; default 10s
 *     memory       a limit for the server and all that it starts, "64MB"; 0
 *                  (the default): none
 */
#ifndef TD_PLAN_SERVER_LOAD_H
#define TD_PLAN_SERVER_LOAD_H

#include "base/err.h"
#include "base/fields.h"

struct td_server_load {
    double rate;
    int arrivals; /* index into td_arrivals_words */
    int64_t connections;
    char *requests; /* NULL: `get` */
    char *get;
    bool keepalive;
    uint64_t timeout_ns;
    uint64_t memory_bytes; /* 0 = no limit */
};
/* In the order of enum td_arrivals (load/load.h). */
extern const char *const td_arrivals_words[];

/* where begins the message: "rest.ini: [set a]"; code: TD_EINPUT or
 * TD_EUSAGE.  Release *out either way. */
int td_server_load_read(struct td_server_load *out,
                        const struct td_fields *params, const char *where,
                        int code, struct td_err *err);
/* True: a parameter of that name is the load's, not the server's. */
bool td_server_load_has(const char *name);
void td_server_load_release(struct td_server_load *load);

#endif
