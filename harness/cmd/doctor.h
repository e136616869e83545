/*
 * doctor - the checks of `tandem doctor`.
 *
 * An exam is filled once (the machine is read, two short trials are run);
 * then every row of the check table looks at it and says what it found.  A
 * check prints nothing and changes nothing.  To add one: write a td_look_fn,
 * declare it here, put it into the table in cmd_doctor.c with why it matters
 * and how to mend it.
 */
#ifndef TD_CMD_DOCTOR_H
#define TD_CMD_DOCTOR_H

#include "cmd/command.h"
#include "stat/interval.h"

enum td_level { TD_LEVEL_OK, TD_LEVEL_WARN, TD_LEVEL_FAIL };

struct td_exam {
    const struct td_app *app;
    json_t *host;
    json_t *before, *after; /* noise around the trials */
    double pair_ns;         /* cost of a pair of clock readings */
    struct td_runtimes runtimes;
    bool searched; /* for runtimes; else `problem` says why not */
    struct td_err problem;
    double late_p50_us, late_p99_us; /* of timers; see td_trial_timer */
    struct td_figure same;           /* see td_trial_same */
};

struct td_finding {
    enum td_level level;
    struct td_buf found;
};

typedef void td_look_fn(const struct td_exam *exam, struct td_finding *out);

struct td_check {
    const char *name;
    td_look_fn *look;
    const char *why; /* it matters */
    const char *fix;
};

/* Sets level and text. */
void td_found(struct td_finding *out, enum td_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The machine, out of host and noise. */
td_look_fn td_look_clock, td_look_cpus, td_look_quota, td_look_governor,
    td_look_turbo, td_look_smt, td_look_load, td_look_steal, td_look_throttling,
    td_look_memory, td_look_thp, td_look_aslr, td_look_counters;
/* What must be there. */
td_look_fn td_look_results, td_look_launcher, td_look_compiler, td_look_go,
    td_look_python, td_look_runtimes, td_look_archive;
/* The trials. */
td_look_fn td_look_timer, td_look_same;

/* Asks for 300 wake-ups a millisecond apart: how late do they come? */
void td_trial_timer(struct td_exam *exam);
/* The same work against itself, taking turns: the ratio must be 1. */
void td_trial_same(struct td_exam *exam);

/* --hosting: measures each hosting of a CPython against stock. */
int td_doctor_hosting(struct td_app *app, const char *word, struct td_err *err);

#endif
