#include "out/report_figures.h"

#include "out/units.h"

#include <math.h>
#include <string.h>

static enum td_unit unit_of(const struct td_reported *reported)
{
    return !strcmp(reported->unit, "ns")  ? TD_UNIT_TIME
           : !strcmp(reported->unit, "B") ? TD_UNIT_BYTES
                                          : TD_UNIT_NONE;
}

static bool is_exact(struct td_figure figure)
{
    return figure.bounded && figure.lower == figure.upper;
}

void td_reported_print(const struct td_reported *reported, struct td_buf *value,
                       struct td_buf *interval)
{
    enum td_unit unit = unit_of(reported);
    struct td_figure figure = reported->figure;
    bool exact = is_exact(figure);
    if (unit == TD_UNIT_NONE && exact && figure.value >= 0 &&
        figure.value < 1e15 && figure.value == floor(figure.value))
        td_count_print((uint64_t)figure.value, value);
    else
        td_figure_print(figure, unit, value, interval);
    if (exact)
        td_buf_clear(interval);
    if (unit == TD_UNIT_NONE && figure.known)
        td_buf_addf(value, " %s", reported->unit);
}

static void say_ratio(struct td_figure ratio, struct td_buf *out)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_print(ratio, TD_UNIT_NONE, &value, &interval);
    if (ratio.known)
        td_buf_addf(out, ", ratio %s", td_buf_str(&value));
    if (ratio.known && !is_exact(ratio))
        td_buf_addf(out, " (%s)", td_buf_str(&interval));
    td_buf_release(&value);
    td_buf_release(&interval);
}

/* "cpython-3.11.2 coroutines 1.230 kB (1.228–1.232; 15 invocations), ratio
 * 0.454 (0.450–0.458)" */
static void say_one(const struct td_case_summary *c,
                    const struct td_reported *reported, struct td_buf *out)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_reported_print(reported, &value, &interval);
    td_buf_addf(out, "%s %s %s (%s%s%u invocation%s)", c->runtime,
                c->implementation, td_buf_str(&value), td_buf_str(&interval),
                interval.len ? "; " : "", reported->invocations,
                reported->invocations == 1 ? "" : "s");
    say_ratio(reported->ratio, out);
    td_buf_release(&value);
    td_buf_release(&interval);
}

static void names_of(const struct td_group_summary *group,
                     struct td_strings *names)
{
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_reported *all = &group->cases[i].reported;
        for (size_t k = 0; k < all->count; k++)
            if (!td_strings_has(names, all->at[k].name))
                td_strings_add(names, all->at[k].name);
    }
}

void td_say_figures(const struct td_group_summary *group,
                    struct td_strings *out)
{
    struct td_strings names = TD_STRINGS_INIT;
    names_of(group, &names);
    for (size_t i = 0; i < names.count; i++) {
        struct td_buf line = TD_BUF_INIT;
        const char *before = ": ";
        td_buf_adds(&line, names.at[i]);
        for (size_t k = 0; k < group->ncases; k++) {
            const struct td_case_summary *c = &group->cases[k];
            const struct td_reported *one =
                td_case_reported_get(&c->reported, names.at[i]);
            if (!one)
                continue;
            td_buf_adds(&line, before);
            say_one(c, one, &line);
            before = "; ";
        }
        td_strings_add(out, td_buf_str(&line));
        td_buf_release(&line);
    }
    td_strings_release(&names);
}
