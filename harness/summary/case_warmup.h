/*
 * case_warmup - how the invocations of a case warmed up (stat/warmup.h), and
 * which samples a truncated analysis leaves out.
 *
 * An invocation's series is all that it was timed for, in order: the first
 * iteration, the recorded warming up, the steady samples; each value the time
 * of one operation.  It is averaged while it is read, so that neither memory
 * nor the time of the analysis grows with it.  Invocations in which the case
 * was calibrated are not analysed: they did more than was recorded.
 *
 * The case's class and truncation are those of its typical invocation
 * (td_warmup_typical): what disturbs one invocation does not decide them.
 */
#ifndef TD_SUMMARY_CASE_WARMUP_H
#define TD_SUMMARY_CASE_WARMUP_H

#include "summary/case_figures.h"

/* Fills *out but for `truncated`; *timed_ns: all that was spent inside
 * samples. */
int td_case_warmup_find(const struct td_case_source *source,
                        struct td_case_warmup *out, double *timed_ns,
                        struct td_err *err);

/*
 * How many of the batch's samples, from its first on, are not in the figures:
 * all of one that is not steady, and what the truncation reaches into.  *cut
 * is what is left to cut, before the invocation's first batch
 * td_case_warmup.cut (or 0); call it for each batch in turn.
 */
uint64_t td_batch_left_out(const struct td_batch_entry *batch, uint64_t *cut);

#endif
