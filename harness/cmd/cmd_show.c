/* tandem show: the tables of a run again, from what is on disk. */
#include "cmd/command.h"
#include "out/report.h"

struct show_options {
    int format;
    bool details;
    bool truncate;
    char *results;
};

static const struct td_opt options[] = {
    {"format", TD_OPT_CHOICE, offsetof(struct show_options, format), "text", 0,
     0, td_format_names, "FORMAT", "how the tables are printed"},
    {"details", TD_OPT_FLAG, offsetof(struct show_options, details), NULL, 0, 0,
     NULL, NULL,
     "also what stands behind the figures: where variance arises, "
     "how many iterations would be best, the ratio by other ways"},
    {"truncate", TD_OPT_FLAG, offsetof(struct show_options, truncate), "yes", 0,
     0, NULL, NULL,
     "leave out of the figures what came before a case was steady"},
    {"results", TD_OPT_STRING, offsetof(struct show_options, results), NULL, 0,
     0, NULL, "DIR", "where the runs are"},
    TD_OPT_END};

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct show_options *given = values;
    struct td_strings pick = TD_STRINGS_INIT;
    int rc;
    for (size_t i = 1; i < args->count; i++)
        td_strings_split(&pick, args->at[i], " ");
    rc = td_show(given->results ? given->results : app->results_dir,
                 args->count ? args->at[0] : "last",
                 (enum td_format)given->format,
                 &(struct td_show_options){
                     .summary = {.whole = !given->truncate},
                     .details = given->details,
                     .pick = &pick,
                 },
                 stdout, err);
    td_strings_release(&pick);
    return rc;
}

const struct td_command td_cmd_show = {
    .name = "show",
    .args = "[RUN [CASE]]",
    .summary = "print the tables of a run again, from what is on disk",
    .details = "RUN is a directory, a run's name or the beginning of one, or "
               "\"last\" (which is\nalso what is shown without a RUN). "
               "Nothing is measured.\n\n"
               "CASE picks one case, by its number or by words that fit it "
               "alone, such as\n\"primes n=1000000 cpython trial\": it is "
               "shown with each of its invocations, the\nquantiles of its "
               "samples, and where these lie.",
    .options = options,
    .options_size = sizeof(struct show_options),
    .run = run,
};
