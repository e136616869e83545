/*
 * samples - raw samples as NumPy .npy files, one a case, append-only.
 *
 * Version 1.0, little-endian structured dtype: invocation u4, batch u4,
 * start_ns u8, duration_ns u8, loops u4, flags u4.  A row's duration is that
 * of all its `loops` operations.  The header is 256 bytes; its row count is
 * brought up to date at each sync, and a reader goes by the file's size: a
 * file cut off anywhere holds the rows that are whole.
 */
#ifndef TD_STORE_SAMPLES_H
#define TD_STORE_SAMPLES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct td_sample {
    uint32_t invocation;
    uint32_t batch;
    uint64_t start_ns;
    uint64_t duration_ns;
    uint32_t loops;
    uint32_t flags;
};

/* Flags of a sample.  The first two are kept, not in the steady figures: the
 * first iteration of an invocation, and the warming up of its first turn.
 * The others are labels, known of a whole batch at a time: its worker lost
 * the CPU, a hypervisor took CPU time away, a garbage collection ran. */
enum {
    TD_SAMPLE_FIRST = 1,
    TD_SAMPLE_WARM = 2,
    TD_SAMPLE_SWITCHED = 4,
    TD_SAMPLE_STOLEN = 8,
    TD_SAMPLE_GC = 16,
    TD_SAMPLE_UNSTEADY = TD_SAMPLE_FIRST | TD_SAMPLE_WARM
};

enum { TD_SAMPLES_HEADER = 256 };

/* A writer: file descriptor, number of rows in the file, name (owned). */
struct td_samples {
    int fd;
    uint64_t rows;
    char *path;
};

#define TD_SAMPLES_INIT                                                        \
    {                                                                          \
        -1, 0, NULL                                                            \
    }

/* Creates path, or opens it to go on (drops a torn last row). */
int td_samples_open(struct td_samples *out, const char *path,
                    struct td_err *err);
/* All rows or none. */
int td_samples_append(struct td_samples *to, const struct td_sample *rows,
                      size_t count, struct td_err *err);
/* Writes the row count into the header; to the disk if durable. */
int td_samples_sync(struct td_samples *to, bool durable, struct td_err *err);
/* Brings the header up to date and closes; safe on the initial state. */
int td_samples_close(struct td_samples *to, struct td_err *err);

/*
 * Streams rows [first, first+count) through fn in pieces of at most 4096
 * rows, in constant memory.  fn returning non-zero stops and is returned.
 * Fewer rows than asked for: TD_EINPUT.
 */
typedef int td_samples_fn(const struct td_sample *rows, size_t count,
                          void *context, struct td_err *err);
int td_samples_read(const char *path, uint64_t first, uint64_t count,
                    td_samples_fn *fn, void *context, struct td_err *err);
/* Whole rows in the file. */
int td_samples_count(const char *path, uint64_t *rows, struct td_err *err);

#endif
