#include "out/report.h"
#include "out/report_bias.h"
#include "out/report_commands.h"
#include "out/report_figures.h"
#include "out/report_growth.h"
#include "out/report_parts.h"
#include "out/report_servers.h"

/* An empty line between paragraphs. */
static void paragraph(const char *text, struct td_buf *out)
{
    td_buf_addf(out, "%s\n\n", text);
}

static void remarks(const struct td_strings *notes, struct td_buf *out)
{
    for (size_t i = 0; i < notes->count; i++)
        td_buf_addf(out, "Note: %s\n\n", notes->at[i]);
}

static void group_markdown(const struct td_summary *summary,
                           const struct td_group_summary *group,
                           struct td_buf *out)
{
    struct td_strings sentences = TD_STRINGS_INIT, notes = TD_STRINGS_INIT;
    struct td_buf line = TD_BUF_INIT;
    struct td_table table;
    td_buf_addf(out, "### %s %s\n\n", group->workload, group->set);
    td_say_ratios(summary, group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        paragraph(sentences.at[i], out);
    if (summary->quick)
        td_buf_addf(out, "**%s.**\n\n", td_quick_warning);
    td_group_table(summary, group, &table, &notes);
    td_table_markdown(&table, out);
    td_buf_addc(out, '\n');
    for (size_t i = 0; i < notes.count; i++)
        td_buf_addf(out, "- [%zu] %s\n", i + 1, notes.at[i]);
    td_buf_adds(out, notes.count ? "\n" : "");
    td_strings_release(&sentences);
    td_say_figures(group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        td_buf_addf(out, "- %s\n", sentences.at[i]);
    td_buf_adds(out, sentences.count ? "\n" : "");
    td_strings_release(&sentences);
    td_say_bias(summary, group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        paragraph(sentences.at[i], out);
    td_say_group(summary, group, &line);
    paragraph(td_buf_str(&line), out);
    remarks(&group->notes, out);
    td_table_release(&table);
    if (td_servers_table(summary, group, &table)) {
        td_table_markdown(&table, out);
        td_buf_addc(out, '\n');
    }
    td_table_release(&table);
    if (td_warmup_table(summary, group, &table)) {
        td_table_markdown(&table, out);
        td_buf_addc(out, '\n');
    }
    td_table_release(&table);
    td_strings_release(&notes);
    td_strings_release(&sentences);
    td_buf_release(&line);
}

void td_report_markdown(const struct td_summary *summary, struct td_buf *out)
{
    struct td_strings suites = TD_STRINGS_INIT;
    struct td_buf floor = TD_BUF_INIT, more = TD_BUF_INIT;
    for (size_t i = 0; i < summary->ngroups; i++)
        if (!summary->groups[i].is_reference)
            group_markdown(summary, &summary->groups[i], out);
    td_growth_markdown(summary, out);
    td_say_suites(summary, &suites);
    for (size_t i = 0; i < suites.count; i++)
        paragraph(suites.at[i], out);
    td_strings_release(&suites);
    td_say_floor(summary, &floor);
    if (floor.len)
        paragraph(td_buf_str(&floor), out);
    td_buf_release(&floor);
    td_say_legend(summary, out);
    td_say_unchecked(summary, out);
    td_buf_adds(out, "\n\n");
    td_say_servers(summary, &more);
    if (more.len)
        paragraph(td_buf_str(&more), out);
    td_buf_clear(&more);
    td_say_commands(summary, &more);
    if (more.len)
        paragraph(td_buf_str(&more), out);
    td_buf_clear(&more);
    td_say_warmup(summary, &more);
    if (more.len)
        paragraph(td_buf_str(&more), out);
    td_buf_release(&more);
    remarks(&summary->notes, out);
    td_buf_addf(out, "Run `%s`.\n", summary->run_id);
}
