/*
 * report_selftest - what `tandem selftest` found, as text and as JSON.
 */
#ifndef TD_OUT_REPORT_SELFTEST_H
#define TD_OUT_REPORT_SELFTEST_H

#include "base/json.h"
#include "out/table.h"
#include "selftest/scenario.h"

/* A table of scenarios[0..count), all of one title. */
void td_selftest_text(const struct td_scenario *scenarios,
                      const struct td_result *results, size_t count,
                      struct td_buf *out);

/* One scenario, as a new reference; bounds without a target are left out. */
json_t *td_selftest_json(const struct td_scenario *scenario,
                         const struct td_result *result);

#endif
