/*
 * case_series - what each counting invocation of a case gave (struct
 * td_case_series of summary.h): room for it, and its JSON.
 */
#ifndef TD_SUMMARY_CASE_SERIES_H
#define TD_SUMMARY_CASE_SERIES_H

#include "summary/summary.h"

/* Room for n invocations; of none so far. */
void td_case_series_init(struct td_case_series *series, size_t n);
void td_case_series_release(struct td_case_series *series);

/* The field `series` of summary.json, but for `figures`; new reference. */
json_t *td_case_series_json(const struct td_case_series *series);
/* The reverse. */
void td_case_series_load(struct td_case_series *series, const json_t *from);
/* Values of an array, NAN for null and for what it has not; n of them. */
void td_values_load(const json_t *from, size_t n, double *to);

#endif
