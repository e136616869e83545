#include "summary/exact.h"

#include "base/buf.h"
#include "stat/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 16, DIGITS = 1 << DIGIT_BITS };

void td_rows_add(struct td_rows *rows, uint64_t first, uint64_t count)
{
    struct td_span *last = rows->nspans ? &rows->at[rows->nspans - 1] : NULL;
    rows->count += count;
    if (last && last->first + last->count == first) {
        last->count += count;
        return;
    }
    if (!rows->at || rows->nspans == rows->cap) {
        rows->cap = rows->cap ? rows->cap * 2 : 8;
        rows->at = td_xrealloc(rows->at, rows->cap * sizeof *rows->at);
    }
    rows->at[rows->nspans++] = (struct td_span){first, count};
}

void td_rows_release(struct td_rows *rows)
{
    free(rows->at);
    *rows = (struct td_rows){NULL, NULL, 0, 0, 0};
}

int td_rows_read(const struct td_rows *rows, td_samples_fn *fn, void *context,
                 struct td_err *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < rows->nspans; i++)
        rc = td_samples_read(rows->path, rows->at[i].first, rows->at[i].count,
                             fn, context, err);
    return rc;
}

double td_sample_value(const struct td_sample *sample)
{
    return (double)sample->duration_ns /
           (sample->loops ? (double)sample->loops : 1);
}

struct gathering {
    double *at;
    size_t count;
};

static int gather(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct gathering *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++)
        to->at[to->count++] = td_sample_value(&rows[i]);
    return 0;
}

static int select_in_buffer(const struct td_rows *rows, const uint64_t *ranks,
                            size_t nranks, double *out, struct td_err *err)
{
    struct gathering to = {td_xmalloc(rows->count * sizeof *to.at), 0};
    int rc = td_rows_read(rows, gather, &to, err);
    for (size_t i = 0; !rc && i < nranks; i++)
        out[i] = td_select(to.at, to.count, ranks[i]);
    free(to.at);
    return rc;
}

/*
 * A double that is not negative sorts as its bits do.  The search narrows
 * the leading bits of each wanted value, 16 a pass.
 */
struct search {
    unsigned shift; /* of the digit being counted */
    size_t nranks;
    uint64_t left[TD_EXACT_RANKS];   /* rank among those with the prefix */
    uint64_t prefix[TD_EXACT_RANKS]; /* bits above the digit */
    uint64_t *counts;                /* nranks * DIGITS */
};

static int count_digits(const struct td_sample *rows, size_t count,
                        void *context, struct td_err *err)
{
    struct search *search = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        double value = td_sample_value(&rows[i]);
        uint64_t bits, above;
        memcpy(&bits, &value, sizeof bits);
        above = search->shift == 48 ? 0 : bits >> (search->shift + DIGIT_BITS);
        bits = bits >> search->shift & (DIGITS - 1);
        for (size_t r = 0; r < search->nranks; r++)
            search->counts[r * DIGITS + bits] += above == search->prefix[r];
    }
    return 0;
}

static void take_digit(struct search *search, size_t r)
{
    const uint64_t *counts = search->counts + r * DIGITS;
    uint64_t digit = 0;
    while (digit < DIGITS - 1 && search->left[r] >= counts[digit])
        search->left[r] -= counts[digit++];
    search->prefix[r] = search->prefix[r] << DIGIT_BITS | digit;
}

static int select_by_radix(const struct td_rows *rows, const uint64_t *ranks,
                           size_t nranks, double *out, struct td_err *err)
{
    struct search search = {.nranks = nranks};
    size_t size = nranks * DIGITS * sizeof *search.counts;
    int rc = 0;
    search.counts = td_xmalloc(size);
    memcpy(search.left, ranks, nranks * sizeof *ranks);
    for (unsigned pass = 0; !rc && pass < 64 / DIGIT_BITS; pass++) {
        search.shift = 64 - DIGIT_BITS * (pass + 1);
        memset(search.counts, 0, size);
        rc = td_rows_read(rows, count_digits, &search, err);
        for (size_t r = 0; !rc && r < nranks; r++)
            take_digit(&search, r);
    }
    memcpy(out, search.prefix, nranks * sizeof *out);
    free(search.counts);
    return rc;
}

int td_rows_select(const struct td_rows *rows, const uint64_t *ranks,
                   size_t nranks, double *out, struct td_err *err)
{
    return rows->count <= TD_EXACT_BUFFER
               ? select_in_buffer(rows, ranks, nranks, out, err)
               : select_by_radix(rows, ranks, nranks, out, err);
}

int td_rows_median(const struct td_rows *rows, double *out, struct td_err *err)
{
    uint64_t ranks[2];
    double middle[2];
    int rc;
    *out = NAN;
    if (!rows->count)
        return 0;
    ranks[0] = (rows->count - 1) / 2;
    ranks[1] = rows->count / 2;
    rc = td_rows_select(rows, ranks, 2, middle, err);
    if (!rc)
        *out = (middle[0] + middle[1]) / 2;
    return rc;
}
