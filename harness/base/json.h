/*
 * json - small helpers over jansson.
 */
#ifndef TD_BASE_JSON_H
#define TD_BASE_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A string from bytes of unknown origin: what is not UTF-8 becomes '?'. */
json_t *td_json_text(const char *text);

/* Is it UTF-8, so that td_json_text keeps it as it is? */
bool td_json_can_hold(const char *text, size_t len);

/* Members with a fallback; never fail. */
const char *td_json_str(const json_t *object, const char *key,
                        const char *fallback);
uint64_t td_json_u64(const json_t *object, const char *key, uint64_t fallback);
double td_json_num(const json_t *object, const char *key, double fallback);

/* null where value is not finite, which JSON cannot say; new reference. */
json_t *td_json_number(double value);
/* null for UINT64_MAX, which stands for "not known"; new reference. */
json_t *td_json_known(uint64_t value);

#endif
