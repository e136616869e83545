#include "cmd/doctor_work.h"

#include "base/buf.h"
#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROUNDS = 20000, MOST_PAIRS = 64 };

static uint64_t xorshift(uint64_t x)
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

/* Four chains at once; every round reads and writes the table, so nothing
 * can be left out. */
static void do_rounds(struct td_work *work, uint64_t rounds)
{
    uint64_t a = work->state[0], b = work->state[1], c = work->state[2],
             d = work->state[3], *table = work->table;
    for (uint64_t i = 0; i < rounds; i++) {
        a = xorshift(a);
        b = xorshift(b);
        c = xorshift(c) + table[a % TD_WORK_WORDS];
        d = xorshift(d) + (c >> 60 ? b : a);
        table[b % TD_WORK_WORDS] = d;
    }
    work->state[0] = a;
    work->state[1] = b;
    work->state[2] = c | 1;
    work->state[3] = d | 1;
}

static double timed(struct td_work *work, uint64_t rounds)
{
    uint64_t start = td_clock_ns();
    do_rounds(work, rounds);
    return (double)(td_clock_ns() - start);
}

void td_work_init_like(struct td_work *work, const struct td_work *other)
{
    static const uint64_t seeds[4] = {88172645463325252u, 362436069u,
                                      521288629u, 5783321u};
    work->rounds = other->rounds;
    memcpy(work->state, seeds, sizeof seeds);
    work->table = td_xcalloc(TD_WORK_WORDS, sizeof *work->table);
}

/* The least of a few: a neighbour can only lengthen it. */
void td_work_init(struct td_work *work)
{
    const struct td_work like = {.rounds = FIRST_ROUNDS};
    double least = 0;
    td_work_init_like(work, &like);
    for (int i = 0; i < 5; i++) {
        double ns = timed(work, FIRST_ROUNDS);
        least = i == 0 || ns < least ? ns : least;
    }
    work->rounds = (uint64_t)(FIRST_ROUNDS * 1e6 / (least + 1)) + 1;
}

void td_work_release(struct td_work *work)
{
    free(work->table);
    work->table = NULL;
}

double td_work_ns(struct td_work *work, double ms)
{
    return timed(work, (uint64_t)((double)work->rounds * ms) + 1);
}

/* Sorts. */
static struct td_figure median_ratio(double *logs, size_t n)
{
    struct td_figure figure = {.known = n > 0};
    uint64_t lower, upper;
    if (!n)
        return figure;
    figure.bounded = td_quantile_ranks(n, 0.5, 0.95, &lower, &upper);
    figure.value = exp(td_median(logs, n));
    if (figure.bounded) {
        figure.lower = exp(td_select(logs, n, lower - 1));
        figure.upper = exp(td_select(logs, n, upper - 1));
    }
    return figure;
}

struct td_figure td_work_compare(td_turn_fn *turn, void *arg, int pairs,
                                 uint64_t until_ns)
{
    double logs[MOST_PAIRS];
    size_t n = 0;
    while (n < (size_t)pairs && n < MOST_PAIRS && td_clock_ns() < until_ns) {
        bool first = n % 2;
        double one = turn(arg, first), two = turn(arg, !first);
        logs[n++] = first ? log(one / two) : log(two / one);
    }
    return median_ratio(logs, n);
}
