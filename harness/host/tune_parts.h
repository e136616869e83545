/*
 * tune_parts - what the two halves of tune share: reading and writing one
 * setting (tune.c), the journal of prior values (tune_state.c).
 */
#ifndef TD_HOST_TUNE_PARTS_H
#define TD_HOST_TUNE_PARTS_H

#include "host/tune.h"

/* Appends an item; takes found, copies the rest.  path NULL = absent. */
struct td_tune_item *td_tune_add(struct td_tune *tune, const char *name,
                                 const char *path, char *found_take,
                                 const char *wanted);
/* The value in force; of "always [madvise] never" the word in brackets.
 * malloc'd; NULL = cannot be read. */
char *td_tune_read(const char *root, const char *path);
/* Name of the setting that this path belongs to; NULL = none of ours. */
const char *td_tune_name(const char *path);
/* FINE, CHANGE or DENIED, by comparing and asking for permission. */
void td_tune_judge(struct td_tune_item *item, const char *root);
/* A TD_TUNE_CHANGE becomes DONE or FAILED; others stay. */
void td_tune_write(struct td_tune_item *item, const char *root);

/* Journals of every TD_TUNE_CHANGE where it came from: atomic, synced. */
int td_tune_save(const struct td_tune *tune, const char *root,
                 const char *state_path, struct td_err *err);
/* The reverse: `wanted` is the prior value.  TD_EINPUT. */
int td_tune_load(struct td_tune *out, const char *root, const char *state_path,
                 struct td_err *err);

#endif
