/*
 * rules - when a pair is set aside: by what was done to the machine while it
 * ran, never by how long anything took.  Fixed beforehand, here; a run
 * writes them into its manifest.
 *
 *   throttled  a control group of ours was held back by its CPU quota
 *              (nr_throttled grew).
 *   stolen     a hypervisor took more than 5 % of the CPU time that anyone
 *              wanted (steal / all ticks but idle and iowait), and at least
 *              3 ticks of it: single ticks are rounding.
 *
 * What a machine does not tell breaks no rule.
 */
#ifndef TD_HOST_RULES_H
#define TD_HOST_RULES_H

#include <jansson.h>

#define TD_RULE_THROTTLED_PERIODS 0
#define TD_RULE_STOLEN_SHARE .05
#define TD_RULE_STOLEN_TICKS 3

/* The name of the first rule that is broken between two records of
 * td_noise_json; NULL: none.  A constant string. */
const char *td_rules_broken(const json_t *before, const json_t *after);

/* For the manifest; new reference. */
json_t *td_rules_json(void);

#endif
