/*
 * expression - what a claim or a table's cell asks for, as one line of text:
 *
 *     value(CASE.MEASURE, RUNTIME)
 *     ratio(CASE.MEASURE, RUNTIME/RUNTIME)
 *     geomean(EXPR, EXPR, …)       of ratios
 *     scale(EXPR, NUMBER UNIT)     NUMBER times EXPR, in UNIT
 *
 *     CASE     workload[set]
 *     MEASURE  wall (mean), median, p99, p999, max, cpu, rss, pss, first,
 *              setup, over_ideal, per_s, figure.NAME (what the workload itself
 *              reports; `*` in it stands for anything), service.KEY (what
 *              `tandem service` measures)
 *     RUNTIME  a family or a runtime, then perhaps an implementation, then
 *              perhaps a memory limit: go, cpython httpx, cpython-3.13
 *              threads, go net/http 64MB
 *
 * For example geomean(ratio(primes[n=1000000].wall, cpython/go),
 * ratio(logparse[entries=1000000].wall, cpython/go)).  The slash between two
 * runtimes is the one that a runtime family follows; an implementation's own
 * is left alone.
 *
 * How the interval arises, always at the run's own confidence:
 *   value    the case's figure, over its invocations
 *   ratio    paired, invocation by invocation (td_ratio_paired); where only
 *            two figures are known, MOVER on the logarithms (Zou & Donner
 *            2008, Stat. Med. 27): services, pooled percentiles
 *   geomean  standard error sqrt(sum of squared errors) / k; of a pattern
 *            with `*` instead Student's t over the logarithms of the ratios,
 *            one a figure that matches, for they are different things and not
 *            repetitions of one
 *
 * Two kinds of failure: a text that cannot be read, or that names what does
 * not exist, is an error with file:line:column; a figure that no run has is
 * no error but a td_value with `missing`.
 */
#ifndef TD_CLAIMS_EXPRESSION_H
#define TD_CLAIMS_EXPRESSION_H

#include "claims/catalogue.h"
#include "claims/facts.h"
#include "stat/interval.h"

enum { TD_UNIT_NAME = 16 };

/* A text that was put together of pieces: from this column on, as if all
 * stood on one line, it is the piece that begins at line:column. */
struct td_place_break {
    int from;
    int line, column;
};
enum { TD_PLACE_BREAKS = 9 };

/* Where an expression's first character stands, for messages. */
struct td_place {
    const char *file;                              /* borrowed */
    int line, column;                              /* from 1 */
    struct td_place_break breaks[TD_PLACE_BREAKS]; /* in order */
    size_t nbreaks;                                /* 0: all on one line */
};

/* One case that a value rests on: `tandem show RUN INDEX`. */
struct td_value_source {
    char *run; /* its id */
    size_t case_index;
    char *title; /* "primes n=1000000, cpython-3.11.2 trial" */
    char *host;  /* "AMD EPYC, 2 CPUs": to see whether two runs share it */
    size_t invocations;
    bool quick;
    bool service; /* a row of service.json instead of a case */
};

struct td_value {
    struct td_figure figure;
    char unit[TD_UNIT_NAME]; /* "ns", "B", "1/s", "x" (ratios), or the word
                                that a workload's figure has */
    size_t invocations;      /* the smallest number of any case in it */
    bool trials;             /* of a highest rate: those of its search */
    struct td_value_source *sources; /* in the expression's order */
    size_t nsources;
    char *run; /* the runs' ids, each once, ", " between; NULL: missing */
    double log_error; /* standard error of ln(figure), of ratios; else NAN */
    char *missing;    /* why there is no figure; NULL = known */
    char *caveat;     /* what to know about the figure, or NULL */
    bool exact;       /* every invocation had the same: lines, bytes on disk */
    bool quick;       /* one of the runs was */
};

struct td_expression; /* parsed */

/* Parses text.  TD_EINPUT "file:line:column: …" on the first mistake;
 * *out is NULL then. */
int td_expression_parse(struct td_expression **out, const char *text,
                        const struct td_place *where, struct td_err *err);
void td_expression_free(struct td_expression *expression);

/* Every workload, set, runtime family, implementation and service figure that
 * it names is one that the workload files have; else TD_EINPUT with the place
 * and the nearest name.  What a workload reports itself (figure.NAME) is known
 * only once it ran. */
int td_expression_check(const struct td_expression *expression,
                        const struct td_catalogue *catalogue,
                        struct td_err *err);
/* The unit that its value will have, or NULL: known only from a run. */
const char *td_expression_unit(const struct td_expression *expression);

/* Release *out either way (td_value_release). */
int td_expression_evaluate(const struct td_expression *expression,
                           struct td_facts *facts, struct td_value *out,
                           struct td_err *err);
/* Parses and evaluates. */
int td_expression_eval(struct td_facts *facts, const char *text,
                       const struct td_place *where, struct td_value *out,
                       struct td_err *err);
void td_value_release(struct td_value *value);

#endif
