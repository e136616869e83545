/* Answers, failures and footnotes: what the figures do not say. */
#include "summary/summary_parts.h"

#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Garbage collectors finish their work after an operation: up to this share
 * is nothing to speak of. */
#define IDLE_SHARE_NOTED .05
/* What waking up for a turn and reporting it cost at most: no work of its
 * own, though it may be a large share of turns of a millisecond. */
#define WAKING_NS 200e3

/* The answer of a case's last invocation that ended well; NULL = none. */
static const char *answer_of(const struct td_case_entry *entry)
{
    for (size_t i = entry->count; i > 0; i--) {
        const char *answer = td_json_str(entry->at[i - 1].end, "answer", "");
        if (entry->at[i - 1].ok && answer[0])
            return answer;
    }
    return NULL;
}

static enum td_answer_state state_of(const struct td_case_entry *entry,
                                     const char *right, bool known_before)
{
    const char *answer = answer_of(entry);
    if (entry->wrong || (answer && right && strcmp(answer, right) != 0))
        return TD_ANSWER_WRONG;
    if (!answer)
        return TD_ANSWER_NONE;
    return known_before ? TD_ANSWER_VERIFIED : TD_ANSWER_AGREED;
}

void td_summary_answers(struct td_group_summary *group,
                        const struct td_run_index *index)
{
    bool known_before = group->answer != NULL;
    for (size_t i = 0; i < group->ncases && !group->answer; i++)
        group->answer = answer_of(&index->cases[group->cases[i].index]);
    group->answer_state = TD_ANSWER_NONE;
    for (size_t i = 0; i < group->ncases; i++) {
        struct td_case_summary *c = &group->cases[i];
        c->answer =
            state_of(&index->cases[c->index], group->answer, known_before);
        if (c->answer == TD_ANSWER_NONE ||
            group->answer_state == TD_ANSWER_WRONG)
            continue;
        group->answer_state = c->answer;
    }
}

/* The last failed invocation's `end`; NULL = none failed. */
static const json_t *last_failure(const struct td_case_entry *entry)
{
    for (size_t i = entry->count; i > 0; i--) {
        const json_t *end = entry->at[i - 1].end;
        if (end && strcmp(td_json_str(end, "status", ""), "failed") == 0)
            return end;
    }
    return NULL;
}

static char *why_nothing(const struct td_case_summary *c,
                         const struct td_case_entry *entry,
                         const json_t *failure)
{
    const char *message =
        td_json_str(failure, "message", entry->dropped ? entry->dropped : "");
    if (c->answer == TD_ANSWER_WRONG)
        return td_xasprintf("WRONG ANSWER%s%s", message[0] ? ": " : "",
                            message);
    if (c->invocations)
        return NULL;
    return td_xstrdup(message[0] ? message : "no invocation was completed");
}

void td_summary_failures(struct td_case_summary *out,
                         const struct td_case_entry *entry)
{
    const json_t *failure = last_failure(entry);
    const char *words = td_json_str(failure, "last_words", "");
    for (size_t i = 0; i < entry->count; i++)
        if (strcmp(td_json_str(entry->at[i].end, "status", ""), "failed") == 0)
            out->voided++;
    if (words[0])
        out->last_words = td_xstrdup(words);
    if (!out->problem)
        out->problem = why_nothing(out, entry, failure);
}

static const char *hosting_text(const char *hosting)
{
    if (strcmp(hosting, "static") == 0)
        return "embedded in a worker linked with the static library";
    if (strcmp(hosting, "shared") == 0)
        return "embedded in a worker that loads the shared library";
    if (strcmp(hosting, "stock") == 0)
        return "hosted by the interpreter's own executable";
    return hosting;
}

static void note_failures(struct td_case_summary *out,
                          const struct td_case_entry *entry)
{
    const char *message = td_json_str(last_failure(entry), "message", "");
    if (out->voided)
        td_strings_addf(&out->notes,
                        "%u of its invocations failed and %s not used; the "
                        "last one: %s",
                        out->voided, out->voided == 1 ? "is" : "are", message);
    if (entry->dropped)
        td_strings_addf(&out->notes, "took no further part after %zu: %s",
                        entry->count, entry->dropped);
}

/* CPU time between its batches, less that of waking up / time of its batches,
 * of the invocations that count. */
static double idle_share(const struct td_case_entry *entry)
{
    double idle_ns = 0, batches_ns = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const struct td_invocation_entry *it = &entry->at[i];
        for (size_t k = 0; td_invocation_counts(it) && k < it->nbatches; k++) {
            const struct td_batch_entry *batch = &it->batches[k];
            if (batch->idle_cpu_ns > WAKING_NS) /* NAN is not */
                idle_ns += batch->idle_cpu_ns - WAKING_NS;
            batches_ns += (double)(batch->end_ns - batch->begin_ns);
        }
    }
    return batches_ns > 0 ? idle_ns / batches_ns : 0;
}

static void note_idle(struct td_case_summary *out,
                      const struct td_case_entry *entry)
{
    double share = idle_share(entry);
    if (share > IDLE_SHARE_NOTED)
        td_strings_addf(&out->notes,
                        "kept the CPU busy while others had their turn, as "
                        "long as %.0f %% of its own turns: it may have slowed "
                        "them down",
                        100 * share);
}

void td_summary_note_case(struct td_case_summary *out,
                          const struct td_case_entry *entry,
                          const struct td_group_summary *group)
{
    if (out->problem)
        return;
    if (out->hosting)
        td_strings_add(&out->notes, hosting_text(out->hosting));
    if (out->service.known)
        td_case_service_note(&out->service, out->loops, &out->notes);
    else if (out->loops > 1)
        td_strings_addf(&out->notes,
                        "grouped: %llu operations a sample, too short to be "
                        "timed alone; p99 is of groups",
                        (unsigned long long)out->loops);
    if (out->p99_ns.known && out->p99_pooled &&
        (!out->service.known || out->service.open))
        td_strings_add(&out->notes,
                       "p99 of all samples pooled, as if independent: its "
                       "interval may be too narrow");
    if (out->clipped)
        td_strings_addf(&out->notes,
                        "%llu samples above 1 h are clipped in the histogram",
                        (unsigned long long)out->clipped);
    if (out->base_implementation &&
        strcmp(out->base_implementation, out->implementation) != 0)
        td_strings_addf(&out->notes, "ratio against %s %s", out->base_runtime,
                        out->base_implementation);
    if (out->ratio.known && out->pairs < group->pairs + group->pairs_failed)
        td_strings_addf(&out->notes, "its ratio rests on %u of %u pairs",
                        out->pairs, group->pairs + group->pairs_failed);
    note_idle(out, entry);
    td_summary_note_disturbances(out);
    note_failures(out, entry);
}

void td_summary_note_group(struct td_group_summary *group)
{
    size_t answered = 0;
    for (size_t i = 0; i < group->ncases; i++)
        answered += group->cases[i].answer == TD_ANSWER_AGREED;
    if (group->answer_state == TD_ANSWER_AGREED && answered == 1)
        td_strings_add(&group->notes,
                       "the answer was not known beforehand, and no other "
                       "case gave one to compare it with");
    td_summary_note_aside(group);
    if (!group->why)
        td_strings_add(&group->notes, "not finished: the run was cut off here "
                                      "or never came to it");
    else if (strcmp(group->why, "interrupted") == 0)
        td_strings_add(&group->notes, "interrupted: what was complete by then "
                                      "is shown");
}

void td_summary_note_run(struct td_summary *out,
                         const struct td_run_index *index, bool torn)
{
    if (!index->status)
        td_strings_addf(&out->notes,
                        "the run was cut off; `tandem run --resume %s` "
                        "finishes it",
                        out->run_id);
    else if (!out->complete)
        td_strings_addf(&out->notes,
                        "the run was interrupted; `tandem run --resume %s` "
                        "finishes it",
                        out->run_id);
    if (torn)
        td_strings_add(&out->notes,
                       "the end of the journal or of its samples was torn off; "
                       "what is not whole is left out");
    if (index->resumed)
        td_strings_addf(&out->notes, "resumed %u time%s", index->resumed,
                        index->resumed == 1 ? "" : "s");
}
