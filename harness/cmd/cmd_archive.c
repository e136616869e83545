/* tandem archive: what of runs can be kept with the sources. */
#include "base/buf.h"
#include "cmd/command.h"
#include "summary/archive.h"

#include <stdio.h>
#include <stdlib.h>

struct archive_options {
    char *to, *results;
    bool force;
};

static const struct td_opt options[] = {
    {"to", TD_OPT_STRING, offsetof(struct archive_options, to), NULL, 0, 0,
     NULL, "DIR", "where to; without it reference/ below the results"},
    {"force", TD_OPT_FLAG, offsetof(struct archive_options, force), NULL, 0, 0,
     NULL, NULL, "quick and unfinished runs too"},
    {"results", TD_OPT_STRING, offsetof(struct archive_options, results), NULL,
     0, 0, NULL, "DIR", "where the runs are"},
    TD_OPT_END};

static int archive_one(const char *results, const char *word, const char *to,
                       const struct td_archive_options *how, struct td_err *err)
{
    struct td_run_dir run;
    int rc = td_run_dir_open(&run, results, word, err);
    if (rc)
        return rc;
    rc = td_archive(&run, to, how, err);
    if (!rc)
        printf("%s/%s\n", to, run.id);
    td_run_dir_release(&run, err);
    return rc;
}

/* The source tree, the build and the user's own directory. */
static void hide_places(const struct td_app *app, struct td_strings *hide)
{
    const char *const places[] = {app->build_dir, app->source_dir,
                                  app->results_dir, getenv("HOME")};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i] && *places[i])
            td_strings_add(hide, places[i]);
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct archive_options *given = values;
    const char *results = given->results ? given->results : app->results_dir;
    char *to = given->to ? td_xstrdup(given->to)
                         : td_xasprintf("%s/reference", results);
    struct td_archive_options how = {.force = given->force};
    int rc = 0;
    if (!args->count)
        rc = td_err_set(err, TD_EUSAGE,
                        "archive takes one or more runs: tandem archive last");
    hide_places(app, &how.hide);
    for (size_t i = 0; !rc && i < args->count; i++)
        rc = archive_one(results, args->at[i], to, &how, err);
    td_strings_release(&how.hide);
    free(to);
    return rc;
}

const struct td_command td_cmd_archive = {
    .name = "archive",
    .args = "RUN...",
    .summary = "copy what of a run can be kept with the sources",
    .details = "Manifest, summary and histograms of each RUN go to DIR/RUN; "
               "samples and journal stay\nwhere they are, and so does what is "
               "private to the machine: paths, its command\nline, the "
               "environment. `tandem show`, `claims` and `tables` read an "
               "archived run\nas any other. A quick or unfinished run is "
               "refused.",
    .options = options,
    .options_size = sizeof(struct archive_options),
    .run = run,
};
