#include "summary/exact.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGIT_BITS = 16,
    DIGITS = 1 << DIGIT_BITS,
    FEW = 16384 /* up to here a selection costs less than radix tables */
};

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

struct values {
    double *at;
    size_t count;
};

static int gather(const struct td_sample *rows, size_t count, void *context,
                  struct td_err *err)
{
    struct values *to = context;
    (void)err;
    for (size_t i = 0; i < count; i++)
        to->at[to->count++] = td_sample_value(&rows[i]);
    return 0;
}

/*
 * A double that is not negative sorts as its bits do.  The search narrows
 * the leading bits of each wanted value, 16 a pass.  Ranks whose values have
 * the same leading bits share a table of counts.
 */
struct search {
    unsigned shift; /* of the digit being counted */
    size_t nranks, ntables;
    uint64_t left[TD_EXACT_RANKS];    /* rank among those with the prefix */
    uint64_t prefix[TD_EXACT_RANKS];  /* bits above the digit */
    size_t table[TD_EXACT_RANKS];     /* of each rank */
    uint64_t counted[TD_EXACT_RANKS]; /* prefix that a table is for */
    uint64_t *counts;                 /* TD_EXACT_RANKS * DIGITS */
};

static inline void count_digit(struct search *search, double value)
{
    uint64_t bits, above;
    memcpy(&bits, &value, sizeof bits);
    bits >>= search->shift;
    above = bits >> DIGIT_BITS;
    for (size_t t = 0; t < search->ntables; t++)
        if (above == search->counted[t]) {
            search->counts[t * DIGITS + (bits & (DIGITS - 1))]++;
            return;
        }
}

static int count_rows(const struct td_sample *rows, size_t count, void *context,
                      struct td_err *err)
{
    (void)err;
    for (size_t i = 0; i < count; i++)
        count_digit(context, td_sample_value(&rows[i]));
    return 0;
}

/* A table for every prefix that some rank has. */
static void begin_pass(struct search *search, unsigned shift)
{
    search->shift = shift;
    search->ntables = 0;
    for (size_t r = 0; r < search->nranks; r++) {
        size_t t = 0;
        while (t < search->ntables && search->counted[t] != search->prefix[r])
            t++;
        if (t == search->ntables)
            search->counted[search->ntables++] = search->prefix[r];
        search->table[r] = t;
    }
    memset(search->counts, 0,
           search->ntables * DIGITS * sizeof *search->counts);
}

static void take_digit(struct search *search, size_t r)
{
    const uint64_t *counts = search->counts + search->table[r] * DIGITS;
    uint64_t digit = 0;
    while (digit < DIGITS - 1 && search->left[r] >= counts[digit])
        search->left[r] -= counts[digit++];
    search->prefix[r] = search->prefix[r] << DIGIT_BITS | digit;
}

/* held: the values of rows, or NULL: they are read in every pass. */
static int select_by_radix(const struct td_rows *rows,
                           const struct values *held, const uint64_t *ranks,
                           size_t nranks, double *out, struct td_err *err)
{
    struct search search = {.nranks = nranks};
    int rc = 0;
    search.counts = td_xmalloc(nranks * DIGITS * sizeof *search.counts);
    memcpy(search.left, ranks, nranks * sizeof *ranks);
    for (unsigned shift = 64; !rc && shift > 0;) {
        shift -= DIGIT_BITS;
        begin_pass(&search, shift);
        if (!held)
            rc = td_rows_read(rows, count_rows, &search, err);
        for (size_t i = 0; held && i < held->count; i++)
            count_digit(&search, held->at[i]);
        for (size_t r = 0; !rc && r < nranks; r++)
            take_digit(&search, r);
    }
    memcpy(out, search.prefix, nranks * sizeof *out);
    free(search.counts);
    return rc;
}

static int select_in_buffer(const struct td_rows *rows, const uint64_t *ranks,
                            size_t nranks, double *out, struct td_err *err)
{
    struct values held = {td_xmalloc(rows->count * sizeof *held.at), 0};
    int rc = td_rows_read(rows, gather, &held, err);
    if (!rc && held.count > FEW)
        rc = select_by_radix(rows, &held, ranks, nranks, out, err);
    else
        for (size_t i = 0; !rc && i < nranks; i++)
            out[i] = td_select(held.at, held.count, ranks[i]);
    free(held.at);
    return rc;
}

int td_rows_select(const struct td_rows *rows, const uint64_t *ranks,
                   size_t nranks, double *out, struct td_err *err)
{
    return rows->count <= TD_EXACT_BUFFER
               ? select_in_buffer(rows, ranks, nranks, out, err)
               : select_by_radix(rows, NULL, ranks, nranks, out, err);
}

/* 0-based: two of the median, then, where the samples carry p99, the lower
 * bound, the ceil(.99 n)-th and the upper bound; how many. */
static size_t order_ranks(uint64_t n, double confidence,
                          uint64_t ranks[TD_EXACT_RANKS])
{
    ranks[0] = (n - 1) / 2;
    ranks[1] = n / 2;
    if (!td_quantile_ranks(n, .99, confidence, &ranks[2], &ranks[4]))
        return 2;
    ranks[3] = (n * 99 + 99) / 100;
    for (int i = 2; i < 5; i++)
        ranks[i]--;
    return 5;
}

int td_rows_order(const struct td_rows *rows, double confidence,
                  struct td_order *out, struct td_err *err)
{
    uint64_t ranks[TD_EXACT_RANKS];
    double found[TD_EXACT_RANKS];
    size_t n;
    int rc;
    *out = (struct td_order){NAN, {NAN, NAN, NAN, false, false}};
    if (!rows->count)
        return 0;
    n = order_ranks(rows->count, confidence, ranks);
    rc = td_rows_select(rows, ranks, n, found, err);
    if (rc)
        return rc;
    out->median = (found[0] + found[1]) / 2;
    if (n == 5)
        out->p99 = (struct td_figure){found[3], found[2], found[4], true, true};
    return 0;
}

int td_rows_quantile(const struct td_rows *rows, double p, double confidence,
                     struct td_figure *out, struct td_err *err)
{
    uint64_t ranks[3];
    double found[3];
    int rc;
    *out = (struct td_figure){NAN, NAN, NAN, false, false};
    if (!td_quantile_ranks(rows->count, p, confidence, &ranks[0], &ranks[2]))
        return 0;
    ranks[1] = (uint64_t)ceil(p * (double)rows->count);
    for (int i = 0; i < 3; i++)
        ranks[i]--;
    rc = td_rows_select(rows, ranks, 3, found, err);
    if (!rc)
        *out = (struct td_figure){found[1], found[0], found[2], true, true};
    return rc;
}
