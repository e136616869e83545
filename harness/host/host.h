/*
 * host - what this machine is: everything that bears on a timing and does
 * not change while it is taken (noise.h has what does).  What a machine does
 * not have is null, never 0.  No host name, no user, no address.
 */
#ifndef TD_HOST_HOST_H
#define TD_HOST_HOST_H

#include <jansson.h>

/* root: "" for this machine, or a directory that holds proc/, sys/, etc/. */
json_t *td_host_json(const char *root);

#endif
