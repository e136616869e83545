/*
 * load_samples - from the requests of a load to the samples of a batch.
 * Pure.
 */
#ifndef TD_MEASURE_LOAD_SAMPLES_H
#define TD_MEASURE_LOAD_SAMPLES_H

#include "exec/worker.h"
#include "load/load.h"

#include <jansson.h>

/*
 * Open loop: a sample a request, from its intended time to its answer, in
 * the order of intended times; they may overlap.  out: room for n.  Sorts
 * `at`.  Returns the number of samples.
 */
uint64_t td_samples_of_requests(struct td_load_sample *at, size_t n,
                                struct td_interval *out);

/*
 * Closed loop: a sample is the time that `loops` answers in a row took to
 * come, from the answer before them, so that its loops-th part is the time a
 * request: the inverse of throughput.  Samples lie end to end; answers that
 * fill none are left.  out: room for n / loops.  Sorts `at`.
 */
uint64_t td_samples_of_windows(struct td_load_sample *at, size_t n,
                               uint64_t loops, struct td_interval *out);

/* Quantiles and counts, for the journal (results/FORMAT.md); new
 * reference. */
json_t *td_load_result_json(const struct td_load_result *result);
/* "5xx 12, no answer 3"; nothing where nothing failed. */
void td_load_failures_say(const struct td_load_result *result,
                          struct td_buf *out);

#endif
