/*
 * load_options - what `tandem load` can be told, which options exclude or
 * need each other, and how that becomes the plan of a load.
 */
#ifndef TD_CMD_LOAD_OPTIONS_H
#define TD_CMD_LOAD_OPTIONS_H

#include "base/opt.h"
#include "load/load.h"
#include "load/search.h"

struct td_load_options {
    double rate, precision, start, highest;
    bool closed, find_max, keepalive, json, busy_poll, allow_remote;
    int arrivals, progress;
    int64_t connections, threads, seed, expect_status, repeats, trials;
    uint64_t duration_ns, warmup_ns, timeout_ns;
    struct td_strings headers;
    char *method, *body, *body_file, *requests, *expect_body;
    char *slo, *out, *hlog, *hgrm, *cpus;
};

enum { TD_PROGRESS_AUTO, TD_PROGRESS_YES, TD_PROGRESS_NO };

extern const struct td_opt td_load_option_table[];

/* Whether the words of a command line fit together; TD_EUSAGE says what to
 * leave out or what to add.  argv: the words behind "load". */
int td_load_options_check(const struct td_load_options *options, int argc,
                          char **argv, struct td_err *err);

/* A plan and what it points to. */
struct td_load_setup {
    struct td_load_target target;
    struct td_load_requests requests;
    struct td_load_plan plan;
    struct td_slo slo; /* of --find-max */
};

/* Reads the files that the options name and makes the plan; its strings are
 * borrowed from options.  Release *out also on failure. */
int td_load_setup_make(struct td_load_setup *out,
                       const struct td_load_options *options, const char *url,
                       struct td_err *err);
void td_load_setup_release(struct td_load_setup *setup);

/* How long a trial of --find-max waits for late answers: so long that every
 * request that is still out has broken the objective by then. */
uint64_t td_load_trial_drain_ns(const struct td_slo *slo, uint64_t timeout_ns);

#endif
