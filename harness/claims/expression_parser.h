/*
 * expression_parser - the cursor that reads an expression, from left to
 * right.  Nobody but expression_parse.c and expression_case.c needs this.
 */
#ifndef TD_CLAIMS_EXPRESSION_PARSER_H
#define TD_CLAIMS_EXPRESSION_PARSER_H

#include "claims/expression_parts.h"

struct td_parser {
    const char *text, *at;
    const struct td_place *where;
    struct td_err *err;
    int depth;
};

int td_parser_column(const struct td_parser *p, const char *at);
void td_parser_blanks(struct td_parser *p);
/* "expected WHAT, found the word that stands here". */
int td_parser_expected(struct td_parser *p, const char *what);
int td_parser_take(struct td_parser *p, char c, const char *what);
/* The text up to one of `ends`, without the blanks around it, malloc'd; where
 * there is none, `what` was expected. */
int td_parser_until(struct td_parser *p, const char *ends, const char *what,
                    char **out);

/* workload[set].measure */
int td_parse_case(struct td_parser *p, struct td_expression *e);
/* RUNTIME, of a ratio RUNTIME/RUNTIME. */
int td_parse_runtimes(struct td_parser *p, struct td_expression *e);

#endif
