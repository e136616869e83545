/*
 * figures - numbers with a name and a unit, which an invocation reports of
 * itself besides its times: bytes a task, lines of code, a latency of its own.
 *
 * A name is lower-case letters, digits and `_`, a letter first; a unit is one
 * word (`ns`, `B`, `1/s`, `x`, …) that may be printed; a value is finite.
 * What is added under a name that is there already takes its place.
 *
 * An estimate with its interval is a struct td_figure (stat/interval.h): what
 * the figures of several invocations become.
 */
#ifndef TD_BASE_FIGURES_H
#define TD_BASE_FIGURES_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TD_FIGURES_MAX = 64,    /* names of one invocation */
    TD_FIGURE_NAME_MAX = 40 /* bytes */
};

/* With its NUL: what a unit may have at most. */
enum { TD_FIGURE_UNIT_SIZE = 16 };

struct td_named_figure {
    char name[TD_FIGURE_NAME_MAX + 1];
    char unit[TD_FIGURE_UNIT_SIZE];
    double value;
    uint64_t executions; /* of which the value is the mean; 0 = of one */
};

struct td_figures {
    struct td_named_figure *at;
    size_t count;
};

#define TD_FIGURES_INIT                                                        \
    {                                                                          \
        NULL, 0                                                                \
    }

void td_figures_release(struct td_figures *figures);
void td_figures_copy(struct td_figures *to, const struct td_figures *from);
/* NULL when there is none of that name. */
const struct td_named_figure *td_figures_get(const struct td_figures *figures,
                                             const char *name);

/* value as text.  A part that is NULL is missing.  TD_EPROTOCOL, saying which
 * part is wrong and how, where it cannot be taken; figures stay as they
 * were. */
int td_figures_add(struct td_figures *figures, const char *name,
                   const char *value, const char *unit, struct td_err *err);

/* The same for a line `NAME VALUE UNIT`, words between blanks: what follows
 * `figure ` on a program's standard output. */
int td_figures_parse(struct td_figures *figures, const char *line,
                     struct td_err *err);

/* One execution more: each value in `mean` becomes that of all the executions
 * that reported its name, with the unit of the last.  TD_EPROTOCOL where there
 * are too many names; mean is then not to be used. */
int td_figures_mean(struct td_figures *mean, const struct td_figures *execution,
                    struct td_err *err);

/* name -> {value, unit}, as in the journal; new reference. */
json_t *td_figures_json(const struct td_figures *figures);

#endif
