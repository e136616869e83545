#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static const char exit_codes[] =
    "Exit codes:\n"
    "  0    fine\n"
    "  1    slower than allowed (gate), or out of date (tables --check)\n"
    "  2    usage: a wrong command line or input file\n"
    "  3    a runtime returned the wrong answer\n"
    "  4    too noisy or inconclusive where a verdict was demanded\n"
    "  5    a worker or a dependency failed\n"
    "  6    tandem's own fault (disk full included)\n"
    "  130  interrupted; what was measured is on disk\n";

void td_help_command(const struct td_command *command, struct td_buf *out)
{
    td_buf_addf(out, "tandem %s%s%s%s\n    %s\n", command->name,
                command->args[0] ? " " : "", command->args,
                command->options ? " [options]" : "", command->summary);
    if (command->details)
        td_buf_addf(out, "\n%s\n", command->details);
    if (command->options) {
        td_buf_adds(out, "\nOptions:\n");
        td_opt_help(command->options, out);
    }
    td_buf_addf(out, "\n%s", exit_codes);
}

void td_help_all(struct td_buf *out)
{
    td_buf_adds(out, "tandem " TD_VERSION
                     ": the same workload in several language runtimes, "
                     "under one clock\n\nCommands:\n");
    for (size_t i = 0; td_commands[i]; i++)
        td_buf_addf(out, "  %-10s %s\n", td_commands[i]->name,
                    td_commands[i]->summary);
    td_buf_addf(out,
                "\n`tandem help COMMAND` says more; "
                "`tandem --version` the version.\n\n%s",
                exit_codes);
}

static int run(struct td_app *app, const void *options,
               const struct td_strings *args, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    struct td_strings names = TD_STRINGS_INIT;
    const struct td_command *command = NULL;
    const char *nearest;
    (void)app;
    (void)options;
    if (args->count > 1)
        return td_err_set(err, TD_EUSAGE,
                          "help takes one command, found \"%s\" as well",
                          args->at[1]);
    for (size_t i = 0; args->count && td_commands[i]; i++) {
        td_strings_add(&names, td_commands[i]->name);
        if (strcmp(td_commands[i]->name, args->at[0]) == 0)
            command = td_commands[i];
    }
    if (command) {
        td_help_command(command, &text);
    } else if (!args->count) {
        td_help_all(&text);
    } else {
        nearest = td_strings_nearest(&names, args->at[0]);
        td_err_set(err, TD_EUSAGE, "no command \"%s\"%s%s%s", args->at[0],
                   nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                   nearest ? "\"?" : "");
    }
    fputs(td_buf_str(&text), stdout);
    td_buf_release(&text);
    td_strings_release(&names);
    return err->code;
}

const struct td_command td_cmd_help = {
    .name = "help",
    .args = "[COMMAND]",
    .summary = "say how a command is used",
    .run = run,
};
