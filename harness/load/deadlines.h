/*
 * deadlines - an ordered set of points in time: a binary heap of nodes that
 * lie inside their owners.  A node is in the set or not (TD_DEADLINE_NONE);
 * setting one that is in it moves it.  Nothing here knows of clocks.
 */
#ifndef TD_LOAD_DEADLINES_H
#define TD_LOAD_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

#define TD_DEADLINE_NONE SIZE_MAX

struct td_deadline {
    uint64_t at_ns;
    size_t index; /* in the heap; TD_DEADLINE_NONE = not in it */
};

#define TD_DEADLINE_INIT                                                       \
    {                                                                          \
        0, TD_DEADLINE_NONE                                                    \
    }

struct td_deadlines {
    struct td_deadline **at;
    size_t count;
    size_t cap;
};

#define TD_DEADLINES_INIT                                                      \
    {                                                                          \
        NULL, 0, 0                                                             \
    }

/* Frees the set; the nodes are their owners'. */
void td_deadlines_release(struct td_deadlines *set);
void td_deadlines_set(struct td_deadlines *set, struct td_deadline *node,
                      uint64_t at_ns);
/* Fine for a node that is not in the set. */
void td_deadlines_remove(struct td_deadlines *set, struct td_deadline *node);
/* The earliest, or NULL. */
struct td_deadline *td_deadlines_first(const struct td_deadlines *set);

#endif
