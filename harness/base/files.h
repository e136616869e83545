/*
 * files - whole files and directories: atomic writes, content hashes.
 */
#ifndef TD_BASE_FILES_H
#define TD_BASE_FILES_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

enum { TD_SHA256_HEX = 65 };

bool td_file_exists(const char *path);
int td_file_read(const char *path, struct td_buf *out, struct td_err *err);
/* All of it, whatever write(2) takes at a time; 0 or -errno. */
int td_write_all(int fd, const char *data, size_t len);
/* Writes a temporary file beside path, syncs it and renames it: the reader
 * sees the old file or the new one, whole. */
int td_file_write_atomic(const char *path, const void *data, size_t len,
                         struct td_err *err);
/* mkdir -p. */
int td_dir_make(const char *path, struct td_err *err);
/* rm -rf, which follows no link; what cannot be removed stays. */
void td_dir_remove(const char *path);
/* SHA-256 of the content, as 64 hex digits and a NUL. */
int td_file_sha256(const char *path, char hex[TD_SHA256_HEX],
                   struct td_err *err);
void td_sha256(const void *data, size_t len, char hex[TD_SHA256_HEX]);
/* Directory that holds the running executable; malloc'd. */
char *td_self_dir(void);

#endif
