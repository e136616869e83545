/*
 * doctor --hosting: what embedding costs.  An ordinary run of `primes` in
 * every hosting of one interpreter, stock first, so that all ratios are
 * against what users run.
 */
#include "cmd/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const hostings[] = {"stock", "static", "shared", NULL};

/* "cpython-3.11.2:static" to "cpython-3.11.2". */
static char *without_hosting(const char *name)
{
    const char *colon = strrchr(name, ':');
    for (size_t i = 0; colon && hostings[i]; i++)
        if (strcmp(colon + 1, hostings[i]) == 0)
            return td_xstrndup(name, (size_t)(colon - name));
    return td_xstrdup(name);
}

/* Those hostings that can be used, joined by commas; says the others. */
static int usable(struct td_app *app, const char *name, struct td_buf *list,
                  struct td_err *err)
{
    struct td_runtimes known = {NULL, 0};
    size_t count = 0;
    td_runtimes_discover(&app->context, &known);
    for (size_t i = 0; hostings[i]; i++) {
        struct td_runtime found;
        struct td_err why = TD_ERR_INIT;
        char *word = td_xasprintf("%s:%s", name, hostings[i]);
        memset(&found, 0, sizeof found);
        if (td_runtime_find(&app->context, &known, word, &found, &why)) {
            printf("%s: %s\n", hostings[i], why.msg);
        } else {
            td_buf_addf(list, "%s%s", list->len ? "," : "", word);
            count++;
        }
        td_runtime_release(&found);
        free(word);
    }
    td_runtimes_release(&known);
    return count >= 2 ? 0
                      : td_err_set(err, TD_EDEPENDENCY,
                                   "%s has %zu usable hosting: nothing to "
                                   "compare",
                                   name, count);
}

static int measure(struct td_app *app, const char *runtimes, struct td_err *err)
{
    const char *words[] = {app->argv[0], "run",      "primes", "--param",
                           "n=20000",    "--pairs",  "15",     "--runtime",
                           runtimes,     "--format", "text",   NULL};
    struct td_app as_run = *app;
    struct td_strings argv = TD_STRINGS_INIT;
    int rc;
    for (size_t i = 0; words[i]; i++)
        td_strings_add(&argv, words[i]);
    as_run.argc = (int)argv.count;
    as_run.argv = argv.at;
    rc = td_cmd_run.run(&as_run, NULL, NULL, err);
    td_strings_release(&argv);
    return rc;
}

int td_doctor_hosting(struct td_app *app, const char *word, struct td_err *err)
{
    struct td_buf list = TD_BUF_INIT;
    char *name = without_hosting(word);
    int rc = td_app_loop(app, err);
    if (!rc)
        rc = usable(app, name, &list, err);
    if (!rc) {
        printf("Every hosting of one interpreter, stock first: its own "
               "executable is what users run.\n\n");
        fflush(stdout);
        rc = measure(app, td_buf_str(&list), err);
    }
    free(name);
    td_buf_release(&list);
    return rc;
}
