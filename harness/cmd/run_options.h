/*
 * run_options - what `tandem run` can be told, and how that becomes a plan
 * and settings.  A resumed run parses its own old command line again.
 */
#ifndef TD_CMD_RUN_OPTIONS_H
#define TD_CMD_RUN_OPTIONS_H

#include "base/opt.h"
#include "host/placement.h"
#include "measure/session.h"

struct td_run_options {
    struct td_strings runtimes, revisions, implementations, params;
    char *suite, *seed, *cpus, *out, *resume, *workloads;
    int64_t pairs, max_pairs, repetitions, loops, count;
    uint64_t time_budget_ns, turn_ns, timeout_ns;
    uint64_t group_time_ns;
    double target, threshold;
    bool quick, dry_run, reference, gate, cross_check, truncate;
    int format; /* td_format_names */
};

extern const struct td_opt td_run_option_table[];

/* "n=1000,2000" was split at its commas: puts sweeps together again. */
void td_run_join_sweeps(struct td_strings *params);

/* Settings from options; TD_EUSAGE when one is senseless.  Borrows strings.
 * Without --seed a fresh one is drawn. */
int td_run_settings(const struct td_run_options *options,
                    struct td_settings *out, struct td_err *err);

/* What --cpus means for this plan, into *out and, borrowed from it, into
 * settings.  Without --cpus nothing is pinned but servers and the load on
 * them, apart from each other, as *servers says.  TD_EUSAGE. */
int td_run_place(const struct td_run_options *options,
                 const struct td_plan *plan, struct td_placement *out,
                 struct td_placement *servers, struct td_settings *settings,
                 struct td_err *err);

#endif
