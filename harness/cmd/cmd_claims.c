/* tandem claims: what articles say, against what was measured. */
#include "cmd/app.h"
#include "out/report_claims.h"

#include <errno.h>
#include <stdlib.h>

struct claims_options {
    int format;
    bool check;
    char *claims, *results, *workloads;
};

static const struct td_opt options[] = {
    {"format", TD_OPT_CHOICE, offsetof(struct claims_options, format), "text",
     0, 0, td_format_names, "FORMAT", "how the table is printed"},
    {"claims", TD_OPT_STRING, offsetof(struct claims_options, claims), NULL, 0,
     0, NULL, "FILE", "the claims (default: claims.ini beside the workloads)"},
    {"check", TD_OPT_FLAG, offsetof(struct claims_options, check), NULL, 0, 0,
     NULL, NULL,
     "only read the claims and check their names against the workloads"},
    {"results", TD_OPT_STRING, offsetof(struct claims_options, results), NULL,
     0, 0, NULL, "DIR", "where the runs are"},
    {"workloads", TD_OPT_STRING, offsetof(struct claims_options, workloads),
     NULL, 0, 0, NULL, "DIR", "where the workload directories are"},
    TD_OPT_END};

/* The file, with every name in it known. */
static int load(struct td_app *app, const struct claims_options *given,
                struct td_claims *out, struct td_err *err)
{
    struct td_catalogue catalogue = {NULL, 0};
    char *beside = td_xasprintf("%s/claims.ini", app->workloads_dir);
    int rc = td_claims_load(out, given->claims ? given->claims : beside, err);
    if (!rc)
        rc = td_catalogue_load(&catalogue, app->workloads_dir, err);
    if (!rc)
        rc = td_claims_check(out, &catalogue, err);
    td_catalogue_release(&catalogue);
    free(beside);
    return rc;
}

static int print(const struct td_claim_results *results, int format,
                 struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = 0;
    td_report_claims(results, (enum td_format)format, &text);
    if (fwrite(text.data, 1, text.len, stdout) != text.len || fflush(stdout))
        rc = td_err_sys(err, -errno, "cannot write the table");
    td_buf_release(&text);
    return rc;
}

static int evaluate(const struct td_claims *claims, const char *results_dir,
                    const struct td_strings *runs, int format,
                    struct td_err *err)
{
    struct td_claim_results results = {NULL, 0, TD_STRINGS_INIT};
    struct td_facts facts;
    int rc = td_facts_open(&facts, results_dir, runs, err);
    if (!rc)
        rc = td_claims_evaluate(claims, &facts, &results, err);
    if (!rc)
        rc = print(&results, format, err);
    td_claim_results_release(&results);
    td_facts_release(&facts);
    return rc;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct claims_options *given = values;
    struct td_claims claims = {NULL, NULL, 0};
    int rc =
        given->workloads ? td_app_set_workloads(app, given->workloads, err) : 0;
    if (!rc)
        rc = load(app, given, &claims, err);
    if (!rc && given->check)
        printf("%s: %zu claims, all names known\n", claims.file, claims.count);
    else if (!rc)
        rc = evaluate(&claims,
                      given->results ? given->results : app->results_dir, args,
                      given->format, err);
    td_claims_release(&claims);
    return rc;
}

const struct td_command td_cmd_claims = {
    .name = "claims",
    .args = "[RUN...]",
    .summary = "hold what articles claim against what was measured",
    .details =
        "Each claim has a range, a measure and a verdict: it holds where the "
        "whole\ninterval lies inside the range, does not hold where all of it "
        "lies outside, is\ninconclusive where it reaches across an edge, and "
        "not measured where no run has\nit.  Fewer invocations than the claim "
        "asks for (15; 5 of builds, installs, counts)\nand quick runs decide "
        "nothing.\n"
        "\n"
        "Without a RUN each figure comes from the newest complete run that "
        "has it with 15\ninvocations, or else with the most: first of the "
        "results, then of\nresults/reference; with RUNs from these alone.  "
        "Nothing is measured.  The\nfootnotes say which run and case: `tandem "
        "show RUN CASE`.",
    .options = options,
    .options_size = sizeof(struct claims_options),
    .run = run,
};
