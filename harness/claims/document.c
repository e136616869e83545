#include "claims/document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char opening[] = "<!--", closing[] = "-->", prefix[] = "tandem:";

enum { INDENT = 3, FENCE = 3 }; /* columns at most; characters at least */

struct line {
    const char *from, *end; /* without its line end */
    const char *next;
    bool crlf;
};

struct reading {
    struct td_document *out;
    const struct td_block_kind *kinds;
    int number;   /* of the line at hand */
    bool open;    /* the last block has no end yet */
    char fence;   /* of the code block that we are in; 0 = in none */
    size_t width; /* of its fence */
    struct td_err *err;
};

static int refuse(struct reading *in, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(struct reading *in, const char *fmt, ...)
{
    va_list ap;
    int rc;
    va_start(ap, fmt);
    rc = td_err_vinput(in->err, in->out->file, in->number, fmt, ap);
    va_end(ap);
    return rc;
}

static struct line line_at(const char *from, const char *end)
{
    struct line line = {from, end, end, false};
    const char *newline = memchr(from, '\n', (size_t)(end - from));
    if (!newline)
        return line;
    line.next = newline + 1;
    line.crlf = newline > from && newline[-1] == '\r';
    line.end = newline - line.crlf;
    return line;
}

static size_t run_of(const char *from, const char *end, char c)
{
    size_t n = 0;
    while (from + n < end && from[n] == c)
        n++;
    return n;
}

/* Past the blanks; NULL where these make the line indented code. */
static const char *unindented(const struct line *line)
{
    size_t blanks = run_of(line->from, line->end, ' ');
    if (blanks > INDENT ||
        (line->from + blanks < line->end && line->from[blanks] == '\t'))
        return NULL;
    return line->from + blanks;
}

static bool is_blank(const char *from, const char *end)
{
    while (from < end && isspace((unsigned char)*from))
        from++;
    return from == end;
}

/* Follows code fences; true where the line is one or lies between two. */
static bool in_code(struct reading *in, const struct line *line)
{
    const char *from = unindented(line);
    char c = from && from < line->end ? *from : '\0';
    size_t width = c == '`' || c == '~' ? run_of(from, line->end, c) : 0;
    if (in->fence) {
        if (c == in->fence && width >= in->width &&
            is_blank(from + width, line->end))
            in->fence = '\0';
        return true;
    }
    if (width < FENCE ||
        (c == '`' &&
         memchr(from + width, '`', (size_t)(line->end - from) - width)))
        return false;
    in->fence = c;
    in->width = width;
    return true;
}

/* Where "tandem:" begins if `at` is an opening of a marker, else NULL. */
static const char *marker_at(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);
    if (left < strlen(opening) || memcmp(at, opening, strlen(opening)) != 0)
        return NULL;
    at += strlen(opening);
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    left = (size_t)(end - at);
    return left >= strlen(prefix) && memcmp(at, prefix, strlen(prefix)) == 0
               ? at
               : NULL;
}

/* Behind the code span that begins at `at`, or behind its backticks where
 * nothing closes it. */
static const char *past_code_span(const char *at, const char *end)
{
    size_t width = run_of(at, end, '`'), other;
    for (const char *p = at + width; p < end; p += other ? other : 1) {
        other = run_of(p, end, '`');
        if (other == width)
            return p + other;
    }
    return at + width;
}

/* A marker somewhere in a line, outside code spans. */
static bool holds_marker(const char *at, const char *end)
{
    while (at < end) {
        if (marker_at(at, end))
            return true;
        at = *at == '`' ? past_code_span(at, end) : at + 1;
    }
    return false;
}

static const struct td_block_kind *find_kind(struct reading *in,
                                             const char *name)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf all = TD_BUF_INIT;
    const struct td_block_kind *kind = in->kinds;
    const char *near;
    for (; kind->name && strcmp(kind->name, name) != 0; kind++) {
        td_buf_addf(&all, "%s%s", names.count ? ", " : "", kind->name);
        td_strings_add(&names, kind->name);
    }
    if (!kind->name) {
        near = td_strings_nearest(&names, name);
        refuse(in, "no kind of block \"%s\"; %s%s%s", name,
               near ? "did you mean " : "expected one of ",
               near ? near : td_buf_str(&all), near ? "?" : "");
    }
    td_strings_release(&names);
    td_buf_release(&all);
    return kind->name ? kind : NULL;
}

static int unknown_arg(struct reading *in, const struct td_block_kind *kind,
                       const char *name)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *near;
    for (size_t i = 0; kind->args[i]; i++)
        td_strings_add(&names, kind->args[i]);
    near = td_strings_nearest(&names, name);
    if (!names.count)
        refuse(in, "%s takes no argument, found \"%s\"", kind->name, name);
    else
        refuse(in, "%s has no argument \"%s\"; did you mean %s?", kind->name,
               name, near ? near : names.at[0]);
    td_strings_release(&names);
    return in->err->code;
}

static bool takes(const struct td_block_kind *kind, const char *name)
{
    for (size_t i = 0; kind->args[i]; i++)
        if (strcmp(kind->args[i], name) == 0)
            return true;
    return false;
}

/* word: "source=003" */
static int add_arg(struct reading *in, struct td_block *block, char *word)
{
    char *value = strchr(word, '=');
    if (!value || value == word || !value[1])
        return refuse(in, "expected NAME=VALUE after \"%s\", found \"%s\"",
                      block->kind->name, word);
    *value++ = '\0';
    if (!takes(block->kind, word))
        return unknown_arg(in, block->kind, word);
    if (td_fields_get(&block->args, word))
        return refuse(in, "\"%s\" stands twice", word);
    td_fields_set(&block->args, word, value);
    return 0;
}

/* words: what follows tandem:begin */
static int begin(struct reading *in, const struct td_strings *words,
                 const struct line *line)
{
    struct td_document *out = in->out;
    struct td_block *block;
    const char *required;
    if (in->open)
        return refuse(in,
                      "begins a block inside another, which began at line %d",
                      out->blocks[out->count - 1].line);
    if (words->count < 2)
        return refuse(in, "expected a kind of block after \"begin\"");
    out->blocks =
        td_xrealloc(out->blocks, (out->count + 1) * sizeof *out->blocks);
    block = &out->blocks[out->count++];
    *block = (struct td_block){.line = in->number,
                               .from = (size_t)(line->next - out->text),
                               .crlf = line->crlf};
    block->kind = find_kind(in, words->at[1]);
    for (size_t i = 2; !in->err->code && i < words->count; i++)
        add_arg(in, block, words->at[i]);
    required = in->err->code ? NULL : block->kind->required;
    if (required && !td_fields_get(&block->args, required))
        refuse(in, "%s needs %s=VALUE", block->kind->name, required);
    in->open = true;
    return in->err->code;
}

static int finish(struct reading *in, const struct td_strings *words,
                  const struct line *line)
{
    struct td_document *out = in->out;
    if (!in->open)
        return refuse(in, "ends a block that has not begun");
    if (words->count > 1)
        return refuse(in, "expected nothing after \"end\", found \"%s\"",
                      words->at[1]);
    out->blocks[out->count - 1].to = (size_t)(line->from - out->text);
    in->open = false;
    return 0;
}

/* from: at "tandem:" */
static int read_marker(struct reading *in, const char *from,
                       const struct line *line)
{
    struct td_strings words = TD_STRINGS_INIT;
    char *text;
    const char *close;
    from += strlen(prefix);
    close = memmem(from, (size_t)(line->end - from), closing, strlen(closing));
    if (!close)
        return refuse(in, "expected \"-->\" at the end of the marker's line");
    if (!is_blank(close + strlen(closing), line->end))
        return refuse(in, "expected a line of its own for the marker, found "
                          "text behind it");
    if (memchr(from, '\0', (size_t)(close - from)))
        return refuse(in, "a NUL byte in the marker");
    text = td_xstrndup(from, (size_t)(close - from));
    td_strings_split(&words, text, " \t\r\v\f");
    if (isspace((unsigned char)*text) || !words.count)
        refuse(in, "expected tandem:begin or tandem:end");
    else if (strcmp(words.at[0], "begin") == 0)
        begin(in, &words, line);
    else if (strcmp(words.at[0], "end") == 0)
        finish(in, &words, line);
    else
        refuse(in, "expected tandem:begin or tandem:end, found tandem:%s",
               words.at[0]);
    free(text);
    td_strings_release(&words);
    return in->err->code;
}

static int read_line(struct reading *in, const struct line *line)
{
    const char *from = unindented(line);
    const char *marker = from ? marker_at(from, line->end) : NULL;
    if (in_code(in, line) || !from)
        return 0;
    if (marker)
        return read_marker(in, marker, line);
    if (holds_marker(from, line->end))
        return refuse(in, "expected a line of its own for the marker, found "
                          "text before it");
    return 0;
}

int td_document_parse(struct td_document *out, const char *file,
                      const char *text, size_t len,
                      const struct td_block_kind *kinds, struct td_err *err)
{
    static const char bom[] = "\xef\xbb\xbf";
    struct reading in = {.out = out, .kinds = kinds, .err = err};
    const char *end = text + len, *at = text;
    *out = (struct td_document){file, text, len, NULL, 0};
    if (len >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
        at += strlen(bom);
    while (at < end) {
        struct line line = line_at(at, end);
        in.number++;
        if (read_line(&in, &line))
            return err->code;
        at = line.next;
    }
    if (!in.open)
        return 0;
    in.number = out->blocks[out->count - 1].line;
    return refuse(&in, "begins a block without an end%s",
                  in.fence ? ": a code block goes on to the end of the file"
                           : "");
}

void td_document_release(struct td_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        td_fields_release(&document->blocks[i].args);
    free(document->blocks);
    document->blocks = NULL;
    document->count = 0;
}

static void add_body(const struct td_block *block, const struct td_buf *body,
                     struct td_buf *out)
{
    const char *at = td_buf_str(body), *end = at + body->len;
    while (at < end) {
        struct line line = line_at(at, end);
        td_buf_add(out, at, (size_t)(line.end - at));
        td_buf_adds(out, block->crlf ? "\r\n" : "\n");
        at = line.next;
    }
}

void td_document_fill(const struct td_document *document,
                      const struct td_buf *bodies, struct td_buf *out)
{
    size_t done = 0;
    for (size_t i = 0; i < document->count; i++) {
        const struct td_block *block = &document->blocks[i];
        td_buf_add(out, document->text + done, block->from - done);
        add_body(block, &bodies[i], out);
        done = block->to;
    }
    td_buf_add(out, document->text + done, document->len - done);
}

bool td_document_is_fresh(const struct td_document *document, size_t i,
                          const struct td_buf *body)
{
    const struct td_block *block = &document->blocks[i];
    struct td_buf filled = TD_BUF_INIT;
    bool same;
    add_body(block, body, &filled);
    same = filled.len == block->to - block->from &&
           memcmp(td_buf_str(&filled), document->text + block->from,
                  filled.len) == 0;
    td_buf_release(&filled);
    return same;
}
