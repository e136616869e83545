#include "summary/compare_runs_parts.h"

#include <math.h>
#include <stdlib.h>

const char *td_gate_name(enum td_gate gate)
{
    static const char *const names[] = {"none",   "passed", "undecided",
                                        "failed", "slower", "wrong"};
    return names[gate];
}

static double p_above(const struct td_compared_case *c, double threshold)
{
    if (!c->ratio.bounded)
        return NAN;
    return td_p_above_unpaired(c->b->series.mean_ns, c->b->series.count,
                               c->a->series.mean_ns, c->a->series.count,
                               threshold);
}

/* All that are judged are one family of tests. */
static void adjust(struct td_comparison *of)
{
    double *p = td_xcalloc(of->ncases, sizeof *p);
    for (size_t i = 0; i < of->ncases; i++)
        p[i] = p_above(&of->cases[i], of->settings.threshold);
    td_holm(p, of->ncases);
    for (size_t i = 0; i < of->ncases; i++)
        of->cases[i].p = p[i];
    free(p);
}

/* What the interval alone says, its bounds divided by `drift`. */
static enum td_gate by_interval(const struct td_compared_case *c,
                                const struct td_comparison *of, double drift)
{
    double allowed = (1 + of->settings.threshold) * drift;
    double alpha = 1 - of->confidence;
    if (!c->ratio.bounded)
        return TD_GATE_UNDECIDED;
    if (c->ratio.upper <= allowed)
        return TD_GATE_PASSED;
    if (c->verdict == TD_VERDICT_SLOWER && c->ratio.lower > allowed &&
        c->p <= alpha)
        return TD_GATE_SLOWER;
    return TD_GATE_UNDECIDED;
}

/* How B fared by itself, whatever the times. */
static enum td_gate health(const struct td_case_summary *b)
{
    if (b->answer == TD_ANSWER_WRONG)
        return TD_GATE_WRONG;
    return b->problem && b->voided ? TD_GATE_FAILED : TD_GATE_NONE;
}

/* Where the machine itself was faster or slower, only what holds with and
 * without that is a verdict. */
static enum td_gate judge(const struct td_compared_case *c,
                          const struct td_comparison *of)
{
    enum td_gate own = health(c->b), as_it_is, corrected;
    if (own != TD_GATE_NONE)
        return own;
    if (c->a->problem)
        return TD_GATE_NONE;
    if (c->b->problem)
        return TD_GATE_FAILED;
    as_it_is = by_interval(c, of, 1);
    corrected =
        of->drifted ? by_interval(c, of, of->reference.ratio.value) : as_it_is;
    return as_it_is == corrected ? as_it_is : TD_GATE_UNDECIDED;
}

static void graver(enum td_gate *than, enum td_gate gate)
{
    if (gate > *than)
        *than = gate;
}

void td_comparison_judge(struct td_comparison *out)
{
    adjust(out);
    out->gate = TD_GATE_NONE;
    for (size_t i = 0; i < out->ncases; i++) {
        out->cases[i].gate = judge(&out->cases[i], out);
        graver(&out->gate, out->cases[i].gate);
    }
    for (size_t i = 0; i < out->nonly_b; i++)
        graver(&out->gate, health(out->only_b[i].only));
    if (out->reference.b)
        graver(&out->gate, health(out->reference.b));
}
