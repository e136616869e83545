/* Trials on one CPU: how well does this machine keep time? */
#include "base/clock.h"
#include "base/json.h"
#include "cmd/doctor.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { WAKES = 300, SLACK_WAKES = 100, PAIRS = 20, FEW_PAIRS = 12, TURNS = 30 };

#define PERIOD_NS UINT64_C(1000000)
#define IDLE_NS 20000000
#define PAGES_BYTES ((size_t)8 << 20)
#define HUGE_BYTES ((size_t)2 << 20)

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

/* How late so many wake-ups come, in ascending order. */
static void wake_up(double *late_us, unsigned wakes)
{
    uint64_t start = td_clock_ns();
    for (unsigned i = 0; i < wakes; i++)
        late_us[i] = sleep_until(start + (i + 1) * PERIOD_NS);
    qsort(late_us, wakes, sizeof late_us[0], by_value);
}

void td_trial_timer(struct td_exam *exam)
{
    double late_us[WAKES];
    wake_up(late_us, SLACK_WAKES);
    exam->slack_p50_us = late_us[SLACK_WAKES / 2];
    prctl(PR_SET_TIMERSLACK, 1UL);
    wake_up(late_us, WAKES);
    prctl(PR_SET_TIMERSLACK, 0UL);
    exam->late_p50_us = late_us[WAKES / 2];
    exam->late_p99_us = late_us[WAKES * 99 / 100];
}

/* Means, as a run takes them: whatever hits one side counts. */
void td_trial_same(struct td_exam *exam)
{
    double side[2][PAIRS];
    size_t n = 0;
    for (; n < PAIRS && td_clock_ns() < exam->until_ns; n++)
        for (size_t turn = 0; turn < 2; turn++) {
            td_work_ns(&exam->work, 0.25);
            side[(turn + n) % 2][n] = td_work_ns(&exam->work, 8);
        }
    exam->same = td_ratio_paired(side[0], side[1], n, 0.95, 1, TD_RESAMPLES);
}

static double turn_idle(void *arg, bool disturbed)
{
    const struct timespec pause = {0, IDLE_NS};
    if (disturbed)
        nanosleep(&pause, NULL);
    else
        td_work_ns(arg, 10);
    return td_work_ns(arg, 1);
}

void td_trial_idle(struct td_exam *exam)
{
    exam->idle = td_work_compare(turn_idle, &exam->work, PAIRS, exam->until_ns);
}

static double cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void td_trial_waiting(struct td_exam *exam)
{
    double wall[TURNS], cpu[TURNS];
    int at = sched_getcpu();
    size_t n = 0;
    uint64_t start = td_clock_ns();
    while (n < TURNS && td_clock_ns() < exam->until_ns) {
        double before = cpu_ns();
        int now;
        wall[n] = td_work_ns(&exam->work, 8);
        cpu[n++] = cpu_ns() - before;
        now = sched_getcpu();
        exam->moves += now != at;
        at = now;
    }
    exam->waiting_s = (double)(td_clock_ns() - start) * 1e-9;
    exam->waited = td_ratio_paired(wall, cpu, n, 0.95, 1, TD_RESAMPLES);
}

/* Touches fresh memory, then reads all over it. */
static double turn_pages(void *arg, bool disturbed)
{
    volatile char *fresh = arg;
    uint64_t start, at = 0;
    madvise(arg, PAGES_BYTES, MADV_DONTNEED);
    madvise(arg, PAGES_BYTES, disturbed ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
    start = td_clock_ns();
    for (size_t i = 0; i < PAGES_BYTES; i += 64)
        fresh[i] = (char)i;
    for (int i = 0; i < 100000; i++)
        at = (at * 25214903917u + 11 + (uint64_t)fresh[at % PAGES_BYTES]) >> 1;
    return (double)(td_clock_ns() - start);
}

void td_trial_pages(struct td_exam *exam)
{
    const char *thp = td_json_str(exam->host, "thp", "never");
    size_t room = PAGES_BYTES + HUGE_BYTES;
    char *map;
    if (strcmp(thp, "never") == 0)
        return;
    map = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
               -1, 0);
    if (map == MAP_FAILED)
        return;
    exam->small = td_work_compare(
        turn_pages, map + (HUGE_BYTES - (uintptr_t)map % HUGE_BYTES), FEW_PAIRS,
        exam->until_ns);
    munmap(map, room);
}

void td_effect(struct td_finding *out, const struct td_figure *ratio,
               const char *what, const char *what_not)
{
    if (!ratio->known)
        return;
    out->ratio = *ratio;
    td_buf_addf(&out->effect, "%s takes %.3f times as long as %s", what,
                ratio->value, what_not);
    if (ratio->bounded)
        td_buf_addf(&out->effect, " (95 %% interval %.3f to %.3f)",
                    ratio->lower, ratio->upper);
    else
        td_buf_adds(&out->effect, " (too few pairs for an interval)");
}

bool td_exceeds(const struct td_figure *ratio, double limit)
{
    return ratio->known && ratio->bounded && ratio->lower > limit;
}

void td_look_timer(const struct td_exam *exam, struct td_finding *out)
{
    td_found(out, exam->late_p99_us > 1000 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "late by %.0f us (median), %.0f us (p99)", exam->late_p50_us,
             exam->late_p99_us);
    td_buf_addf(&out->effect,
                "what sleeps wakes up %.0f us late (median) with the usual "
                "timer slack, %.0f us without",
                exam->slack_p50_us, exam->late_p50_us);
}

void td_look_same(const struct td_exam *exam, struct td_finding *out)
{
    const struct td_figure *same = &exam->same;
    double off = fmax(fabs(same->lower - 1), fabs(same->upper - 1));
    td_found(out, !same->bounded || off > 0.02 ? TD_LEVEL_WARN : TD_LEVEL_OK,
             "ratio %.4f, 95 %% interval %.4f to %.4f in %d pairs", same->value,
             same->lower, same->upper, PAIRS);
    if (same->bounded)
        td_buf_addf(&out->effect,
                    "in so short a trial, differences below %.1f %% are noise",
                    100 * off);
}

void td_look_idle(const struct td_exam *exam, struct td_finding *out)
{
    td_found(out, td_exceeds(&exam->idle, 1.03) ? TD_LEVEL_WARN : TD_LEVEL_OK,
             exam->idle.known ? "a millisecond of work after 20 ms of idling"
                              : "not tried");
    td_effect(out, &exam->idle, "work after idling", "work after work");
}

void td_look_neighbour(const struct td_exam *exam, struct td_finding *out)
{
    td_found(out,
             td_exceeds(&exam->neighbour, 1.02) ? TD_LEVEL_WARN : TD_LEVEL_OK,
             exam->neighbour.known ? "the same work on two cores at once"
                                   : "no second core to try");
    td_effect(out, &exam->neighbour, "work beside a busy core", "work alone");
}

void td_look_moves(const struct td_exam *exam, struct td_finding *out)
{
    bool often = exam->moves > 10 * exam->waiting_s + 1;
    td_found(out,
             often && td_exceeds(&exam->moved, 1.01) ? TD_LEVEL_WARN
                                                     : TD_LEVEL_OK,
             "the scheduler moved a busy thread %d times in %.1f s",
             exam->moves, exam->waiting_s);
    td_effect(out, &exam->moved, "a millisecond just after a move",
              "one without");
}
