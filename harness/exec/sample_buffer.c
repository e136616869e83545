#include "exec/sample_buffer.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct header {
    char magic[8];
    uint32_t version, entry_bytes;
    uint64_t capacity;
    char rest[40];
};
_Static_assert(sizeof(struct header) == TD_SAMPLE_HEADER_BYTES, "header");
_Static_assert(sizeof(struct td_interval) == 16, "entry");

int td_sample_buffer_init(struct td_sample_buffer *buffer, struct td_err *err)
{
    static const struct header header = {
        "TDSAMPLE", 1, sizeof(struct td_interval), TD_SAMPLE_CAPACITY, ""};
    void *map;
    *buffer = (struct td_sample_buffer)TD_SAMPLE_BUFFER_INIT;
    buffer->fd =
        memfd_create("tandem-samples", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (buffer->fd < 0 || ftruncate(buffer->fd, TD_SAMPLE_BUFFER_BYTES) < 0 ||
        fcntl(buffer->fd, F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        return td_err_sys(err, -errno, "cannot make a sample buffer");
    map = mmap(NULL, TD_SAMPLE_BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
               buffer->fd, 0);
    if (map == MAP_FAILED)
        return td_err_sys(err, -errno, "cannot map a sample buffer");
    buffer->map = map;
    memcpy(map, &header, sizeof header);
    return 0;
}

void td_sample_buffer_release(struct td_sample_buffer *buffer)
{
    if (buffer->map)
        munmap(buffer->map, TD_SAMPLE_BUFFER_BYTES);
    if (buffer->fd >= 0)
        close(buffer->fd);
    free(buffer->copy);
    *buffer = (struct td_sample_buffer)TD_SAMPLE_BUFFER_INIT;
}

static struct td_interval *entries(struct td_sample_buffer *buffer)
{
    return (struct td_interval *)(void *)((char *)buffer->map +
                                          TD_SAMPLE_HEADER_BYTES);
}

int td_sample_buffer_take(struct td_sample_buffer *buffer, uint64_t count,
                          struct td_err *err)
{
    struct td_interval *at = entries(buffer);
    size_t bytes = (size_t)count * sizeof *at;
    if (count > buffer->copy_cap) {
        buffer->copy = td_xrealloc(buffer->copy, bytes);
        buffer->copy_cap = count;
    }
    if (count)
        memcpy(buffer->copy, at, bytes);
    memset(at, 0, bytes);
    if (count < TD_SAMPLE_CAPACITY && (at[count].start_ns || at[count].end_ns))
        return td_err_set(err, TD_EPROTOCOL,
                          "stored more than the %" PRIu64
                          " samples that were asked for",
                          count);
    return 0;
}

/* Negative when t lies before base: readable, where the raw figures of the
 * clock are not. */
static int64_t after(uint64_t t, uint64_t base)
{
    return (int64_t)(t - base);
}

int td_intervals_check(const struct td_interval *at, uint64_t count,
                       uint64_t begin_ns, uint64_t end_ns, struct td_err *err)
{
    uint64_t previous = begin_ns;
    for (uint64_t i = 0; i < count; i++) {
        const struct td_interval *s = &at[i];
        const char *wrong = NULL;
        if (s->start_ns < begin_ns)
            wrong = "starts before the batch began";
        else if (s->end_ns < s->start_ns)
            wrong = "ends before it starts";
        else if (s->end_ns > end_ns)
            wrong = "ends after the batch was over";
        else if (s->start_ns < previous)
            wrong = "starts before the previous one ended";
        if (wrong)
            return td_err_set(err, TD_EPROTOCOL,
                              "reported impossible times: sample %" PRIu64
                              " of %" PRIu64 " %s (start %+" PRId64
                              " ns, end %+" PRId64
                              " ns after a bracket of %" PRIu64 " ns began)",
                              i + 1, count, wrong, after(s->start_ns, begin_ns),
                              after(s->end_ns, begin_ns), end_ns - begin_ns);
        previous = s->end_ns;
    }
    return 0;
}
