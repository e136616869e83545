/*
 * tune - settings of the machine that bear on timing: what they are, what
 * they should be while measuring, and the way back.
 *
 * Set are the frequency governor and energy preference, turbo, transparent
 * huge pages and NUMA balancing, where the machine has them: small files whose
 * old values, written back last first, undo the change.  Left alone is what
 * cannot be undone so surely (SMT: its CPUs vanish from every affinity mask)
 * and address randomisation: one fixed layout would turn its luck into a
 * difference that every invocation shares.
 *
 * Invariant: before the first file is written, the state file holds every
 * prior value, synced to disk.  It goes away only after each of them was read
 * back, so a process killed at any point leaves either nothing changed or a
 * state file that undoes all.  While it exists nothing is tuned again: the
 * values found then would not be the first.
 *
 * Paths are below `root` ("" = this machine).  Nothing here raises
 * privileges or prints.
 */
#ifndef TD_HOST_TUNE_H
#define TD_HOST_TUNE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum td_tune_state {
    TD_TUNE_ABSENT, /* this machine does not have it; path is NULL */
    TD_TUNE_FINE,   /* has the value it should have */
    TD_TUNE_CHANGE, /* should be changed, and may be */
    TD_TUNE_DENIED, /* should be changed, and may not be: `error` */
    TD_TUNE_DONE,   /* was changed, and read back */
    TD_TUNE_FAILED  /* could not be changed: `error`; 0 = did not stick */
};

struct td_tune_item {
    const char *name; /* "governor", "turbo", … */
    char *path;       /* "/sys/…" */
    char *found;      /* value before; NULL = cannot be read */
    char *wanted;     /* value it should have: for restoring, the prior one */
    enum td_tune_state state;
    int error; /* -errno */
};

struct td_tune {
    struct td_tune_item *at;
    size_t count;
};

#define TD_TUNE_INIT                                                           \
    {                                                                          \
        NULL, 0                                                                \
    }

void td_tune_release(struct td_tune *tune);

/* What may be set, and what it is now.  *out must be in its initial state.
 * Changes nothing. */
void td_tune_look(struct td_tune *out, const char *root);

/* Looks, journals prior values to state_path, sets what is TD_TUNE_CHANGE.
 * TD_EUSAGE when state_path exists: restore first.  What is denied or fails
 * is no error: see the items. */
int td_tune_apply(struct td_tune *out, const char *root, const char *state_path,
                  struct td_err *err);

/* Writes the journalled values back, last first.  The state file is removed
 * when all are back, else it keeps those that are not.  No state file: 0 and
 * no items.  TD_EINPUT when the file is not one of ours: as root it says what
 * to write where, so only known files and single words are accepted. */
int td_tune_restore(struct td_tune *out, const char *root,
                    const char *state_path, struct td_err *err);

/* The same, without changing anything. */
int td_tune_recall(struct td_tune *out, const char *root,
                   const char *state_path, struct td_err *err);

/* Items in that state. */
size_t td_tune_count(const struct td_tune *tune, enum td_tune_state state);

#endif
