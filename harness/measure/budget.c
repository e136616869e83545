#include "measure/budget.h"

/* The first pair, of each in turn. */
static bool taste(const struct td_budget_group *groups, size_t count,
                  struct td_budget_visit *out)
{
    for (size_t i = 0; i < count; i++)
        if (!groups[i].stopped && !groups[i].pair_ns) {
            *out = (struct td_budget_visit){i, 1, 1};
            return true;
        }
    return false;
}

/* What the pairs that a group has in any case still take. */
static uint64_t reserve(const struct td_budget_group *group)
{
    uint32_t least =
        group->first < TD_BUDGET_LEAST ? group->first : TD_BUDGET_LEAST;
    if (group->stopped || group->pairs >= least)
        return 0;
    return (least - group->pairs) * group->pair_ns;
}

/* The shortest pairs first. */
static bool least(const struct td_budget_group *groups, size_t count,
                  uint64_t left_ns, struct td_budget_visit *out)
{
    uint64_t reserved = 0;
    bool found = false;
    for (size_t i = 0; i < count; i++)
        reserved += reserve(&groups[i]);
    for (size_t i = 0; i < count; i++) {
        const struct td_budget_group *g = &groups[i];
        uint64_t others = reserved - reserve(g);
        uint64_t share = left_ns > others ? left_ns - others : 0;
        if (g->stopped || g->pairs >= g->first ||
            (!reserve(g) && g->pair_ns > share) ||
            (found && groups[out->group].pair_ns <= g->pair_ns))
            continue;
        *out = (struct td_budget_visit){i, g->first, share};
        found = true;
    }
    return found;
}

static bool wants_more(const struct td_budget_group *group, uint64_t left_ns)
{
    return !group->stopped && group->pair_ns <= left_ns;
}

static bool more(struct td_budget *budget, const struct td_budget_group *groups,
                 size_t count, uint64_t left_ns, struct td_budget_visit *out)
{
    size_t sharers = 1;
    while (budget->next < count && !wants_more(&groups[budget->next], left_ns))
        budget->next++;
    if (budget->next >= count)
        return false;
    for (size_t i = budget->next + 1; i < count; i++)
        sharers += wants_more(&groups[i], left_ns);
    *out =
        (struct td_budget_visit){budget->next, UINT32_MAX, left_ns / sharers};
    budget->next++;
    budget->any = true;
    return true;
}

bool td_budget_next(struct td_budget *budget,
                    const struct td_budget_group *groups, size_t count,
                    uint64_t left_ns, struct td_budget_visit *out)
{
    if (!budget->more &&
        (taste(groups, count, out) || least(groups, count, left_ns, out)))
        return true;
    budget->more = true;
    if (more(budget, groups, count, left_ns, out))
        return true;
    if (!budget->any)
        return false;
    budget->next = 0; /* another pass */
    budget->any = false;
    return more(budget, groups, count, left_ns, out);
}
