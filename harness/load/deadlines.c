#include "load/deadlines.h"

#include "base/buf.h"

#include <stdlib.h>

void td_deadlines_release(struct td_deadlines *set)
{
    free(set->at);
    *set = (struct td_deadlines)TD_DEADLINES_INIT;
}

static void place(struct td_deadlines *set, size_t i, struct td_deadline *node)
{
    set->at[i] = node;
    node->index = i;
}

static void sift_up(struct td_deadlines *set, struct td_deadline *node)
{
    size_t i = node->index;
    while (i && node->at_ns < set->at[(i - 1) / 2]->at_ns) {
        place(set, i, set->at[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    place(set, i, node);
}

static void sift_down(struct td_deadlines *set, struct td_deadline *node)
{
    size_t i = node->index;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < set->count &&
            set->at[child + 1]->at_ns < set->at[child]->at_ns)
            child++;
        if (child >= set->count || node->at_ns <= set->at[child]->at_ns)
            break;
        place(set, i, set->at[child]);
        i = child;
    }
    place(set, i, node);
}

void td_deadlines_set(struct td_deadlines *set, struct td_deadline *node,
                      uint64_t at_ns)
{
    node->at_ns = at_ns;
    if (node->index == TD_DEADLINE_NONE) {
        if (set->count == set->cap) {
            set->cap = set->cap ? set->cap * 2 : 64;
            set->at = td_xrealloc(set->at, set->cap * sizeof(void *));
        }
        place(set, set->count++, node);
    }
    sift_up(set, node);
    sift_down(set, node);
}

void td_deadlines_remove(struct td_deadlines *set, struct td_deadline *node)
{
    struct td_deadline *last;
    size_t i = node->index;
    if (i == TD_DEADLINE_NONE)
        return;
    last = set->at[--set->count];
    node->index = TD_DEADLINE_NONE;
    if (last == node)
        return;
    place(set, i, last);
    sift_up(set, last);
    sift_down(set, last);
}

struct td_deadline *td_deadlines_first(const struct td_deadlines *set)
{
    return set->count ? set->at[0] : NULL;
}
