#include "out/report_parts.h"
#include "out/report_servers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char td_quick_warning[] =
    "QUICK: a look, with too few pairs to rest anything on";

enum { LAST_WORDS = 300 };

static const char *why_text(const char *why)
{
    static const char *const texts[][2] = {
        {"pairs", "as many as asked for"},
        {"precise", "precise enough"},
        {"most", "the most that were allowed"},
        {"disturbed", "the machine was disturbed too often"},
        {"time", "the time was up"},
        {"interrupted", "interrupted"},
        {"failed", "stopped by failures"},
    };
    for (size_t i = 0; why && i < sizeof texts / sizeof *texts; i++)
        if (strcmp(why, texts[i][0]) == 0)
            return texts[i][1];
    return why ? why : "not finished";
}

static const char *answer_text(enum td_answer_state state)
{
    switch (state) {
    case TD_ANSWER_VERIFIED:
        return "verified";
    case TD_ANSWER_AGREED:
        return "agreed on, not known beforehand";
    case TD_ANSWER_WRONG:
        return "NOT RETURNED BY ALL";
    case TD_ANSWER_NONE:
        break;
    }
    return "never returned";
}

void td_say_group(const struct td_summary *summary,
                  const struct td_group_summary *group, struct td_buf *out)
{
    double target = summary->target;
    uint32_t aside = group->aside_throttled + group->aside_stolen;
    td_say_load(group, out);
    if (group->is_command && group->answer && !strcmp(group->answer, "none"))
        td_buf_adds(out, "output not compared; ");
    else
        td_buf_addf(out, "%sanswer%s %.40s%s, %s; ", group->load ? "; " : "",
                    group->load ? "s" : "",
                    group->answer ? group->answer : TD_DASH,
                    group->answer && strlen(group->answer) > 40 ? "…" : "",
                    answer_text(group->answer_state));
    td_buf_addf(out, "%u pair%s", group->pairs, group->pairs == 1 ? "" : "s");
    if (group->pairs_failed)
        td_buf_addf(out, " and %u incomplete", group->pairs_failed);
    if (aside && !group->all_used)
        td_buf_addf(out, " and %u set aside", aside);
    td_buf_addf(out, ", %s", why_text(group->why));
    if (isfinite(group->half_width))
        td_buf_addf(out, group->half_width < .995 ? ": ±%.2g %%" : ": ±%.0f %%",
                    100 * group->half_width);
    if (isfinite(group->half_width) && target > 0)
        td_buf_addf(out, " (asked: ±%.2g %%)", 100 * target);
    if (isfinite(group->timed_share))
        td_buf_addf(out, "; %.0f %% of the time %s", 100 * group->timed_share,
                    group->load ? "under load" : "inside samples");
}

static bool one_implementation(const struct td_group_summary *group)
{
    for (size_t i = 1; i < group->ncases; i++)
        if (strcmp(group->cases[i].implementation,
                   group->cases[0].implementation) != 0)
            return false;
    return true;
}

/* Nothing, where the interval has said it already. */
static void say_verdict(const struct td_summary *summary,
                        const struct td_case_summary *c, struct td_buf *out)
{
    double apart = fmax(c->ratio.value, 1 / c->ratio.value) - 1;
    if (!c->ratio.bounded)
        return;
    if (c->verdict == TD_VERDICT_EQUIVALENT)
        td_buf_addf(out, ": the same within %g %%", 100 * summary->threshold);
    else if (c->ratio.lower <= 1 && c->ratio.upper >= 1)
        td_buf_adds(out, ": no difference shown");
    else if (c->verdict != TD_VERDICT_INCONCLUSIVE)
        return;
    else if (apart <= c->noise_floor)
        td_buf_adds(out, ": not above the noise floor, so no verdict");
    else
        td_buf_addf(out, ": may be less than %g %%, so no verdict",
                    100 * summary->threshold);
}

static void say_one(const char *what, struct td_figure ratio,
                    struct td_buf *out)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_say(ratio, &value, &interval);
    if (ratio.known)
        td_buf_addf(out, "; %s %s times", what, td_buf_str(&value));
    if (ratio.known && ratio.bounded)
        td_buf_addf(out, " (%s)", td_buf_str(&interval));
    td_buf_release(&value);
    td_buf_release(&interval);
}

/* A gate looks at these ratios too. */
static void say_typical(const struct td_case_summary *c, struct td_buf *out)
{
    say_one("typically (medians)", c->ratio_median, out);
    say_one("CPU time", c->ratio_cpu, out);
}

static char *sentence(const struct td_summary *summary,
                      const struct td_group_summary *group,
                      const struct td_case_summary *c)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    struct td_buf out = TD_BUF_INIT;
    bool brief = one_implementation(group);
    td_figure_say(c->ratio, &value, &interval);
    td_buf_addf(&out, "%s%s%s takes %s times as long as %s%s%s (", c->runtime,
                brief ? "" : " ", brief ? "" : c->implementation,
                td_buf_str(&value), c->base_runtime, brief ? "" : " ",
                brief ? "" : c->base_implementation);
    if (c->ratio.bounded)
        td_buf_addf(&out, "%g %% interval %s, ", 100 * summary->confidence,
                    td_buf_str(&interval));
    else
        td_buf_adds(&out, "no interval, ");
    td_buf_addf(&out, "%u pair%s", c->pairs, c->pairs == 1 ? "" : "s");
    if (isfinite(c->noise_floor))
        td_buf_addf(&out, "; noise floor %.2g %%", 100 * c->noise_floor);
    td_buf_addc(&out, ')');
    say_verdict(summary, c, &out);
    if (c->is_revised)
        say_typical(c, &out);
    td_buf_addc(&out, '.');
    td_buf_release(&value);
    td_buf_release(&interval);
    return td_buf_detach(&out);
}

/* The first compared implementation speaks for the group; the others' ratios
 * stand in the table. */
void td_say_ratios(const struct td_summary *summary,
                   const struct td_group_summary *group, struct td_strings *out)
{
    const char *spoken = NULL;
    for (size_t i = 0; i < group->ncases; i++) {
        const struct td_case_summary *c = &group->cases[i];
        char *text;
        if (!c->ratio.known || c->is_counterpart ||
            (spoken && strcmp(spoken, c->implementation) != 0))
            continue;
        spoken = c->implementation;
        text = sentence(summary, group, c);
        td_strings_add(out, text);
        free(text);
    }
}

size_t td_note_number(struct td_strings *notes, const char *text)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->at[i], text) == 0)
            return i + 1;
    td_strings_add(notes, text);
    return notes->count;
}

/* The tail, on one line. */
static char *last_words_note(const char *words)
{
    struct td_buf out = TD_BUF_INIT;
    size_t len = strlen(words);
    while (len && strchr("\n ", words[len - 1]))
        len--;
    td_buf_adds(&out, "last words: ");
    if (len > LAST_WORDS) {
        words += len - LAST_WORDS;
        len = LAST_WORDS;
        while (len && ((unsigned char)*words & 0xc0) == 0x80) {
            words++;
            len--;
        }
        td_buf_adds(&out, "… ");
    }
    for (size_t i = 0; i < len; i++) {
        if (words[i] == '\n')
            td_buf_adds(&out, " / ");
        else
            td_buf_addc(&out, (unsigned char)words[i] < ' ' ? ' ' : words[i]);
    }
    return td_buf_detach(&out);
}

enum { MARKS = 32 };

/* Adds a footnote's number to those of a cell, in ascending order. */
static void mark(size_t *marks, size_t *count, size_t number)
{
    size_t i = *count;
    if (i == MARKS)
        return;
    for (; i > 0 && marks[i - 1] > number; i--)
        marks[i] = marks[i - 1];
    marks[i] = number;
    ++*count;
}

/* "trial [1,2]" */
static void implementation_cell(const struct td_case_summary *c,
                                struct td_strings *notes, struct td_buf *cell)
{
    size_t marks[MARKS], count = 0;
    td_buf_addf(cell, "  %s", c->implementation);
    if (c->problem)
        mark(marks, &count, td_note_number(notes, c->problem));
    for (size_t i = 0; i < c->notes.count; i++)
        mark(marks, &count, td_note_number(notes, c->notes.at[i]));
    if (c->last_words) {
        char *words = last_words_note(c->last_words);
        mark(marks, &count, td_note_number(notes, words));
        free(words);
    }
    for (size_t i = 0; i < count; i++)
        td_buf_addf(cell, "%s%zu", i ? "," : " [", marks[i]);
    if (count)
        td_buf_addc(cell, ']');
}

void td_table_add_figure(struct td_table *table, struct td_figure figure,
                         enum td_unit unit)
{
    struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
    td_figure_print(figure, unit, &value, &interval);
    td_table_add(table, td_buf_str(&value),
                 figure.known ? td_buf_str(&interval) : NULL);
    td_buf_release(&value);
    td_buf_release(&interval);
}

static const char *trouble(const struct td_case_summary *c)
{
    if (c->answer == TD_ANSWER_WRONG)
        return "WRONG";
    return c->voided ? "FAILED" : "NOT RUN";
}

static void ratio_cell(struct td_table *table, const struct td_case_summary *c)
{
    if (c->problem)
        td_table_add(table, trouble(c), NULL);
    else if (c->is_base && !c->base_runtime)
        td_table_add(table, "base", NULL);
    else
        td_table_add_figure(table, c->ratio, TD_UNIT_NONE);
}

static void samples_cell(struct td_table *table,
                         const struct td_case_summary *c)
{
    struct td_buf samples = TD_BUF_INIT, invocations = TD_BUF_INIT;
    td_count_print(c->samples, &samples);
    td_count_print(c->invocations, &invocations);
    td_table_add(table, td_buf_str(&samples), td_buf_str(&invocations));
    td_buf_release(&samples);
    td_buf_release(&invocations);
}

static void heading(const struct td_summary *summary,
                    const struct td_group_summary *group,
                    struct td_table *table)
{
    bool ideal = group->ideal_ns > 0;
    char *interval = td_xasprintf("%g %%", 100 * summary->confidence);
    td_table_add(table, "runtime", "  implementation");
    td_table_add(table, "ratio", interval);
    if (group->load) {
        td_servers_heading(group, interval, table);
    } else {
        td_table_add(table, "median", interval);
        td_table_add(table, "mean", interval);
        td_table_add(table, "p99", interval);
        if (ideal)
            td_table_add(table, "over ideal", interval);
        td_table_add(table, "CPU time", interval);
        td_table_add(table, "peak RSS", interval);
    }
    td_table_add(table, "samples", "invocations");
    free(interval);
}

static void worker_cells(const struct td_case_summary *c, bool ideal,
                         struct td_table *table)
{
    td_table_add_figure(table, c->median_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->mean_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->p99_ns, TD_UNIT_TIME);
    if (ideal)
        td_table_add_figure(table, c->over_ideal_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->cpu_ns, TD_UNIT_TIME);
    td_table_add_figure(table, c->rss_bytes, TD_UNIT_BYTES);
}

static void case_row(const struct td_group_summary *group,
                     const struct td_case_summary *c, struct td_table *table,
                     struct td_strings *notes)
{
    struct td_buf name = TD_BUF_INIT;
    implementation_cell(c, notes, &name);
    td_table_add(table, c->runtime, td_buf_str(&name));
    ratio_cell(table, c);
    if (group->load)
        td_servers_row(group, c, table);
    else
        worker_cells(c, group->ideal_ns > 0, table);
    samples_cell(table, c);
    td_buf_release(&name);
}

void td_group_table(const struct td_summary *summary,
                    const struct td_group_summary *group,
                    struct td_table *table, struct td_strings *notes)
{
    td_table_init(table, group->load           ? 3 + td_servers_columns(group)
                         : group->ideal_ns > 0 ? 9
                                               : 8);
    heading(summary, group, table);
    for (size_t i = 0; i < group->ncases; i++)
        case_row(group, &group->cases[i], table, notes);
}

void td_say_floor(const struct td_summary *summary, struct td_buf *out)
{
    for (size_t i = 0; i < summary->ngroups; i++) {
        const struct td_group_summary *group = &summary->groups[i];
        struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
        const struct td_case_summary *twin = NULL;
        for (size_t k = 0; group->is_reference && k < group->ncases; k++)
            if (group->cases[k].is_twin && group->cases[k].ratio.bounded)
                twin = &group->cases[k];
        if (!twin)
            continue;
        td_figure_say(twin->ratio, &value, &interval);
        td_buf_addf(out,
                    "Noise floor %.2g %%: %s against itself (%s %s, %u pairs) "
                    "gave %s, %g %% interval %s. A difference that is not "
                    "greater is never called one.",
                    100 * group->noise_floor, twin->base_runtime,
                    group->workload, group->set, twin->pairs,
                    td_buf_str(&value), 100 * summary->confidence,
                    td_buf_str(&interval));
        td_buf_release(&value);
        td_buf_release(&interval);
    }
}

void td_say_suites(const struct td_summary *summary, struct td_strings *out)
{
    for (size_t i = 0; i < summary->nsuites; i++) {
        const struct td_suite *suite = &summary->suites[i];
        struct td_buf value = TD_BUF_INIT, interval = TD_BUF_INIT;
        td_figure_say(suite->ratio, &value, &interval);
        if (suite->ratio.bounded)
            td_strings_addf(out,
                            "Over %zu tables (default implementations): %s / "
                            "%s %s, geometric mean, %g %% interval %s. It "
                            "speaks for these workloads only.",
                            suite->groups, suite->runtime, suite->base,
                            td_buf_str(&value), 100 * summary->confidence,
                            td_buf_str(&interval));
        td_buf_release(&value);
        td_buf_release(&interval);
    }
}

void td_say_legend(const struct td_summary *summary, struct td_buf *out)
{
    td_buf_addf(out,
                "Times are of one operation; ratio: of the mean times, pair by "
                "pair, against the same implementation marked base (unless "
                "a footnote says which). With each figure stands "
                "its %g %% interval, over invocations. "
                "A dash: not known, or too little data to carry it (an "
                "interval needs two invocations, p99 368 samples).",
                100 * summary->confidence);
}
