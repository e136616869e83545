#include "out/report_bias.h"

#include "out/units.h"

/* "(95 % interval 0.997 to 1.007, 15 pairs)" */
static void say_interval(const struct td_summary *summary,
                         struct td_figure ratio, uint32_t pairs,
                         struct td_buf *out)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_say(ratio, &value, &interval);
    if (ratio.bounded)
        td_buf_addf(out, " (%g %% interval %s", 100 * summary->confidence,
                    td_buf_str(&interval));
    else
        td_buf_adds(out, " (no interval");
    td_buf_addf(out, ", %u pair%s)", pairs, pairs == 1 ? "" : "s");
    td_buf_release(&value);
    td_buf_release(&interval);
}

/* "cpython-3.11.2 trial takes 1.004 times as long " */
static void say_ratio(const struct td_case_summary *c, struct td_figure ratio,
                      struct td_buf *out)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_say(ratio, &value, &interval);
    td_buf_addf(out, "%s %s takes %s times as long ", c->runtime,
                c->implementation, td_buf_str(&value));
    td_buf_release(&value);
    td_buf_release(&interval);
}

static void say_hosting(const struct td_summary *summary,
                        const struct td_case_summary *c, struct td_strings *to)
{
    const struct td_case_bias *bias = &c->bias;
    struct td_buf out = TD_BUF_INIT;
    td_buf_adds(&out, "Hosting bias: ");
    if (bias->hosting.known) {
        say_ratio(c, bias->hosting, &out);
        td_buf_adds(&out, "embedded as in its own executable");
        say_interval(summary, bias->hosting, bias->hosting_pairs, &out);
    } else {
        td_buf_addf(&out, "not known of %s %s: no pair has both it and %s",
                    c->runtime, c->implementation, bias->stock);
    }
    td_buf_addc(&out, '.');
    td_strings_add(to, td_buf_str(&out));
    td_buf_release(&out);
}

static void say_failures(const struct td_case_bias *bias, struct td_buf *out)
{
    if (bias->tool_failures)
        td_buf_addf(out, "; %s failed %u time%s, the last one: %s", bias->tool,
                    bias->tool_failures, bias->tool_failures == 1 ? "" : "s",
                    bias->tool_message);
}

static void say_harness(const struct td_summary *summary,
                        const struct td_case_summary *c, struct td_strings *to)
{
    const struct td_case_bias *bias = &c->bias;
    struct td_buf out = TD_BUF_INIT;
    td_buf_adds(&out, "Harness bias: ");
    if (bias->harness.known) {
        say_ratio(c, bias->harness, &out);
        td_buf_addf(&out, "by tandem as by %s", bias->tool);
        say_interval(summary, bias->harness, bias->harness_pairs, &out);
    } else {
        td_buf_addf(&out, "not known of %s %s", c->runtime, c->implementation);
    }
    say_failures(bias, &out);
    td_buf_addc(&out, '.');
    td_strings_add(to, td_buf_str(&out));
    td_buf_release(&out);
}

void td_say_bias(const struct td_summary *summary,
                 const struct td_group_summary *group, struct td_strings *out)
{
    bool any = false;
    if (!summary->cross_checked || group->is_reference)
        return;
    for (size_t i = 0; i < group->ncases; i++)
        if (group->cases[i].bias.stock)
            say_hosting(summary, &group->cases[i], out);
    for (size_t i = 0; i < group->ncases; i++)
        if (group->cases[i].bias.tool) {
            say_harness(summary, &group->cases[i], out);
            any = true;
        }
    if (!any)
        td_strings_add(out, "Harness bias: not known, no tool of a runtime's "
                            "own was there to measure it.");
}

void td_say_unchecked(const struct td_summary *summary, struct td_buf *out)
{
    if (!summary->cross_checked)
        td_buf_adds(out, " What hosting and harness themselves change was not "
                         "measured (`tandem run --cross-check` does).");
}
