#include "store/append.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static const char *advice(int code)
{
    switch (code) {
    case -ENOSPC:
    case -EDQUOT:
        return " (free some space or choose another disk with --out; what "
               "was recorded before is kept)";
    case -EROFS:
    case -EACCES:
    case -EPERM:
        return " (choose a directory that can be written with --out)";
    default:
        return "";
    }
}

int td_store_fail(struct td_err *err, int negative_errno, const char *verb,
                  const char *path)
{
    return td_err_set(err, negative_errno, "cannot %s %s: %s%s", verb, path,
                      strerror(-negative_errno), advice(negative_errno));
}

int td_store_advise(struct td_err *err, const struct td_err *from)
{
    return td_err_set(err, from->code, "%.1800s%s", from->msg,
                      advice(from->code));
}

/* Takes back the first `written` bytes of a write that then failed. */
static int take_back(int fd, off_t written)
{
    off_t end = lseek(fd, 0, SEEK_CUR) - written;
    if (!written)
        return 0;
    if (ftruncate(fd, end) < 0 || lseek(fd, end, SEEK_SET) < 0)
        return -errno;
    return 0;
}

int td_append(int fd, const char *path, const void *data, size_t len,
              struct td_err *err)
{
    const char *rest = data;
    size_t left = len;
    int code, undone;
    while (left) {
        ssize_t n = write(fd, rest, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        rest += n;
        left -= (size_t)n;
    }
    if (!left)
        return 0;
    code = -errno;
    undone = take_back(fd, (off_t)(len - left));
    if (undone)
        return td_store_fail(err, undone, "cut off", path);
    return td_store_fail(err, code, "write", path);
}
