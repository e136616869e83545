#include "analyze/sample_values.h"

#include "base/buf.h"
#include "store/samples.h"
#include "summary/exact.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC_LEN = 6, HEADER_MOST = 65536 };

void td_sample_values_release(struct td_sample_values *values)
{
    free(values->at);
    *values = (struct td_sample_values){NULL, 0, 0};
}

static int take_rows(const struct td_sample *rows, size_t count, void *context,
                     struct td_err *err)
{
    struct td_sample_values *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++)
        if (rows[i].flags & TD_SAMPLE_FIRST)
            to->first++;
        else
            to->at[to->count++] = td_sample_value(&rows[i]);
    return 0;
}

static int read_run_samples(const char *path, struct td_sample_values *out,
                            struct td_err *err)
{
    uint64_t rows;
    int rc = td_samples_count(path, &rows, err);
    if (rc)
        return rc;
    out->at = td_xmalloc((rows ? rows : 1) * sizeof *out->at);
    return td_samples_read(path, 0, rows, take_rows, out, err);
}

/* The text between version and data of an .npy file (NumPy's format, versions
 * 1.0 to 3.0); file stands behind it then. */
static int read_header(FILE *file, struct td_buf *text)
{
    unsigned char head[MAGIC_LEN + 2], size[4] = {0};
    size_t len;
    if (fread(head, sizeof head, 1, file) != 1 ||
        memcmp(head, "\x93NUMPY", MAGIC_LEN) != 0 || head[MAGIC_LEN] < 1 ||
        head[MAGIC_LEN] > 3)
        return -1;
    if (fread(size, head[MAGIC_LEN] == 1 ? 2 : 4, 1, file) != 1)
        return -1;
    len = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
          (size_t)size[3] << 24;
    if (len > HEADER_MOST)
        return -1;
    td_buf_reserve(text, len);
    if (fread(text->data, 1, len, file) != len)
        return -1;
    text->len = len;
    text->data[len] = '\0';
    return 0;
}

/* The one dimension of "(123,)"; anything else: false. */
static bool one_dimension(const char *header, size_t *count)
{
    const char *shape = strstr(header, "'shape': (");
    char *end;
    if (!shape)
        return false;
    shape += strlen("'shape': (");
    *count = strtoul(shape, &end, 10);
    return end > shape && strncmp(end, ",)", 2) == 0;
}

/* Bytes from here to the end. */
static size_t bytes_left(FILE *file)
{
    off_t here = ftello(file);
    struct stat status;
    return fstat(fileno(file), &status) == 0 && status.st_size > here
               ? (size_t)(status.st_size - here)
               : 0;
}

static int read_plain(FILE *file, size_t count, const char *path,
                      struct td_sample_values *out, struct td_err *err)
{
    size_t there = bytes_left(file) / sizeof *out->at;
    if (there < count)
        return td_err_set(err, TD_EINPUT, "%s: cut off: %zu of %zu numbers",
                          path, there, count);
    out->at = td_xmalloc((count ? count : 1) * sizeof *out->at);
    out->count = fread(out->at, sizeof *out->at, count, file);
    for (size_t i = 0; i < out->count; i++)
        if (!isfinite(out->at[i]))
            return td_err_set(err, TD_EINPUT,
                              "%s: number %zu (from 0) is %f, expected a "
                              "finite one",
                              path, i, out->at[i]);
    return 0;
}

static int read_any(FILE *file, const char *path, struct td_sample_values *out,
                    struct td_err *err)
{
    struct td_buf header = TD_BUF_INIT;
    size_t count;
    int rc;
    if (read_header(file, &header))
        rc = td_err_set(err, TD_EINPUT, "%s is no .npy file", path);
    else if (strstr(td_buf_str(&header), "'duration_ns'"))
        rc = read_run_samples(path, out, err);
    else if (!strstr(td_buf_str(&header), "'descr': '<f8'") ||
             !one_dimension(td_buf_str(&header), &count))
        rc = td_err_set(err, TD_EINPUT,
                        "%s: expected a sample file of a run or a "
                        "one-dimensional array of float64 (<f8)",
                        path);
    else
        rc = read_plain(file, count, path, out, err);
    td_buf_release(&header);
    return rc;
}

int td_sample_values_read(const char *path, struct td_sample_values *out,
                          struct td_err *err)
{
    FILE *file = fopen(path, "rbe");
    int rc;
    *out = (struct td_sample_values){NULL, 0, 0};
    if (!file)
        return td_err_sys(err, -errno, "cannot open %s", path);
    rc = read_any(file, path, out, err);
    fclose(file);
    if (!rc && !out->count)
        rc = td_err_set(err, TD_EINPUT, "%s holds no samples", path);
    return rc;
}
