/*
 * opt - option tables: one description of an option serves the command line,
 * the sections of a workload file and a driver's options; help text, manual
 * page and shell completion are made from the same table.
 *
 * A table is an array that ends in TD_OPT_END.  Each row says where in a
 * struct the value lives.  Strings and lists are owned by that struct:
 * td_opt_release frees them.
 */
#ifndef TD_BASE_OPT_H
#define TD_BASE_OPT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/fields.h"

#include <stdbool.h>
#include <stddef.h>

enum td_opt_type {
    TD_OPT_FLAG,     /* bool; takes no value on the command line */
    TD_OPT_INT,      /* int64_t, within [min, max] */
    TD_OPT_DOUBLE,   /* double, within [min, max] */
    TD_OPT_STRING,   /* char *, NULL when unset */
    TD_OPT_LIST,     /* struct td_strings; comma-separated, may repeat; in
                        files blanks separate too */
    TD_OPT_EACH,     /* struct td_strings; each use adds its value, whole:
                        for texts that may hold commas */
    TD_OPT_DURATION, /* uint64_t ns: "250ms", "5s", "2min"; bare = seconds */
    TD_OPT_PERCENT,  /* double, a fraction: "2%", "0.5 %"; a bare number is
                        refused (.02 or 2?); min, max are fractions */
    TD_OPT_SIZE,     /* uint64_t bytes: "64MB", "1GiB"; bare = bytes */
    TD_OPT_CHOICE    /* int: index into choices */
};

struct td_opt {
    const char *name; /* "time-budget"; the same word in files */
    enum td_opt_type type;
    size_t offset;
    const char *def; /* parsed like a given value; NULL = zero/unset */
    double min, max; /* numbers only; both 0 = unbounded */
    const char *const *choices; /* NULL-terminated, CHOICE only */
    const char *arg;            /* "N", "DIR": shown in the help */
    const char *help;           /* one sentence, no full stop */
};

#define TD_OPT_END                                                             \
    {                                                                          \
        NULL, TD_OPT_FLAG, 0, NULL, 0, 0, NULL, NULL, NULL                     \
    }

/* Fills target with the defaults; target must be zeroed. */
int td_opt_defaults(const struct td_opt *table, void *target,
                    struct td_err *err);

/* Sets one option.  where is "file:line" or "command line" and begins the
 * error.  Unknown name: `code` with the nearest right name. */
int td_opt_set(const struct td_opt *table, void *target, const char *name,
               const char *value, const char *where, int code,
               struct td_err *err);

/* Parses --name value, --name=value, --flag, --no-flag; "--" ends options.
 * What is left goes to positional.  TD_EUSAGE on error. */
int td_opt_parse(const struct td_opt *table, void *target, int argc,
                 char **argv, struct td_strings *positional,
                 struct td_err *err);

void td_opt_release(const struct td_opt *table, void *target);

/* The options as aligned help lines with defaults, folded at 80 columns. */
void td_opt_help(const struct td_opt *table, struct td_buf *out);

/* Checks the table itself (names unique, defaults parse); for a unit test. */
int td_opt_check(const struct td_opt *table, void *scratch, struct td_err *err);

/* Stand-alone parsers, used by the types above. */
int td_parse_duration_ns(const char *text, uint64_t *out, struct td_err *err);
int td_parse_size_bytes(const char *text, uint64_t *out, struct td_err *err);
/* "2%" is .02; no sign, and never without the %. */
int td_parse_percent(const char *text, double *out, struct td_err *err);

#endif
