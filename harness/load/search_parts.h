/*
 * search_parts - what the two halves of the search share: choosing the next
 * rate (search.c) and saying what was found (search_result.c).
 */
#ifndef TD_LOAD_SEARCH_PARTS_H
#define TD_LOAD_SEARCH_PARTS_H

#include "load/search.h"
#include "stat/threshold.h"

/* A level is a step of ln(rate), 0 being the start; a step in ln(rate). */
double td_search_step(const struct td_search *search);
double td_search_rate(const struct td_search *search, double level);

/* How many trials between two levels, these included, ended so. */
uint32_t td_search_count(const struct td_search *search, double low,
                         double high, enum td_trial_outcome outcome);

/* The trials that are not invalid, for the model; the caller frees them. */
struct td_threshold_trial *
td_search_valid_trials(const struct td_search *search, size_t *n);
void td_search_estimate(const struct td_search *search,
                        struct td_threshold *out);

#endif
