/*
 * compare - two runtimes against each other, beyond the paired ratio of
 * interval.h: its verdict, its companions, data that is not paired, and many
 * comparisons at once.  Pure functions.
 *
 * Everything rests on one figure per invocation.  Ratios are above/below:
 * above 1, the first takes longer.
 */
#ifndef TD_STAT_COMPARE_H
#define TD_STAT_COMPARE_H

#include "stat/interval.h"

enum td_verdict {
    TD_VERDICT_INCONCLUSIVE,
    TD_VERDICT_FASTER,
    TD_VERDICT_SLOWER,
    TD_VERDICT_EQUIVALENT
};

/*
 * What a ratio's interval says against a practical threshold (.02 = 2 %):
 * lower > 1 + threshold: slower; upper < 1 - threshold: faster; inside both:
 * equivalent; else inconclusive.  noise_floor (.004 = 0.4 %; 0 = none known)
 * is what the same thing differs from itself: a difference |ratio - 1| that
 * does not exceed it is never slower or faster.
 */
enum td_verdict td_verdict_of(struct td_figure ratio, double threshold,
                              double noise_floor);
/* "slower", "faster", "equivalent", "inconclusive". */
const char *td_verdict_name(enum td_verdict verdict);

/* d[i] = ln(above[i] / below[i]); NAN where one is not positive. */
void td_log_ratios(const double *above, const double *below, size_t n,
                   double *d);

/* exp(median d) of paired figures with the binomial order-statistic interval
 * of the median (Conover 1999, sec. 3.2; David & Nagaraja 2003, sec. 7.1);
 * bounded from 6 pairs on (95 %). */
struct td_figure td_ratio_median_paired(const double *above,
                                        const double *below, size_t n,
                                        double confidence);

/* Ratio of means of two independent samples, Fieller's interval (Fieller
 * 1954, J. R. Stat. Soc. B 16) with Welch-Satterthwaite degrees of freedom;
 * bounded only where the denominator's mean is clearly off 0 (g < 1) and both
 * have 2 values. */
struct td_figure td_ratio_fieller(const double *above, size_t nabove,
                                  const double *below, size_t nbelow,
                                  double confidence);

/* exp of the Hodges-Lehmann shift of the logarithms, interval by inverting
 * the Mann-Whitney test (Hollander, Wolfe & Chicken 2014, sec. 4.2-4.3); its
 * ranks are exact up to 50 values a side, also with ties, which only make it
 * cover more (Noether 1967, J. Am. Stat. Assoc. 62). */
struct td_figure td_ratio_hodges_lehmann(const double *above, size_t nabove,
                                         const double *below, size_t nbelow,
                                         double confidence);

struct td_mann_whitney {
    double u;        /* of x: pairs (x, y) with x > y, ties count half */
    double p;        /* two-sided */
    double superior; /* u / (nx ny): chance that an x exceeds a y */
    bool exact;      /* no ties, few values; else normal, with the tie and
                        continuity corrections */
};
struct td_mann_whitney td_mann_whitney(const double *x, size_t nx,
                                       const double *y, size_t ny);

/* Cohen's d of paired log ratios (mean / standard deviation), with Hedges'
 * correction for small n; NAN if n < 2. */
double td_effect_size(const double *d, size_t n);

/* One-sided p of "ratio <= 1 + threshold" (against: greater), by t: paired
 * log ratios; and two independent samples' logarithms (Welch 1947).  For
 * td_holm, never to be shown alone. */
double td_p_above_paired(const double *d, size_t n, double threshold);
double td_p_above_unpaired(const double *above, size_t nabove,
                           const double *below, size_t nbelow,
                           double threshold);

/* One-sided p of "mean x - mean y <= limit" (Welch 1947); NAN when a side has
 * fewer than 2. */
double td_welch_p_above(const double *x, size_t nx, const double *y, size_t ny,
                        double limit);

/* Adjusts p[0..n) in place for n tests at once (Holm 1979); NANs stay and do
 * not count. */
void td_holm(double *p, size_t n);

/* Geometric mean of the ratios of a suite: log_ratio[i] with standard error
 * error[i], W of them; SE = sqrt(sum error^2) / W; normal interval. */
struct td_figure td_suite_geomean(const double *log_ratio, const double *error,
                                  size_t n, double confidence);

/* Whether it mattered who came first: mean difference of d between the pairs
 * in which `first[i]` is true and the others, two-sided p by Welch's t.
 * NAN p when one kind has fewer than 2. */
struct td_period_effect {
    double ratio; /* exp of the difference of means */
    double p;
};
struct td_period_effect td_period_effect(const double *d, const bool *first,
                                         size_t n);

#endif
