/* Mix files: the reading half of load_request.h. */
#include "base/files.h"
#include "load/load_request.h"
#include "plan/workload.h"

#include <libgen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum key { EXPECT, BODY, BODY_FILE, EXPECT_FILE, HEADER };
enum { KEYS = HEADER + 1 };

static const char *const key_names[KEYS] = {"expect", "body", "body-file",
                                            "expect-file", "header"};

/* A mix being read. */
struct mix {
    struct td_load_requests *to;
    const char *dir; /* that file names are relative to */
    const struct td_load_target *target;
    const struct td_load_request_text *common;
    bool keepalive;
};

/* What one line says. */
struct line {
    struct td_load_request_text text;
    struct td_strings headers;
    struct td_buf body, expect_body;
    double weight;
    int expect_status;
    bool given[KEYS];
};

static void line_release(struct line *line)
{
    td_strings_release(&line->headers);
    td_buf_release(&line->body);
    td_buf_release(&line->expect_body);
}

static int read_beside(const struct mix *mix, const char *name,
                       struct td_buf *out, struct td_err *err)
{
    char *path = name[0] == '/' ? td_xstrdup(name)
                                : td_xasprintf("%s/%s", mix->dir, name);
    int rc = td_file_read(path, out, err);
    free(path);
    return rc;
}

static int parse_status(const char *text, int *out, struct td_err *err)
{
    char *end;
    long status = strtol(text, &end, 10);
    if (strspn(text, "0123456789") != 3 || *end || status < 200 || status > 599)
        return td_err_set(err, TD_EINPUT,
                          "expect: expected a status from 200 to 599, found "
                          "\"%s\"",
                          text);
    *out = (int)status;
    return 0;
}

static int unknown_key(const char *word, size_t len, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    char *key = td_xstrndup(word, len);
    const char *near;
    for (int i = 0; i < KEYS; i++)
        td_strings_add(&names, key_names[i]);
    near = td_strings_nearest(&names, key);
    td_err_set(err, TD_EINPUT, "unknown key \"%s\"%s%s%s", key,
               near ? "; did you mean " : ": there are ",
               near ? near : "expect, body, body-file, expect-file, header",
               near ? "?" : "");
    td_strings_release(&names);
    free(key);
    return err->code;
}

static int find_key(const char *word, enum key *out, struct td_err *err)
{
    size_t len = strcspn(word, "=");
    if (!word[len])
        return td_err_set(err, TD_EINPUT,
                          "expected key=value behind the path, found \"%s\" "
                          "(\"…\" holds blanks together)",
                          word);
    for (int i = 0; i < KEYS; i++) {
        if (strlen(key_names[i]) == len &&
            strncmp(key_names[i], word, len) == 0) {
            *out = (enum key)i;
            return 0;
        }
    }
    return unknown_key(word, len, err);
}

static int apply(const struct mix *mix, struct line *line, enum key key,
                 const char *value, struct td_err *err)
{
    switch (key) {
    case EXPECT:
        return parse_status(value, &line->expect_status, err);
    case BODY:
        td_buf_adds(&line->body, value);
        return 0;
    case BODY_FILE:
        return read_beside(mix, value, &line->body, err);
    case EXPECT_FILE:
        return read_beside(mix, value, &line->expect_body, err);
    case HEADER:
        td_strings_add(&line->headers, value);
        return 0;
    }
    return td_err_set(err, TD_EINTERNAL, "a key without meaning");
}

static int take_word(const struct mix *mix, struct line *line, const char *word,
                     struct td_err *err)
{
    enum key key = EXPECT;
    if (find_key(word, &key, err))
        return err->code;
    if (line->given[key] && key != HEADER)
        return td_err_set(err, TD_EINPUT, "%s is given twice", key_names[key]);
    line->given[key] = true;
    if (line->given[BODY] && line->given[BODY_FILE])
        return td_err_set(err, TD_EINPUT,
                          "body and body-file: give one of them");
    return apply(mix, line, key, strchr(word, '=') + 1, err);
}

/* The weight, if the line begins with one: how many words it took. */
static int take_weight(struct line *line, const char *word, size_t *used,
                       struct td_err *err)
{
    char *end;
    *used = strchr("0123456789.+-", word[0]) != NULL;
    line->weight = *used ? strtod(word, &end) : 1;
    if (*used && (*end || !isfinite(line->weight) || line->weight <= 0))
        return td_err_set(err, TD_EINPUT,
                          "expected a weight above 0 or a method, found \"%s\"",
                          word);
    return 0;
}

static bool same_name(const char *a, const char *b)
{
    size_t len = strcspn(a, ":");
    return strcspn(b, ":") == len && strncasecmp(a, b, len) == 0;
}

/* A line's header takes the place of a common one of that name. */
static void add_common(struct line *line, const struct td_strings *common)
{
    size_t own = line->headers.count;
    for (size_t i = 0; common && i < common->count; i++) {
        size_t k = 0;
        while (k < own && !same_name(common->at[i], line->headers.at[k]))
            k++;
        if (k == own)
            td_strings_add(&line->headers, common->at[i]);
    }
}

static int parse_words(const struct mix *mix, const struct td_strings *words,
                       struct line *line, struct td_err *err)
{
    size_t at;
    if (take_weight(line, words->at[0], &at, err))
        return err->code;
    if (words->count < at + 2)
        return td_err_set(err, TD_EINPUT,
                          "expected [WEIGHT] METHOD PATH, found only \"%s\"",
                          words->at[words->count - 1]);
    line->text.method = words->at[at++];
    line->text.path = words->at[at++];
    for (; at < words->count; at++)
        if (take_word(mix, line, words->at[at], err))
            return err->code;
    add_common(line, mix->common ? mix->common->headers : NULL);
    line->text.headers = &line->headers;
    if (line->given[BODY] || line->given[BODY_FILE]) {
        line->text.body = td_buf_str(&line->body);
        line->text.body_len = line->body.len;
    }
    return 0;
}

static int add_request(const struct mix *mix, struct line *line,
                       struct td_err *err)
{
    struct td_load_request *request;
    if (td_load_requests_add(mix->to, mix->target, &line->text, mix->keepalive,
                             line->weight, err))
        return err->code;
    request = &mix->to->at[mix->to->count - 1];
    request->expect_status = line->expect_status;
    if (line->given[EXPECT_FILE]) {
        request->expect_body_len = line->expect_body.len;
        request->expect_body = td_buf_detach(&line->expect_body);
    }
    return 0;
}

/* Ends the line where a comment begins: a '#' at the start of a word. */
static void cut_comment(char *text)
{
    bool quoted = false;
    for (char *c = text; *c; c++) {
        if (*c == '\\' && (c[1] == '"' || c[1] == '\\'))
            c++;
        else if (*c == '"')
            quoted = !quoted;
        else if (*c == '#' && !quoted &&
                 (c == text || c[-1] == ' ' || c[-1] == '\t'))
            *c = '\0';
        if (!*c)
            break;
    }
}

static int read_line(const struct mix *mix, char *text, struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    struct line line;
    int rc;
    memset(&line, 0, sizeof line);
    text[strcspn(text, "\r")] = '\0';
    cut_comment(text);
    rc = td_words_split(&words, text, err);
    if (!rc && words.count) {
        rc = parse_words(mix, &words, &line, err);
        if (!rc)
            rc = add_request(mix, &line, err);
    }
    line_release(&line);
    td_strings_release(&words);
    return rc;
}

/* One line of the text; *at moves behind it. */
static int parse_line(const struct mix *mix, const char **at, const char *end,
                      struct td_err *err)
{
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    size_t len = (size_t)((newline ? newline : end) - *at);
    char *line = td_xstrndup(*at, len);
    int rc = strlen(line) == len ? read_line(mix, line, err)
                                 : td_err_set(err, TD_EINPUT, "a NUL byte");
    free(line);
    *at += newline ? len + 1 : len;
    return rc;
}

int td_load_requests_parse(struct td_load_requests *to, const char *text,
                           size_t len, const char *file,
                           const struct td_load_target *target,
                           const struct td_load_request_text *common,
                           bool keepalive, struct td_err *err)
{
    char *copy = td_xstrdup(file);
    struct mix mix = {to, dirname(copy), target, common, keepalive};
    const char *at = text, *end = text + len;
    size_t number = 0, before = to->count;
    while (at < end && !err->code) {
        number++;
        parse_line(&mix, &at, end, err);
    }
    free(copy);
    if (err->code) {
        err->code = TD_EINPUT;
        return td_err_prefix(err, "%s:%zu", file, number);
    }
    return to->count > before
               ? 0
               : td_err_set(err, TD_EINPUT, "%s: there is no request in it",
                            file);
}

int td_load_requests_read(struct td_load_requests *to, const char *file,
                          const struct td_load_target *target,
                          const struct td_load_request_text *common,
                          bool keepalive, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc = td_file_read(file, &text, err);
    if (rc)
        rc = err->code = TD_EINPUT;
    else
        rc = td_load_requests_parse(to, td_buf_str(&text), text.len, file,
                                    target, common, keepalive, err);
    td_buf_release(&text);
    return rc;
}
