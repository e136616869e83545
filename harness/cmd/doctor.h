/*
 * doctor - the checks of `tandem doctor`.
 *
 * An exam is filled once (the machine is read, short trials are run); then
 * every row of the check table looks at it and says what it found, and what
 * that costs where a trial measured it.  A check prints nothing and changes
 * nothing.  To add one: write a td_look_fn, declare it here, put it into the
 * table in cmd_doctor.c with why it matters and how to mend it.
 */
#ifndef TD_CMD_DOCTOR_H
#define TD_CMD_DOCTOR_H

#include "cmd/command.h"
#include "cmd/doctor_work.h"
#include "stat/interval.h"

#define TD_TRIALS_NS UINT64_C(5000000000) /* all trials together */

enum td_level { TD_LEVEL_OK, TD_LEVEL_WARN, TD_LEVEL_FAIL };

struct td_exam {
    const struct td_app *app;
    json_t *host;
    json_t *before, *after; /* noise around the trials */
    double pair_ns;         /* cost of a pair of clock readings */
    struct td_runtimes runtimes;
    bool searched; /* for runtimes; else `problem` says why not */
    struct td_err problem;
    struct td_work work;
    uint64_t until_ns;               /* when the trials must have ended */
    double trials_s;                 /* what they took */
    double late_p50_us, late_p99_us; /* of timers; see td_trial_timer */
    double slack_p50_us;             /* the same with the usual timer slack */
    int moves;                       /* from CPU to CPU, in td_trial_waiting */
    double waiting_s;                /* how long that trial was */
    /* How many times as long the same work takes: */
    struct td_figure same;      /* as itself; see td_trial_same */
    struct td_figure idle;      /* after 20 ms of idling */
    struct td_figure waited;    /* by the clock as in CPU time */
    struct td_figure sibling;   /* while the core's other thread works */
    struct td_figure neighbour; /* while another core works */
    struct td_figure moved;     /* just after moving to another CPU */
    struct td_figure small;     /* in fresh memory without huge pages */
};

struct td_finding {
    enum td_level level;
    struct td_buf found;
    struct td_buf effect;   /* in words; empty = not measured */
    struct td_figure ratio; /* the same, where it is one */
};

typedef void td_look_fn(const struct td_exam *exam, struct td_finding *out);

struct td_check {
    const char *name;
    td_look_fn *look;
    bool noise;      /* it disturbs: "not measured" is worth saying */
    const char *why; /* it matters */
    const char *fix;
};

/* Sets level and text. */
void td_found(struct td_finding *out, enum td_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "WHAT takes 1.03 times as long as WHAT NOT", with its interval; nothing if
 * unknown. */
void td_effect(struct td_finding *out, const struct td_figure *ratio,
               const char *what, const char *what_not);

/* Does its interval lie above the limit? */
bool td_exceeds(const struct td_figure *ratio, double limit);

/* The machine, out of host and noise. */
td_look_fn td_look_clock, td_look_cpus, td_look_quota, td_look_governor,
    td_look_turbo, td_look_smt, td_look_load, td_look_steal, td_look_throttling,
    td_look_memory, td_look_thp, td_look_aslr, td_look_counters;
/* What must be there. */
td_look_fn td_look_results, td_look_launcher, td_look_compiler, td_look_go,
    td_look_python, td_look_runtimes, td_look_archive;
/* The trials. */
td_look_fn td_look_timer, td_look_same, td_look_idle, td_look_neighbour,
    td_look_moves;

/* Asks for 300 wake-ups a millisecond apart: how late do they come? */
void td_trial_timer(struct td_exam *exam);
/* The same work against itself, taking turns: the ratio must be 1. */
void td_trial_same(struct td_exam *exam);
/* Work after idling against work after work. */
void td_trial_idle(struct td_exam *exam);
/* Work by the clock against its CPU time; counts moves. */
void td_trial_waiting(struct td_exam *exam);
/* Fresh memory in small pages against huge ones, where those can be had. */
void td_trial_pages(struct td_exam *exam);
/* Pins this thread for a while: sibling, neighbour, moved. */
void td_trial_beside(struct td_exam *exam);

/* --hosting: measures each hosting of a CPython against stock. */
int td_doctor_hosting(struct td_app *app, const char *word, struct td_err *err);

#endif
