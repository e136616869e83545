#include "out/report.h"
#include "out/report_bias.h"
#include "out/report_commands.h"
#include "out/report_figures.h"
#include "out/report_growth.h"
#include "out/report_parts.h"
#include "out/report_servers.h"

enum { WIDTH = 100 };

static void folded(const char *text, size_t indent, struct td_buf *out)
{
    td_text_fold(text, WIDTH, indent, out);
}

static void notes_text(const struct td_strings *notes, struct td_buf *out)
{
    for (size_t i = 0; i < notes->count; i++) {
        td_buf_addf(out, "[%zu] ", i + 1);
        folded(notes->at[i], 4, out);
    }
}

static void remarks_text(const struct td_strings *remarks, struct td_buf *out)
{
    for (size_t i = 0; i < remarks->count; i++) {
        td_buf_adds(out, "Note: ");
        folded(remarks->at[i], 6, out);
    }
}

static void group_text(const struct td_summary *summary,
                       const struct td_group_summary *group, struct td_buf *out)
{
    struct td_strings sentences = TD_STRINGS_INIT, notes = TD_STRINGS_INIT;
    struct td_buf line = TD_BUF_INIT;
    struct td_table table;
    td_buf_addf(out, "%s %s\n", group->workload, group->set);
    td_say_group(summary, group, &line);
    folded(td_buf_str(&line), 0, out);
    if (summary->quick)
        td_buf_addf(out, "%s.\n", td_quick_warning);
    td_say_ratios(summary, group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        folded(sentences.at[i], 0, out);
    td_buf_addc(out, '\n');
    td_group_table(summary, group, &table, &notes);
    td_table_text(&table, out);
    notes_text(&notes, out);
    td_strings_release(&sentences);
    td_say_figures(group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        folded(sentences.at[i], 2, out);
    td_strings_release(&sentences);
    td_say_bias(summary, group, &sentences);
    for (size_t i = 0; i < sentences.count; i++)
        folded(sentences.at[i], 0, out);
    remarks_text(&group->notes, out);
    td_table_release(&table);
    if (td_servers_table(summary, group, &table)) {
        td_buf_addc(out, '\n');
        td_table_text(&table, out);
    }
    td_table_release(&table);
    if (td_warmup_table(summary, group, &table)) {
        td_buf_addc(out, '\n');
        td_table_text(&table, out);
    }
    td_table_release(&table);
    td_strings_release(&notes);
    td_strings_release(&sentences);
    td_buf_release(&line);
}

void td_report_text(const struct td_summary *summary, struct td_buf *out)
{
    struct td_strings suites = TD_STRINGS_INIT;
    struct td_buf line = TD_BUF_INIT;
    for (size_t i = 0; i < summary->ngroups; i++) {
        if (summary->groups[i].is_reference)
            continue;
        group_text(summary, &summary->groups[i], out);
        td_buf_adds(out, "\n\n");
    }
    td_growth_text(summary, out);
    td_say_suites(summary, &suites);
    for (size_t i = 0; i < suites.count; i++)
        folded(suites.at[i], 0, out);
    td_strings_release(&suites);
    td_say_floor(summary, &line);
    if (line.len)
        folded(td_buf_str(&line), 0, out);
    td_buf_clear(&line);
    td_say_legend(summary, &line);
    td_say_unchecked(summary, &line);
    folded(td_buf_str(&line), 0, out);
    td_buf_clear(&line);
    td_say_servers(summary, &line);
    if (line.len)
        folded(td_buf_str(&line), 0, out);
    td_buf_clear(&line);
    td_say_commands(summary, &line);
    if (line.len)
        folded(td_buf_str(&line), 0, out);
    td_buf_clear(&line);
    td_say_warmup(summary, &line);
    if (line.len)
        folded(td_buf_str(&line), 0, out);
    remarks_text(&summary->notes, out);
    td_buf_addf(out, "Run %s.\n", summary->run_id);
    td_buf_release(&line);
}
