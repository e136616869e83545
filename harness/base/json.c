#include "base/json.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>

json_t *td_json_text(const char *text)
{
    json_t *value = json_string(text);
    char *copy;
    if (value)
        return value;
    copy = td_xstrdup(text);
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p > 127)
            *p = '?';
    value = json_string(copy);
    free(copy);
    return value;
}

bool td_json_can_hold(const char *text, size_t len)
{
    json_t *held = json_stringn(text, len);
    json_decref(held);
    return held != NULL;
}

const char *td_json_str(const json_t *object, const char *key,
                        const char *fallback)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : fallback;
}

uint64_t td_json_u64(const json_t *object, const char *key, uint64_t fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) && json_integer_value(value) >= 0
               ? (uint64_t)json_integer_value(value)
               : fallback;
}

double td_json_num(const json_t *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

json_t *td_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *td_json_known(uint64_t value)
{
    return value == UINT64_MAX ? json_null() : json_integer((json_int_t)value);
}
