/* What the connections of the origin share: its queues, its stalls and what
 * it has counted. */
#include "base/buf.h"
#include "base/clock.h"
#include "load/origin_conn.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t td_origin_work(struct td_origin *origin, uint32_t queue,
                        uint64_t now_ns)
{
    struct td_queue **at = &origin->queues[queue];
    if (!origin->stats.work++) {
        origin->stats.first_ns = now_ns;
        if (origin->stall_ns)
            origin->stall_at_ns = now_ns + origin->stall_every_ns;
    }
    origin->stats.last_ns = now_ns;
    if (!*at) {
        *at = td_xmalloc(sizeof **at);
        td_queue_init(*at, &origin->service, queue);
    }
    return td_queue_arrive(*at, now_ns);
}

void td_origin_release_queues(struct td_origin *origin)
{
    for (size_t i = 0; i < TD_QUEUES_MAX; i++) {
        if (origin->queues[i])
            td_queue_release(origin->queues[i]);
        free(origin->queues[i]);
        origin->queues[i] = NULL;
    }
}

/* A signal (SIGTERM) ends the sleep early; the loop then sees to it. */
void td_origin_stall(struct td_origin *origin)
{
    uint64_t end_ns = origin->stall_at_ns + origin->stall_ns;
    const struct timespec end = {(time_t)(end_ns / 1000000000u),
                                 (long)(end_ns % 1000000000u)};
    if (!origin->stall_at_ns || td_clock_ns() < origin->stall_at_ns)
        return;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
    origin->stall_at_ns += origin->stall_every_ns;
}

void td_origin_say_stats(const struct td_origin *origin, char out[TD_STATS_MAX])
{
    const struct td_origin_stats *stats = &origin->stats;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"requests", stats->requests},   {"work", stats->work},
        {"first_ns", stats->first_ns},   {"last_ns", stats->last_ns},
        {"accepted", stats->accepted},   {"open", stats->open},
        {"most_open", stats->most_open},
    };
    int len = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        len += snprintf(out + len, TD_STATS_MAX - (size_t)len, "%c\"%s\":%llu",
                        i ? ',' : '{', rows[i].name,
                        (unsigned long long)rows[i].value);
    snprintf(out + len, TD_STATS_MAX - (size_t)len, "}\n");
}
