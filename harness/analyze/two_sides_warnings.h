/*
 * two_sides_warnings - what a reader of a comparison has to be told.
 */
#ifndef TD_ANALYZE_TWO_SIDES_WARNINGS_H
#define TD_ANALYZE_TWO_SIDES_WARNINGS_H

#include "analyze/two_sides.h"

#include <jansson.h>

/* A new array of sentences. */
json_t *td_two_sides_warnings(const struct td_two_sides *comparison);

#endif
