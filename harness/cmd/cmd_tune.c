/* tandem tune: quiet settings for the time of measuring, and the way back. */
#include "base/json.h"
#include "cmd/command.h"
#include "host/tune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_STATE "/var/lib/tandem/tune.json"

struct tune_options {
    bool restore, dry_run;
    char *state, *root;
    int format;
};

static const char *const formats[] = {"text", "json", NULL};

#define ROW(field) offsetof(struct tune_options, field)

static const struct td_opt options[] = {
    {"restore", TD_OPT_FLAG, ROW(restore), NULL, 0, 0, NULL, NULL,
     "put back what an earlier tune found, also after a crash"},
    {"dry-run", TD_OPT_FLAG, ROW(dry_run), NULL, 0, 0, NULL, NULL,
     "only show; change nothing"},
    {"state", TD_OPT_STRING, ROW(state), NULL, 0, 0, NULL, "FILE",
     "where prior values are kept (default: " SYSTEM_STATE
     " for root, or where "
     "it is there; else $XDG_STATE_HOME/tandem/tune.json)"},
    {"root", TD_OPT_STRING, ROW(root), NULL, 0, 0, NULL, "DIR",
     "look for sys/ and proc/ in DIR, to try this out"},
    {"format", TD_OPT_CHOICE, ROW(format), "text", 0, 0, formats, "FORMAT",
     "how it is printed"},
    TD_OPT_END};

/* One tune, from options to exit code. */
struct job {
    const struct tune_options *options;
    const char *root, *self;
    char *state_path;
    struct td_tune tune;
};

static char *default_state(const char *root)
{
    const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (*root)
        return td_xasprintf("%s%s", root, SYSTEM_STATE);
    if (geteuid() == 0 || access(SYSTEM_STATE, F_OK) == 0)
        return td_xstrdup(SYSTEM_STATE);
    if (xdg && xdg[0] == '/')
        return td_xasprintf("%s/tandem/tune.json", xdg);
    return td_xasprintf("%s/.local/state/tandem/tune.json",
                        home && *home ? home : "/tmp");
}

/* Items from i on that differ in nothing but the CPU. */
static size_t alike(const struct td_tune *tune, size_t i)
{
    const struct td_tune_item *first = &tune->at[i];
    size_t n = 1;
    while (first->path && i + n < tune->count) {
        const struct td_tune_item *item = &tune->at[i + n];
        if (strcmp(item->name, first->name) != 0 ||
            item->state != first->state || item->error != first->error ||
            strcmp(item->found ? item->found : "-",
                   first->found ? first->found : "-") != 0 ||
            strcmp(item->wanted, first->wanted) != 0)
            break;
        n++;
    }
    return n;
}

static const char *outcome(const struct td_tune_item *item, bool restore)
{
    switch (item->state) {
    case TD_TUNE_ABSENT:
        return "not this machine's to set";
    case TD_TUNE_FINE:
        return restore ? "back already" : "fine";
    case TD_TUNE_CHANGE:
        return restore ? "would be put back" : "would be set";
    case TD_TUNE_DONE:
        return restore ? "put back" : "set";
    case TD_TUNE_DENIED:
        return strerror(-item->error);
    case TD_TUNE_FAILED:
        return item->error ? strerror(-item->error) : "did not take the value";
    }
    return "";
}

/* Switches in words: no_turbo counts the other way round. */
static const char *worded(const struct td_tune_item *item, const char *value)
{
    const char *file = strrchr(item->path, '/');
    bool reverse = strcmp(file, "/no_turbo") == 0;
    if (!value)
        return "?";
    if (strcmp(value, "0") == 0)
        return reverse ? "on" : "off";
    if (strcmp(value, "1") == 0)
        return reverse ? "off" : "on";
    return value;
}

static char *value_text(const struct td_tune_item *item)
{
    if (!item->path)
        return td_xstrdup("-");
    if (item->state == TD_TUNE_FINE)
        return td_xstrdup(worded(item, item->found));
    return td_xasprintf("%s -> %s", worded(item, item->found),
                        worded(item, item->wanted));
}

static void print_items(const struct job *job)
{
    const struct td_tune *tune = &job->tune;
    bool restore = job->options->restore;
    printf("%-18s %-26s %s\n", "setting", "value", "outcome");
    for (size_t i = 0, n; i < tune->count; i += n) {
        const struct td_tune_item *item = &tune->at[i];
        char *value = value_text(item);
        n = alike(tune, i);
        printf("%-18s %-26s %s", item->name, value, outcome(item, restore));
        if (n > 1)
            printf(" (%zu CPUs)", n);
        putchar('\n');
        free(value);
    }
}

/* The files of n alike items in one word of the shell where one will do. */
static char *files_of(const struct job *job, size_t i, size_t n)
{
    const struct td_tune *tune = &job->tune;
    const char *path = tune->at[i].path, *file = strrchr(path, '/');
    size_t of_name = 0;
    for (size_t k = 0; k < tune->count; k++)
        of_name += strcmp(tune->at[k].name, tune->at[i].name) == 0;
    if (n > 1 && n == of_name)
        return td_xasprintf("%s/sys/devices/system/cpu/cpu[0-9]*/cpufreq%s",
                            job->root, file);
    return NULL;
}

static void add_command(struct td_strings *out, const char *value,
                        const char *root, const char *files)
{
    td_strings_addf(out, "echo %s | %stee %s%s", value,
                    geteuid() == 0 ? "" : "sudo ", root, files);
}

/* What to type for the items that are denied; back: to undo it again. */
static void commands(const struct job *job, bool back, struct td_strings *out)
{
    const struct td_tune *tune = &job->tune;
    for (size_t i = 0, n; i < tune->count; i += n) {
        const struct td_tune_item *item = &tune->at[i];
        const char *value = back ? item->found : item->wanted;
        char *files;
        n = alike(tune, i);
        if (item->state != TD_TUNE_DENIED || !value)
            continue;
        files = files_of(job, i, n);
        if (files)
            add_command(out, value, "", files);
        for (size_t k = 0; !files && k < n; k++)
            add_command(out, value, job->root, tune->at[i + k].path);
        free(files);
    }
}

static void print_commands(const struct job *job, bool back)
{
    struct td_strings lines = TD_STRINGS_INIT;
    commands(job, back, &lines);
    for (size_t i = 0; i < lines.count; i++)
        printf("  %s\n", lines.at[i]);
    td_strings_release(&lines);
}

/* The whole command for somebody who may: their default state file may be
 * another one. */
static void print_sudo(const struct job *job)
{
    printf("  sudo %s tune%s", job->self,
           job->options->restore ? " --restore" : "");
    if (job->options->root)
        printf(" --root %s", job->root);
    if (job->options->state ||
        (job->options->restore && strcmp(job->state_path, SYSTEM_STATE) != 0))
        printf(" --state %s", job->state_path);
    putchar('\n');
}

static void print_denied(const struct job *job)
{
    if (geteuid() == 0) {
        puts("\nNot permitted, not even to root: a container or a virtual "
             "machine?  Where they\nare set:");
    } else {
        puts("\nNot permitted.  With permission, keeping the prior values:");
        print_sudo(job);
        puts("or by hand:");
    }
    print_commands(job, false);
    if (!job->options->restore) {
        puts("and back again afterwards:");
        print_commands(job, true);
    }
}

static void print_text(const struct job *job)
{
    const struct td_tune *tune = &job->tune;
    bool restore = job->options->restore;
    if (restore && !tune->count) {
        printf("Nothing to put back: there is no %s.\n", job->state_path);
        return;
    }
    print_items(job);
    if (!restore)
        printf("%-18s %-26s %s\n", "aslr, smt", "-", "left as they are");
    if (!restore && td_tune_count(tune, TD_TUNE_DONE))
        printf("\nPrior values are in %s;\n`tandem tune --restore` puts them "
               "back.\n",
               job->state_path);
    if (!restore && job->options->dry_run && access(job->state_path, F_OK) == 0)
        printf("\nTuned already: prior values are in %s.\n", job->state_path);
    if (td_tune_count(tune, TD_TUNE_DENIED))
        print_denied(job);
}

static json_t *item_json(const struct td_tune_item *item)
{
    static const char *const names[] = {"absent", "fine", "change",
                                        "denied", "done", "failed"};
    return json_pack("{s:s, s:s?, s:s?, s:s?, s:s, s:s?}", "name", item->name,
                     "path", item->path, "found", item->found, "wanted",
                     item->wanted, "state", names[item->state], "error",
                     item->error ? strerror(-item->error) : NULL);
}

static json_t *commands_json(const struct job *job)
{
    struct td_strings lines = TD_STRINGS_INIT;
    json_t *list = json_array();
    commands(job, false, &lines);
    for (size_t i = 0; i < lines.count; i++)
        json_array_append_new(list, td_json_text(lines.at[i]));
    td_strings_release(&lines);
    return list;
}

static void print_json(const struct job *job)
{
    json_t *list = json_array(), *all;
    for (size_t i = 0; i < job->tune.count; i++)
        json_array_append_new(list, item_json(&job->tune.at[i]));
    all = json_pack("{s:s, s:o, s:o}", "state_file", job->state_path,
                    "settings", list, "commands", commands_json(job));
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static int act(struct job *job, struct td_err *err)
{
    const struct tune_options *o = job->options;
    if (o->restore)
        return (o->dry_run ? td_tune_recall : td_tune_restore)(
            &job->tune, job->root, job->state_path, err);
    if (!o->dry_run)
        return td_tune_apply(&job->tune, job->root, job->state_path, err);
    td_tune_look(&job->tune, job->root);
    return 0;
}

static int conclude(const struct job *job, struct td_err *err)
{
    size_t denied = td_tune_count(&job->tune, TD_TUNE_DENIED);
    size_t failed = td_tune_count(&job->tune, TD_TUNE_FAILED);
    if (job->options->dry_run || !(denied + failed))
        return 0;
    return td_err_set(err, TD_EDEPENDENCY,
                      "%zu setting%s could not be %s (see above)%s%s",
                      denied + failed, denied + failed == 1 ? "" : "s",
                      job->options->restore ? "put back" : "set",
                      job->options->restore ? "; still in " : "",
                      job->options->restore ? job->state_path : "");
}

static int run(struct td_app *app, const void *values,
               const struct td_strings *args, struct td_err *err)
{
    const struct tune_options *chosen = values;
    struct job job = {.options = chosen,
                      .root = chosen->root ? chosen->root : "",
                      .self = app->self,
                      .tune = TD_TUNE_INIT};
    int rc;
    (void)args;
    job.state_path =
        chosen->state ? td_xstrdup(chosen->state) : default_state(job.root);
    rc = act(&job, err);
    if (!rc) {
        (chosen->format ? print_json : print_text)(&job);
        rc = conclude(&job, err);
    }
    td_tune_release(&job.tune);
    free(job.state_path);
    return rc;
}

const struct td_command td_cmd_tune = {
    .name = "tune",
    .args = "",
    .summary = "set the machine for measuring, and put it back (--restore)",
    .details =
        "Sets, where the machine has them and permission is given: governor\n"
        "and energy preference to performance, turbo off, transparent huge\n"
        "pages from always to madvise, NUMA balancing off.  Prior values go\n"
        "to a state file before anything is changed; --restore puts back\n"
        "exactly those, also after a crash half-way.  While the state file\n"
        "is there, tune refuses to run again (2).\n"
        "Never raises privileges: without permission it prints the commands\n"
        "to type and ends with 5.  Address randomisation stays on, as a fixed\n"
        "layout's luck would look like a difference; SMT stays too (see\n"
        "`--cpus auto` of run).",
    .options = options,
    .options_size = sizeof(struct tune_options),
    .run = run,
};
