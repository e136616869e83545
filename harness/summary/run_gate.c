#include "summary/run_gate.h"

#include "base/buf.h"

#include <stdlib.h>

enum { KINDS = 3 };

/* The cases that a gate looks at; p: of means, medians, CPU times in turn. */
struct judged {
    const struct td_case_summary **cases;
    double *p;
    size_t count;
};

static void collect(const struct td_summary *summary, struct judged *out)
{
    for (size_t g = 0; g < summary->ngroups; g++)
        for (size_t i = 0; i < summary->groups[g].ncases; i++) {
            const struct td_case_summary *c = &summary->groups[g].cases[i];
            if (!c->is_revised || !c->ratio.known)
                continue;
            out->cases =
                td_xrealloc(out->cases, (out->count + 1) * sizeof *out->cases);
            out->p =
                td_xrealloc(out->p, (out->count + 1) * KINDS * sizeof *out->p);
            out->cases[out->count] = c;
            out->p[KINDS * out->count] = c->p_above;
            out->p[KINDS * out->count + 1] = c->p_above_median;
            out->p[KINDS * out->count++ + 2] = c->p_above_cpu;
        }
    td_holm(out->p, KINDS * out->count);
}

static bool ends_below(struct td_figure ratio, double limit)
{
    return ratio.bounded && ratio.upper <= limit;
}

static bool is_open(const struct td_case_summary *c, double limit)
{
    if (ends_below(c->ratio, limit))
        return false;
    return (!ends_below(c->ratio_median, limit) &&
            !ends_below(c->ratio_cpu, limit)) ||
           !c->ratio.bounded || c->ratio.lower > 1;
}

static bool is_slower(const struct td_case_summary *c, const double *p,
                      double alpha)
{
    const enum td_verdict verdicts[KINDS] = {c->verdict, c->verdict_median,
                                             c->verdict_cpu};
    for (size_t i = 0; i < KINDS; i++)
        if (verdicts[i] == TD_VERDICT_SLOWER && p[i] <= alpha)
            return true;
    return false;
}

int td_run_gate(const struct td_summary *summary, struct td_err *err)
{
    struct judged all = {NULL, NULL, 0};
    double alpha = 1 - summary->confidence, percent = 100 * summary->threshold;
    size_t slower = 0, open = 0;
    collect(summary, &all);
    for (size_t i = 0; i < all.count; i++) {
        const struct td_case_summary *c = all.cases[i];
        slower += is_slower(c, all.p + KINDS * i, alpha);
        open += is_open(c, 1 + summary->threshold);
    }
    if (!all.count)
        td_err_set(err, TD_EUSAGE,
                   "--gate judges revisions: give --revision OLD,NEW");
    else if (slower)
        td_err_set(err, TD_ESLOWER, "slower by more than %g %%: %zu of %zu",
                   percent, slower, all.count);
    else if (open)
        td_err_set(err, TD_ENOISE,
                   "undecided at %g %%: %zu of %zu may be slower by more",
                   percent, open, all.count);
    free(all.cases);
    free(all.p);
    return err->code;
}
