/*
 * ask - one request, one answer, blocking: to find out whether a server is
 * up and whether it says what it should before it is put under load.
 */
#ifndef TD_LOAD_ASK_H
#define TD_LOAD_ASK_H

#include "load/load.h"

struct td_answer {
    int status;
    struct td_buf body; /* decoded */
};
void td_answer_release(struct td_answer *answer);

/* A connection of its own, to the first address that takes it.
 * TD_EDEPENDENCY: nobody listens (yet); TD_ETIMEOUT; TD_EWORKER: what came
 * is not an answer, or a body of more than 16 MiB.  *out needs no init, and
 * no release after a failure. */
int td_ask(const struct td_load_target *target,
           const struct td_load_request *request, uint64_t timeout_ns,
           struct td_answer *out, struct td_err *err);

#endif
