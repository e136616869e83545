/* The innermost part of an expression: the case, its measure, the runtimes. */
#include "base/opt.h"
#include "claims/expression_parser.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* figure.NAME and service.KEY. */
static bool take_key(struct td_expression *e, const char *word)
{
    static const char figure[] = "figure.", service[] = "service.";
    if (strncmp(word, figure, sizeof figure - 1) == 0)
        word += sizeof figure - 1;
    else if (strncmp(word, service, sizeof service - 1) == 0)
        word += sizeof service - 1, e->service = true;
    else
        return false;
    e->key = td_xstrdup(word);
    e->pattern = !e->service && strchr(word, '*');
    return *word != '\0';
}

static int unknown_measure(struct td_parser *p, int column, const char *word)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf near = TD_BUF_INIT;
    int rc;
    for (const struct td_measure *at = td_measures; at->name; at++)
        td_strings_add(&names, at->name);
    td_strings_add(&names, "figure.NAME");
    td_strings_add(&names, "service.KEY");
    td_add_nearest(&near, &names, word);
    rc = td_place_fail(p->where, column, p->err,
                       "\"%s\" is no measure%s (expected wall, median, p99, "
                       "p999, max, cpu, rss, pss, first, setup, over_ideal, "
                       "per_s, figure.NAME or service.KEY)",
                       word, td_buf_str(&near));
    td_buf_release(&near);
    td_strings_release(&names);
    return rc;
}

static int parse_measure(struct td_parser *p, struct td_expression *e)
{
    char *word = NULL;
    int rc;
    e->measure_column = td_parser_column(p, p->at);
    rc = td_parser_until(p, " \t,)", "a measure such as wall", &word);
    if (!rc)
        e->measure = td_measure_find(word);
    if (!rc && !e->measure && !take_key(e, word))
        rc = unknown_measure(p, e->measure_column, word);
    free(word);
    return rc;
}

/* workload[set].measure */
int td_parse_case(struct td_parser *p, struct td_expression *e)
{
    int rc;
    td_parser_blanks(p);
    e->workload_column = td_parser_column(p, p->at);
    rc = td_parser_until(p, "[](),. \t", "a workload such as primes[n=1000000]",
                         &e->names[0].workload);
    if (!rc)
        rc =
            td_parser_take(p, '[', "\"[\" and a set's name after the workload");
    if (!rc)
        rc = td_parser_until(p, "[]()", "a set's name", &e->names[0].set);
    if (!rc)
        rc = td_parser_take(p, ']', "\"]\"");
    if (!rc)
        rc = td_parser_take(p, '.', "\".\" and a measure");
    return rc ? rc : parse_measure(p, e);
}

/* Does a runtime family begin here, as a whole word or before a version? */
static bool is_family(const char *at)
{
    for (size_t i = 0; td_workload_families[i]; i++) {
        size_t n = strlen(td_workload_families[i]);
        if (strncmp(at, td_workload_families[i], n) == 0 &&
            (!at[n] || isspace((unsigned char)at[n]) || at[n] == '-'))
            return true;
    }
    return false;
}

/* The slash between two runtimes; NULL: none, or it cannot be told. */
static const char *dividing_slash(const char *text)
{
    const char *only = strchr(text, '/');
    if (!only || !strchr(only + 1, '/'))
        return only;
    for (const char *at = only; at; at = strchr(at + 1, '/'))
        if (is_family(at + 1 + strspn(at + 1, " \t")))
            return at;
    return NULL;
}

/* "64MB", at the end of a runtime; never a bare number, which an
 * implementation may be called. */
static bool is_limit(const char *word, uint64_t *bytes)
{
    struct td_err ignored = TD_ERR_INIT;
    size_t n = strlen(word);
    return isdigit((unsigned char)*word) && word[n - 1] == 'B' &&
           !td_parse_size_bytes(word, bytes, &ignored);
}

/* "cpython httpx 64MB" */
static void take_runtime(const char *text, size_t len,
                         struct td_case_name *name)
{
    struct td_strings words = TD_STRINGS_INIT;
    struct td_buf implementation = TD_BUF_INIT;
    char *copy = td_xstrndup(text, len);
    size_t end;
    td_strings_split(&words, copy, " \t");
    end = words.count;
    if (end > 1 && is_limit(words.at[end - 1], &name->memory_limit_bytes))
        end--;
    if (end)
        name->runtime = td_xstrdup(words.at[0]);
    for (size_t i = 1; i < end; i++)
        td_buf_addf(&implementation, "%s%s", i > 1 ? " " : "", words.at[i]);
    if (implementation.len)
        name->implementation = td_xstrdup(td_buf_str(&implementation));
    td_buf_release(&implementation);
    td_strings_release(&words);
    free(copy);
}

static int split_runtimes(struct td_parser *p, struct td_expression *e,
                          const char *text, int column)
{
    const char *slash = dividing_slash(text), *below;
    if (!slash)
        return td_place_fail(p->where, column, p->err,
                             "expected RUNTIME/RUNTIME, such as cpython/go, "
                             "found \"%s\"",
                             text);
    below = slash + 1 + strspn(slash + 1, " \t");
    take_runtime(text, (size_t)(slash - text), &e->names[0]);
    take_runtime(below, strlen(below), &e->names[1]);
    e->names[1].workload = td_xstrdup(e->names[0].workload);
    e->names[1].set = td_xstrdup(e->names[0].set);
    e->name_columns[1] = column + (int)(below - text);
    if (!e->names[0].runtime || !e->names[1].runtime)
        return td_place_fail(p->where, column, p->err,
                             "expected a runtime on both sides of the slash, "
                             "found \"%s\"",
                             text);
    return 0;
}

int td_parse_runtimes(struct td_parser *p, struct td_expression *e)
{
    char *text = NULL;
    int rc;
    td_parser_blanks(p);
    e->name_columns[0] = td_parser_column(p, p->at);
    rc = td_parser_until(p, ",()", "a runtime such as go", &text);
    if (!rc && e->kind == TD_EXPRESSION_RATIO)
        rc = split_runtimes(p, e, text, e->name_columns[0]);
    else if (!rc)
        take_runtime(text, strlen(text), &e->names[0]);
    for (int i = 0; !rc && i < 2; i++)
        if (e->names[i].memory_limit_bytes && !e->service)
            rc = td_place_fail(p->where, e->name_columns[i], p->err,
                               "a memory limit goes with service.KEY alone");
    free(text);
    return rc;
}
