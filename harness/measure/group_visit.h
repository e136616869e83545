/*
 * group_visit - pairs of one group, one after the other, until the group
 * needs no more or its time is over; with a time budget it may be visited
 * again (measure/budget.h).
 */
#ifndef TD_MEASURE_GROUP_VISIT_H
#define TD_MEASURE_GROUP_VISIT_H

#include "measure/budget.h"
#include "measure/session.h"
#include "measure/so_far.h"

/* What of a group is kept between pairs and visits. */
struct td_group_progress {
    struct td_session *session;
    size_t group;
    uint32_t done;          /* pairs, this run's and earlier ones' */
    uint32_t aside;         /* pairs set aside, besides; likewise */
    struct td_means so_far; /* of this run; its mean_ns is owned */
    uint64_t longest_ns;    /* pair */
    uint64_t spent_ns;      /* in earlier visits */
    uint64_t begin_ns;      /* of this visit */
    uint64_t run_begin_ns;
    struct td_budget_visit visit; /* share_ns 0: no budget */
    struct td_stopping rule;
    size_t groups_left; /* that come after this one, in this pass */
    bool stopped;       /* the journal says why */
    struct td_event event;
};

void td_group_progress_init(struct td_group_progress *p,
                            struct td_session *session, size_t group,
                            uint64_t run_begin_ns);
void td_group_progress_release(struct td_group_progress *p);
/* What the budget needs to know of it. */
struct td_budget_group
td_group_progress_budget(const struct td_group_progress *p);
/* Sets p->stopped when it wants no other visit.  TD_EINTERRUPTED, or the
 * harness's own fault. */
int td_group_visit(struct td_group_progress *p,
                   const struct td_budget_visit *visit, struct td_err *err);
/* Journals that it has ended; why: "time". */
int td_group_stop(struct td_group_progress *p, const char *why,
                  struct td_err *err);

#endif
