/*
 * case_pick - one case of a run by the words that a user has for it.
 */
#ifndef TD_SUMMARY_CASE_PICK_H
#define TD_SUMMARY_CASE_PICK_H

#include "summary/summary.h"

struct td_picked {
    size_t group, c; /* indices in the summary */
};

/*
 * words: the case's number alone, or any of its workload, set, WORKLOAD[SET],
 * a part of the set between its commas, runtime ("cpython", "cpython-3.11")
 * and implementation.  Each must fit; twins, counterparts and the run's own
 * reference only where nothing else does.  TD_EUSAGE names what there is when
 * not exactly one case fits.
 */
int td_case_pick(const struct td_summary *summary,
                 const struct td_strings *words, struct td_picked *out,
                 struct td_err *err);

#endif
