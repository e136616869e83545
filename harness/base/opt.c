#include "base/opt.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How a complaint names the option: "primes.ini:3: pairs", or "--pairs". */
struct site {
    const char *where; /* "file:line", NULL on the command line */
    int code;
};

static void *slot(const struct td_opt *opt, void *target)
{
    return (char *)target + opt->offset;
}

static const struct td_opt *find(const struct td_opt *table, const char *name)
{
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

static int complain(const struct td_opt *opt, const struct site *site,
                    const char *expected, const char *found, struct td_err *err)
{
    if (site->where)
        return td_err_set(err, site->code, "%s: %s: expected %s, found \"%s\"",
                          site->where, opt->name, expected, found);
    return td_err_set(err, site->code, "--%s: expected %s, found \"%s\"",
                      opt->name, expected, found);
}

static int unknown(const struct td_opt *table, const char *name,
                   const struct site *site, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    struct td_buf text = TD_BUF_INIT;
    const char *dashes = site->where ? "" : "--", *near;
    int rc;
    for (; table->name; table++)
        td_strings_add(&names, table->name);
    near = td_strings_nearest(&names, name);
    if (site->where)
        td_buf_addf(&text, "%s: unknown key \"%s\"", site->where, name);
    else
        td_buf_addf(&text, "unknown option --%s", name);
    if (near)
        td_buf_addf(&text, "; did you mean %s%s?", dashes, near);
    else if (!site->where)
        td_buf_adds(&text, "; --help lists the options");
    rc = td_err_set(err, site->code, "%s", td_buf_str(&text));
    td_buf_release(&text);
    td_strings_release(&names);
    return rc;
}

static bool parse_flag(const char *text, bool *out)
{
    static const char *const words[] = {"yes", "no",  "true", "false",
                                        "on",  "off", "1",    "0"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i % 2 == 0;
            return true;
        }
    }
    return false;
}

static bool in_range(const struct td_opt *opt, double value)
{
    bool bounded = opt->min < 0 || opt->min > 0 || opt->max < 0 || opt->max > 0;
    return !bounded || (value >= opt->min && value <= opt->max);
}

static bool parse_int(const struct td_opt *opt, const char *text, int64_t *out)
{
    char *end;
    long long value;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (isspace((unsigned char)text[0]) || end == text || *end || errno)
        return false;
    *out = value;
    return in_range(opt, (double)value);
}

static bool parse_double(const struct td_opt *opt, const char *text,
                         double *out)
{
    char *end;
    double value;
    errno = 0;
    value = strtod(text, &end);
    if (isspace((unsigned char)text[0]) || end == text || *end || errno ||
        !isfinite(value))
        return false;
    *out = value;
    return in_range(opt, value);
}

static int set_number(const struct td_opt *opt, void *at, const char *value,
                      const struct site *site, struct td_err *err)
{
    const char *kind = opt->type == TD_OPT_INT ? "a whole number" : "a number";
    char *expected;
    int rc = 0;
    if (opt->type == TD_OPT_INT ? parse_int(opt, value, at)
                                : parse_double(opt, value, at))
        return 0;
    if (opt->min < 0 || opt->min > 0 || opt->max < 0 || opt->max > 0)
        expected =
            td_xasprintf("%s from %.15g to %.15g", kind, opt->min, opt->max);
    else
        expected = td_xstrdup(kind);
    rc = complain(opt, site, expected, value, err);
    free(expected);
    return rc;
}

static int set_percent(const struct td_opt *opt, double *at, const char *value,
                       const struct site *site, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    double found;
    char *expected;
    int rc;
    if (td_parse_percent(value, &found, &why) == 0 && in_range(opt, found)) {
        *at = found;
        return 0;
    }
    expected = in_range(opt, -1)
                   ? td_xstrdup("a percentage such as 2%")
                   : td_xasprintf("a percentage from %g%% to %g%%",
                                  100 * opt->min, 100 * opt->max);
    rc = complain(opt, site, expected, value, err);
    free(expected);
    return rc;
}

static int set_choice(const struct td_opt *opt, int *out, const char *value,
                      const struct site *site, struct td_err *err)
{
    struct td_buf expected = TD_BUF_INIT;
    int rc = 0, i;
    for (i = 0; opt->choices[i]; i++)
        if (strcmp(opt->choices[i], value) == 0)
            break;
    if (opt->choices[i]) {
        *out = i;
        return 0;
    }
    td_buf_adds(&expected, "one of ");
    for (i = 0; opt->choices[i]; i++)
        td_buf_addf(&expected, "%s%s", i ? ", " : "", opt->choices[i]);
    rc = complain(opt, site, td_buf_str(&expected), value, err);
    td_buf_release(&expected);
    return rc;
}

static void set_string(char **at, const char *value)
{
    char *copy = td_xstrdup(value);
    free(*at);
    *at = copy;
}

/* A command line keeps blanks: they may be part of a path. */
static void add_list(struct td_strings *list, const char *value,
                     const struct site *site)
{
    struct td_strings parts = TD_STRINGS_INIT;
    td_strings_split(&parts, value, site->where ? ", \t" : ",");
    for (size_t i = 0; i < parts.count; i++) {
        char *part = parts.at[i] + strspn(parts.at[i], " ");
        size_t len = strlen(part);
        while (len && part[len - 1] == ' ')
            part[--len] = '\0';
        if (len)
            td_strings_add(list, part);
    }
    td_strings_release(&parts);
}

static int set_value(const struct td_opt *opt, void *at, const char *value,
                     const struct site *site, struct td_err *err)
{
    struct td_err why = TD_ERR_INIT;
    switch (opt->type) {
    case TD_OPT_FLAG:
        return parse_flag(value, at)
                   ? 0
                   : complain(opt, site, "yes or no", value, err);
    case TD_OPT_INT:
    case TD_OPT_DOUBLE:
        return set_number(opt, at, value, site, err);
    case TD_OPT_STRING:
        set_string(at, value);
        return 0;
    case TD_OPT_LIST:
        add_list(at, value, site);
        return 0;
    case TD_OPT_EACH:
        td_strings_add(at, value);
        return 0;
    case TD_OPT_DURATION:
        return td_parse_duration_ns(value, at, &why) == 0
                   ? 0
                   : complain(opt, site, "a duration such as 250ms, 5s or 2min",
                              value, err);
    case TD_OPT_PERCENT:
        return set_percent(opt, at, value, site, err);
    case TD_OPT_SIZE:
        return td_parse_size_bytes(value, at, &why) == 0
                   ? 0
                   : complain(opt, site, "a size such as 64MB or 1GiB", value,
                              err);
    case TD_OPT_CHOICE:
        return set_choice(opt, at, value, site, err);
    }
    return td_err_set(err, TD_EINTERNAL, "option %s has no type", opt->name);
}

static bool is_strings(const struct td_opt *opt)
{
    return opt->type == TD_OPT_LIST || opt->type == TD_OPT_EACH;
}

int td_opt_defaults(const struct td_opt *table, void *target,
                    struct td_err *err)
{
    struct site site = {"default value", TD_EINTERNAL};
    int rc = 0;
    for (; !rc && table->name; table++)
        if (table->def)
            rc = set_value(table, slot(table, target), table->def, &site, err);
    return rc;
}

int td_opt_set(const struct td_opt *table, void *target, const char *name,
               const char *value, const char *where, int code,
               struct td_err *err)
{
    const struct td_opt *opt = find(table, name);
    struct site site = {where, code};
    if (!opt)
        return unknown(table, name, &site, err);
    if (is_strings(opt))
        td_strings_release(slot(opt, target));
    return set_value(opt, slot(opt, target), value, &site, err);
}

/* What td_opt_parse carries from word to word. */
struct parse {
    const struct td_opt *table;
    void *target;
    bool *given; /* a row for each option: a list's default gives way */
    int argc;
    char **argv;
    int next;
};

static int take_value(struct parse *parse, const struct td_opt *opt,
                      const char *value, struct td_err *err)
{
    struct site site = {NULL, TD_EUSAGE};
    void *at = slot(opt, parse->target);
    bool *given = &parse->given[opt - parse->table];
    if (!value && opt->type != TD_OPT_FLAG) {
        if (parse->next >= parse->argc)
            return td_err_set(err, TD_EUSAGE, "--%s needs a value: --%s %s",
                              opt->name, opt->name, opt->arg ? opt->arg : "X");
        value = parse->argv[parse->next++];
    }
    if (is_strings(opt) && !*given)
        td_strings_release(at);
    *given = true;
    return set_value(opt, at, value ? value : "yes", &site, err);
}

/* name: what follows the dashes; value: what follows "=", or NULL. */
static int take_option(struct parse *parse, const char *name, const char *value,
                       struct td_err *err)
{
    const struct td_opt *opt = find(parse->table, name);
    struct site site = {NULL, TD_EUSAGE};
    if (opt)
        return take_value(parse, opt, value, err);
    if (strncmp(name, "no-", 3) == 0 && !value) {
        opt = find(parse->table, name + 3);
        if (opt && opt->type == TD_OPT_FLAG)
            return take_value(parse, opt, "no", err);
    }
    return unknown(parse->table, name, &site, err);
}

static int take_word(struct parse *parse, struct td_strings *positional,
                     struct td_err *err)
{
    const char *word = parse->argv[parse->next++];
    const char *equals = strchr(word, '=');
    char *name;
    int rc;
    if (strcmp(word, "--") == 0) {
        while (parse->next < parse->argc)
            td_strings_add(positional, parse->argv[parse->next++]);
        return 0;
    }
    if (word[0] != '-' || word[1] == '\0') {
        td_strings_add(positional, word);
        return 0;
    }
    if (strcmp(word, "-h") == 0)
        return take_option(parse, "help", NULL, err);
    if (word[1] != '-')
        return td_err_set(err, TD_EUSAGE,
                          "unknown option %s; options begin with two dashes",
                          word);
    name = equals ? td_xstrndup(word + 2, (size_t)(equals - word - 2))
                  : td_xstrdup(word + 2);
    rc = take_option(parse, name, equals ? equals + 1 : NULL, err);
    free(name);
    return rc;
}

int td_opt_parse(const struct td_opt *table, void *target, int argc,
                 char **argv, struct td_strings *positional, struct td_err *err)
{
    struct parse parse = {table, target, NULL, argc, argv, 0};
    size_t rows = 0;
    int rc = 0;
    while (table[rows].name)
        rows++;
    parse.given = td_xcalloc(rows, sizeof *parse.given);
    while (!rc && parse.next < argc)
        rc = take_word(&parse, positional, err);
    free(parse.given);
    return rc;
}

void td_opt_release(const struct td_opt *table, void *target)
{
    for (; table->name; table++) {
        if (table->type == TD_OPT_STRING) {
            char **text = slot(table, target);
            free(*text);
            *text = NULL;
        } else if (is_strings(table)) {
            td_strings_release(slot(table, target));
        }
    }
}
