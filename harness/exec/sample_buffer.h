/*
 * sample_buffer - the shared memory that a worker stores its samples in
 * (drivers/PROTOCOL.md), and the checks that make the timer common.
 *
 * One megabyte, its size sealed: it counts as the worker's memory, so it
 * stays small, and no worker can shrink it under the harness's mapping.  What
 * a batch stored is copied out before it is checked, and its entries are
 * zeroed, so that neither a late store nor an old sample can pass.
 */
#ifndef TD_EXEC_SAMPLE_BUFFER_H
#define TD_EXEC_SAMPLE_BUFFER_H

#include "base/err.h"
#include "exec/worker.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TD_SAMPLE_BUFFER_BYTES = 1 << 20,
    TD_SAMPLE_HEADER_BYTES = 64,
    TD_SAMPLE_CAPACITY = (TD_SAMPLE_BUFFER_BYTES - TD_SAMPLE_HEADER_BYTES) / 16
};

struct td_sample_buffer {
    int fd;                   /* -1 = none */
    void *map;                /* NULL = none */
    struct td_interval *copy; /* the last batch */
    uint64_t copy_cap;
};

#define TD_SAMPLE_BUFFER_INIT                                                  \
    {                                                                          \
        -1, NULL, NULL, 0                                                      \
    }

int td_sample_buffer_init(struct td_sample_buffer *buffer, struct td_err *err);
void td_sample_buffer_release(struct td_sample_buffer *buffer);

/* Copies the batch's count entries to buffer->copy and empties the buffer.
 * TD_EPROTOCOL when an entry beyond them was written too. */
int td_sample_buffer_take(struct td_sample_buffer *buffer, uint64_t count,
                          struct td_err *err);

/* TD_EPROTOCOL unless all entries lie inside [begin_ns, end_ns], none ends
 * before it starts and none starts before the previous one ended. */
int td_intervals_check(const struct td_interval *at, uint64_t count,
                       uint64_t begin_ns, uint64_t end_ns, struct td_err *err);

#endif
