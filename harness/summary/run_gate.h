/*
 * run_gate - whether a run that measured revisions of the sources lets the
 * newer ones pass.  Reads the summary alone.
 *
 * Three ratios speak for a case: of the means (total cost), of the medians
 * (the typical operation) and of the CPU times.  Other work on the machine
 * widens the first much, the second less, the third hardly.
 */
#ifndef TD_SUMMARY_RUN_GATE_H
#define TD_SUMMARY_RUN_GATE_H

#include "summary/summary.h"

/*
 * TD_ESLOWER: of some case one of the three has the verdict `slower`,
 * and so says its p, corrected for all three of all cases (Holm).
 * TD_ENOISE: undecided: of some case none of the intervals ends below
 * 1 + threshold, or that of the means excludes 1 and reaches above.
 * 0: otherwise.  TD_EUSAGE: no revision was measured.  Failed workers and wrong
 * answers are the caller's.
 */
int td_run_gate(const struct td_summary *summary, struct td_err *err);

#endif
