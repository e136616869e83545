/*
 * stopping - when a comparison has pairs enough.  Pure functions.
 *
 * The width of the interval decides, never whether it excludes 1: who stops
 * at the first "significant" look calls 14-33 % of equal things different.
 * Even a rule on the width alone stops where the spread happens to look
 * small, so an adaptive run takes a wider interval (td_stopping_confidence),
 * at every look and in what it reports.
 */
#ifndef TD_STAT_STOPPING_H
#define TD_STAT_STOPPING_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers of pairs: the first look, the distance of looks, the cap. */
struct td_stopping {
    uint32_t first, every, most;
    double target; /* relative half-width (.01 = 1 %) that is narrow enough;
                      0: a fixed number, `most` */
};

/* The project's rule: 15, every 5, up to 150, 1 %. */
extern const struct td_stopping td_stopping_default;

/* Is this a moment to look (and to stop, where it suffices)?  The cap always
 * is. */
bool td_stopping_look(const struct td_stopping *rule, uint32_t pairs);

/* May the run end with these pairs?  half_width by td_figure_half_width;
 * NAN and infinity are never narrow enough. */
bool td_stopping_enough(const struct td_stopping *rule, uint32_t pairs,
                        double half_width);

/* The confidence to compute an interval with, so that it covers `nominal`
 * after stopping: nominal itself where the number is fixed; else 3/5 of the
 * error, .97 for .95.  The more looks, the more it takes: 4/5 suffice for a
 * cap of 60 pairs, not for one of 150 (skewed pairs; `tandem selftest
 * --adaptive --generator G5`). */
double td_stopping_confidence(const struct td_stopping *rule, double nominal);

#endif
