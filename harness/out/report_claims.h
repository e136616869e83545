/*
 * report_claims - claims and their verdicts as tables: text for a terminal,
 * Markdown for a document, JSON (results/FORMAT.md).
 *
 * Each row has a footnote that says what was measured, over how many
 * invocations, what to know about it, and how to get to the samples behind
 * it: the run and the cases, as `tandem show RUN CASE` takes them.
 */
#ifndef TD_OUT_REPORT_CLAIMS_H
#define TD_OUT_REPORT_CLAIMS_H

#include "claims/claims.h"
#include "out/report.h"

/* Appends it; TD_FORMAT_JSON too. */
void td_report_claims(const struct td_claim_results *results,
                      enum td_format format, struct td_buf *out);
/* The same of one article's claims; source NULL: of all. */
void td_report_claims_of(const struct td_claim_results *results,
                         const char *source, enum td_format format,
                         struct td_buf *out);
/* A figure in a unit of td_value: "11.4x", "1.46 s", "32 lines", and its
 * interval; dashes where there is none. */
void td_value_print(struct td_figure figure, const char *unit,
                    struct td_buf *value, struct td_buf *interval);
/* "Of 90 claims 12 hold, …"; of one article's, or of all. */
void td_say_claim_count(const struct td_claim_results *results,
                        const char *source, struct td_buf *out);
/* Where two articles claim what cannot both be; one sentence a line. */
void td_say_contradictions(const struct td_claim_results *results,
                           const char *source, struct td_strings *out);
/* New reference: an array, an object a claim. */
json_t *td_claims_json(const struct td_claim_results *results);

#endif
