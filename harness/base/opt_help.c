#include "base/opt.h"

#include <string.h>

enum { TEXT_COLUMN = 28, WIDTH = 80 };

static const char *argument(const struct td_opt *opt)
{
    if (opt->arg)
        return opt->arg;
    switch (opt->type) {
    case TD_OPT_INT:
    case TD_OPT_DOUBLE:
        return "N";
    case TD_OPT_PERCENT:
        return "P%";
    case TD_OPT_DURATION:
        return "TIME";
    case TD_OPT_SIZE:
        return "SIZE";
    case TD_OPT_LIST:
        return "X,...";
    case TD_OPT_FLAG:
        return NULL;
    case TD_OPT_EACH:
    case TD_OPT_STRING:
    case TD_OPT_CHOICE:
        break;
    }
    return "X";
}

static bool is_on_by_default(const struct td_opt *opt)
{
    return opt->type == TD_OPT_FLAG && opt->def && strcmp(opt->def, "yes") == 0;
}

static void add_text(const struct td_opt *opt, struct td_buf *text)
{
    td_buf_adds(text, opt->help);
    if (opt->type == TD_OPT_CHOICE) {
        td_buf_adds(text, ":");
        for (int i = 0; opt->choices[i]; i++)
            td_buf_addf(text, "%s %s", i ? "," : "", opt->choices[i]);
    }
    if (opt->def && opt->type != TD_OPT_FLAG)
        td_buf_addf(text, " (default %s)", opt->def);
}

static void add_folded(struct td_buf *out, size_t column, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, " ");
        if (column + 1 + len > WIDTH && column > TEXT_COLUMN) {
            td_buf_addf(out, "\n%*s", TEXT_COLUMN, "");
            column = TEXT_COLUMN;
        } else if (column > TEXT_COLUMN) {
            td_buf_addc(out, ' ');
            column++;
        }
        td_buf_add(out, text, len);
        column += len;
        text += len;
        text += strspn(text, " ");
    }
    td_buf_addc(out, '\n');
}

void td_opt_help(const struct td_opt *table, struct td_buf *out)
{
    struct td_buf text = TD_BUF_INIT;
    for (; table->name; table++) {
        const char *arg = argument(table);
        size_t start = out->len, used;
        td_buf_addf(out, "  --%s%s%s%s", is_on_by_default(table) ? "[no-]" : "",
                    table->name, arg ? " " : "", arg ? arg : "");
        used = out->len - start;
        if (used + 2 > TEXT_COLUMN)
            td_buf_addf(out, "\n%*s", TEXT_COLUMN, "");
        else
            td_buf_addf(out, "%*s", (int)(TEXT_COLUMN - used), "");
        td_buf_clear(&text);
        add_text(table, &text);
        add_folded(out, TEXT_COLUMN, td_buf_str(&text));
    }
    td_buf_release(&text);
}

static bool is_option_name(const char *name)
{
    return name[0] >= 'a' && name[0] <= 'z' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
               '\0' &&
           strncmp(name, "no-", 3) != 0;
}

static int check_row(const struct td_opt *table, const struct td_opt *opt,
                     struct td_err *err)
{
    size_t len = opt->help ? strlen(opt->help) : 0;
    if (!is_option_name(opt->name))
        return td_err_set(err, TD_EINTERNAL,
                          "option \"%s\": a name is lower-case words joined by "
                          "hyphens, not starting with no-",
                          opt->name);
    if (len == 0 || opt->help[len - 1] == '.')
        return td_err_set(err, TD_EINTERNAL,
                          "option %s: the help is a sentence without full stop",
                          opt->name);
    if (opt->type == TD_OPT_CHOICE && (!opt->choices || !opt->choices[0]))
        return td_err_set(err, TD_EINTERNAL, "option %s: no choices",
                          opt->name);
    if (opt->min > opt->max)
        return td_err_set(err, TD_EINTERNAL, "option %s: min > max", opt->name);
    for (; table < opt; table++)
        if (strcmp(table->name, opt->name) == 0)
            return td_err_set(err, TD_EINTERNAL, "option %s is listed twice",
                              opt->name);
    return 0;
}

int td_opt_check(const struct td_opt *table, void *scratch, struct td_err *err)
{
    int rc = 0;
    for (const struct td_opt *opt = table; !rc && opt->name; opt++)
        rc = check_row(table, opt, err);
    if (!rc)
        rc = td_opt_defaults(table, scratch, err);
    td_opt_release(table, scratch);
    return rc;
}
