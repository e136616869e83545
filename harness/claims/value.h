/*
 * value - how a struct td_value (expression.h) comes to know the cases that
 * it rests on.
 */
#ifndef TD_CLAIMS_VALUE_H
#define TD_CLAIMS_VALUE_H

#include "claims/expression.h"

void td_value_init(struct td_value *value);
/* The case, with a title such as "primes n=1000000, go-1.26.8 trial". */
void td_value_add_source(struct td_value *value, const struct td_fact *fact,
                         const struct td_case_name *name);
/* Moves the sources of part to the end of value's. */
void td_value_take_sources(struct td_value *value, struct td_value *part);
/* Sets `run` and `quick` from the sources; a missing value has neither, nor
 * a figure. */
void td_value_close(struct td_value *value);

#endif
