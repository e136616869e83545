/*
 * query_fields - the table of fields that td_query_read goes by.
 */
#ifndef TD_ANALYZE_QUERY_FIELDS_H
#define TD_ANALYZE_QUERY_FIELDS_H

#include "analyze/query.h"

enum td_field_type {
    TD_FIELD_FLAG,        /* bool */
    TD_FIELD_CHOICE,      /* int: index into choices */
    TD_FIELD_WHOLE,       /* uint64_t */
    TD_FIELD_NUMBER,      /* double within [least, most] */
    TD_FIELD_STRING,      /* struct td_buf */
    TD_FIELD_NUMBERS,     /* struct td_numbers, each within [least, most] */
    TD_FIELD_CHOICES,     /* struct td_numbers of indices into choices */
    TD_FIELD_INVOCATIONS, /* struct td_invocations, each number within */
    TD_FIELD_CASES        /* requests, through the caller's function */
};

struct td_query_field {
    const char *name;
    enum td_field_type type;
    size_t offset;
    unsigned kinds;       /* TD_QUERY_..., or-ed */
    bool decides;         /* its presence says which kind it is */
    bool required;        /* in every request of these kinds */
    const char *expected; /* "a number above 0 and below 1", of one number */
    double least, most;
    const char *const *choices; /* NULL-terminated */
};

/* Ends in a row without a name; at most 64 rows. */
extern const struct td_query_field td_query_fields[];

/* "a comparison", …: of one bit of td_query_kind. */
const char *td_query_kind_name(unsigned kind);

#endif
