#include "summary/compare_runs_parts.h"

#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One case of one run, and whether it has met somebody. */
struct seat {
    const struct td_group_summary *group;
    const struct td_case_summary *of;
    const char *family;
    bool taken;
};

struct seats {
    struct seat *at;
    size_t count;
};

static struct seats seats_of(const struct td_summary *summary,
                             const json_t *manifest)
{
    const json_t *cases = json_object_get(manifest, "cases");
    struct seats out = {td_xcalloc(json_array_size(cases), sizeof *out.at), 0};
    for (size_t g = 0; g < summary->ngroups; g++)
        for (size_t i = 0; i < summary->groups[g].ncases; i++) {
            const struct td_case_summary *c = &summary->groups[g].cases[i];
            out.at[out.count++] = (struct seat){
                &summary->groups[g], c,
                td_json_str(json_array_get(cases, c->index), "family", ""),
                false};
        }
    return out;
}

static bool same_work(const struct seat *a, const struct seat *b)
{
    return strcmp(a->group->workload, b->group->workload) == 0 &&
           strcmp(a->group->set, b->group->set) == 0 &&
           strcmp(a->of->implementation, b->of->implementation) == 0 &&
           a->group->is_reference == b->group->is_reference;
}

static bool fits(const struct seat *a, const struct seat *b,
                 enum td_match match)
{
    if (a->taken || b->taken || !same_work(a, b))
        return false;
    if (match == TD_MATCH_NAME)
        return strcmp(a->of->runtime, b->of->runtime) == 0;
    return strcmp(a->family, b->family) == 0 &&
           a->of->is_twin == b->of->is_twin;
}

/* The only one that fits; NULL: none does, or one cannot choose. */
static struct seat *only_fit(const struct seat *to, struct seats *among,
                             enum td_match match)
{
    struct seat *found = NULL;
    for (size_t i = 0; i < among->count; i++) {
        if (!fits(to, &among->at[i], match))
            continue;
        if (found)
            return NULL;
        found = &among->at[i];
    }
    return found;
}

static void meet(struct td_comparison *out, struct seat *a, struct seat *b)
{
    struct td_compared_case both = {
        .group_a = a->group,
        .group_b = b->group,
        .a = a->of,
        .b = b->of,
        .family = b->family,
        .noise_floor = NAN,
        .p = NAN,
    };
    a->taken = b->taken = true;
    if (!a->group->is_reference)
        out->cases[out->ncases++] = both;
    else if (!out->reference.a && !a->of->is_twin)
        out->reference = both;
}

static void match_all(struct td_comparison *out, struct seats *a,
                      struct seats *b, enum td_match match)
{
    for (size_t i = 0; i < a->count; i++) {
        struct seat *partner = only_fit(&a->at[i], b, match);
        if (partner && only_fit(partner, a, match) == &a->at[i])
            meet(out, &a->at[i], partner);
    }
}

static struct td_unmatched *left_over(const struct seats *seats, size_t *count)
{
    struct td_unmatched *out = td_xcalloc(seats->count, sizeof *out);
    for (size_t i = 0; i < seats->count; i++)
        if (!seats->at[i].taken && !seats->at[i].group->is_reference)
            out[(*count)++] =
                (struct td_unmatched){seats->at[i].group, seats->at[i].of};
    return out;
}

void td_comparison_match(struct td_comparison *out, const json_t *manifest_a,
                         const json_t *manifest_b)
{
    struct seats a = seats_of(&out->a, manifest_a);
    struct seats b = seats_of(&out->b, manifest_b);
    out->cases = td_xcalloc(a.count, sizeof *out->cases);
    match_all(out, &a, &b, TD_MATCH_NAME);
    if (out->settings.match == TD_MATCH_FAMILY)
        match_all(out, &a, &b, TD_MATCH_FAMILY);
    out->only_a = left_over(&a, &out->nonly_a);
    out->only_b = left_over(&b, &out->nonly_b);
    free(a.at);
    free(b.at);
}
