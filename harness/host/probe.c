#include "host/probe.h"

#include "base/buf.h"
#include "base/files.h"
#include "base/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *full_path(const char *root, const char *path, va_list ap)
{
    struct td_buf full = TD_BUF_INIT;
    td_buf_adds(&full, root);
    td_buf_vaddf(&full, path, ap);
    return td_buf_detach(&full);
}

static void trim_end(char *text)
{
    size_t len = strlen(text);
    while (len && isspace((unsigned char)text[len - 1]))
        text[--len] = '\0';
}

static char *vread(const char *root, const char *path, va_list ap)
{
    struct td_buf content = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    char *full = full_path(root, path, ap), *text = NULL;
    if (td_file_read(full, &content, &err) == 0) {
        text = td_buf_detach(&content);
        trim_end(text);
    }
    td_buf_release(&content);
    free(full);
    return text;
}

char *td_probe_read(const char *root, const char *path, ...)
{
    va_list ap;
    char *text;
    va_start(ap, path);
    text = vread(root, path, ap);
    va_end(ap);
    return text;
}

bool td_probe_exists(const char *root, const char *path, ...)
{
    va_list ap;
    char *full;
    bool there;
    va_start(ap, path);
    full = full_path(root, path, ap);
    va_end(ap);
    there = td_file_exists(full);
    free(full);
    return there;
}

static json_t *take_text(char *text)
{
    json_t *value = text ? td_json_text(text) : json_null();
    free(text);
    return value;
}

static json_t *take_int(char *text)
{
    json_t *value = json_null();
    char *end;
    long long number;
    if (text) {
        number = strtoll(text, &end, 10);
        if (end != text)
            value = json_integer(number);
    }
    free(text);
    return value;
}

json_t *td_probe_text(const char *root, const char *path, ...)
{
    va_list ap;
    char *text;
    va_start(ap, path);
    text = vread(root, path, ap);
    va_end(ap);
    return take_text(text);
}

json_t *td_probe_int(const char *root, const char *path, ...)
{
    va_list ap;
    char *text;
    va_start(ap, path);
    text = vread(root, path, ap);
    va_end(ap);
    return take_int(text);
}

/* The value if the line [at, end) is one of key. */
static char *value_of_line(const char *at, const char *end, const char *key,
                           char sep)
{
    size_t len = strlen(key);
    if ((size_t)(end - at) <= len || strncmp(at, key, len) != 0)
        return NULL;
    at += len;
    while (at < end && *at != sep && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end || *at != sep)
        return NULL;
    while (++at < end && (*at == ' ' || *at == '\t'))
        ;
    return td_xstrndup(at, (size_t)(end - at));
}

char *td_probe_value(const char *text, const char *key, char sep)
{
    while (text && *text) {
        const char *end = text + strcspn(text, "\n");
        char *value = value_of_line(text, end, key, sep);
        if (value) {
            trim_end(value);
            return value;
        }
        text = *end ? end + 1 : end;
    }
    return NULL;
}

json_t *td_probe_value_int(const char *text, const char *key, char sep)
{
    return take_int(td_probe_value(text, key, sep));
}

json_t *td_probe_value_text(const char *text, const char *key, char sep)
{
    return take_text(td_probe_value(text, key, sep));
}

bool td_cpulist_next(const char *list, int *cpu)
{
    int wanted = *cpu + 1;
    while (*list) {
        char *end;
        long first = strtol(list, &end, 10), last = first;
        if (end == list)
            return false;
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        if (wanted <= last) {
            *cpu = wanted > (int)first ? wanted : (int)first;
            return true;
        }
        list = end + strspn(end, ", ");
    }
    return false;
}

int td_cpulist_count(const char *list)
{
    int count = 0, cpu = -1;
    while (list && td_cpulist_next(list, &cpu))
        count++;
    return count;
}
