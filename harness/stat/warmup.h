/*
 * warmup - when an invocation's iterations became steady, and what they did
 * before.  Pure functions over the times of one invocation's iterations, in
 * order, the first iteration included.
 *
 * Steps: winsorise a copy (rolling 25, 3 MADs), divide by the median, batch by
 * 5 when the lag-1 autocorrelation of its second half exceeds .8, PELT
 * (changepoint.h; penalty 15 ln n, segments >= 5, variance floor 1e-8), merge
 * segments back from the end while their means are within 1 % of the last
 * one's: the start.  Truncate there, or later where MSER-5 (White 1997) says
 * so and what it cuts off is another level by more than the noise.  Long
 * series are first averaged down to at most TD_WARMUP_POINTS values, so that
 * time is bounded; indices are then multiples of that step.
 */
#ifndef TD_STAT_WARMUP_H
#define TD_STAT_WARMUP_H

#include "stat/changepoint.h"

#include <stdbool.h>

enum td_warmup_class {
    TD_WARMUP_FLAT,     /* steady from the start */
    TD_WARMUP_WARMUP,   /* slower before */
    TD_WARMUP_SLOWDOWN, /* faster before */
    TD_WARMUP_CYCLIC,   /* goes between two levels: >= 4 changes */
    TD_WARMUP_NONE      /* no steady state within the first half */
};
enum { TD_WARMUP_CLASSES = TD_WARMUP_NONE + 1 };
const char *td_warmup_name(enum td_warmup_class kind); /* "flat", ... */

enum { TD_WARMUP_POINTS = 4000, TD_WARMUP_LEAST = 10 };

struct td_warmup {
    enum td_warmup_class kind;
    size_t start;      /* index of the first steady value, of the whole series;
                          n/2 where there is no steady state, 0 if cyclic */
    size_t cut;        /* >= start: what a truncated analysis leaves out */
    double first;      /* x[0] */
    double until;      /* sum of x[0..start): the time to the steady state, in
                          x's unit times iterations */
    double steady;     /* mean of x[cut..n) */
    bool steady_known; /* false: fewer than TD_WARMUP_LEAST values, or one that
                          is no time: kind is flat and start 0 for want of
                          evidence */
    struct td_changes changes; /* all that PELT found, before merging; indices
                                  of the whole series */
};

void td_warmup_analyse(const double *x, size_t n, struct td_warmup *out);
void td_warmup_release(struct td_warmup *warmup);

/* MSER-5: index (a multiple of 5, <= n/2) whose removal of everything before
 * gives the least standard error of the rest's mean. */
size_t td_mser5(const double *x, size_t n);

/*
 * The series of a typical invocation: each value the median over invocations
 * of x[i][k] / median(x[i]), k < n.  Invocations share how they warm up, not
 * what disturbs them, so this shows the one without the other.
 */
void td_warmup_typical(const double *const *x, size_t invocations, size_t n,
                       double *out);

/*
 * One truncation for all invocations of a case: the latest cut among those
 * that became steady, never beyond half of the shortest series.  The case's
 * class: that of at least three quarters of the invocations; else NONE when
 * any has no steady state, else the commonest that is not flat.  Of a flat case
 * nothing is cut off: among many short invocations one looks like warming up
 * by chance.
 */
struct td_warmup_common {
    enum td_warmup_class kind;
    size_t start;
    size_t counts[TD_WARMUP_CLASSES]; /* invocations of each class */
};
struct td_warmup_common td_warmup_common(const struct td_warmup *each,
                                         size_t invocations, size_t shortest);

#endif
