/*
 * trials - what one repetition of each kind of scenario does (scenario.h).
 */
#ifndef TD_SELFTEST_TRIALS_H
#define TD_SELFTEST_TRIALS_H

#include "selftest/scenario.h"

/* Comparisons (trials_ratio.c): the interval holds the true ratio; the
 * verdict is "slower" or "faster"; it is the right one of them. */
td_try_fn td_try_covers, td_try_differs, td_try_noticed;

/* Through `tandem analyze` (trials_analyze.c): measured one after the other,
 * the answer warns of drift; the same request, made twice from the same seed,
 * gives the same bytes. */
td_try_fn td_try_warned, td_try_same;

/* Series (trials_series.c): a change is found within 2 of the step; one is
 * found anywhere else; the series is kept whole. */
td_try_fn td_try_step_found, td_try_false_change, td_try_kept_whole;

/* Quantiles (trials_quantile.c): the interval holds the true one. */
td_try_fn td_try_quantile_covers;

/* Searches (trials_search.c): the interval holds the true rate. */
td_try_fn td_try_search_covers;

#endif
