/*
 * report_find_max - the trace of a search for the highest rate, line by line
 * while it goes on, and its result; as text and as JSON.
 */
#ifndef TD_OUT_REPORT_FIND_MAX_H
#define TD_OUT_REPORT_FIND_MAX_H

#include "base/json.h"
#include "load/search.h"

/* One trial that has been made. */
struct td_trial_report {
    size_t number; /* from 1 */
    double rate;
    enum td_trial_outcome outcome;
    const char *why; /* td_slo_judge's words */
    const struct td_load_result *result;
};

/* What is searched for, and the trace's heading. */
void td_find_max_heading(const char *url, const char *slo,
                         const struct td_load_plan *plan, struct td_buf *out);
void td_find_max_line(const struct td_trial_report *trial, struct td_buf *out);
void td_find_max_text(const struct td_search_result *result,
                      struct td_buf *out);

/* New references. */
json_t *td_find_max_trial_json(const struct td_trial_report *trial);
/* Steals trials. */
json_t *td_find_max_json(const char *url, const char *slo,
                         const struct td_load_plan *plan,
                         const struct td_search_result *result, json_t *trials);

#endif
