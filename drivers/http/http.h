/*
 * http - what servers of all runtimes have in common: how one is prepared
 * and started, whichever driver has the runtime.  README.md says what a
 * server must do.
 */
#ifndef TD_DRIVERS_HTTP_HTTP_H
#define TD_DRIVERS_HTTP_HTTP_H

#include "drivers/driver.h"

#define TD_HTTP_HOST "127.0.0.1"
#define TD_HTTP_HEALTH "/healthz"

/* As a driver's prepare, for a case of a server workload; params: of its set.
 * {name} in the entry is a parameter's value, {cores} the number of CPUs that
 * the servers may use. */
int td_http_prepare(const struct td_context *context,
                    const struct td_case_spec *spec,
                    const struct td_fields *params, unsigned cores,
                    struct td_launch *out, json_t *hashes, struct td_err *err);

/* A copy of what was prepared, for one server: *out (TD_LAUNCH_INIT) has the
 * port in argv, and port, scratch directory and the server's own parameters
 * in its environment; {port} and {scratch} in a parameter stand for these. */
void td_http_launch(const struct td_launch *prepared,
                    const struct td_fields *params, uint16_t port,
                    const char *scratch, struct td_launch *out);

/* A port of the loopback interface that nobody has now, below those that the
 * kernel gives to outgoing connections; nobody keeps it free.  *next goes
 * round: 0 at first.  TD_EDEPENDENCY: none. */
int td_http_free_port(uint16_t *next, uint16_t *port, struct td_err *err);

/* CPUs in a list like "0,2-3"; of this process for NULL. */
unsigned td_http_cores(const char *cpus);

#endif
