#include "analyze/json_writer.h"

#include <stdio.h>
#include <stdlib.h>

static void write_real(struct td_buf *out, double value)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    td_buf_adds(out, text);
}

/* Strings, whole numbers, true, false and null. */
static void write_plain(struct td_buf *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    td_buf_adds(out, text ? text : "null");
    free(text);
}

static void write_object(struct td_buf *out, json_t *object)
{
    const char *name, *separator = "";
    json_t *value;
    td_buf_addc(out, '{');
    json_object_foreach(object, name, value)
    {
        td_buf_addf(out, "%s\"%s\":", separator, name);
        td_json_write(out, value);
        separator = ",";
    }
    td_buf_addc(out, '}');
}

void td_json_write(struct td_buf *out, json_t *value)
{
    if (json_is_real(value)) {
        write_real(out, json_real_value(value));
    } else if (json_is_object(value)) {
        write_object(out, value);
    } else if (json_is_array(value)) {
        td_buf_addc(out, '[');
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (i)
                td_buf_addc(out, ',');
            td_json_write(out, json_array_get(value, i));
        }
        td_buf_addc(out, ']');
    } else {
        write_plain(out, value);
    }
}
