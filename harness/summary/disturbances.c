/* What disturbed a case's samples: counted, never dropped. */
#include "summary/summary_parts.h"

#include "host/rules.h"

#include <math.h>

/* Shares of its time below which a disturbance is nothing to speak of. */
#define WAITED_NOTED .10
#define STOLEN_NOTED .02

/* One kind, over the steady batches of the invocations that count. */
struct tally {
    struct td_disturbed found;
    double disturbed_ns, all_ns;
};

static void count(struct tally *to, const struct td_batch_entry *batch,
                  double events)
{
    double took_ns = (double)(batch->end_ns - batch->begin_ns);
    to->all_ns += took_ns;
    if (isnan(events))
        return;
    to->found.known = true;
    if (events > 0) {
        to->found.samples += batch->count;
        to->disturbed_ns += took_ns;
    }
}

static struct td_disturbed result(const struct tally *tally)
{
    struct td_disturbed out = tally->found;
    if (tally->all_ns > 0)
        out.time_share = tally->disturbed_ns / tally->all_ns;
    return out;
}

/* A process loses no more time than its threads waited, and no more than it
 * was off the CPU. */
static double waited_ns(const struct td_batch_entry *batch)
{
    double off_ns = (double)(batch->end_ns - batch->begin_ns) - batch->cpu_ns;
    if (isnan(batch->wait_ns) || isnan(off_ns))
        return batch->wait_ns;
    return fmax(fmin(batch->wait_ns, off_ns), 0);
}

static double share(const struct tally *tally, double lost_ns)
{
    return tally->found.known && tally->all_ns > 0 ? lost_ns / tally->all_ns
                                                   : NAN;
}

void td_summary_disturbances(struct td_case_summary *out,
                             const struct td_case_entry *entry)
{
    struct tally switched = {0}, stolen = {0}, gc = {0};
    double waited = 0, taken = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const struct td_invocation_entry *it = &entry->at[i];
        for (size_t k = 0; td_invocation_counts(it) && k < it->nbatches; k++) {
            const struct td_batch_entry *batch = &it->batches[k];
            if (!td_batch_is_steady(batch))
                continue;
            count(&switched, batch, batch->switches);
            count(&stolen, batch, batch->steal_ns);
            count(&gc, batch, batch->gc_cycles);
            if (isfinite(batch->wait_ns))
                waited += waited_ns(batch);
            if (isfinite(batch->steal_ns))
                taken += batch->steal_ns;
        }
    }
    out->switched = result(&switched);
    out->stolen = result(&stolen);
    out->gc = result(&gc);
    out->waited_share = share(&switched, waited);
    out->stolen_share = share(&stolen, taken);
}

static void note_ratio_all(struct td_case_summary *out)
{
    struct td_figure all = out->ratio_all;
    if (!all.known)
        return;
    if (all.bounded)
        td_strings_addf(&out->notes,
                        "with the pairs that were set aside its ratio is %.4g "
                        "(%.4g to %.4g)",
                        all.value, all.lower, all.upper);
    else
        td_strings_addf(&out->notes,
                        "with the pairs that were set aside its ratio is %.4g",
                        all.value);
}

void td_summary_note_disturbances(struct td_case_summary *out)
{
    if (out->waited_share > WAITED_NOTED)
        td_strings_addf(&out->notes,
                        "waited for a CPU for up to %.0f %% of its turns: "
                        "others had it",
                        100 * out->waited_share);
    if (out->stolen_share > STOLEN_NOTED)
        td_strings_addf(&out->notes,
                        "the hypervisor took CPU time away (steal), as much "
                        "as %.0f %% of its turns",
                        100 * fmin(out->stolen_share, 1));
    note_ratio_all(out);
}

void td_summary_note_aside(struct td_group_summary *group)
{
    uint32_t throttled = group->aside_throttled, stolen = group->aside_stolen;
    const char *then = group->all_used
                           ? "too few others are left, so all of them are used"
                           : "they are not in the figures";
    if (throttled)
        td_strings_addf(&group->notes,
                        "in %u pair%s a CPU quota held the workers back "
                        "(throttled): %s",
                        throttled, throttled == 1 ? "" : "s", then);
    if (stolen)
        td_strings_addf(&group->notes,
                        "in %u pair%s a hypervisor took more than %.0f %% of "
                        "the CPU time (stolen): %s",
                        stolen, stolen == 1 ? "" : "s",
                        100 * TD_RULE_STOLEN_SHARE, then);
}
