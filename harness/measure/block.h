/*
 * block - one pair (or block): a fresh worker of every case of a group, all
 * alive together, taking turns batch by batch.
 *
 * The first iteration of every worker is a sample of its own (batch 0,
 * flag TD_SAMPLE_FIRST).  The first invocation of a case also calibrates:
 * operations shorter than TD_PAIRS_PER_SAMPLE clock pairs are grouped, and
 * a turn is made to last about settings.turn_ns.
 *
 * What disturbs a machine for half a second is to reach all workers alike:
 * where settings.repetitions is 0, the time of the two turns is cut into
 * shorter ones (TD_SHORT_TURN_NS), as far as each still holds an operation
 * of the slowest case.  The first pair, which finds that out, has two.
 *
 * After waiting for the others a worker first runs untimed: at least one
 * operation and TD_WARM_NS.  In its first turn it runs that long timed (a
 * batch of its own, flag TD_SAMPLE_WARM): this is where warming up shows.
 * Operations of a quarter of a second and more are not warmed up: the
 * waking-up costs milliseconds at most, below a hundredth of such an
 * operation.
 */
#ifndef TD_MEASURE_BLOCK_H
#define TD_MEASURE_BLOCK_H

#include "measure/cases.h"
#include "plan/schedule.h"
#include "stat/stopping.h"
#include "store/run_dir.h"

enum { TD_PAIRS_PER_SAMPLE = 100, TD_REPETITIONS_MOST = 8 };
#define TD_SHORT_TURN_NS 25000000ull
#define TD_WARM_NS 5000000ull
#define TD_LONG_OPERATION_NS 250000000.0

struct td_settings {
    uint64_t seed;
    struct td_stopping stopping; /* numbers of pairs of a group */
    double threshold;            /* practical, of the verdicts: .01 = 1 % */
    uint64_t time_budget_ns;     /* for the whole run; 0 = none */
    uint64_t group_time_ns;      /* for a group of an adaptive run; 0 = none */
    uint64_t turn_ns;            /* a set may ask for longer ones */
    uint64_t server_turn_ns;     /* of groups of servers */
    uint32_t reference_pairs;    /* of the reference group: fixed */
    uint64_t reference_turn_ns;
    uint32_t repetitions; /* 2 turns each per worker; 0 = see below */
    uint64_t loops;       /* 0 = calibrate */
    uint64_t count;       /* samples a turn; 0 = calibrate */
    uint64_t batch_timeout_ns;
    uint64_t start_timeout_ns;
    const char *cpus;         /* of workers; NULL = not pinned */
    const char *service_cpus; /* of services; NULL = not pinned */
    const char *placement;    /* how these were chosen, in words; or NULL */
    /* Of servers, and of the load on them; NULL = not pinned. */
    const char *server_cpus, *load_cpus, *server_placement;
    bool quick;
    bool cross_check; /* the runtimes' own tools measure, too */
};

struct td_session; /* session.h */

/* Means of one pair, per case of the group: the mean time of an operation
 * in ns; NAN where the invocation failed or the case did not take part. */
struct td_block_result {
    double *mean_ns;       /* group->ncases; the caller's */
    bool complete;         /* every case that took part was ok */
    bool cut;              /* interrupted before every turn was taken */
    const char *set_aside; /* the rule that the machine broke meanwhile
                              (host/rules.h); NULL = none */
};

/* Everything that happens is written to the run directory.  A failing
 * worker is not an error; only the harness's own faults are (disk full),
 * and TD_EINTERRUPTED after a second signal. */
int td_block_run(struct td_session *session, size_t group, uint32_t pair,
                 struct td_block_result *result, struct td_err *err);

#endif
