/*
 * null_loop - what a sample of an empty operation costs in the null driver's
 * worker, as a multiple of the same two clock readings in a loop without any
 * harness.  Both are measured in this program, turn by turn.
 */
#include "base/clock.h"
#include "exec/worker.h"
#include "test/bench/verdict.h"

#include <stdio.h>

enum { ROUNDS = 101, COUNT = 20000 };

/* ns of one iteration, by the first and the last reading, and of one
 * sample. */
struct cost {
    double iteration, sample;
};

struct series {
    double iteration[ROUNDS], sample[ROUNDS]; /* null / bare */
    double bare[ROUNDS], beside[ROUNDS];      /* ns */
};

static struct cost bare_loop(void)
{
    uint64_t begin = td_clock_ns(), sum = 0, end = begin;
    for (int i = 0; i < COUNT; i++) {
        uint64_t start = td_clock_ns();
        end = td_clock_ns();
        sum += end - start;
    }
    return (struct cost){(double)(end - begin) / COUNT, (double)sum / COUNT};
}

static struct cost cost_of(const struct td_batch *batch)
{
    uint64_t sum = 0, span;
    for (uint64_t i = 0; i < batch->count; i++)
        sum += batch->at[i].end_ns - batch->at[i].start_ns;
    span = batch->at[batch->count - 1].end_ns - batch->at[0].start_ns;
    return (struct cost){(double)span / COUNT, (double)sum / COUNT};
}

/* The order of the two changes from round to round. */
static int one_round(struct td_worker *worker, struct series *to, int round,
                     struct td_err *err)
{
    const struct td_batch_request request = {COUNT, 1, 0, 0};
    struct td_batch batch;
    struct cost bare = {0, 0}, null;
    if (round % 2)
        bare = bare_loop();
    if (td_worker_batch(worker, &request, &batch, err))
        return err->code;
    null = cost_of(&batch);
    if (round % 2 == 0)
        bare = bare_loop();
    to->iteration[round] = null.iteration / bare.iteration;
    to->sample[round] = null.sample / bare.sample;
    to->bare[round] = bare.iteration;
    to->beside[round] =
        (double)(batch.end_ns - batch.begin_ns) - null.iteration * COUNT;
    return 0;
}

static int start(struct td_worker *worker, struct td_loop *loop,
                 struct td_err *err)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_fields setup = TD_FIELDS_INIT;
    struct td_worker_limits limits;
    uint64_t setup_ns;
    td_worker_limits_default(&limits);
    td_launch_env_base(&launch);
    launch.program = td_xasprintf("%s/tandem-null", td_loop_libexec(loop));
    td_strings_add(&launch.argv, "tandem-null");
    td_strings_add(&launch.argv, "null-1");
    td_strings_add(&launch.argv, "1");
    td_fields_set(&setup, "entry", "empty");
    if (!td_worker_start(worker, loop, &launch, &limits, err))
        td_worker_setup(worker, &setup, &setup_ns, err);
    td_launch_release(&launch);
    td_fields_release(&setup);
    return err->code;
}

int main(void)
{
    static struct series series;
    struct td_err err = TD_ERR_INIT;
    struct td_loop *loop = td_loop_new(&err);
    struct td_worker *worker = td_worker_new();
    int rc = loop ? start(worker, loop, &err) : err.code;
    for (int i = 0; !rc && i < ROUNDS; i++)
        rc = one_round(worker, &series, i, &err);
    td_worker_free(worker);
    if (loop)
        td_loop_free(loop);
    if (rc) {
        fprintf(stderr, "null_loop: %s\n", err.msg);
        return 5;
    }
    printf("a bare clock pair: %.1f ns; what a batch costs beside its %d "
           "samples: %.0f us\n",
           td_median(series.bare, ROUNDS), COUNT,
           td_median(series.beside, ROUNDS) / 1e3);
    verdict("null driver, time of an empty iteration / a bare clock pair",
            series.iteration, ROUNDS, "x", 1.3);
    verdict("null driver, sample of an empty operation / a bare one",
            series.sample, ROUNDS, "x", 1.3);
    return 0;
}
