#include "plan/sections.h"

#include "base/buf.h"
#include "base/json.h"

#include <ctype.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* What inih's reader and handler share: the reader runs one line ahead. */
struct reading {
    struct td_sections *out;
    const char *next, *end;
    int line;           /* number of the line handed out last */
    struct td_err fail; /* the first mistake that is not inih's own */
    int fail_line;
};

static int refuse(struct reading *in, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Keeps the first mistake; returns 0, inih's word for an error. */
static int refuse(struct reading *in, int line, const char *fmt, ...)
{
    va_list ap;
    if (!in->fail.code)
        in->fail_line = line;
    va_start(ap, fmt);
    td_err_vinput(&in->fail, in->out->file, line, fmt, ap);
    va_end(ap);
    return 0;
}

const struct td_section *td_sections_find(const struct td_sections *sections,
                                          const char *kind, const char *name)
{
    for (size_t i = 0; i < sections->count; i++) {
        const struct td_section *section = &sections->at[i];
        if (strcmp(section->kind, kind) == 0 &&
            (!name || strcmp(section->name, name) == 0))
            return section;
    }
    return NULL;
}

int td_section_line(const struct td_section *section, const char *key)
{
    for (size_t i = 0; key && i < section->nkeys; i++)
        if (strcmp(section->keys[i].name, key) == 0)
            return section->keys[i].line;
    return section->line;
}

static char *trimmed(const char *from, const char *end)
{
    while (from < end && isspace((unsigned char)*from))
        from++;
    while (end > from && isspace((unsigned char)end[-1]))
        end--;
    return td_xstrndup(from, (size_t)(end - from));
}

static void add_section(struct reading *in, char *kind_take, char *name_take)
{
    struct td_sections *out = in->out;
    const struct td_section *first =
        td_sections_find(out, kind_take, name_take);
    struct td_section *section;
    if (first) {
        refuse(in, in->line, "[%s%s%s] stands twice, first at line %d",
               kind_take, *name_take ? " " : "", name_take, first->line);
        free(kind_take);
        free(name_take);
        return;
    }
    out->at = td_xrealloc(out->at, (out->count + 1) * sizeof *out->at);
    section = &out->at[out->count++];
    *section = (struct td_section){kind_take, name_take, in->line, NULL, 0};
}

/* line: "[kind name]" and perhaps a comment; inih reports a missing "]". */
static void read_heading(struct reading *in, const char *line)
{
    const char *close = strchr(line, ']'), *rest, *space;
    if (!close)
        return;
    rest = close + 1 + strspn(close + 1, " \t\r\n");
    if (*rest && *rest != ';' && *rest != '#') {
        refuse(in, in->line, "expected nothing after \"]\", found \"%.*s\"",
               (int)strcspn(rest, "\r\n"), rest);
        return;
    }
    line += 1 + strspn(line + 1, " \t");
    space = line + strcspn(line, " \t]");
    add_section(in, trimmed(line, space), trimmed(space, close));
}

/* inih's fgets: gives one line, without its indentation, which inih would
 * take for the continuation of the value before. */
static char *read_line(char *str, int num, void *stream)
{
    struct reading *in = stream;
    const char *end, *from = in->next;
    size_t len;
    if (in->fail.code || from == in->end)
        return NULL;
    end = memchr(from, '\n', (size_t)(in->end - from));
    in->next = end = end ? end + 1 : in->end;
    in->line++;
    while (from < end && (*from == ' ' || *from == '\t'))
        from++;
    len = (size_t)(end - from);
    if (len + 1 > (size_t)num) {
        refuse(in, in->line, "line too long: %zu bytes; at most %d are read",
               len, num - 1);
        return NULL;
    }
    if (memchr(from, '\0', len)) {
        refuse(in, in->line, "a NUL byte in the line: not a text file");
        return NULL;
    }
    if (!td_json_can_hold(from, len)) {
        refuse(in, in->line, "the line is not UTF-8");
        return NULL;
    }
    memcpy(str, from, len);
    str[len] = '\0';
    if (*str == '[')
        read_heading(in, str);
    return str;
}

static int add_key(void *user, const char *heading, const char *name,
                   const char *value)
{
    struct reading *in = user;
    struct td_section *section;
    (void)heading;
    if (in->fail.code)
        return 0;
    if (!in->out->count)
        return refuse(in, in->line,
                      "key \"%s\" stands before the first section; expected "
                      "[workload]",
                      name);
    section = &in->out->at[in->out->count - 1];
    for (size_t i = 0; i < section->nkeys; i++)
        if (strcmp(section->keys[i].name, name) == 0)
            return refuse(in, in->line,
                          "key \"%s\" stands twice, first at line "
                          "%d",
                          name, section->keys[i].line);
    if (!*name || !*value)
        return refuse(in, in->line, "expected name = value, found \"%s = %s\"",
                      name, value);
    section->keys = td_xrealloc(section->keys,
                                (section->nkeys + 1) * sizeof *section->keys);
    section->keys[section->nkeys++] =
        (struct td_key){td_xstrdup(name), td_xstrdup(value), in->line};
    return 1;
}

static void report_syntax(struct reading *in, const char *text, int line)
{
    char *found;
    for (int i = 1; i < line; i++)
        text = (const char *)memchr(text, '\n', (size_t)(in->end - text)) + 1;
    in->next = memchr(text, '\n', (size_t)(in->end - text));
    found = trimmed(text, in->next ? in->next : in->end);
    td_err_clear(&in->fail);
    if (*found == '[')
        refuse(in, line,
               "expected \"]\" at the end of the heading, found \"%s\"", found);
    else
        refuse(in, line, "expected name = value or [section], found \"%s\"",
               found);
    free(found);
}

int td_sections_parse(struct td_sections *out, const char *file,
                      const char *text, size_t len, struct td_err *err)
{
    struct reading in = {out, text, text + len, 0, TD_ERR_INIT, 0};
    int bad;
    *out = (struct td_sections){file, NULL, 0};
    bad = ini_parse_stream(read_line, &in, add_key, &in);
    if (bad > 0 && (!in.fail.code || bad < in.fail_line))
        report_syntax(&in, text, bad);
    if (!bad && !in.fail.code)
        return 0;
    if (!in.fail.code)
        refuse(&in, in.line, "cannot be read");
    return td_err_set(err, TD_EINPUT, "%s", in.fail.msg);
}

void td_sections_release(struct td_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++) {
        struct td_section *section = &sections->at[i];
        for (size_t k = 0; k < section->nkeys; k++) {
            free(section->keys[k].name);
            free(section->keys[k].value);
        }
        free(section->keys);
        free(section->kind);
        free(section->name);
    }
    free(sections->at);
    *sections = (struct td_sections){NULL, NULL, 0};
}
