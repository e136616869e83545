/*
 * Any text: what is accepted as an objective can be judged by, and each of
 * its conditions has a limit that something could break and something keep.
 */
#include "load/slo.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(const struct td_slo *slo)
{
    struct td_load_result result;
    char why[16];
    if (slo->count < 1 || slo->count > TD_SLO_CONDITIONS)
        abort();
    for (size_t i = 0; i < slo->count; i++) {
        const struct td_slo_condition *at = &slo->at[i];
        bool quantile = at->kind == TD_SLO_QUANTILE;
        if (!(at->limit > 0) || (at->kind == TD_SLO_ERRORS && at->limit > 1) ||
            quantile != (at->percentile > 0) || at->percentile >= 100)
            abort();
    }
    td_load_result_init(&result);
    result.valid = true;
    if (td_slo_judge(slo, &result, why, sizeof why) != TD_TRIAL_BROKE ||
        !why[0] || strlen(why) >= sizeof why)
        abort();
    td_load_result_release(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char *text = td_xstrndup((const char *)data, len);
    struct td_err err = TD_ERR_INIT;
    struct td_slo slo;
    int rc = td_slo_parse(&slo, text, &err);
    if (rc == 0)
        check(&slo);
    else if (rc != TD_EUSAGE || err.code != TD_EUSAGE || !err.msg[0])
        abort();
    free(text);
    return 0;
}
