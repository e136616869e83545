/*
 * claims - what articles say, as a file of claims (workloads/claims.ini), and
 * what runs say of each.
 *
 *     [claim startup cpython]      ; id, and a part where a row claims several
 *     source = 003                 ; which article
 *     says = a service starts in 1 to 3 s
 *     claimed = 1 s-3 s            ; claims/range.h
 *     measure = value(startup[web].wall, cpython)     ; claims/expression.h
 *     invocations = 5              ; optional: fewer decide nothing; 15
 *     conditions = …               ; optional: what the figure is of
 *     note = …                     ; optional: how the claim is read
 *     reason = …                   ; in place of measure: why there is none
 *
 * inih reads lines of 199 bytes; a longer text goes on in NAME_2, NAME_3 …
 *
 * No verdict stands in the file: each follows from the claimed range and the
 * interval that the runs give.
 */
#ifndef TD_CLAIMS_CLAIMS_H
#define TD_CLAIMS_CLAIMS_H

#include "claims/range.h"

enum { TD_CLAIM_INVOCATIONS = 15 };

struct td_claim {
    char *id, *part; /* part: NULL where the id has but one */
    char *source, *says, *claimed;
    char *measure;                    /* NULL: see reason */
    char *conditions, *note, *reason; /* NULL where not given */
    size_t invocations;
    struct td_range range;
    struct td_expression *expression; /* NULL without a measure */
    int line;
};

struct td_claims {
    char *file;
    struct td_claim *at;
    size_t count;
};

/* Reads the file; td_claims_parse the text of one.  TD_EINPUT with
 * file:line(:column) on the first mistake, TD_EUSAGE where there is no such
 * file; release *out either way. */
int td_claims_load(struct td_claims *out, const char *file, struct td_err *err);
int td_claims_parse(struct td_claims *out, const char *file, const char *text,
                    size_t len, struct td_err *err);
void td_claims_release(struct td_claims *claims);
/* Every name in every measure is one of the workload files, and its unit, as
 * far as it is known beforehand, that of the claim. */
int td_claims_check(const struct td_claims *claims,
                    const struct td_catalogue *catalogue, struct td_err *err);

struct td_claim_result {
    const struct td_claim *claim; /* borrowed */
    struct td_value value;
    enum td_claim_verdict verdict;
    char *reason;        /* of "inconclusive" and "not measured", else NULL */
    size_t *contradicts; /* indices of claims of other sources that ask for
                            the same measure and whose range is apart */
    size_t ncontradicts;
};

struct td_claim_results {
    struct td_claim_result *at; /* in the file's order */
    size_t count;
    struct td_strings notes; /* about all of them, as of several machines */
};

/* Borrows claims.  An error is only what went wrong in reading runs that
 * were named; release *out either way. */
int td_claims_evaluate(const struct td_claims *claims, struct td_facts *facts,
                       struct td_claim_results *out, struct td_err *err);
void td_claim_results_release(struct td_claim_results *results);

#endif
