/* tandem compare: the same cases in two runs, and whether a gate opens. */
#include "cmd/command.h"
#include "out/report.h"

struct compare_options {
    double threshold;
    bool gate, rerun;
    int match, format;
    int64_t pairs;
    char *results;
    struct td_strings runtimes, params;
};

static const char *const matches[] = {"name", "family", NULL};

static const struct td_opt options[] = {
    {"rerun", TD_OPT_FLAG, offsetof(struct compare_options, rerun), NULL, 0, 0,
     NULL, NULL,
     "measure two git revisions of the workloads in turns; `.` = the files at "
     "hand"},
    {"threshold", TD_OPT_PERCENT, offsetof(struct compare_options, threshold),
     "2%", .0, .99, NULL, "PERCENT", "the least difference that matters"},
    {"gate", TD_OPT_FLAG, offsetof(struct compare_options, gate), NULL, 0, 0,
     NULL, NULL, "demand a verdict of every case: see the exit codes above"},
    {"match", TD_OPT_CHOICE, offsetof(struct compare_options, match), "name", 0,
     0, matches, "HOW",
     "whom a runtime meets: the one of its name, or else the only one of its "
     "family, whatever the version"},
    {"format", TD_OPT_CHOICE, offsetof(struct compare_options, format), "text",
     0, 0, td_format_names, "FORMAT", "how the table is printed"},
    {"runtime", TD_OPT_LIST, offsetof(struct compare_options, runtimes), NULL,
     0, 0, NULL, "R,...", "with --rerun: as of `tandem run`"},
    {"param", TD_OPT_LIST, offsetof(struct compare_options, params), NULL, 0, 0,
     NULL, "NAME=V,...", "with --rerun: as of `tandem run`"},
    {"pairs", TD_OPT_INT, offsetof(struct compare_options, pairs), NULL, 1,
     100000, NULL, "N", "with --rerun: as of `tandem run`"},
    {"results", TD_OPT_STRING, offsetof(struct compare_options, results), NULL,
     0, 0, NULL, "DIR", "where the runs are"},
    TD_OPT_END};

static void count_gates(const struct td_comparison *of, enum td_gate gate,
                        struct td_buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < of->ncases; i++)
        count += of->cases[i].gate == gate;
    td_buf_addf(out, "%zu of %zu compared case%s", count, of->ncases,
                of->ncases == 1 ? "" : "s");
}

/* The gravest thing found decides the exit code. */
static int gate_error(const struct td_comparison *of, struct td_err *err)
{
    double percent = 100 * of->settings.threshold;
    struct td_buf count = TD_BUF_INIT;
    count_gates(of, of->gate, &count);
    switch (of->gate) {
    case TD_GATE_PASSED:
        break;
    case TD_GATE_NONE:
        td_err_set(err, TD_EWORKER,
                   "nothing to compare: runs %s and %s have no case with "
                   "figures in common; see --match",
                   of->a.run_id, of->b.run_id);
        break;
    case TD_GATE_UNDECIDED:
        td_err_set(err, TD_ENOISE,
                   "undecided at %g %%: %s; measure more pairs, or both again "
                   "in turns",
                   percent, td_buf_str(&count));
        break;
    case TD_GATE_FAILED:
        td_err_set(err, TD_EWORKER,
                   "run %s has failed workers: `tandem show "
                   "%s` has their last words",
                   of->b.run_id, of->b.run_id);
        break;
    case TD_GATE_SLOWER:
        td_err_set(err, TD_ESLOWER, "slower by more than %g %%: %s", percent,
                   td_buf_str(&count));
        break;
    case TD_GATE_WRONG:
        td_err_set(err, TD_EANSWER, "run %s has wrong answers", of->b.run_id);
        break;
    }
    td_buf_release(&count);
    return err->code;
}

static int compare(const struct td_run_dir *a, const struct td_run_dir *b,
                   const struct compare_options *given, struct td_err *err)
{
    const struct td_comparison_settings settings = {
        given->threshold, (enum td_match)given->match};
    struct td_comparison comparison;
    int rc = td_comparison_make(&comparison, a, b, &settings, err);
    if (!rc)
        rc = td_report_comparison(&comparison, (enum td_format)given->format,
                                  given->gate, stdout, err);
    if (!rc && given->gate)
        rc = gate_error(&comparison, err);
    td_comparison_release(&comparison);
    return rc;
}

static void add_option(struct td_strings *words, const char *name,
                       const struct td_strings *values)
{
    for (size_t i = 0; i < values->count; i++) {
        td_strings_add(words, name);
        td_strings_add(words, values->at[i]);
    }
}

/* The same as `tandem run WORKLOAD --revision A,B`, whose command line this
 * makes; words after the workload are passed on as they are. */
static int rerun(struct td_app *app, const struct compare_options *given,
                 const struct td_strings *args, struct td_err *err)
{
    struct td_app as_run;
    struct td_strings words = TD_STRINGS_INIT;
    int rc = td_app_loop(app, err);
    if (rc)
        return rc;
    if (args->count < 3 || args->at[2][0] == '-')
        return td_err_set(err, TD_EUSAGE,
                          "compare --rerun takes two revisions and a workload: "
                          "--rerun OLD NEW WORKLOAD [-- options of `tandem "
                          "run`]");
    td_strings_add(&words, app->argv[0]);
    td_strings_add(&words, "run");
    td_strings_add(&words, args->at[2]);
    td_strings_add(&words, "--revision");
    td_strings_addf(&words, "%s,%s", args->at[0], args->at[1]);
    td_strings_addf(&words, "--threshold=%.10g%%", 100 * given->threshold);
    td_strings_addf(&words, "--format=%s", td_format_names[given->format]);
    if (given->gate)
        td_strings_add(&words, "--gate");
    if (given->pairs)
        td_strings_addf(&words, "--pairs=%lld", (long long)given->pairs);
    if (given->results)
        td_strings_addf(&words, "--out=%s", given->results);
    add_option(&words, "--runtime", &given->runtimes);
    add_option(&words, "--param", &given->params);
    for (size_t i = 3; i < args->count; i++)
        td_strings_add(&words, args->at[i]);
    as_run = *app;
    as_run.argc = (int)words.count;
    as_run.argv = words.at;
    rc = td_cmd_run.run(&as_run, NULL, NULL, err);
    td_strings_release(&words);
    return rc;
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct compare_options *given = values;
    const char *results = given->results ? given->results : app->results_dir;
    struct td_run_dir a = TD_RUN_DIR_INIT, b = TD_RUN_DIR_INIT;
    int rc;
    if (given->rerun)
        return rerun(app, given, args, err);
    if (args->count != 2)
        return td_err_set(err, TD_EUSAGE,
                          "compare takes two runs, found %zu: the earlier one "
                          "and the later one",
                          args->count);
    rc = td_run_dir_open(&a, results, args->at[0], err);
    if (!rc)
        rc = td_run_dir_open(&b, results, args->at[1], err);
    if (!rc)
        rc = compare(&a, &b, given, err);
    td_run_dir_release(&a, err);
    td_run_dir_release(&b, err);
    return rc;
}

const struct td_command td_cmd_compare = {
    .name = "compare",
    .args = "RUN_A RUN_B | --rerun REV_A REV_B WORKLOAD",
    .summary = "say what became slower or faster from one run to another",
    .details =
        "A run is a directory, a run's name or the beginning of one, or "
        "\"last\".\nCases meet by workload, parameters, implementation and "
        "runtime; who meets nobody\nis named.  The runs did not take turns, so "
        "what the machine did between\nthem is in no interval; the reference "
        "that every run measures tells when it\nwas much.\n"
        "\n"
        "With --rerun nothing is taken from earlier runs: two git revisions "
        "of the\nworkload's sources are built and measured in turns, together "
        "with a twin of the\nfirst: the answer to rest a gate on.  Any option "
        "of `tandem run` may follow\nafter `--`.\n"
        "\n"
        "With --gate the gravest of these decides; without it a comparison "
        "that could be\nmade exits with 0:\n"
        "  3  a wrong answer in RUN_B\n"
        "  1  a case is slower than the threshold allows: its interval lies "
        "above, and p,\n     adjusted for all cases (Holm), says so too\n"
        "  5  a worker failed in RUN_B, or there is nothing to compare\n"
        "  4  undecided: an interval reaches above the threshold without "
        "lying above it;\n     or the reference shows that the machine "
        "changed, and the verdict would be\n     another with that taken out\n"
        "  0  no case is slower than allowed",
    .options = options,
    .options_size = sizeof(struct compare_options),
    .run = run,
};
