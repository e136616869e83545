/*
 * seat_server - a server in a seat, and the load on it.
 *
 * It is started, waited for (GET /healthz), asked every request of the mix
 * once (answers.h), and then loaded in each of its turns by load/load.h while
 * the other servers of the block sleep.  The load runs on a thread of its
 * own; meanwhile this one reads what the server prints, and its CPU time at
 * both ends of the measured time.
 *
 * Requests that fail under load are counted, journalled and shown.  They cost
 * the invocation when they are more than a hundredth, because then the
 * figures would be of the survivors; an answer that is not the one that was
 * checked before is a wrong answer, were it only one.
 */
#ifndef TD_MEASURE_SEAT_SERVER_H
#define TD_MEASURE_SEAT_SERVER_H

#include "exec/server.h"
#include "load/load.h"
#include "measure/answers.h"
#include "measure/seat.h"
#include "plan/server_load.h"

#define TD_FAILED_SHARE .01
/* Before each turn's measured time, under the same load. */
#define TD_SERVER_WARM_NS UINT64_C(100000000)
/* What a sample of a closed loop should last, as a part of the turn. */
enum { TD_WINDOWS_A_TURN = 250 };

struct td_stand {
    struct td_server *server;
    uint16_t port;
    char *scratch; /* a directory that goes with it; NULL = none yet */
    struct td_server_load load;
    struct td_load_target target;
    struct td_load_requests requests;
    json_t *answers;
    char answer[TD_ANSWERS_DIGITS + 1];
    struct td_interval first;     /* the first request of its life */
    struct td_server_state idle;  /* before it */
    uint64_t rest_cpu_ns;         /* when it last went to rest */
    struct td_load_sample *at;    /* of the last stint */
    struct td_interval *interval; /* the same as samples */
    size_t cap;
};

/* seat_server_up.c: start, wait, check the answers.  *setup_ns: from spawn to
 * the first 200 of /healthz. */
int td_stand_bring_up(struct td_seat *seat, uint64_t *setup_ns,
                      struct td_err *why);

/* One time under load. */
struct td_stint {
    uint64_t warm_ns, duration_ns;
    uint64_t count; /* answers to end after (closed loop); 0 = by time */
    uint64_t seed;
};
struct td_stint_result {
    struct td_load_result load;
    struct td_server_state state; /* after it */
    uint64_t cpu_ns;              /* of the measured time; UINT64_MAX = not
                                     known */
    uint64_t idle_cpu_ns;         /* between the stint before and this one */
    uint64_t begin_ns, end_ns;
    struct td_load_samples samples; /* the stand's */
};
void td_stint_result_release(struct td_stint_result *result);

/* seat_stint.c: non-zero when the server has failed, or the load could not be
 * made (why); what came is in *out either way. */
int td_stand_stint(struct td_seat *seat, const struct td_stint *stint,
                   struct td_stint_result *out, struct td_err *why);
/* By the rules above: TD_EANSWER, TD_EWORKER. */
int td_stint_judge(const struct td_stint_result *result, struct td_err *why);

#endif
