#include "base/fields.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void td_fields_release(struct td_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        free(fields->at[i].name);
        free(fields->at[i].value);
    }
    free(fields->at);
    *fields = (struct td_fields)TD_FIELDS_INIT;
}

void td_fields_copy(struct td_fields *to, const struct td_fields *from)
{
    for (size_t i = 0; i < from->count; i++)
        td_fields_set(to, from->at[i].name, from->at[i].value);
}

static struct td_field *find(const struct td_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (strcmp(fields->at[i].name, name) == 0)
            return &fields->at[i];
    return NULL;
}

void td_fields_set(struct td_fields *fields, const char *name,
                   const char *value)
{
    struct td_field *there = find(fields, name);
    if (there) {
        char *copy = td_xstrdup(value);
        free(there->value);
        there->value = copy;
        return;
    }
    if (fields->count == fields->cap) {
        fields->cap = fields->cap ? fields->cap * 2 : 8;
        fields->at = td_xrealloc(fields->at, fields->cap * sizeof *fields->at);
    }
    fields->at[fields->count].name = td_xstrdup(name);
    fields->at[fields->count++].value = td_xstrdup(value);
}

void td_fields_setf(struct td_fields *fields, const char *name, const char *fmt,
                    ...)
{
    struct td_buf value = TD_BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    td_buf_vaddf(&value, fmt, ap);
    va_end(ap);
    td_fields_set(fields, name, td_buf_str(&value));
    td_buf_release(&value);
}

const char *td_fields_get(const struct td_fields *fields, const char *name)
{
    const struct td_field *there = find(fields, name);
    return there ? there->value : NULL;
}

int td_fields_u64(const struct td_fields *fields, const char *name,
                  uint64_t fallback, uint64_t *out, struct td_err *err)
{
    const char *text = td_fields_get(fields, name);
    char *end;
    unsigned long long value;
    *out = fallback;
    if (!text)
        return 0;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end || errno)
        return td_err_set(err, TD_EPROTOCOL,
                          "field %s: expected a whole number, found \"%s\"",
                          name, text);
    *out = value;
    return 0;
}

static bool is_plain(unsigned char c)
{
    return isascii(c) && (isalnum(c) || strchr("-._~/:,+*", c));
}

static void encode_value(struct td_buf *line, const char *value)
{
    for (const char *p = value; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (is_plain(c))
            td_buf_addc(line, *p);
        else
            td_buf_addf(line, "%%%02X", c);
    }
}

void td_fields_encode(struct td_buf *line, const char *verb,
                      const struct td_fields *fields)
{
    td_buf_adds(line, verb);
    for (size_t i = 0; fields && i < fields->count; i++) {
        td_buf_addf(line, " %s=", fields->at[i].name);
        encode_value(line, fields->at[i].value);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes in place; false on a bad escape or an escaped NUL. */
static bool decode_value(char *value)
{
    char *to = value;
    for (const char *from = value; *from; from++) {
        int high, low;
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        high = hex_digit(from[1]);
        low = high < 0 ? -1 : hex_digit(from[2]);
        if (low < 0 || high * 16 + low == 0)
            return false;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

static int decode_field(char *word, struct td_fields *out, struct td_err *err)
{
    char *equals = strchr(word, '=');
    if (!equals || equals == word)
        return td_err_set(err, TD_EPROTOCOL,
                          "expected name=value, found \"%.80s\"", word);
    *equals = '\0';
    if (!decode_value(equals + 1))
        return td_err_set(err, TD_EPROTOCOL, "field %.40s: bad %%XX escape",
                          word);
    td_fields_set(out, word, equals + 1);
    return 0;
}

static bool is_verb(const char *word)
{
    if (!word || !*word)
        return false;
    for (; *word; word++)
        if (!islower((unsigned char)*word) && *word != '-')
            return false;
    return true;
}

int td_fields_decode(const char *line, char **verb, struct td_fields *out,
                     struct td_err *err)
{
    char *copy = td_xstrdup(line), *rest = NULL, *word;
    int rc = 0;
    *verb = NULL;
    word = strtok_r(copy, " ", &rest);
    if (!is_verb(word)) {
        rc = td_err_set(err, TD_EPROTOCOL,
                        "expected a lower-case verb, found \"%.80s\"", line);
        goto out;
    }
    *verb = td_xstrdup(word);
    while (!rc && (word = strtok_r(NULL, " ", &rest)))
        rc = decode_field(word, out, err);
out:
    if (rc) {
        free(*verb);
        *verb = NULL;
    }
    free(copy);
    return rc;
}

void td_strings_release(struct td_strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->at[i]);
    free(list->at);
    *list = (struct td_strings)TD_STRINGS_INIT;
}

static void add_taken(struct td_strings *list, char *text)
{
    if (list->count + 1 >= list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->at = td_xrealloc(list->at, list->cap * sizeof *list->at);
    }
    list->at[list->count++] = text;
    list->at[list->count] = NULL;
}

void td_strings_add(struct td_strings *list, const char *text)
{
    add_taken(list, td_xstrdup(text));
}

void td_strings_addf(struct td_strings *list, const char *fmt, ...)
{
    struct td_buf text = TD_BUF_INIT;
    va_list ap;
    va_start(ap, fmt);
    td_buf_vaddf(&text, fmt, ap);
    va_end(ap);
    add_taken(list, td_buf_detach(&text));
}

void td_strings_split(struct td_strings *list, const char *text,
                      const char *seps)
{
    while (*text) {
        size_t len = strcspn(text, seps);
        if (len)
            add_taken(list, td_xstrndup(text, len));
        text += len;
        text += strspn(text, seps);
    }
}

bool td_strings_has(const struct td_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], text) == 0)
            return true;
    return false;
}

enum { WORD_MAX_LEN = 63 };

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Levenshtein distance, one row at a time; long words count as far away. */
static size_t distance(const char *a, const char *b)
{
    size_t row[WORD_MAX_LEN + 1], la = strlen(a), lb = strlen(b);
    if (la > WORD_MAX_LEN || lb > WORD_MAX_LEN)
        return WORD_MAX_LEN;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(change, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[lb];
}

const char *td_strings_nearest(const struct td_strings *list, const char *word)
{
    const char *best = NULL;
    size_t limit = strlen(word) / 3 > 2 ? strlen(word) / 3 : 2;
    for (size_t i = 0; i < list->count; i++) {
        size_t d = distance(list->at[i], word);
        if (d <= limit) {
            best = list->at[i];
            limit = d ? d - 1 : 0;
            if (d == 0)
                break;
        }
    }
    return best;
}
