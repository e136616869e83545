/*
 * staged_file - replacing several files, all or none: first every new content
 * is written beside its file, then all are renamed.
 *
 * Mode and, where that is permitted, owner stay; a symbolic link stays a link
 * and the file that it leads to is replaced.  Only a failure of rename itself
 * can leave some files new and others old.
 */
#ifndef TD_BASE_STAGED_FILE_H
#define TD_BASE_STAGED_FILE_H

#include "base/err.h"

#include <stddef.h>

struct td_staged_file {
    char *path, *temporary; /* NULL: nothing staged */
};

#define TD_STAGED_FILE_INIT                                                    \
    {                                                                          \
        NULL, NULL                                                             \
    }

/* Writes and syncs the new content of path, which exists.  Release *out
 * either way. */
int td_staged_file_write(struct td_staged_file *out, const char *path,
                         const void *data, size_t len, struct td_err *err);
/* Renames it. */
int td_staged_file_commit(struct td_staged_file *file, struct td_err *err);
/* Removes what was staged and not committed. */
void td_staged_file_release(struct td_staged_file *file);

#endif
