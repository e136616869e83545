/*
 * set_aside - the other analysis of a case some of whose pairs were set
 * aside (host/rules.h): its ratio over all pairs, to stand beside the one
 * without them.
 */
#ifndef TD_SUMMARY_SET_ASIDE_H
#define TD_SUMMARY_SET_ASIDE_H

#include "summary/case_figures.h"

/* Fills out->aside from the invocations that were set aside; their time
 * counts as timed. */
int td_case_aside(const struct td_case_source *source,
                  struct td_case_summary *out, struct td_err *err);

/* Fills out->ratio_all, with the pairs set aside; unknown where none was. */
void td_case_ratio_all(struct td_case_summary *out,
                       const struct td_case_summary *base, double confidence,
                       uint64_t seed);

#endif
