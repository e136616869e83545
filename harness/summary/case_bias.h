/*
 * case_bias - what was measured of the harness itself (`tandem run
 * --cross-check`): an embedded runtime against its own executable, and
 * tandem's figure against that of the runtime's own tool.
 *
 * Both are ratios of means, paired, over the pairs that have both.  They
 * decide nothing: no verdict, no end of an adaptive run; so their confidence
 * is the plain one.
 */
#ifndef TD_SUMMARY_CASE_BIAS_H
#define TD_SUMMARY_CASE_BIAS_H

#include "stat/interval.h"

#include <jansson.h>
#include <stdint.h>

struct td_case_bias {
    const char *stock; /* the runtime in its own executable; NULL: none */
    struct td_figure hosting; /* this / in its own executable */
    uint32_t hosting_pairs;
    const char *tool; /* "go test -bench"; NULL: none was called; borrowed */
    struct td_figure harness; /* tandem's / its tool's */
    uint32_t harness_pairs;
    uint32_t tool_failures;
    const char *tool_message; /* of the last failure; NULL = none; borrowed */
};

struct td_summary;

/* Fills `bias` of every case; the series must be there.  Borrows from the
 * manifest and the summary's journal. */
void td_summary_bias(struct td_summary *summary, const json_t *manifest);

/* The fields `hosting_bias` and `own_tool` of summary.json; new references,
 * null where nothing was measured. */
json_t *td_case_hosting_json(const struct td_case_bias *bias);
json_t *td_case_own_tool_json(const struct td_case_bias *bias);
/* The reverse; borrows from both. */
void td_case_bias_load(struct td_case_bias *bias, const json_t *hosting,
                       const json_t *own_tool);

#endif
