/* Verdicts: the claimed ranges against what the runs say. */
#include "claims/claims.h"
#include "claims/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Why the interval decides nothing, or must not; NULL where it may.  How many
 * trials a search needs it knows itself: without enough there is no figure. */
static char *doubt(const struct td_claim *claim, const struct td_value *value)
{
    if (value->quick)
        return td_xstrdup("from a quick run");
    if (!value->trials && value->invocations < claim->invocations)
        return td_xasprintf("fewer than the %zu invocations that decide",
                            claim->invocations);
    if (!value->figure.bounded && !value->exact)
        return td_xstrdup("the data carry no interval");
    return NULL;
}

static void judge(struct td_claim_result *result)
{
    const struct td_claim *claim = result->claim;
    const struct td_value *value = &result->value;
    result->verdict = TD_CLAIM_NOT_MEASURED;
    if (value->missing) {
        result->reason = td_xstrdup(value->missing);
    } else if (strcmp(value->unit, claim->range.unit) != 0) {
        result->reason =
            td_xasprintf("claimed is in %s, measured in %s", claim->range.unit,
                         *value->unit ? value->unit : "no unit");
    } else {
        result->reason = doubt(claim, value);
        result->verdict =
            result->reason
                ? TD_CLAIM_INCONCLUSIVE
                : td_range_verdict(&claim->range, value->figure, value->exact);
        if (result->verdict == TD_CLAIM_INCONCLUSIVE && !result->reason)
            result->reason = td_xstrdup("the interval reaches across an edge "
                                        "of the claimed range");
    }
}

static int evaluate_one(struct td_claim_result *result, struct td_facts *facts,
                        struct td_err *err)
{
    const struct td_claim *claim = result->claim;
    int rc;
    td_value_init(&result->value);
    if (!claim->expression) {
        result->verdict = TD_CLAIM_NOT_MEASURED;
        result->reason = td_xstrdup(claim->reason);
        return 0;
    }
    rc = td_expression_evaluate(claim->expression, facts, &result->value, err);
    if (!rc)
        judge(result);
    return rc;
}

/* The same thing measured, other articles, nothing in common. */
static bool contradict(const struct td_claim *a, const struct td_claim *b)
{
    return a->measure && b->measure && strcmp(a->measure, b->measure) == 0 &&
           strcmp(a->source, b->source) != 0 &&
           !td_ranges_meet(&a->range, &b->range);
}

static void find_contradictions(struct td_claim_results *results, size_t of)
{
    struct td_claim_result *at = &results->at[of];
    at->contradicts = td_xcalloc(results->count, sizeof *at->contradicts);
    for (size_t i = 0; i < results->count; i++)
        if (i != of && contradict(at->claim, results->at[i].claim))
            at->contradicts[at->ncontradicts++] = i;
}

/* Figures of different machines stand in one table, but not beside each
 * other without a word. */
static void note_hosts(struct td_claim_results *results)
{
    struct td_strings hosts = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    for (size_t i = 0; i < results->count; i++) {
        const struct td_value *value = &results->at[i].value;
        for (size_t k = 0; !value->missing && k < value->nsources; k++)
            if (!td_strings_has(&hosts, value->sources[k].host))
                td_strings_add(&hosts, value->sources[k].host);
    }
    for (size_t i = 0; i < hosts.count; i++)
        td_buf_addf(&text, "%s%s", i ? "; " : "", hosts.at[i]);
    if (hosts.count > 1)
        td_strings_addf(&results->notes,
                        "the runs are of %zu machines, so do not compare one "
                        "row with another: %s",
                        hosts.count, td_buf_str(&text));
    td_buf_release(&text);
    td_strings_release(&hosts);
}

int td_claims_evaluate(const struct td_claims *claims, struct td_facts *facts,
                       struct td_claim_results *out, struct td_err *err)
{
    int rc = 0;
    *out = (struct td_claim_results){NULL, 0, TD_STRINGS_INIT};
    if (claims->count)
        out->at = td_xcalloc(claims->count, sizeof *out->at);
    for (size_t i = 0; !rc && i < claims->count; i++) {
        out->at[out->count].claim = &claims->at[i];
        rc = evaluate_one(&out->at[out->count++], facts, err);
    }
    for (size_t i = 0; !rc && i < out->count; i++)
        find_contradictions(out, i);
    if (!rc)
        note_hosts(out);
    return rc;
}

void td_claim_results_release(struct td_claim_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        td_value_release(&results->at[i].value);
        free(results->at[i].reason);
        free(results->at[i].contradicts);
    }
    free(results->at);
    td_strings_release(&results->notes);
    *results = (struct td_claim_results){NULL, 0, TD_STRINGS_INIT};
}
