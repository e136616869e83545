#include "drivers/null/null.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(int control, const char *text)
{
    (void)!write(control, text, strlen(text));
}

static void tell(int control, const char *name, double value, const char *unit)
{
    struct td_fields fields = TD_FIELDS_INIT;
    struct td_buf line = TD_BUF_INIT;
    td_fields_set(&fields, "name", name);
    td_fields_setf(&fields, "value", "%.17g", value);
    td_fields_set(&fields, "unit", unit);
    td_fields_encode(&line, "figure", &fields);
    td_buf_addc(&line, '\n');
    (void)!write(control, line.data, line.len);
    td_buf_release(&line);
    td_fields_release(&fields);
}

/* One of NAME:VALUE:UNIT. */
static void tell_one(int control, const char *text, double by)
{
    struct td_strings parts = TD_STRINGS_INIT;
    td_strings_split(&parts, text, ":");
    if (parts.count == 3)
        tell(control, parts.at[0], by * atof(parts.at[1]), parts.at[2]);
    td_strings_release(&parts);
}

static bool is_fault(const struct null_fault *fault, const char *kind)
{
    return fault->kind && !strcmp(fault->kind, kind);
}

static void misreport(const struct null_fault *fault, int control)
{
    static const char *const lines[][2] = {
        {"figure_text", "figure name=speed value=much unit=x\n"},
        {"figure_nan", "figure name=speed value=nan unit=x\n"},
        {"figure_name", "figure name=Top%20speed value=1 unit=x\n"},
        {"figure_unit", "figure name=speed value=1 unit=a%20b\n"},
        {"figure_short", "figure name=speed unit=x\n"},
        {"figure_verb", "done count=1\n"},
        {"figure_torn", "figure name=speed value=1"},
        {"figure_error", "error message=no%20figures%20today\n"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (is_fault(fault, lines[i][0]))
            say(control, lines[i][1]);
    for (int i = 0; is_fault(fault, "figure_many") && i < 65; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        tell(control, name, i, "x");
    }
    while (is_fault(fault, "figure_endless"))
        say(control, "figure name=speed value=1 unit=x\n");
}

void null_figures_tell(const char *figures, double factor, uint64_t invocation,
                       const struct null_fault *fault, int control)
{
    struct td_strings each = TD_STRINGS_INIT;
    double by = factor * (1 + ((double)(invocation % 3) - 1) / 100);
    misreport(fault, control);
    td_strings_split(&each, figures ? figures : "", " ;");
    for (size_t i = 0; i < each.count; i++)
        tell_one(control, each.at[i], by);
    td_strings_release(&each);
}
