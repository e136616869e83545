/*
 * command - a subcommand of tandem: one const struct, one file.
 *
 * To add one: write cmd/cmd_NAME.c with its struct, declare it here, put it
 * into the table in main.c.  `tandem help NAME` and option parsing follow
 * from the struct.
 */
#ifndef TD_CMD_COMMAND_H
#define TD_CMD_COMMAND_H

#include "base/err.h"
#include "base/opt.h"
#include "drivers/driver.h"

#define TD_VERSION "0.1.0"

/* What a command works with.  Directories are found by td_app_init; the
 * event loop is made on first use by td_app_loop. */
struct td_app {
    struct td_context context; /* loop is NULL until td_app_loop */
    char *self;                /* path of this executable */
    char *build_dir, *cache_dir, *libexec_dir, *source_dir, *workloads_dir;
    char *results_dir;
    int argc; /* the whole command line, for the manifest */
    char **argv;
};

struct td_command {
    const char *name;    /* "run" */
    const char *args;    /* "[WORKLOAD...]" or "" */
    const char *summary; /* one line, imperative, no full stop */
    const char *details; /* paragraphs for `tandem help NAME`; may be NULL */
    const struct td_opt *options; /* NULL = none */
    size_t options_size;          /* of the struct that options describe */
    /* Returns 0 or a negative code with err set; the dispatcher prints the
     * error and turns it into the exit code. */
    int (*run)(struct td_app *app, const void *options,
               const struct td_strings *args, struct td_err *err);
};

extern const struct td_command td_cmd_run;
extern const struct td_command td_cmd_list;
extern const struct td_command td_cmd_runtimes;
extern const struct td_command td_cmd_show;
extern const struct td_command td_cmd_archive;
extern const struct td_command td_cmd_compare;
extern const struct td_command td_cmd_tables;
extern const struct td_command td_cmd_doctor;
extern const struct td_command td_cmd_tune;
extern const struct td_command td_cmd_selftest;
extern const struct td_command td_cmd_load;
extern const struct td_command td_cmd_service;
extern const struct td_command td_cmd_origin;
extern const struct td_command td_cmd_analyze;
extern const struct td_command td_cmd_claims;
extern const struct td_command td_cmd_help;
extern const struct td_command *const td_commands[]; /* main.c; ends in NULL */

/* Makes the event loop (once) and puts it into app->context. */
int td_app_loop(struct td_app *app, struct td_err *err);
/* tandem's whole life: parse, run, report; returns the exit code. */
int td_dispatch(int argc, char **argv);
/* Help of one command / of all, for `help` and `--help`. */
void td_help_command(const struct td_command *command, struct td_buf *out);
void td_help_all(struct td_buf *out);

#endif
