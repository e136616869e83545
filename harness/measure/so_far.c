#include "measure/so_far.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>

/* The column of a case's means that both cases have; returns how many. */
static size_t means_of(const struct td_means *p, size_t own, size_t other,
                       double *a, double *b)
{
    size_t ncases = p->plan->groups[p->group].ncases, n = 0;
    for (uint32_t k = 0; k < p->pairs; k++) {
        const double *row = p->mean_ns + k * ncases;
        a[n] = row[own];
        b[n] = row[other];
        n += isfinite(a[n]) && isfinite(b[n]);
    }
    return n;
}

/* Of the pairs of this run: case `own` against case `other` of the group;
 * its own mean where both are the same.  The summary computes it in the same
 * way, seed included. */
static struct td_figure so_far(const struct td_means *p, size_t own,
                               size_t other, unsigned resamples)
{
    const struct td_group *group = &p->plan->groups[p->group];
    double *a = td_xcalloc(p->pairs, sizeof *a);
    double *b = td_xcalloc(p->pairs, sizeof *b);
    size_t n = means_of(p, own, other, a, b);
    struct td_figure figure =
        own == other
            ? td_geomean_t(a, n, p->confidence)
            : td_ratio_paired(a, b, n, p->confidence,
                              p->seed + group->first_case + own, resamples);
    free(a);
    free(b);
    return figure;
}

static bool takes_part(const struct td_case *c)
{
    return !c->problem && !c->dropped;
}

/* Position of the case that case i divides by; i itself: none takes part. */
static size_t base_of(const struct td_means *p, size_t i)
{
    const struct td_plan *plan = p->plan;
    const struct td_case *c =
        &plan->cases[plan->groups[p->group].first_case + i];
    const struct td_case *base = takes_part(c) ? td_case_base(plan, c) : NULL;
    return base && takes_part(base) ? i - (size_t)(c - base) : i;
}

bool td_so_far_first(const struct td_means *p, struct td_so_far *out)
{
    const struct td_group *group = &p->plan->groups[p->group];
    const struct td_case *c = &p->plan->cases[group->first_case];
    size_t i = 0;
    while (i < group->ncases && base_of(p, i) == i)
        i++;
    if (i == group->ncases || !p->pairs)
        return false;
    out->ratio = so_far(p, i, base_of(p, i), 0);
    out->numerator = c[i].spec.runtime->name;
    out->denominator = c[base_of(p, i)].spec.runtime->name;
    return true;
}

double td_so_far_widest(const struct td_means *p)
{
    const struct td_group *group = &p->plan->groups[p->group];
    double of_ratios = NAN, of_means = NAN;
    for (size_t i = 0; i < group->ncases; i++) {
        size_t base = base_of(p, i);
        double width;
        if (!takes_part(&p->plan->cases[group->first_case + i]) ||
            p->plan->cases[group->first_case + i].spec.runtime->counterpart)
            continue;
        width = td_figure_half_width(so_far(p, i, base, TD_RESAMPLES));
        if (base == i)
            of_means = fmax(of_means, isnan(width) ? INFINITY : width);
        else
            of_ratios = fmax(of_ratios, isnan(width) ? INFINITY : width);
    }
    return isnan(of_ratios) ? of_means : of_ratios;
}
