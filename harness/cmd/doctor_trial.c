/* Two short trials: how well does this machine keep time? */
#include "base/clock.h"
#include "cmd/doctor.h"

#include <math.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { WAKES = 300, PAIRS = 20, SPINS = 8 };

#define PERIOD_NS UINT64_C(1000000)
#define SPIN_NS 1000000.0 /* one spin: about a millisecond */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sleep_until(uint64_t at_ns)
{
    struct timespec at = {(time_t)(at_ns / 1000000000u),
                          (long)(at_ns % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
        ;
    return (double)(td_clock_ns() - at_ns) / 1e3;
}

void td_trial_timer(struct td_exam *exam)
{
    double late_us[WAKES];
    uint64_t start = td_clock_ns();
    prctl(PR_SET_TIMERSLACK, 1UL);
    for (unsigned i = 0; i < WAKES; i++)
        late_us[i] = sleep_until(start + (i + 1) * PERIOD_NS);
    prctl(PR_SET_TIMERSLACK, 0UL);
    qsort(late_us, WAKES, sizeof late_us[0], by_value);
    exam->late_p50_us = late_us[WAKES / 2];
    exam->late_p99_us = late_us[WAKES * 99 / 100];
}

/* Work that no compiler can shorten: each round needs the last one's
 * result, and the result is kept. */
static uint64_t spin(uint64_t rounds, uint64_t x)
{
    for (uint64_t i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

static double spin_ns(uint64_t rounds, volatile uint64_t *keep)
{
    uint64_t start = td_clock_ns();
    *keep = spin(rounds, *keep);
    return (double)(td_clock_ns() - start);
}

/* One side's turn of a pair: the mean of a few spins after one untimed. */
static double turn_ns(uint64_t rounds, volatile uint64_t *keep)
{
    double sum = 0;
    spin_ns(rounds / 4, keep);
    for (int i = 0; i < SPINS; i++)
        sum += spin_ns(rounds, keep);
    return sum / SPINS;
}

void td_trial_same(struct td_exam *exam)
{
    volatile uint64_t keep = 88172645463325252u;
    double a[PAIRS], b[PAIRS];
    uint64_t rounds = 200000;
    double once = spin_ns(rounds, &keep);
    rounds = (uint64_t)((double)rounds * SPIN_NS / once) + 1;
    for (int i = 0; i < PAIRS; i++) {
        double first = turn_ns(rounds, &keep), second = turn_ns(rounds, &keep);
        a[i] = i % 2 ? second : first;
        b[i] = i % 2 ? first : second;
    }
    exam->same = td_ratio_paired(a, b, PAIRS, 0.95, 1, TD_RESAMPLES);
}

void td_look_timer(const struct td_exam *exam, struct td_finding *out)
{
    td_found(out, exam->late_p99_us > 1000 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "late by %.0f us (median), %.0f us (p99)", exam->late_p50_us,
             exam->late_p99_us);
}

void td_look_same(const struct td_exam *exam, struct td_finding *out)
{
    const struct td_figure *same = &exam->same;
    double off = fmax(fabs(same->lower - 1), fabs(same->upper - 1));
    td_found(out, !same->bounded || off > 0.02 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "ratio %.4f, 95 %% interval %.4f to %.4f in %d pairs", same->value,
             same->lower, same->upper, PAIRS);
}
