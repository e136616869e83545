/*
 * run_index - what the journal of a run says, put in order: which
 * invocations each case had, which of them count, where their samples lie.
 *
 * Invariant: borrowed pointers live as long as the journal and the manifest.
 * It reads no samples.
 */
#ifndef TD_SUMMARY_RUN_INDEX_H
#define TD_SUMMARY_RUN_INDEX_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct td_batch_entry {
    uint32_t batch;
    uint32_t flags;        /* of its samples (store/samples.h) */
    uint64_t first, count; /* rows of the case's sample file */
    uint64_t loops;
    uint64_t begin_ns, end_ns;
    double cpu_ns;      /* NAN = not known */
    double idle_cpu_ns; /* before the batch; NAN = not known */
    double switches, wait_ns, steal_ns, gc_cycles; /* NAN = not known */
    double span_ns;     /* of a server: the measured time; else NAN */
    const json_t *load; /* of a server; borrowed, or NULL */
};

struct td_invocation_entry {
    uint32_t number, pair;
    double setup_ns; /* NAN = not known */
    struct td_batch_entry *batches;
    size_t nbatches, cap;
    const json_t *server; /* of a server; borrowed, or NULL */
    const json_t *end;    /* borrowed; NULL: it never ended */
    bool ok;              /* `end` says so */
    bool calibrated;      /* with batches that are not recorded */
    bool closed;          /* its pair's `pair_end` came */
    bool left_behind;     /* its pair was begun again by a resumed run */
    bool aside;           /* its pair was set aside */
};

struct td_case_entry {
    struct td_invocation_entry *at;
    size_t count, cap;
    const char *dropped; /* why; NULL = was not dropped */
    bool wrong;          /* some `end` reported a wrong answer */
};

/* An interval needs two. */
enum { TD_LEAST_KEPT = 2 };

struct td_group_entry {
    uint32_t pairs;      /* complete ones */
    uint32_t incomplete; /* ended, with a failed invocation; cut ones not */
    /* Pairs set aside, by the rule that was broken (host/rules.h).  Where
     * fewer than TD_LEAST_KEPT others are left, all are used, as if none had
     * been (all_used). */
    uint32_t aside_throttled, aside_stolen;
    uint32_t aside_complete; /* of both, those without a failure */
    bool all_used;
    const json_t *noise_before; /* the first and the last record of the */
    const json_t *noise_after;  /* machine's noise; borrowed, or NULL */
    const char *why;            /* of `stop`; NULL: it never stopped */
    uint64_t wall_ns; /* between its records; gaps of resuming left out */
};

struct td_run_index {
    struct td_case_entry *cases;
    size_t ncases;
    struct td_group_entry *groups;
    size_t ngroups;
    unsigned resumed;
    uint64_t begin_ns;  /* of the first record */
    const char *status; /* of the last `finish`; NULL = cut off */
};

/* TD_EINPUT with the record's number when the journal speaks of what the
 * manifest does not have.  Release it either way. */
int td_run_index_make(struct td_run_index *out, const json_t *manifest,
                      const json_t *journal, struct td_err *err);
/* Decides, once all is read, whether pairs stay set aside.  Of
 * td_run_index_make alone; cases: of the manifest. */
void td_run_index_settle(struct td_run_index *index, const json_t *cases);
void td_run_index_release(struct td_run_index *index);

/* True: its samples are neither a first iteration nor warming up. */
bool td_batch_is_steady(const struct td_batch_entry *batch);

/* True: the figures rest on it. */
bool td_invocation_counts(const struct td_invocation_entry *invocation);
/* True: they would, had its pair not been set aside. */
bool td_invocation_is_aside(const struct td_invocation_entry *invocation);

#endif
