#include "measure/budget.h"

/* Does it want a visit, and can it have a pair?  The first visit is always
 * due. */
static bool wants(const struct td_budget *budget,
                  const struct td_budget_group *group, uint64_t left_ns)
{
    if (group->stopped)
        return false;
    if (!group->pair_ns)
        return true;
    return group->pair_ns <= left_ns &&
           (budget->more || group->pairs < group->first);
}

static uint64_t share(const struct td_budget *budget,
                      const struct td_budget_group *groups, size_t count,
                      uint64_t left_ns)
{
    uint64_t kept = 0, sharers = 0;
    if (groups[budget->next].kept_ns)
        return groups[budget->next].kept_ns;
    for (size_t i = 0; i < count; i++)
        kept += groups[i].stopped ? 0 : groups[i].kept_ns;
    left_ns = left_ns > kept ? left_ns - kept : 0;
    for (size_t i = budget->next; i < count; i++)
        sharers += !groups[i].kept_ns && wants(budget, &groups[i], left_ns);
    return sharers ? left_ns / sharers : left_ns;
}

bool td_budget_next(struct td_budget *budget,
                    const struct td_budget_group *groups, size_t count,
                    uint64_t left_ns, struct td_budget_visit *out)
{
    for (;;) {
        for (; budget->next < count; budget->next++) {
            if (!wants(budget, &groups[budget->next], left_ns))
                continue;
            *out = (struct td_budget_visit){
                budget->next,
                budget->more ? UINT32_MAX : groups[budget->next].first,
                share(budget, groups, count, left_ns)};
            budget->next++;
            budget->any = true;
            return true;
        }
        if (!budget->any && budget->more)
            return false;
        budget->more |= !budget->any;
        budget->next = 0;
        budget->any = false;
    }
}
