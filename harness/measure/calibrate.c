/*
 * How many operations make a sample, and how many samples a turn.  Done with
 * batches that are not recorded, in the first invocation of each case.
 */
#include "measure/seat.h"

#include "exec/sample_buffer.h"
#include "stat/interval.h"

#include <math.h>

enum { LOOK = 5, MOST_LOOPS = 1 << 20 };

static uint64_t turn_ns(const struct td_seat *seat)
{
    return td_session_turn_ns(seat->session, seat->c->group);
}

/* The middle one of a few samples of `loops` operations; of slow operations
 * one has to do. */
static int look(struct td_seat *seat, uint64_t loops, double *sample_ns,
                struct td_err *why)
{
    bool is_slow = *sample_ns * LOOK > (double)turn_ns(seat);
    struct td_batch_request request = {
        is_slow ? 1 : LOOK, loops, is_slow ? 0 : 1, is_slow ? 0 : TD_WARM_NS};
    struct td_batch batch;
    double found[LOOK];
    int rc = td_worker_batch(seat->worker, &request, &batch, why);
    if (rc)
        return rc;
    for (size_t i = 0; i < batch.count; i++)
        found[i] = (double)(batch.at[i].end_ns - batch.at[i].start_ns);
    *sample_ns = td_median(found, batch.count);
    return 0;
}

static uint64_t count_for(const struct td_seat *seat, double sample_ns)
{
    double wanted = round((double)turn_ns(seat) / fmax(sample_ns, 1.0));
    if (seat->session->settings.count)
        return seat->session->settings.count;
    return wanted < 1                    ? 1
           : wanted > TD_SAMPLE_CAPACITY ? TD_SAMPLE_CAPACITY
                                         : (uint64_t)wanted;
}

int td_calibrate(struct td_seat *seat, double first_ns, struct td_err *why)
{
    const struct td_settings *settings = &seat->session->settings;
    double least_ns = TD_PAIRS_PER_SAMPLE * seat->session->clock_pair_ns;
    double sample_ns = first_ns;
    uint64_t loops = settings->loops ? settings->loops : 1;
    int rc = 0;
    /* A first iteration can be slow by chance or for being the first. */
    if (loops > 1 || first_ns < 4 * (double)turn_ns(seat))
        rc = look(seat, loops, &sample_ns, why);
    while (!rc && !settings->loops && sample_ns < least_ns &&
           loops < MOST_LOOPS) {
        loops *= 2;
        rc = look(seat, loops, &sample_ns, why);
    }
    if (rc)
        return rc;
    seat->c->loops = loops;
    seat->c->operation_ns = sample_ns / (double)loops;
    seat->c->count = count_for(seat, sample_ns);
    return 0;
}
