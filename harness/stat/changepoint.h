/*
 * changepoint - where a series changes its level.  Pure functions; those
 * with chance in them take a seed.
 *
 * A change point is the 0-based index of the first value of a new segment.
 */
#ifndef TD_STAT_CHANGEPOINT_H
#define TD_STAT_CHANGEPOINT_H

#include <stddef.h>
#include <stdint.h>

/* Change points, ascending; release with td_changes_release. */
struct td_changes {
    size_t *at;
    size_t count;
};
void td_changes_release(struct td_changes *changes);

/* out[i] = x[i] drawn back to the rolling median +- reach * 1.4826 * MAD of
 * the window of that many values around it (odd; cut at the ends). */
void td_winsorise(const double *x, size_t n, size_t window, double reach,
                  double *out);

/*
 * PELT (Killick, Fearnhead & Eckley 2012) with the normal likelihood of mean
 * and variance: cost of a segment of m values m (ln 2 pi + ln var + 1), var
 * not below var_floor; `penalty` per change point; segments of min_segment
 * values at least.
 */
void td_pelt(const double *x, size_t n, double penalty, size_t min_segment,
             double var_floor, struct td_changes *out);

/*
 * E-divisive (Matteson & James 2014): hierarchical division by the energy
 * distance (alpha = 1), each division tested by permutations within segments;
 * p = (R + 1) / (permutations + 1), division stops at p > level.
 */
void td_edivisive(const double *x, size_t n, size_t min_segment,
                  unsigned permutations, double level, uint64_t seed,
                  struct td_changes *out);

/*
 * The history of a case, night after night (log ratios against a pinned
 * reference): `verdict` by PELT (penalty 8 ln n, rolling-15 winsorising,
 * segments >= 3), `suspects` by E-divisive (segments >= 5, p <= .01, 199
 * permutations), to be answered by a new interleaved measurement.
 */
struct td_history {
    struct td_changes verdict, suspects;
};
void td_history_analyse(const double *x, size_t n, uint64_t seed,
                        struct td_history *out);
/* The verdict alone, in a fraction of the time. */
void td_history_verdict(const double *x, size_t n, struct td_changes *out);
void td_history_release(struct td_history *history);

#endif
