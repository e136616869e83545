/*
 * fields - an ordered list of name=value strings, and a list of strings.
 *
 * Used for parameters, protocol messages and environments.  Both own copies
 * of what is put in.  A protocol line is "verb name=value name=value": the
 * value's bytes outside A-Z a-z 0-9 - . _ ~ / : , + * are written %XX.
 */
#ifndef TD_BASE_FIELDS_H
#define TD_BASE_FIELDS_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct td_field {
    char *name;
    char *value;
};

struct td_fields {
    struct td_field *at;
    size_t count;
    size_t cap;
};

#define TD_FIELDS_INIT                                                         \
    {                                                                          \
        NULL, 0, 0                                                             \
    }

void td_fields_release(struct td_fields *fields);
void td_fields_copy(struct td_fields *to, const struct td_fields *from);
/* Replaces the value if the name is there, else appends. */
void td_fields_set(struct td_fields *fields, const char *name,
                   const char *value);
void td_fields_setf(struct td_fields *fields, const char *name, const char *fmt,
                    ...) __attribute__((format(printf, 3, 4)));
/* NULL when absent. */
const char *td_fields_get(const struct td_fields *fields, const char *name);
/* The value as a whole number.  Absent: *out = fallback, 0.  Not a number:
 * TD_EPROTOCOL. */
int td_fields_u64(const struct td_fields *fields, const char *name,
                  uint64_t fallback, uint64_t *out, struct td_err *err);

/* One protocol line, without the newline. */
void td_fields_encode(struct td_buf *line, const char *verb,
                      const struct td_fields *fields);
/* The reverse: *verb is malloc'd (free it).  TD_EPROTOCOL on bad input. */
int td_fields_decode(const char *line, char **verb, struct td_fields *out,
                     struct td_err *err);

struct td_strings {
    char **at; /* NULL-terminated once anything was added */
    size_t count;
    size_t cap;
};

#define TD_STRINGS_INIT                                                        \
    {                                                                          \
        NULL, 0, 0                                                             \
    }

void td_strings_release(struct td_strings *list);
void td_strings_add(struct td_strings *list, const char *text);
void td_strings_addf(struct td_strings *list, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Adds the non-empty parts of text between any of the characters of seps. */
void td_strings_split(struct td_strings *list, const char *text,
                      const char *seps);
bool td_strings_has(const struct td_strings *list, const char *text);
/* The entry nearest to word by edit distance, or NULL when none is near
 * (distance > max(2, len/3)). */
const char *td_strings_nearest(const struct td_strings *list, const char *word);

#endif
