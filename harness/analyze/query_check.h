/*
 * query_check - what holds between the fields of a request.
 */
#ifndef TD_ANALYZE_QUERY_CHECK_H
#define TD_ANALYZE_QUERY_CHECK_H

#include "analyze/query.h"

/* Sets request->kind.  reader stands behind the request, its path at it. */
int td_query_check(struct td_reader *reader, struct td_query *request);

#endif
