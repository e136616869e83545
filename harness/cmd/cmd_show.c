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
    if (args->count > 1)
        return td_err_set(err, TD_EUSAGE,
                          "show takes one run, found \"%s\" as well",
                          args->at[1]);
    return td_show(given->results ? given->results : app->results_dir,
                   args->count ? args->at[0] : "last",
                   (enum td_format)given->format,
                   &(struct td_show_options){
                       .summary = {.whole = !given->truncate},
                       .details = given->details,
                   },
                   stdout, err);
}

const struct td_command td_cmd_show = {
    .name = "show",
    .args = "[RUN]",
    .summary = "print the tables of a run again, from what is on disk",
    .details = "RUN is a directory, a run's name or the beginning of one, or "
               "\"last\" (which is\nalso what is shown without a RUN). "
               "Nothing is measured.",
    .options = options,
    .options_size = sizeof(struct show_options),
    .run = run,
};
