#include "measure/session.h"

#include "base/clock.h"
#include "base/files.h"
#include "measure/own_tool.h"
#include "measure/services.h"
#include "measure/so_far.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With fewer pairs than this a time budget does not end a group: an interval
 * over two would say nothing. */
enum { LEAST_PAIRS = 3 };

/* What one group's loop keeps between pairs. */
struct progress {
    struct td_session *session;
    size_t group;
    uint32_t done;          /* pairs, this run's and earlier ones' */
    uint32_t aside;         /* pairs set aside, besides; likewise */
    struct td_means so_far; /* of this run */
    uint64_t begin_ns;      /* of the group */
    uint64_t longest_ns;    /* pair */
    uint64_t share_ns;      /* of the time budget; 0 = no limit */
    uint64_t run_begin_ns;
    struct td_stopping rule;
    size_t groups_left; /* after this one */
    struct td_event event;
};

static int note_group(struct td_session *session, const char *type,
                      size_t group, const char *why, struct td_err *err)
{
    json_t *record =
        json_pack("{s:s, s:I, s:I}", "type", type, "ns",
                  (json_int_t)td_clock_ns(), "group", (json_int_t)group);
    if (why)
        json_object_set_new(record, "why", json_string(why));
    return td_run_dir_note(session->run, record, err);
}

/* For the progress line: the first ratio. */
static void update_ratio(struct progress *p)
{
    struct td_so_far found;
    if (!td_so_far_first(&p->so_far, &found))
        return;
    p->event.ratio = found.ratio.known ? found.ratio.value : NAN;
    p->event.half_width = td_figure_half_width(found.ratio);
    p->event.numerator = found.numerator;
    p->event.denominator = found.denominator;
}

/* The width goes down with the square root of the number of pairs. */
static double pairs_left(const struct progress *p)
{
    double wanted =
        p->so_far.pairs * pow(p->event.half_width / p->rule.target, 2);
    wanted = fmax(wanted, p->rule.first);
    return fmax(fmin(wanted, p->rule.most) - p->done, 0);
}

/* The end of the group as its limit of time sets it; 0 = no limit. */
static uint64_t deadline_ns(const struct progress *p)
{
    uint64_t cap = p->rule.target > 0 ? p->session->settings.group_time_ns : 0;
    if (!cap || (p->share_ns && p->share_ns < cap))
        cap = p->share_ns;
    return cap ? p->begin_ns + cap : 0;
}

static double group_eta_s(const struct progress *p, uint64_t now)
{
    double left = p->event.pairs - p->done, eta;
    uint64_t deadline = deadline_ns(p);
    if (!p->so_far.pairs)
        return NAN;
    if (p->rule.target > 0 && isfinite(p->event.half_width))
        left = pairs_left(p);
    eta = left * (double)(now - p->begin_ns) / p->so_far.pairs;
    if (deadline && deadline < now + (uint64_t)eta)
        eta = deadline > now ? (double)(deadline - now) : 0;
    return eta * 1e-9;
}

static void tell(struct progress *p)
{
    uint64_t now = td_clock_ns();
    if (!p->session->tell)
        return;
    p->event.pair = p->done;
    p->event.elapsed_s = (double)(now - p->run_begin_ns) * 1e-9;
    p->event.eta_s = group_eta_s(p, now);
    if (p->session->settings.time_budget_ns)
        p->event.eta_s += (double)p->groups_left * (double)p->share_ns * 1e-9;
    p->event.groups_left = p->groups_left;
    p->session->tell(p->session->to, &p->event);
}

static void on_tick(void *to)
{
    tell(to);
}

static bool any_alive(const struct td_session *session, size_t group)
{
    const struct td_group *g = &session->plan->groups[group];
    for (size_t i = 0; i < g->ncases; i++) {
        const struct td_case *c = &session->plan->cases[g->first_case + i];
        if (!c->problem && !c->dropped)
            return true;
    }
    return false;
}

/* With another pair as long as the longest the time would be over. */
static bool time_is_up(const struct progress *p)
{
    uint64_t deadline = deadline_ns(p);
    return deadline && p->done + p->aside >= LEAST_PAIRS &&
           td_clock_ns() + p->longest_ns > deadline;
}

/* Why the group ends now; NULL: another pair. */
static const char *reason_to_stop(const struct progress *p)
{
    const struct td_session *session = p->session;
    if (td_loop_interrupts(session->context->loop))
        return "interrupted";
    if (!any_alive(session, p->group))
        return "failed";
    if (p->rule.target > 0 && td_stopping_look(&p->rule, p->done) &&
        td_so_far_widest(&p->so_far) <= p->rule.target)
        return "precise";
    if (p->done >= p->rule.most)
        return p->rule.target > 0 ? "most" : "pairs";
    if (p->aside >= p->rule.most)
        return "disturbed";
    return time_is_up(p) ? "time" : NULL;
}

static int one_pair(struct progress *p, struct td_err *err)
{
    struct td_session *session = p->session;
    size_t ncases = session->plan->groups[p->group].ncases;
    struct td_block_result result;
    uint64_t begin = td_clock_ns();
    uint32_t pair = session->next_pair[p->group]++;
    int rc =
        td_own_tools_run(session, p->group, pair, TD_OWN_BEFORE_BLOCK, err);
    if (rc)
        return rc;
    p->so_far.mean_ns =
        td_xrealloc(p->so_far.mean_ns,
                    (p->so_far.pairs + 1) * ncases * sizeof *p->so_far.mean_ns);
    result.mean_ns = p->so_far.mean_ns + p->so_far.pairs * ncases;
    rc = td_block_run(session, p->group, pair, &result, err);
    if (!rc)
        rc = td_own_tools_run(session, p->group, pair, TD_OWN_AFTER_BLOCK, err);
    if (rc)
        return rc;
    p->so_far.pairs += !result.set_aside;
    p->aside += result.set_aside != NULL;
    p->done += !result.cut && !result.set_aside;
    if (td_clock_ns() - begin > p->longest_ns)
        p->longest_ns = td_clock_ns() - begin;
    update_ratio(p);
    return 0;
}

static int pairs_of_group(struct progress *p, struct td_err *err)
{
    struct td_session *session = p->session;
    const char *why = NULL;
    struct td_services services;
    struct td_err trouble = TD_ERR_INIT;
    int rc = 0;
    td_services_start(&services, session, p->group, &trouble);
    while (!rc && !why) {
        if (!trouble.code)
            td_services_check(&services, &trouble);
        if (trouble.code == TD_EINTERRUPTED) {
            rc = td_err_set(err, trouble.code, "%s", trouble.msg);
        } else if (trouble.code) {
            why = "failed";
            rc = td_services_blame(session, p->group, &trouble, err);
        } else {
            why = reason_to_stop(p);
            if (!why)
                rc = one_pair(p, err);
        }
    }
    td_services_release(&services);
    return rc ? rc : note_group(session, "stop", p->group, why, err);
}

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
    return g->is_reference ? session->settings.reference_turn_ns
           : g->workload->kind == TD_WORKLOAD_SERVER
               ? session->settings.server_turn_ns
               : session->settings.turn_ns;
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

/* What of a time budget is kept for the reference group after this one: its
 * turns, and as much again for what lies between them. */
static uint64_t reference_time_ns(const struct td_session *session,
                                  size_t group)
{
    const struct td_settings *settings = &session->settings;
    uint64_t kept = 0;
    for (size_t i = group + 1; i < session->plan->ngroups; i++)
        if (session->plan->groups[i].is_reference && !session->stopped[i])
            kept += 8 * settings->reference_pairs * settings->reference_turn_ns;
    return kept;
}

static size_t ordinary_left(const struct td_session *session, size_t group)
{
    size_t count = 0;
    for (size_t i = group + 1; i < session->plan->ngroups; i++)
        count += !session->stopped[i] && !session->plan->groups[i].is_reference;
    return count;
}

static int run_group(struct td_session *session, size_t group,
                     uint64_t run_begin_ns, struct td_err *err)
{
    const struct td_settings *settings = &session->settings;
    struct progress p = {.session = session, .group = group};
    uint64_t budget = settings->time_budget_ns;
    int rc = note_group(session, "group", group, NULL, err);
    if (rc)
        return rc;
    p.begin_ns = td_clock_ns();
    p.run_begin_ns = run_begin_ns;
    p.done = session->pairs_done[group];
    p.aside = session->pairs_aside[group];
    for (size_t i = group + 1; i < session->plan->ngroups; i++)
        p.groups_left += !session->stopped[i];
    if (budget) {
        uint64_t spent = p.begin_ns - run_begin_ns;
        uint64_t kept = reference_time_ns(session, group);
        p.share_ns = (budget > spent + kept ? budget - spent - kept : 1) /
                     (ordinary_left(session, group) + 1);
    }
    p.event.workload = session->plan->groups[group].workload->name;
    p.event.set = session->plan->groups[group].set.name;
    p.rule = td_session_stopping(session, group);
    p.event.pairs = p.rule.most;
    p.event.target = p.rule.target;
    p.so_far = (struct td_means){
        session->plan,  group, td_stopping_confidence(&p.rule, .95),
        settings->seed, NULL,  0};
    p.event.ratio = p.event.half_width = NAN;
    td_loop_on_tick(session->context->loop, on_tick, &p);
    rc = pairs_of_group(&p, err);
    td_loop_on_tick(session->context->loop, NULL, NULL);
    p.event.done = true;
    tell(&p);
    free(p.so_far.mean_ns);
    return rc;
}

int td_session_run(struct td_session *session, struct td_err *err)
{
    uint64_t begin = td_clock_ns();
    bool interrupted = false;
    int rc = 0;
    for (size_t g = 0; !rc && g < session->plan->ngroups && !interrupted; g++) {
        if (!session->stopped[g])
            rc = run_group(session, g, begin, err);
        interrupted = td_loop_interrupts(session->context->loop) > 0;
    }
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
