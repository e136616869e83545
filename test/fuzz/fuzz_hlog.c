/* Any text as an .hlog: read or refused with a line number. */
#include "store/hist_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct td_err err = TD_ERR_INIT;
    struct td_hist sum;
    size_t intervals;
    int fd = memfd_create("fuzz.hlog", MFD_CLOEXEC);
    char *path = td_xasprintf("/proc/self/fd/%d", fd);
    if (fd < 0 || write(fd, data, len) != (ssize_t)len)
        abort();
    if (td_hlog_read(path, &sum, &intervals, &err)) {
        if (sum.counts || !strchr(err.msg, ':'))
            abort();
    } else {
        struct td_buf text = TD_BUF_INIT;
        td_hgrm(&text, &sum, 1e6);
        td_buf_release(&text);
        td_hist_release(&sum);
    }
    close(fd);
    free(path);
    return 0;
}
