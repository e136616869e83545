/*
 * oracle_fixture - values that other programs computed, committed as
 * test/data/NAME_oracle.json beside the script that made them.
 */
#ifndef TD_TEST_ORACLE_FIXTURE_H
#define TD_TEST_ORACLE_FIXTURE_H

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A part of a file, which must not be empty; new reference. */
static inline json_t *oracle_part(const char *file, const char *part)
{
    json_error_t error;
    json_t *all = json_load_file(file, 0, &error);
    json_t *out;
    assert_non_null(all);
    out = json_incref(json_object_get(all, part));
    json_decref(all);
    assert_true(json_array_size(out) > 0);
    return out;
}

static inline double number(const json_t *from, const char *name)
{
    return json_number_value(json_object_get(from, name));
}

#endif
