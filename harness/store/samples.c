#include "store/samples.h"

#include "base/buf.h"
#include "store/append.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(sizeof(struct td_sample) == 32, "a row has no padding");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "rows are written as they lie in memory");

enum { PIECE_ROWS = 4096, PREAMBLE = 10 };

/* Magic, version 1.0 and the length of the dictionary that follows. */
static const char PREAMBLE_BYTES[] = {'\x93', 'N', 'U', 'M',    'P',
                                      'Y',    1,   0,   '\xf6', 0};
_Static_assert(TD_SAMPLES_HEADER - PREAMBLE == 0xf6, "length in the preamble");

static const char DICTIONARY[] =
    "{'descr': [('invocation', '<u4'), ('batch', '<u4'), ('start_ns', '<u8'), "
    "('duration_ns', '<u8'), ('loops', '<u4'), ('flags', '<u4')], "
    "'fortran_order': False, 'shape': (";

static void make_header(char header[TD_SAMPLES_HEADER], uint64_t rows)
{
    char text[TD_SAMPLES_HEADER - PREAMBLE + 1];
    int len =
        snprintf(text, sizeof text, "%s%" PRIu64 ",), }", DICTIONARY, rows);
    memset(header, ' ', TD_SAMPLES_HEADER);
    memcpy(header, PREAMBLE_BYTES, PREAMBLE);
    memcpy(header + PREAMBLE, text, (size_t)len);
    header[TD_SAMPLES_HEADER - 1] = '\n';
}

/* Whole rows of an open file; -code when it is no sample file.  A file that
 * was cut off within the header has none. */
static int count_rows(int fd, const char *path, uint64_t *rows,
                      struct td_err *err)
{
    enum { FIXED = PREAMBLE + sizeof DICTIONARY - 1 };
    char want[TD_SAMPLES_HEADER], found[FIXED];
    struct stat st;
    ssize_t n = pread(fd, found, FIXED, 0);
    *rows = 0;
    if (n < 0 || fstat(fd, &st) < 0)
        return td_store_fail(err, -errno, "read", path);
    make_header(want, 0);
    if (memcmp(want, found, (size_t)n) != 0)
        return td_err_set(err, TD_EINPUT, "%s is not a sample file of tandem",
                          path);
    if (st.st_size > TD_SAMPLES_HEADER)
        *rows = (uint64_t)(st.st_size - TD_SAMPLES_HEADER) /
                sizeof(struct td_sample);
    return 0;
}

static int write_header(const struct td_samples *to, struct td_err *err)
{
    char header[TD_SAMPLES_HEADER];
    ssize_t n;
    make_header(header, to->rows);
    n = pwrite(to->fd, header, sizeof header, 0);
    if (n != (ssize_t)sizeof header)
        return td_store_fail(err, n < 0 ? -errno : -ENOSPC, "write", to->path);
    return 0;
}

/* The header is there in full and nothing follows the last whole row. */
static int make_whole(struct td_samples *to, struct td_err *err)
{
    off_t size =
        TD_SAMPLES_HEADER + (off_t)(to->rows * sizeof(struct td_sample));
    int rc = write_header(to, err);
    if (!rc && ftruncate(to->fd, size) < 0)
        rc = td_store_fail(err, -errno, "cut off", to->path);
    if (!rc && lseek(to->fd, 0, SEEK_END) < 0)
        rc = td_store_fail(err, -errno, "write", to->path);
    return rc;
}

int td_samples_open(struct td_samples *out, const char *path,
                    struct td_err *err)
{
    int rc;
    *out = (struct td_samples)TD_SAMPLES_INIT;
    out->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (out->fd < 0)
        return td_store_fail(err, -errno, "create", path);
    out->path = td_xstrdup(path);
    rc = count_rows(out->fd, path, &out->rows, err);
    if (!rc)
        rc = make_whole(out, err);
    if (rc) {
        close(out->fd);
        free(out->path);
        *out = (struct td_samples)TD_SAMPLES_INIT;
    }
    return rc;
}

int td_samples_append(struct td_samples *to, const struct td_sample *rows,
                      size_t count, struct td_err *err)
{
    int rc = td_append(to->fd, to->path, rows, count * sizeof *rows, err);
    if (!rc)
        to->rows += count;
    return rc;
}

int td_samples_sync(struct td_samples *to, bool durable, struct td_err *err)
{
    int rc = write_header(to, err);
    if (!rc && durable && fdatasync(to->fd) < 0)
        rc = td_store_fail(err, -errno, "sync", to->path);
    return rc;
}

int td_samples_close(struct td_samples *to, struct td_err *err)
{
    int rc;
    if (to->fd < 0)
        return 0;
    rc = td_samples_sync(to, false, err);
    if (close(to->fd) < 0 && !rc)
        rc = td_store_fail(err, -errno, "close", to->path);
    free(to->path);
    *to = (struct td_samples)TD_SAMPLES_INIT;
    return rc;
}

static int open_to_read(const char *path, int *fd, uint64_t *rows,
                        struct td_err *err)
{
    int rc;
    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return td_store_fail(err, -errno, "open", path);
    rc = count_rows(*fd, path, rows, err);
    if (rc)
        close(*fd);
    return rc;
}

int td_samples_count(const char *path, uint64_t *rows, struct td_err *err)
{
    int fd, rc = open_to_read(path, &fd, rows, err);
    if (!rc)
        close(fd);
    return rc;
}

/* Reads exactly count rows: the caller knows that they are there, unless
 * somebody shortens the file meanwhile. */
static int read_piece(int fd, const char *path, uint64_t first, size_t count,
                      struct td_sample *piece, struct td_err *err)
{
    char *to = (char *)piece;
    size_t left = count * sizeof *piece;
    off_t at = TD_SAMPLES_HEADER + (off_t)(first * sizeof *piece);
    while (left) {
        ssize_t n = pread(fd, to, left, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return td_store_fail(err, n < 0 ? -errno : -EIO, "read", path);
        to += n;
        at += n;
        left -= (size_t)n;
    }
    return 0;
}

int td_samples_read(const char *path, uint64_t first, uint64_t count,
                    td_samples_fn *fn, void *context, struct td_err *err)
{
    struct td_sample *piece;
    uint64_t rows;
    int fd, rc = open_to_read(path, &fd, &rows, err);
    if (rc)
        return rc;
    if (first > rows || count > rows - first) {
        close(fd);
        return td_err_set(err, TD_EINPUT,
                          "%s holds %" PRIu64 " samples, wanted %" PRIu64
                          " from number %" PRIu64,
                          path, rows, count, first);
    }
    piece = td_xmalloc(PIECE_ROWS * sizeof *piece);
    while (!rc && count) {
        size_t n = count < PIECE_ROWS ? (size_t)count : PIECE_ROWS;
        rc = read_piece(fd, path, first, n, piece, err);
        if (!rc)
            rc = fn(piece, n, context, err);
        first += n;
        count -= n;
    }
    free(piece);
    close(fd);
    return rc;
}
