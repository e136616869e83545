#include "measure/session.h"

#include "base/clock.h"
#include "base/files.h"
#include "measure/group_visit.h"

#include <stdlib.h>
#include <string.h>

struct td_stopping td_session_stopping(const struct td_session *session,
                                       size_t group)
{
    uint32_t pairs = session->settings.reference_pairs;
    if (!session->plan->groups[group].is_reference)
        return session->settings.stopping;
    return (struct td_stopping){pairs, 1, pairs, 0};
}

uint64_t td_session_turn_ns(const struct td_session *session, size_t group)
{
    const struct td_group *g = &session->plan->groups[group];
    const struct td_settings *settings = &session->settings;
    bool server = g->workload->kind == TD_WORKLOAD_SERVER;
    uint64_t usual = server ? settings->server_turn_ns : settings->turn_ns;
    if (g->is_reference)
        return settings->reference_turn_ns;
    return !settings->quick && g->set.turn_ns > usual ? g->set.turn_ns : usual;
}

uint32_t td_session_cuts(const struct td_session *session, size_t group)
{
    const struct td_group *g = &session->plan->groups[group];
    uint64_t cuts = td_session_turn_ns(session, group) / TD_SHORT_TURN_NS;
    if (session->settings.repetitions || session->settings.count ||
        g->workload->kind == TD_WORKLOAD_SERVER)
        return 1;
    for (size_t i = 0; i < g->ncases; i++) {
        const struct td_case *c = &session->plan->cases[g->first_case + i];
        if (!c->problem && !c->dropped && c->count < cuts)
            cuts = c->count;
    }
    return cuts < 1                     ? 1
           : cuts > TD_REPETITIONS_MOST ? TD_REPETITIONS_MOST
                                        : (uint32_t)cuts;
}

/* A run under way. */
struct rounds {
    struct td_session *session;
    struct td_group_progress *groups; /* one a group of the plan */
    struct td_budget_group *shares;   /* likewise */
    struct td_budget budget;
    uint64_t begin_ns;
};

/* Without a budget one group after the other, as its rule will have it. */
static bool next_in_order(struct rounds *r, struct td_budget_visit *out)
{
    size_t count = r->session->plan->ngroups;
    while (r->budget.next < count && r->groups[r->budget.next].stopped)
        r->budget.next++;
    *out = (struct td_budget_visit){r->budget.next, UINT32_MAX, 0};
    return r->budget.next < count;
}

static bool next_visit(struct rounds *r, struct td_budget_visit *out)
{
    uint64_t budget = r->session->settings.time_budget_ns;
    uint64_t spent = td_clock_ns() - r->begin_ns;
    if (!budget)
        return next_in_order(r, out);
    for (size_t i = 0; i < r->session->plan->ngroups; i++)
        r->shares[i] = td_group_progress_budget(&r->groups[i]);
    if (!td_budget_next(&r->budget, r->shares, r->session->plan->ngroups,
                        budget > spent ? budget - spent : 0, out))
        return false;
    out->share_ns = out->share_ns ? out->share_ns : 1;
    return true;
}

static int visit_groups(struct rounds *r, struct td_err *err)
{
    struct td_session *session = r->session;
    struct td_budget_visit visit;
    int rc = 0;
    while (!rc && !td_loop_interrupts(session->context->loop) &&
           next_visit(r, &visit)) {
        struct td_group_progress *p = &r->groups[visit.group];
        p->groups_left = 0;
        for (size_t i = visit.group + 1; i < session->plan->ngroups; i++)
            p->groups_left += !r->groups[i].stopped;
        rc = td_group_visit(p, &visit, err);
    }
    return rc;
}

/* The time is over for those that wanted more. */
static int stop_the_others(struct rounds *r, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < r->session->plan->ngroups; i++)
        if (!r->groups[i].stopped)
            rc = td_group_stop(&r->groups[i], "time", err);
    return rc;
}

static int run_groups(struct td_session *session, struct td_err *err)
{
    size_t count = session->plan->ngroups;
    struct rounds r = {.session = session,
                       .groups = td_xcalloc(count, sizeof *r.groups),
                       .shares = td_xcalloc(count, sizeof *r.shares),
                       .begin_ns = td_clock_ns()};
    int rc;
    for (size_t i = 0; i < count; i++)
        td_group_progress_init(&r.groups[i], session, i, r.begin_ns);
    rc = visit_groups(&r, err);
    if (!rc && !td_loop_interrupts(session->context->loop))
        rc = stop_the_others(&r, err);
    for (size_t i = 0; i < count; i++)
        td_group_progress_release(&r.groups[i]);
    free(r.groups);
    free(r.shares);
    return rc;
}

int td_session_run(struct td_session *session, struct td_err *err)
{
    int rc = run_groups(session, err);
    bool interrupted = td_loop_interrupts(session->context->loop) > 0;
    if (rc ? rc != TD_EINTERRUPTED : !interrupted)
        return rc;
    td_err_clear(err); /* where exactly it struck does not matter */
    return td_err_set(err, TD_EINTERRUPTED,
                      "interrupted; what was measured is in %s "
                      "(go on with --resume %s)",
                      session->run->path, session->run->id);
}

void td_session_blame(struct td_session *session, bool wrong_answer)
{
    if (wrong_answer || !session->worst)
        session->worst = wrong_answer ? TD_EANSWER : TD_EWORKER;
}

void td_session_init(struct td_session *session)
{
    size_t n = session->plan->ngroups;
    session->pairs_done = td_xcalloc(n, sizeof *session->pairs_done);
    session->pairs_aside = td_xcalloc(n, sizeof *session->pairs_aside);
    session->next_pair = td_xcalloc(n, sizeof *session->next_pair);
    session->stopped = td_xcalloc(n, sizeof *session->stopped);
    session->clock_pair_ns = td_clock_pair_ns();
}

void td_session_release(struct td_session *session)
{
    free(session->pairs_done);
    free(session->pairs_aside);
    free(session->next_pair);
    free(session->stopped);
}
