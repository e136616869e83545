#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool td_file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

int td_file_read(const char *path, struct td_buf *out, struct td_err *err)
{
    int rc = 0, fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0;
    if (fd < 0)
        return td_err_sys(err, -errno, "cannot open %s", path);
    do {
        td_buf_reserve(out, 65536);
        n = read(fd, out->data + out->len, 65536);
        if (n > 0)
            out->len += (size_t)n;
    } while (n > 0 || (n < 0 && errno == EINTR));
    if (n < 0)
        rc = td_err_sys(err, -errno, "cannot read %s", path);
    if (out->data)
        out->data[out->len] = '\0';
    close(fd);
    return rc;
}

int td_write_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Makes the rename itself last: syncs the directory that holds path. */
static void sync_parent(const char *path)
{
    char *copy = td_xstrdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

int td_file_write_atomic(const char *path, const void *data, size_t len,
                         struct td_err *err)
{
    char *temporary = td_xasprintf("%s.tmp.%ld", path, (long)getpid());
    int rc = 0,
        fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        rc = td_err_sys(err, -errno, "cannot create %s", temporary);
        goto out;
    }
    rc = td_write_all(fd, data, len);
    if (!rc && fsync(fd) < 0 && errno != EINVAL)
        rc = -errno;
    if (close(fd) < 0 && !rc)
        rc = -errno;
    if (!rc && rename(temporary, path) < 0)
        rc = -errno;
    if (rc) {
        unlink(temporary);
        td_err_sys(err, rc, "cannot write %s", path);
        goto out;
    }
    sync_parent(path);
out:
    free(temporary);
    return rc;
}

int td_dir_make(const char *path, struct td_err *err)
{
    char *copy = td_xstrdup(path);
    int rc = 0;
    for (char *p = copy + 1; !rc && *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0777) < 0 && errno != EEXIST)
            rc = -errno;
        *p = '/';
    }
    if (!rc && mkdir(copy, 0777) < 0 && errno != EEXIST)
        rc = -errno;
    if (rc)
        td_err_sys(err, rc, "cannot create directory %s", path);
    free(copy);
    return rc;
}

int td_file_sha256(const char *path, char hex[TD_SHA256_HEX],
                   struct td_err *err)
{
    errno = 0;
    if (!SHA256File(path, hex))
        return td_err_sys(err, errno ? -errno : -EIO, "cannot hash %s", path);
    return 0;
}

void td_sha256(const void *data, size_t len, char hex[TD_SHA256_HEX])
{
    SHA256Data(data, len, hex);
}

char *td_self_dir(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0)
        return td_xstrdup(".");
    path[n] = '\0';
    return td_xstrdup(dirname(path));
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    remove(path);
    return 0;
}

void td_dir_remove(const char *path)
{
    enum { OPEN_DIRS = 16 };
    nftw(path, remove_one, OPEN_DIRS, FTW_DEPTH | FTW_PHYS);
}
