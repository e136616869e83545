#include "load/load_schedule.h"

#include <gsl/gsl_randist.h>
#include <stdlib.h>

enum stream { ARRIVALS, MIX, STREAMS };

/* Steele, Lea and Flood's SplitMix64: neighbouring seeds, which threads and
 * trials have, give unrelated states. */
static uint64_t scramble(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static gsl_rng *new_stream(uint64_t seed, uint32_t thread, enum stream stream)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    uint64_t which = (uint64_t)thread * STREAMS + (uint64_t)stream;
    gsl_rng_set(rng, (unsigned long)(scramble(seed ^ scramble(which)) >> 32));
    return rng;
}

static void find_next(struct td_load_schedule *schedule)
{
    if (schedule->arrivals == TD_ARRIVALS_POISSON)
        schedule->elapsed_ns +=
            gsl_ran_exponential(schedule->rng, schedule->gap_ns);
    else
        schedule->elapsed_ns =
            (schedule->first + schedule->count++) * schedule->gap_ns;
    schedule->next_ns = schedule->begin_ns + (uint64_t)schedule->elapsed_ns;
}

void td_load_schedule_init(struct td_load_schedule *schedule,
                           const struct td_load_plan *plan, uint32_t thread,
                           uint64_t begin_ns)
{
    *schedule = (struct td_load_schedule){.next_ns = UINT64_MAX};
    if (plan->rate <= 0)
        return;
    schedule->arrivals = plan->arrivals;
    schedule->begin_ns = begin_ns;
    schedule->gap_ns = 1e9 * plan->threads / plan->rate;
    schedule->first = (double)thread / plan->threads;
    schedule->rng = new_stream(plan->seed, thread, ARRIVALS);
    find_next(schedule);
}

void td_load_schedule_release(struct td_load_schedule *schedule)
{
    gsl_rng_free(schedule->rng);
    schedule->rng = NULL;
}

void td_load_schedule_advance(struct td_load_schedule *schedule)
{
    find_next(schedule);
}

void td_load_mix_init(struct td_load_mix *mix,
                      const struct td_load_requests *requests, uint64_t seed,
                      uint32_t thread)
{
    double sum = 0, upto = 0;
    mix->count = requests->count;
    mix->upto = td_xcalloc(requests->count, sizeof *mix->upto);
    mix->rng = new_stream(seed, thread, MIX);
    for (size_t i = 0; i < mix->count; i++)
        sum += requests->at[i].weight;
    for (size_t i = 0; i < mix->count; i++)
        mix->upto[i] = (upto += requests->at[i].weight) / sum;
}

void td_load_mix_release(struct td_load_mix *mix)
{
    free(mix->upto);
    gsl_rng_free(mix->rng);
    *mix = (struct td_load_mix){0};
}

size_t td_load_mix_draw(struct td_load_mix *mix)
{
    size_t low = 0, high = mix->count - 1;
    double u;
    if (high == 0)
        return 0;
    u = gsl_rng_uniform(mix->rng);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (u < mix->upto[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
