#include "plan/schedule.h"

#include "base/buf.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>

enum { PADDING_MAX = 4096 };

/* Finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring inputs
 * give unrelated outputs. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* stream keeps apart what is drawn for one pair and for a whole cycle. */
static gsl_rng *seeded(uint64_t seed, uint32_t group, uint32_t index,
                       uint32_t stream)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint64_t hash = mix(mix(mix(mix(seed) ^ group) ^ index) ^ stream);
    gsl_rng_set(rng, (unsigned long)(hash & 0xffffffffu));
    return rng;
}

static void fill_two(struct td_schedule *out, gsl_rng *rng)
{
    for (size_t i = 0; i < out->nturns; i += 4) {
        uint32_t first = (uint32_t)gsl_rng_uniform_int(rng, 2);
        out->turn[i] = out->turn[i + 3] = first;
        out->turn[i + 1] = out->turn[i + 2] = 1 - first;
    }
}

/* Entry `column` of row `row`: row 0 is 0, 1, k-1, 2, k-2, …, each further
 * row adds one modulo k; for odd k, k more rows are those read backwards. */
static uint32_t williams(uint32_t k, uint32_t row, uint32_t column)
{
    uint32_t step;
    if (row >= k)
        column = k - 1 - column;
    step = (column + 1) / 2;
    return (column % 2 ? step + row : k - step + row) % k;
}

static uint32_t *permutation(gsl_rng *rng, uint32_t n)
{
    uint32_t *at = td_xcalloc(n, sizeof *at);
    for (uint32_t i = 0; i < n; i++)
        at[i] = i;
    gsl_ran_shuffle(rng, at, n, sizeof *at);
    return at;
}

/* Rows are dealt out over consecutive pairs until the design is complete
 * (a cycle); each cycle has its own labels and order of rows. */
static void fill_many(struct td_schedule *out, uint64_t seed, uint32_t group,
                      uint32_t pair, uint32_t k)
{
    uint32_t rows = k % 2 ? 2 * k : k, dealt = (uint32_t)(out->nturns / k);
    uint32_t cycle = UINT32_MAX, *label = NULL, *order = NULL;
    for (uint32_t i = 0; i < dealt; i++) {
        uint64_t place = (uint64_t)pair * dealt + i;
        uint32_t row = (uint32_t)(place % rows);
        if ((uint32_t)(place / rows) != cycle) {
            gsl_rng *rng;
            cycle = (uint32_t)(place / rows);
            rng = seeded(seed, group, cycle, 1);
            free(label);
            free(order);
            label = permutation(rng, k);
            order = permutation(rng, rows);
            gsl_rng_free(rng);
        }
        for (uint32_t c = 0; c < k; c++)
            out->turn[(size_t)i * k + c] = label[williams(k, order[row], c)];
    }
    free(label);
    free(order);
}

void td_schedule_make(struct td_schedule *out, uint64_t seed, uint32_t group,
                      uint32_t pair, uint32_t workers, uint32_t repetitions)
{
    gsl_rng *rng = seeded(seed, group, pair, 0);
    out->nturns = (size_t)workers * 2 * repetitions;
    out->turn = td_xcalloc(out->nturns, sizeof *out->turn);
    out->padding = (uint32_t)gsl_rng_uniform_int(rng, PADDING_MAX + 1);
    out->hashseed = (uint32_t)gsl_rng_uniform_int(rng, UINT32_MAX) + 1;
    if (workers == 2)
        fill_two(out, rng);
    else if (workers > 2)
        fill_many(out, seed, group, pair, workers);
    gsl_rng_free(rng);
}

void td_schedule_release(struct td_schedule *schedule)
{
    free(schedule->turn);
    schedule->turn = NULL;
    schedule->nturns = 0;
}
