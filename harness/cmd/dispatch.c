#include "cmd/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct td_command *find_command(const char *name)
{
    for (size_t i = 0; td_commands[i]; i++)
        if (strcmp(td_commands[i]->name, name) == 0)
            return td_commands[i];
    return NULL;
}

static int unknown_command(const char *name, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *nearest;
    for (size_t i = 0; td_commands[i]; i++)
        td_strings_add(&names, td_commands[i]->name);
    nearest = td_strings_nearest(&names, name);
    td_err_set(err, TD_EUSAGE,
               "unknown command \"%s\"%s%s%s (see `tandem help`)", name,
               nearest ? "; did you mean \"" : "", nearest ? nearest : "",
               nearest ? "\"?" : "");
    td_strings_release(&names);
    return err->code;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static void print_help(const struct td_command *command)
{
    struct td_buf text = TD_BUF_INIT;
    if (command)
        td_help_command(command, &text);
    else
        td_help_all(&text);
    fputs(td_buf_str(&text), stdout);
    td_buf_release(&text);
}

/* Option parsing, app, the command itself. */
static int run_command(const struct td_command *command, int argc, char **argv,
                       struct td_err *err)
{
    struct td_strings args = TD_STRINGS_INIT;
    void *options = td_xcalloc(1, command->options_size);
    static const struct td_opt none[] = {TD_OPT_END};
    const struct td_opt *table = command->options ? command->options : none;
    struct td_app app;
    int rc = td_opt_defaults(table, options, err);
    if (!rc)
        rc = td_opt_parse(table, options, argc - 2, argv + 2, &args, err);
    if (!rc && args.count && !command->args[0])
        rc = td_err_set(err, TD_EUSAGE, "%s takes no argument, found \"%s\"",
                        command->name, args.at[0]);
    if (rc)
        goto out;
    rc = td_app_init(&app, argc, argv, err);
    if (!rc)
        rc = command->run(&app, options, &args, err);
    td_app_release(&app);
out:
    td_opt_release(table, options);
    free(options);
    td_strings_release(&args);
    return rc;
}

int td_dispatch(int argc, char **argv)
{
    struct td_err err = TD_ERR_INIT;
    const struct td_command *command;
    int rc;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        print_help(NULL);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tandem " TD_VERSION);
        return 0;
    }
    command = find_command(argv[1]);
    if (command && wants_help(argc - 2, argv + 2)) {
        print_help(command);
        return 0;
    }
    rc = command ? run_command(command, argc, argv, &err)
                 : unknown_command(argv[1], &err);
    if (fflush(stdout) != 0 && !rc)
        rc = td_err_set(&err, TD_EINTERNAL, "cannot write to stdout");
    if (err.code)
        fprintf(stderr, "tandem: %s\n", err.msg);
    return td_err_exit_code(rc);
}
