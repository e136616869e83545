/*
 * service_sitting - one invocation of a server for `tandem service`: up,
 * loaded at one rate after another, down.
 */
#ifndef TD_CMD_SERVICE_SITTING_H
#define TD_CMD_SERVICE_SITTING_H

#include "measure/seat_server.h"

/* One implementation, with or without a memory limit. */
struct td_service_case {
    size_t index;     /* of the plan's case */
    uint32_t row;     /* no two share it, nor its scratch directory */
    struct td_case c; /* a copy of it with a launch of its own */
    /* "GOMEMLIMIT" where that is all that limits it; NULL: the launcher. */
    const char *limited_by;
};

struct td_sitting {
    struct td_seat *seat; /* NULL: nobody is up */
    uint64_t setup_ns;    /* from the spawn to the first answer */
};

/* Starts the server, waits for its first answer, and asks it every request
 * of the mix; the first to answer decides what the others of the group are to
 * say.  On failure nobody is up. */
int td_sitting_begin(struct td_sitting *sitting, struct td_session *session,
                     struct td_service_case *service, struct td_err *why);
/* "cgroup-v1", "GOMEMLIMIT"; NULL: its memory is not limited. */
const char *td_sitting_memory_by(const struct td_sitting *sitting,
                                 const struct td_service_case *service);
/* Loads it.  *out: release it in any case.  Non-zero: the server has died, or
 * the user stopped it (TD_EINTERRUPTED). */
int td_sitting_load(struct td_sitting *sitting, double rate,
                    const struct td_stint *stint, struct td_stint_result *out,
                    struct td_err *why);
void td_sitting_rest(struct td_sitting *sitting, uint64_t ns);
/* Fine where nobody is up. */
void td_sitting_end(struct td_sitting *sitting);

#endif
