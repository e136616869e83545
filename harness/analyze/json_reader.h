/*
 * json_reader - JSON read value by value, straight to where it belongs.
 *
 * Beside jansson, because no tree is built (one of 10 million numbers takes
 * 2.9 s and 560 MB there) and because every complaint names the JSON path and
 * the line and column: `$.cases[17].a[3][2]: expected ..., found NaN (line 1,
 * column 80)`.  Strict JSON (RFC 8259): no NaN, no comments, no comma at the
 * end; a name that stands twice in an object is an error.
 *
 * Nesting is the caller's: a value is read by the function for what it has to
 * be, anything else is an error.  Every error is TD_EINPUT in reader->err.
 */
#ifndef TD_ANALYZE_JSON_READER_H
#define TD_ANALYZE_JSON_READER_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TD_READER_DEPTH = 8, TD_READER_NAME = 48 };

/* Part of a path: a member's name, or an element's index where it is "". */
struct td_reader_step {
    char name[TD_READER_NAME];
    size_t index;
};

struct td_reader {
    const char *text, *at, *end; /* *end is '\0' */
    struct td_err *err;
    size_t depth;
    struct td_reader_step path[TD_READER_DEPTH];
};

/* Borrows text[0..len) and err; text[len] must be '\0'. */
void td_reader_init(struct td_reader *reader, const char *text, size_t len,
                    struct td_err *err);

/* Calls fn once a member/element, which must read its value; fn's non-zero
 * result ends the reading and is returned.  `expected` ("an array of times")
 * begins the complaint when it is no object/array. */
typedef int td_reader_member_fn(struct td_reader *reader, const char *name,
                                void *context);
int td_reader_object(struct td_reader *reader, const char *expected,
                     td_reader_member_fn *fn, void *context);
typedef int td_reader_element_fn(struct td_reader *reader, void *context);
int td_reader_array(struct td_reader *reader, const char *expected,
                    td_reader_element_fn *fn, void *context);

/* A finite number within [least, most]. */
int td_reader_number(struct td_reader *reader, const char *expected,
                     double least, double most, double *out);
/* A whole number, 0 to 2^64 - 1, without fraction and exponent. */
int td_reader_whole(struct td_reader *reader, uint64_t *out);
int td_reader_flag(struct td_reader *reader, bool *out);
/* Replaces the content of out; valid UTF-8 without NUL. */
int td_reader_string(struct td_reader *reader, const char *expected,
                     struct td_buf *out);
/* Nothing but blanks may follow. */
int td_reader_finish(struct td_reader *reader);

/* "PATH: expected ..., found ... (line, column)", of the next value. */
int td_reader_expected(struct td_reader *reader, const char *expected);
/* "PATH.name: ..." of a value that was read already; name NULL: "PATH: ...";
 * index SIZE_MAX: none, else "PATH.name[index]: ...". */
int td_reader_reject(struct td_reader *reader, const char *name, size_t index,
                     const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
