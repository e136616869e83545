/*
 * origin_queue - when a queueing server answers: arithmetic on arrival times
 * alone.
 *
 * One FIFO queue before k servers.  The service is virtual: a request that
 * arrives at a departs at max(a, earliest time a server is free) + service,
 * and that is known when it arrives.  What the caller's timers do afterwards
 * cannot shift the schedule, so lateness does not accumulate.  Nothing here
 * knows of clocks or sockets.
 *
 * With Poisson arrivals this is M/D/k (constant law) or M/M/k (exponential).
 */
#ifndef TD_LOAD_ORIGIN_QUEUE_H
#define TD_LOAD_ORIGIN_QUEUE_H

#include <stddef.h>
#include <stdint.h>

enum td_service_law { TD_SERVICE_CONSTANT, TD_SERVICE_EXPONENTIAL };

struct td_service {
    uint64_t mean_ns; /* 0: answered at once, whatever the law */
    size_t servers;   /* >= 1 */
    enum td_service_law law;
    uint64_t seed; /* of the exponential times */
};

struct td_queue {
    struct td_service service;
    uint64_t *free_ns; /* of each server; a heap, the earliest first */
    uint64_t draws;    /* of service times, so far */
};

/* An idle server.  number sets apart the service times of queues that share
 * a seed. */
void td_queue_init(struct td_queue *queue, const struct td_service *service,
                   uint64_t number);
void td_queue_release(struct td_queue *queue);
/* The time of departure.  Arrivals must not run backwards. */
uint64_t td_queue_arrive(struct td_queue *queue, uint64_t arrival_ns);

#endif
