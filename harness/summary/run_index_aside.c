#include "summary/run_index.h"

#include "base/json.h"

/* Nothing is left to compare where nearly every pair was disturbed: that is
 * how this machine is. */
static void use_all(struct td_run_index *index, const json_t *cases, size_t g)
{
    struct td_group_entry *group = &index->groups[g];
    uint32_t aside = group->aside_throttled + group->aside_stolen;
    if (!aside || group->pairs >= TD_LEAST_KEPT)
        return;
    group->all_used = true;
    group->pairs += group->aside_complete;
    group->incomplete += aside - group->aside_complete;
    for (size_t i = 0; i < index->ncases; i++) {
        struct td_case_entry *c = &index->cases[i];
        if (td_json_u64(json_array_get(cases, i), "group", UINT64_MAX) == g)
            for (size_t k = 0; k < c->count; k++)
                c->at[k].aside = false;
    }
}

void td_run_index_settle(struct td_run_index *index, const json_t *cases)
{
    for (size_t i = 0; i < index->ngroups; i++)
        use_all(index, cases, i);
}
