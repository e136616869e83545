/*
 * append - what journal and sample files share: files that only grow, and
 * that a failed write leaves as they were.
 *
 * Errors name the file and, where the disk is full or cannot be written,
 * what to do about it.
 */
#ifndef TD_STORE_APPEND_H
#define TD_STORE_APPEND_H

#include "base/err.h"

#include <stddef.h>

/* Writes data at the end of fd, whose offset is there.  A write that fails
 * half-way is cut off again, so that the file ends where it did. */
int td_append(int fd, const char *path, const void *data, size_t len,
              struct td_err *err);

/* "cannot VERB PATH: what the system says (what to do)". */
int td_store_fail(struct td_err *err, int negative_errno, const char *verb,
                  const char *path);

/* Passes on a failure of base/files with the same advice added. */
int td_store_advise(struct td_err *err, const struct td_err *from);

#endif
