#include "claims/claims.h"

#include "base/files.h"
#include "claims/expression_parts.h"
#include "plan/sections.h"

#include <stdlib.h>
#include <string.h>

/* The file while it is read. */
struct reading {
    struct td_claims *out;
    const char *text, *end;
    const struct td_section *section;
    struct td_err *err;
};

/* A value that may go on in NAME_2, …, and where each piece stands. */
struct joined {
    struct td_buf text;
    struct td_place place;
};

static int complain(const struct reading *in, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int complain(const struct reading *in, int line, const char *fmt, ...)
{
    va_list ap;
    int rc;
    va_start(ap, fmt);
    rc = td_err_vinput(in->err, in->out->file, line, fmt, ap);
    va_end(ap);
    return rc;
}

/* Where the value on that line begins, from 1. */
static int value_column(const struct reading *in, int line)
{
    const char *from = in->text, *at;
    for (int i = 1; i < line && from; i++) {
        from = memchr(from, '\n', (size_t)(in->end - from));
        from = from ? from + 1 : NULL;
    }
    at = from ? memchr(from, '=', (size_t)(in->end - from)) : NULL;
    if (!at)
        return 1;
    do
        at++;
    while (at < in->end && (*at == ' ' || *at == '\t'));
    return (int)(at - from) + 1;
}

static const struct td_key *find_key(const struct td_section *section,
                                     const char *name)
{
    for (size_t i = 0; i < section->nkeys; i++)
        if (strcmp(section->keys[i].name, name) == 0)
            return &section->keys[i];
    return NULL;
}

/* NAME, NAME_2, …: the pieces with a blank between. */
static void join(const struct reading *in, const char *name, struct joined *out)
{
    char *piece = td_xstrdup(name);
    const struct td_key *key;
    size_t n = 0;
    memset(out, 0, sizeof *out);
    out->place.file = in->out->file;
    while ((key = find_key(in->section, piece)) && n < TD_PLACE_BREAKS) {
        int column = value_column(in, key->line);
        if (!n) {
            out->place.line = key->line;
            out->place.column = column;
        }
        if (n)
            td_buf_addc(&out->text, ' ');
        out->place.breaks[n++] = (struct td_place_break){
            out->place.column + (int)out->text.len, key->line, column};
        td_buf_adds(&out->text, key->value);
        free(piece);
        piece = td_xasprintf("%s_%zu", name, n + 1);
    }
    out->place.nbreaks = n;
    free(piece);
}

/* NULL where the key is absent. */
static char *text_of(const struct reading *in, const char *name)
{
    struct joined value;
    join(in, name, &value);
    if (value.text.len)
        return td_buf_detach(&value.text);
    td_buf_release(&value.text);
    return NULL;
}

static const char *const keys[] = {"source",      "says",       "claimed",
                                   "measure",     "conditions", "note",
                                   "invocations", "reason",     NULL};

/* "measure" of "measure_2". */
static bool is_known(const struct reading *in, const char *name)
{
    size_t n = strcspn(name, "_");
    for (size_t i = 0; keys[i]; i++)
        if (strlen(keys[i]) == n && strncmp(keys[i], name, n) == 0) {
            struct td_buf first = TD_BUF_INIT;
            bool follows;
            long piece = name[n] ? strtol(name + n + 1, NULL, 10) : 1;
            td_buf_add(&first, name, n);
            if (piece > 2)
                td_buf_addf(&first, "_%ld", piece - 1);
            follows = !name[n] || (piece >= 2 && piece <= TD_PLACE_BREAKS &&
                                   find_key(in->section, td_buf_str(&first)));
            td_buf_release(&first);
            return follows;
        }
    return false;
}

static int check_keys(const struct reading *in)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf near = TD_BUF_INIT;
    int rc = 0;
    for (size_t i = 0; keys[i]; i++)
        td_strings_add(&names, keys[i]);
    for (size_t i = 0; !rc && i < in->section->nkeys; i++) {
        const struct td_key *key = &in->section->keys[i];
        if (is_known(in, key->name))
            continue;
        td_add_nearest(&near, &names, key->name);
        rc = complain(in, key->line, "unknown key \"%s\"%s", key->name,
                      td_buf_str(&near));
    }
    td_buf_release(&near);
    td_strings_release(&names);
    return rc;
}

static int check_required(const struct reading *in, const struct td_claim *c)
{
    int line = in->section->line;
    if (!c->source)
        return complain(in, line,
                        "[claim %s] lacks the key source (which "
                        "article)",
                        in->section->name);
    if (!c->says)
        return complain(in, line,
                        "[claim %s] lacks the key says (the claim in "
                        "words)",
                        in->section->name);
    if (!c->claimed)
        return complain(in, line,
                        "[claim %s] lacks the key claimed (such as "
                        "10x-40x)",
                        in->section->name);
    if (!c->measure && !c->reason)
        return complain(in, line,
                        "[claim %s] lacks the key measure, or a "
                        "reason why there is none",
                        in->section->name);
    return 0;
}

static int take_range(const struct reading *in, struct td_claim *claim)
{
    struct joined value;
    int rc;
    join(in, "claimed", &value);
    rc = td_range_parse(&claim->range, td_buf_str(&value.text), &value.place,
                        in->err);
    td_buf_release(&value.text);
    return rc;
}

static int take_measure(const struct reading *in, struct td_claim *claim)
{
    struct joined value;
    int rc;
    if (!claim->measure)
        return 0;
    join(in, "measure", &value);
    rc = td_expression_parse(&claim->expression, td_buf_str(&value.text),
                             &value.place, in->err);
    td_buf_release(&value.text);
    return rc;
}

static int take_invocations(const struct reading *in, struct td_claim *claim)
{
    const struct td_key *key = find_key(in->section, "invocations");
    char *end;
    unsigned long value;
    claim->invocations = TD_CLAIM_INVOCATIONS;
    if (!key)
        return 0;
    value = strtoul(key->value, &end, 10);
    if (*end || value < 2 || value > 1000)
        return complain(in, key->line,
                        "invocations: expected a whole number from 2 to 1000, "
                        "found \"%s\"",
                        key->value);
    claim->invocations = value;
    return 0;
}

/* "startup cpython": id and part. */
static int take_name(const struct reading *in, struct td_claim *claim)
{
    const char *name = in->section->name;
    size_t n = strcspn(name, " \t");
    const char *part = name + n + strspn(name + n, " \t");
    if (strcmp(in->section->kind, "claim") != 0)
        return complain(in, in->section->line,
                        "unknown section [%s]; expected [claim ID] or [claim "
                        "ID PART]",
                        in->section->kind);
    if (!n)
        return complain(in, in->section->line,
                        "[claim] needs an id: [claim "
                        "ID]");
    claim->id = td_xstrndup(name, n);
    if (*part)
        claim->part = td_xstrdup(part);
    return 0;
}

static int read_claim(const struct reading *in, struct td_claim *claim)
{
    int rc = take_name(in, claim);
    claim->line = in->section->line;
    claim->source = text_of(in, "source");
    claim->says = text_of(in, "says");
    claim->claimed = text_of(in, "claimed");
    claim->measure = text_of(in, "measure");
    claim->conditions = text_of(in, "conditions");
    claim->note = text_of(in, "note");
    claim->reason = text_of(in, "reason");
    if (!rc)
        rc = check_keys(in);
    if (!rc)
        rc = check_required(in, claim);
    if (!rc)
        rc = take_range(in, claim);
    if (!rc)
        rc = take_invocations(in, claim);
    return rc ? rc : take_measure(in, claim);
}

int td_claims_parse(struct td_claims *out, const char *file, const char *text,
                    size_t len, struct td_err *err)
{
    struct td_sections sections;
    struct reading in = {out, text, text + len, NULL, err};
    int rc;
    *out = (struct td_claims){td_xstrdup(file), NULL, 0};
    rc = td_sections_parse(&sections, out->file, text, len, err);
    if (!rc && sections.count)
        out->at = td_xcalloc(sections.count, sizeof *out->at);
    for (size_t i = 0; !rc && i < sections.count; i++) {
        in.section = &sections.at[i];
        rc = read_claim(&in, &out->at[out->count++]);
    }
    td_sections_release(&sections);
    return rc;
}

int td_claims_load(struct td_claims *out, const char *file, struct td_err *err)
{
    struct td_buf text = TD_BUF_INIT;
    int rc;
    *out = (struct td_claims){NULL, NULL, 0};
    if (!td_file_exists(file))
        return td_err_set(err, TD_EUSAGE, "no file of claims at %s", file);
    rc = td_file_read(file, &text, err);
    if (!rc)
        rc = td_claims_parse(out, file, td_buf_str(&text), text.len, err);
    td_buf_release(&text);
    return rc;
}

void td_claims_release(struct td_claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        struct td_claim *c = &claims->at[i];
        char *all[] = {c->id,         c->part,    c->source,
                       c->says,       c->claimed, c->measure,
                       c->conditions, c->note,    c->reason};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            free(all[k]);
        td_expression_free(c->expression);
    }
    free(claims->at);
    free(claims->file);
    *claims = (struct td_claims){NULL, NULL, 0};
}

int td_claims_check(const struct td_claims *claims,
                    const struct td_catalogue *catalogue, struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < claims->count; i++) {
        const struct td_claim *c = &claims->at[i];
        const char *unit;
        if (!c->expression)
            continue;
        rc = td_expression_check(c->expression, catalogue, err);
        unit = td_expression_unit(c->expression);
        if (!rc && unit && strcmp(unit, c->range.unit) != 0)
            rc = td_err_set(err, TD_EINPUT,
                            "%s:%d: [claim %s%s%s]: claimed is in %s, but the "
                            "measure gives %s",
                            claims->file, c->line, c->id, c->part ? " " : "",
                            c->part ? c->part : "", c->range.unit, unit);
    }
    return rc;
}
