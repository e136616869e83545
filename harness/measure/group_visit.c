#include "measure/group_visit.h"

#include "base/clock.h"
#include "measure/own_tool.h"
#include "measure/services.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With fewer pairs than this the limit of a group's own time does not end it:
 * an interval over two would say nothing. */
enum { LEAST_PAIRS = 3 };

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
static void update_ratio(struct td_group_progress *p)
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
static double pairs_left(const struct td_group_progress *p)
{
    double wanted =
        p->so_far.pairs * pow(p->event.half_width / p->rule.target, 2);
    wanted = fmax(wanted, p->rule.first);
    return fmax(fmin(wanted, p->rule.most) - p->done, 0);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return !a || (b && b < a) ? b : a;
}

/* When the limit of an adaptive group's own time is reached; 0 = no limit. */
static uint64_t own_end_ns(const struct td_group_progress *p)
{
    uint64_t cap = p->session->settings.group_time_ns;
    if (!cap || p->rule.target <= 0)
        return 0;
    return p->begin_ns + (cap > p->spent_ns ? cap - p->spent_ns : 1);
}

/* When this visit's share is used up; 0 = no limit. */
static uint64_t visit_end_ns(const struct td_group_progress *p)
{
    return p->visit.share_ns ? p->begin_ns + p->visit.share_ns : 0;
}

static double group_eta_s(const struct td_group_progress *p, uint64_t now)
{
    uint64_t end = sooner(own_end_ns(p), visit_end_ns(p));
    double left = p->event.pairs - p->done, eta;
    if (!p->so_far.pairs)
        return NAN;
    if (p->rule.target > 0 && isfinite(p->event.half_width))
        left = pairs_left(p);
    eta = left * (double)(now - p->begin_ns + p->spent_ns) / p->so_far.pairs;
    if (end && end < now + (uint64_t)eta)
        eta = end > now ? (double)(end - now) : 0;
    return eta * 1e-9;
}

/* Of the run, which ends with its budget where it has one. */
static double run_eta_s(const struct td_group_progress *p, uint64_t now)
{
    uint64_t end = p->run_begin_ns + p->session->settings.time_budget_ns;
    double eta = group_eta_s(p, now) +
                 (double)p->groups_left * (double)p->visit.share_ns * 1e-9;
    if (end > now && eta > (double)(end - now) * 1e-9)
        return (double)(end - now) * 1e-9;
    return eta;
}

static void tell(struct td_group_progress *p)
{
    uint64_t now = td_clock_ns();
    if (!p->session->tell)
        return;
    p->event.pair = p->done;
    p->event.elapsed_s = (double)(now - p->run_begin_ns) * 1e-9;
    p->event.eta_s = run_eta_s(p, now);
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

/* With another pair as long as the longest it would be over. */
static bool is_up(const struct td_group_progress *p, uint64_t end_ns)
{
    return end_ns && td_clock_ns() + p->longest_ns > end_ns;
}

/* Why the group ends now; NULL: it may have another pair. */
static const char *reason_to_stop(const struct td_group_progress *p)
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
    if (p->done + p->aside >= LEAST_PAIRS && is_up(p, own_end_ns(p)))
        return "time";
    return NULL;
}

/* Others come first now.  A visit has one pair at least, and only a goal ends
 * it before TD_BUDGET_LEAST. */
static bool is_to_leave(const struct td_group_progress *p,
                        uint32_t pairs_before)
{
    uint32_t pairs = p->done + p->aside;
    if (!p->visit.share_ns || pairs == pairs_before)
        return false;
    return pairs >= p->visit.goal ||
           (pairs >= TD_BUDGET_LEAST && is_up(p, visit_end_ns(p)));
}

static int one_pair(struct td_group_progress *p, struct td_err *err)
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

static int pairs_of_group(struct td_group_progress *p, struct td_err *err)
{
    struct td_session *session = p->session;
    uint32_t before = p->done + p->aside;
    const char *why = NULL;
    bool leave = false;
    struct td_services services;
    struct td_err trouble = TD_ERR_INIT;
    int rc = 0;
    td_services_start(&services, session, p->group, &trouble);
    while (!rc && !why && !leave) {
        if (!trouble.code)
            td_services_check(&services, &trouble);
        if (trouble.code == TD_EINTERRUPTED) {
            rc = td_err_set(err, trouble.code, "%s", trouble.msg);
        } else if (trouble.code) {
            why = "failed";
            rc = td_services_blame(session, p->group, &trouble, err);
        } else {
            why = reason_to_stop(p);
            leave = is_to_leave(p, before);
            if (!why && !leave)
                rc = one_pair(p, err);
        }
    }
    td_services_release(&services);
    return rc || !why ? rc : td_group_stop(p, why, err);
}

int td_group_stop(struct td_group_progress *p, const char *why,
                  struct td_err *err)
{
    p->stopped = true;
    p->event.done = true;
    tell(p);
    return note_group(p->session, "stop", p->group, why, err);
}

int td_group_visit(struct td_group_progress *p,
                   const struct td_budget_visit *visit, struct td_err *err)
{
    struct td_loop *loop = p->session->context->loop;
    int rc = note_group(p->session, "group", p->group, NULL, err);
    if (rc)
        return rc;
    p->visit = *visit;
    p->begin_ns = td_clock_ns();
    td_loop_on_tick(loop, on_tick, p);
    rc = pairs_of_group(p, err);
    td_loop_on_tick(loop, NULL, NULL);
    p->spent_ns += td_clock_ns() - p->begin_ns;
    return rc;
}

struct td_budget_group
td_group_progress_budget(const struct td_group_progress *p)
{
    return (struct td_budget_group){
        .pairs = p->done + p->aside,
        .first = p->rule.first,
        .pair_ns = p->longest_ns,
        .stopped = p->stopped,
    };
}

void td_group_progress_init(struct td_group_progress *p,
                            struct td_session *session, size_t group,
                            uint64_t run_begin_ns)
{
    const struct td_group *g = &session->plan->groups[group];
    *p = (struct td_group_progress){.session = session,
                                    .group = group,
                                    .run_begin_ns = run_begin_ns,
                                    .done = session->pairs_done[group],
                                    .aside = session->pairs_aside[group],
                                    .stopped = session->stopped[group]};
    p->event.workload = g->workload->name;
    p->event.set = g->set.name;
    p->rule = td_session_stopping(session, group);
    p->event.pairs = p->rule.most;
    p->event.target = p->rule.target;
    p->so_far = (struct td_means){
        session->plan,          group, td_stopping_confidence(&p->rule, .95),
        session->settings.seed, NULL,  0};
    p->event.ratio = p->event.half_width = NAN;
}

void td_group_progress_release(struct td_group_progress *p)
{
    free(p->so_far.mean_ns);
}
