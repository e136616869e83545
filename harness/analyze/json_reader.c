#include "analyze/json_reader.h"

#include "base/json.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void td_reader_init(struct td_reader *reader, const char *text, size_t len,
                    struct td_err *err)
{
    memset(reader, 0, sizeof *reader);
    reader->text = reader->at = text;
    reader->end = text + len;
    reader->err = err;
}

/* Printable ASCII and UTF-8 stay; the message goes to somebody's terminal. */
static void add_printable(struct td_buf *out, const char *text, size_t len)
{
    bool utf8 = td_json_can_hold(text, len);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool plain = c >= 0x20 && c != 0x7f && (c < 0x80 || utf8);
        td_buf_addc(out, plain ? text[i] : '?');
    }
}

static void add_path(struct td_buf *out, const struct td_reader *reader)
{
    td_buf_addc(out, '$');
    for (size_t i = 0; i < reader->depth; i++) {
        const struct td_reader_step *step = &reader->path[i];
        if (step->name[0]) {
            td_buf_addc(out, '.');
            add_printable(out, step->name, strlen(step->name));
        } else {
            td_buf_addf(out, "[%zu]", step->index);
        }
    }
}

static bool is_word(char c)
{
    return c && isascii((unsigned char)c) &&
           (isalnum((unsigned char)c) || strchr("+-._", c) != NULL);
}

/* What stands at the cursor, cut short. */
static void add_found(struct td_buf *out, const struct td_reader *reader)
{
    enum { SHOWN = 24 };
    const char *at = reader->at, *last = at;
    if (at == reader->end) {
        td_buf_adds(out, "the end of the input");
        return;
    }
    if (*at == '"') {
        do
            last++;
        while (last < reader->end && *last != '"' && last - at < SHOWN);
        last += last < reader->end && *last == '"';
    } else {
        while (is_word(*last) && last - at < SHOWN)
            last++;
        last += last == at;
    }
    add_printable(out, at, (size_t)(last - at));
}

static void add_place(struct td_buf *out, const struct td_reader *reader)
{
    size_t line = 1, column = 1;
    for (const char *p = reader->text; p < reader->at; p++) {
        if (*p == '\n') {
            line++;
            column = 1;
        } else {
            column += ((unsigned char)*p & 0xc0) != 0x80;
        }
    }
    td_buf_addf(out, " (line %zu, column %zu)", line, column);
}

static int fail_take(struct td_reader *reader, struct td_buf *text)
{
    int rc = td_err_set(reader->err, TD_EINPUT, "%s", td_buf_str(text));
    td_buf_release(text);
    return rc;
}

static void skip_blanks(struct td_reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' ||
           *reader->at == '\t')
        reader->at++;
}

int td_reader_expected(struct td_reader *reader, const char *expected)
{
    struct td_buf text = TD_BUF_INIT;
    skip_blanks(reader);
    add_path(&text, reader);
    td_buf_addf(&text, ": expected %s, found ", expected);
    add_found(&text, reader);
    add_place(&text, reader);
    return fail_take(reader, &text);
}

int td_reader_reject(struct td_reader *reader, const char *name, size_t index,
                     const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    add_path(&text, reader);
    if (name)
        td_buf_addf(&text, ".%s", name);
    if (index != SIZE_MAX)
        td_buf_addf(&text, "[%zu]", index);
    td_buf_adds(&text, ": ");
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    return fail_take(reader, &text);
}

/* Steps over the character if it is next. */
static bool accept(struct td_reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static struct td_reader_step *descend(struct td_reader *reader)
{
    struct td_reader_step *step;
    if (reader->depth == TD_READER_DEPTH)
        return NULL;
    step = &reader->path[reader->depth];
    step->name[0] = '\0';
    step->index = 0;
    return step;
}

int td_reader_array(struct td_reader *reader, const char *expected,
                    td_reader_element_fn *fn, void *context)
{
    struct td_reader_step *step = descend(reader);
    if (!step || !accept(reader, '['))
        return td_reader_expected(reader, expected);
    if (accept(reader, ']'))
        return 0;
    for (;; step->index++) {
        int rc;
        reader->depth++;
        rc = fn(reader, context);
        if (rc)
            return rc;
        reader->depth--;
        if (accept(reader, ']'))
            return 0;
        if (!accept(reader, ','))
            return td_reader_expected(reader, "\",\" or \"]\"");
    }
}

/* The name before a value, which becomes part of the path. */
static int read_name(struct td_reader *reader, struct td_reader_step *step,
                     struct td_buf *name)
{
    int rc = td_reader_string(reader, "a field's name in quotes", name);
    size_t len;
    if (rc)
        return rc;
    if (!accept(reader, ':'))
        return td_reader_expected(reader, "\":\"");
    len = name->len < TD_READER_NAME ? name->len : TD_READER_NAME - 1;
    memcpy(step->name, td_buf_str(name), len);
    step->name[len] = '\0';
    if (!len)
        strcpy(step->name, "\"\"");
    return 0;
}

static int read_members(struct td_reader *reader, struct td_reader_step *step,
                        td_reader_member_fn *fn, void *context)
{
    struct td_buf name = TD_BUF_INIT;
    int rc = 0;
    if (accept(reader, '}'))
        return 0;
    do {
        rc = read_name(reader, step, &name);
        if (rc)
            break;
        reader->depth++;
        rc = fn(reader, td_buf_str(&name), context);
        if (rc)
            break;
        reader->depth--;
    } while (accept(reader, ','));
    if (!rc && !accept(reader, '}'))
        rc = td_reader_expected(reader, "\",\" or \"}\"");
    td_buf_release(&name);
    return rc;
}

int td_reader_object(struct td_reader *reader, const char *expected,
                     td_reader_member_fn *fn, void *context)
{
    struct td_reader_step *step = descend(reader);
    if (!step || !accept(reader, '{'))
        return td_reader_expected(reader, expected);
    return read_members(reader, step, fn, context);
}

/* A number as it is written: mantissa * 10^scale. */
struct decimal {
    uint64_t mantissa; /* of no use above 18 digits */
    size_t digits;
    long scale;
    bool negative, whole;
};

static const char *take_digits(const char *p, struct decimal *to)
{
    for (; *p >= '0' && *p <= '9'; p++, to->digits++)
        to->mantissa = to->mantissa * 10 + (uint64_t)(*p - '0');
    return p;
}

/* By JSON's grammar; the first character behind the number, or NULL. */
static const char *scan_number(const char *p, struct decimal *out)
{
    const char *start;
    *out = (struct decimal){0, 0, 0, *p == '-', true};
    p += out->negative;
    start = p;
    p = take_digits(p, out);
    if (p == start || (*start == '0' && p > start + 1))
        return NULL;
    if (*p == '.') {
        start = ++p;
        p = take_digits(p, out);
        if (p == start)
            return NULL;
        out->scale = start - p;
        out->whole = false;
    }
    if (*p == 'e' || *p == 'E') {
        char *end;
        long exponent;
        start = p + 1 + (p[1] == '+' || p[1] == '-');
        if (!isdigit((unsigned char)*start))
            return NULL;
        exponent = strtol(p + 1, &end, 10);
        out->scale += exponent < -9999  ? -9999
                      : exponent > 9999 ? 9999
                                        : exponent;
        out->whole = false;
        p = end;
    }
    return *p != ',' && *p != ']' && is_word(*p) ? NULL : p;
}

/*
 * Where mantissa and power of ten are both exact doubles one operation rounds
 * once, so it gives what strtod would (Clinger, PLDI 1990), several times
 * faster.
 */
static double to_double(const struct decimal *d, const char *text)
{
    static const double power[] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double value = (double)d->mantissa;
    if (d->digits > 18 || d->mantissa > (uint64_t)1 << 53 || d->scale < -22 ||
        d->scale > 22)
        return strtod(text, NULL);
    value = d->scale < 0 ? value / power[-d->scale] : value * power[d->scale];
    return d->negative ? -value : value;
}

int td_reader_number(struct td_reader *reader, const char *expected,
                     double least, double most, double *out)
{
    struct decimal decimal;
    const char *end;
    skip_blanks(reader);
    end = scan_number(reader->at, &decimal);
    if (!end)
        return td_reader_expected(reader, expected);
    *out = to_double(&decimal, reader->at);
    if (!isfinite(*out) || *out < least || *out > most)
        return td_reader_expected(reader, expected);
    reader->at = end;
    return 0;
}

int td_reader_whole(struct td_reader *reader, uint64_t *out)
{
    static const char expected[] = "a whole number from 0 to 2^64 - 1";
    struct decimal decimal;
    const char *end;
    skip_blanks(reader);
    end = scan_number(reader->at, &decimal);
    errno = 0;
    if (!end || !decimal.whole || decimal.negative)
        return td_reader_expected(reader, expected);
    *out = strtoull(reader->at, NULL, 10);
    if (errno)
        return td_reader_expected(reader, expected);
    reader->at = end;
    return 0;
}

int td_reader_flag(struct td_reader *reader, bool *out)
{
    skip_blanks(reader);
    *out = strncmp(reader->at, "true", 4) == 0;
    if (!*out && strncmp(reader->at, "false", 5) != 0)
        return td_reader_expected(reader, "true or false");
    if (is_word(reader->at[*out ? 4 : 5]))
        return td_reader_expected(reader, "true or false");
    reader->at += *out ? 4 : 5;
    return 0;
}

/* The quote that ends the string which begins at p, or NULL. */
static const char *string_end(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p < end ? p : NULL;
}

int td_reader_string(struct td_reader *reader, const char *expected,
                     struct td_buf *out)
{
    const char *last;
    json_t *value;
    skip_blanks(reader);
    last = *reader->at == '"' ? string_end(reader->at, reader->end) : NULL;
    if (!last)
        return td_reader_expected(reader, expected);
    value = json_loadb(reader->at, (size_t)(last + 1 - reader->at),
                       JSON_DECODE_ANY, NULL);
    if (!json_is_string(value)) {
        json_decref(value);
        return td_reader_expected(reader, expected);
    }
    td_buf_clear(out);
    td_buf_add(out, json_string_value(value), json_string_length(value));
    json_decref(value);
    reader->at = last + 1;
    return 0;
}

int td_reader_finish(struct td_reader *reader)
{
    skip_blanks(reader);
    return reader->at == reader->end
               ? 0
               : td_reader_expected(reader, "nothing more");
}
