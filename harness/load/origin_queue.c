#include "load/origin_queue.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>

/* SplitMix64 (Steele, Lea, Flood 2014): a good hash of its counter. */
static uint64_t hash(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

void td_queue_init(struct td_queue *queue, const struct td_service *service,
                   uint64_t number)
{
    queue->service = *service;
    queue->service.seed = hash(service->seed ^ hash(number));
    queue->free_ns = td_xcalloc(service->servers, sizeof *queue->free_ns);
    queue->draws = 0;
}

void td_queue_release(struct td_queue *queue)
{
    free(queue->free_ns);
    queue->free_ns = NULL;
}

static uint64_t service_ns(struct td_queue *queue)
{
    const struct td_service *service = &queue->service;
    double uniform;
    if (service->law == TD_SERVICE_CONSTANT)
        return service->mean_ns;
    uniform = (double)(hash(service->seed + queue->draws++) >> 11) * 0x1p-53;
    return (uint64_t)llround(-log1p(-uniform) * (double)service->mean_ns);
}

/* Puts a later time in the place of the earliest. */
static void replace_earliest(struct td_queue *queue, uint64_t at_ns)
{
    size_t i = 0, child;
    while ((child = 2 * i + 1) < queue->service.servers) {
        if (child + 1 < queue->service.servers &&
            queue->free_ns[child + 1] < queue->free_ns[child])
            child++;
        if (at_ns <= queue->free_ns[child])
            break;
        queue->free_ns[i] = queue->free_ns[child];
        i = child;
    }
    queue->free_ns[i] = at_ns;
}

uint64_t td_queue_arrive(struct td_queue *queue, uint64_t arrival_ns)
{
    uint64_t free_ns = queue->free_ns[0], departure_ns;
    departure_ns =
        (free_ns > arrival_ns ? free_ns : arrival_ns) + service_ns(queue);
    replace_earliest(queue, departure_ns);
    return departure_ns;
}
