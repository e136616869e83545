/*
 * expression_parts - an expression after parsing: shared by the parser, the
 * check of its names and its evaluation.
 */
#ifndef TD_CLAIMS_EXPRESSION_PARTS_H
#define TD_CLAIMS_EXPRESSION_PARTS_H

#include "claims/expression.h"
#include "claims/measure.h"

enum td_expression_kind {
    TD_EXPRESSION_VALUE,
    TD_EXPRESSION_RATIO,
    TD_EXPRESSION_GEOMEAN,
    TD_EXPRESSION_SCALE
};

enum { TD_EXPRESSION_DEPTH = 8, TD_EXPRESSION_PARTS = 64 };

struct td_expression {
    enum td_expression_kind kind;
    struct td_place place; /* of its first character */
    /* value, ratio */
    struct td_case_name names[2]; /* ratio: above, below */
    int workload_column;
    int name_columns[2]; /* of the runtimes */
    int measure_column;
    const struct td_measure *measure; /* NULL: figure.* or service.* */
    char *key;                        /* of those two, else NULL */
    bool service;
    bool pattern; /* the key has a `*` */
    /* geomean, scale */
    struct td_expression **parts;
    size_t nparts;
    double factor;
    char unit[TD_UNIT_NAME];
};

/* "file:line:column: …" with TD_EINPUT. */
int td_place_fail(const struct td_place *place, int column, struct td_err *err,
                  const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* "; did you mean NEAR?" where one of names is near. */
void td_add_nearest(struct td_buf *out, const struct td_strings *names,
                    const char *word);

#endif
