#include "base/staged_file.h"

#include "base/buf.h"
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The owner first: changing it takes set-user-ID bits away. */
static int take_over(int fd, const struct stat *from)
{
    if (fchown(fd, from->st_uid, from->st_gid) < 0 && errno != EPERM)
        return -errno;
    return fchmod(fd, from->st_mode & 07777) < 0 ? -errno : 0;
}

int td_staged_file_write(struct td_staged_file *out, const char *path,
                         const void *data, size_t len, struct td_err *err)
{
    struct stat old;
    int rc, fd;
    *out = (struct td_staged_file)TD_STAGED_FILE_INIT;
    out->path = realpath(path, NULL);
    if (!out->path || stat(out->path, &old) < 0)
        return td_err_sys(err, -errno, "cannot replace %s", path);
    out->temporary = td_xasprintf("%s.tmp.%ld", out->path, (long)getpid());
    fd = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        rc = td_err_sys(err, -errno, "cannot create %s", out->temporary);
        free(out->temporary);
        out->temporary = NULL;
        return rc;
    }
    rc = take_over(fd, &old);
    if (!rc)
        rc = td_write_all(fd, data, len);
    if (!rc && fsync(fd) < 0 && errno != EINVAL)
        rc = -errno;
    if (close(fd) < 0 && !rc)
        rc = -errno;
    return rc ? td_err_sys(err, rc, "cannot write %s", out->temporary) : 0;
}

int td_staged_file_commit(struct td_staged_file *file, struct td_err *err)
{
    if (rename(file->temporary, file->path) < 0)
        return td_err_sys(err, -errno, "cannot replace %s", file->path);
    free(file->temporary);
    file->temporary = NULL;
    return 0;
}

void td_staged_file_release(struct td_staged_file *file)
{
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    free(file->path);
    *file = (struct td_staged_file)TD_STAGED_FILE_INIT;
}
