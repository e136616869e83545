/*
 * placement - which CPUs workers, and the harness with its services, run on.
 *
 * Workers of one pair share one set of CPUs, in which they take turns: every
 * runtime is measured on the same cores.  The set has at least two CPUs where
 * there is more than one worker: on a single one the background threads of
 * those that wait (Go's, say) would wake up inside the samples of the one
 * whose turn it is.  The harness and the services stay off that set where
 * the machine has other CPUs.
 *
 * Nothing here pins anything; paths are below `root` ("" = this machine).
 */
#ifndef TD_HOST_PLACEMENT_H
#define TD_HOST_PLACEMENT_H

#include "base/err.h"

#include <stddef.h>

struct td_placement {
    char *workers; /* "2-5"; NULL = not pinned */
    char *harness; /* of the services too; NULL = not pinned */
    char *text;    /* one sentence: what was chosen, and why; may be NULL */
};

#define TD_PLACEMENT_INIT                                                      \
    {                                                                          \
        NULL, NULL, NULL                                                       \
    }

void td_placement_release(struct td_placement *placement);

/* CPUs by name: a list such as "0,2-3".  workers: how many take turns in the
 * largest group.  TD_EUSAGE when it is no list, names a CPU that this process
 * may not use, or is a single CPU for several workers. */
int td_placement_given(struct td_placement *out, const char *root,
                       const char *list, size_t workers, struct td_err *err);

/*
 * Chooses: from the CPUs this process may use, without isolated ones (the
 * scheduler does not spread a worker's threads over those), the fast cores of
 * a hybrid processor, one package.  The core of the lowest CPU, where most
 * interrupts arrive, goes to harness and services; of each other core the
 * workers get one thread, or all threads where that is less than two CPUs.
 * Below three CPUs there is nothing to choose, and the text says so.
 */
int td_placement_auto(struct td_placement *out, const char *root,
                      struct td_err *err);

/*
 * For servers under load: `harness` is where the load comes from, a quarter
 * of the CPUs in whole cores from the lowest on, at least one CPU; `workers`
 * are all others, for the servers.  Here a single CPU will do for several of
 * them: a server that nobody asks sleeps.  With one CPU in all neither is
 * pinned, and the text says so.
 */
void td_placement_servers(struct td_placement *out, const char *root);

/* A CPU that this process may use; another thread of its core; a CPU of
 * another core.  -1 = there is none. */
struct td_neighbours {
    int cpu, sibling, other;
};
void td_placement_neighbours(const char *root, struct td_neighbours *out);

/* Pins this thread to a list; NULL does nothing. */
int td_placement_pin(const char *list, struct td_err *err);

#endif
