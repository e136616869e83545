#include "measure/session.h"

#include "base/clock.h"
#include "base/files.h"
#include "measure/services.h"
#include "stat/interval.h"

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
    uint32_t done;       /* pairs, this run's and earlier ones' */
    uint32_t measured;   /* pairs of this run */
    double *mean_ns;     /* measured x ncases */
    uint64_t begin_ns;   /* of the group */
    uint64_t longest_ns; /* pair */
    uint64_t share_ns;   /* of the time budget; 0 = no limit */
    uint64_t run_begin_ns;
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

/* The ratio so far of the first case that has a base. */
static void update_ratio(struct progress *p)
{
    const struct td_plan *plan = p->session->plan;
    const struct td_group *group = &plan->groups[p->group];
    const struct td_case *c = &plan->cases[group->first_case], *base = NULL;
    double *a, *b;
    size_t n = 0, i;
    struct td_figure ratio;
    for (i = 0; i < group->ncases && !base; i++)
        if (!c[i].problem && !c[i].dropped)
            base = td_case_base(plan, &c[i]);
    if (!base || !p->measured)
        return;
    a = td_xcalloc(p->measured, sizeof *a);
    b = td_xcalloc(p->measured, sizeof *b);
    for (uint32_t k = 0; k < p->measured; k++) {
        const double *row = p->mean_ns + k * group->ncases;
        a[n] = row[i - 1];
        b[n] = row[base - c];
        n += isfinite(a[n]) && isfinite(b[n]);
    }
    ratio = td_ratio_paired(a, b, n, 0.95, p->session->settings.seed, 0);
    p->event.ratio = ratio.known ? ratio.value : NAN;
    p->event.half_width =
        ratio.bounded ? sqrt(ratio.upper / ratio.lower) - 1 : NAN;
    p->event.numerator = c[i - 1].spec.runtime->name;
    p->event.denominator = base->spec.runtime->name;
    free(a);
    free(b);
}

static double group_eta_s(const struct progress *p, uint64_t now)
{
    double left = p->event.pairs - p->done, per_pair, eta;
    if (!p->measured)
        return NAN;
    per_pair = (double)(now - p->begin_ns) / p->measured;
    eta = left * per_pair;
    if (p->share_ns && p->begin_ns + p->share_ns < now + (uint64_t)eta)
        eta = p->begin_ns + p->share_ns > now
                  ? (double)(p->begin_ns + p->share_ns - now)
                  : 0;
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

/* Why the group ends now; NULL: another pair. */
static const char *reason_to_stop(const struct progress *p)
{
    const struct td_session *session = p->session;
    uint64_t spent = td_clock_ns() - p->begin_ns;
    if (td_loop_interrupts(session->context->loop))
        return "interrupted";
    if (!any_alive(session, p->group))
        return "failed";
    if (p->done >= session->settings.pairs)
        return "pairs";
    if (p->share_ns && p->done >= LEAST_PAIRS &&
        spent + p->longest_ns > p->share_ns)
        return "time";
    return NULL;
}

static int one_pair(struct progress *p, struct td_err *err)
{
    struct td_session *session = p->session;
    size_t ncases = session->plan->groups[p->group].ncases;
    struct td_block_result result;
    uint64_t begin = td_clock_ns();
    int rc;
    p->mean_ns = td_xrealloc(p->mean_ns,
                             (p->measured + 1) * ncases * sizeof *p->mean_ns);
    result.mean_ns = p->mean_ns + p->measured * ncases;
    rc = td_block_run(session, p->group, session->next_pair[p->group]++,
                      &result, err);
    if (rc)
        return rc;
    p->measured++;
    p->done += !result.cut;
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
    for (size_t i = group + 1; i < session->plan->ngroups; i++)
        p.groups_left += !session->stopped[i];
    if (budget) {
        uint64_t spent = p.begin_ns - run_begin_ns;
        p.share_ns =
            (budget > spent ? budget - spent : 1) / (p.groups_left + 1);
    }
    p.event.workload = session->plan->groups[group].workload->name;
    p.event.set = session->plan->groups[group].set.name;
    p.event.pairs = settings->pairs;
    p.event.ratio = p.event.half_width = NAN;
    td_loop_on_tick(session->context->loop, on_tick, &p);
    rc = pairs_of_group(&p, err);
    td_loop_on_tick(session->context->loop, NULL, NULL);
    p.event.done = true;
    tell(&p);
    free(p.mean_ns);
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
    session->next_pair = td_xcalloc(n, sizeof *session->next_pair);
    session->stopped = td_xcalloc(n, sizeof *session->stopped);
    session->clock_pair_ns = td_clock_pair_ns();
}

void td_session_release(struct td_session *session)
{
    free(session->pairs_done);
    free(session->next_pair);
    free(session->stopped);
}
