#include "measure/steer.h"

#include "host/noise.h"

static bool is_alone(const struct td_seat *seat)
{
    struct td_process_noise now;
    td_process_noise_glance(td_noise_root(), td_worker_pid(seat->worker), &now);
    return now.threads == 1;
}

static int nth_cpu(const cpu_set_t *set, int n)
{
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET((size_t)cpu, set) && n-- == 0)
            return cpu;
    return -1;
}

void td_steer_begin(struct td_steer *steer, struct td_seat *seats,
                    uint32_t count, uint32_t first)
{
    *steer = (struct td_steer){.seats = seats, .count = count};
    steer->on = count > 1;
    for (uint32_t i = 0; steer->on && i < count; i++)
        steer->on =
            seats[i].worker && seats[i].c->spec.implementation->serial &&
            is_alone(&seats[i]) &&
            sched_getaffinity(td_worker_pid(seats[i].worker),
                              sizeof steer->allowed, &steer->allowed) == 0;
    if (!steer->on)
        return;
    steer->on = CPU_COUNT(&steer->allowed) > 1;
    steer->first = (int)(first % (uint32_t)CPU_COUNT(&steer->allowed));
}

static void let_go(struct td_steer *steer)
{
    steer->on = false;
    for (uint32_t i = 0; i < steer->count; i++)
        if (steer->seats[i].worker)
            sched_setaffinity(td_worker_pid(steer->seats[i].worker),
                              sizeof steer->allowed, &steer->allowed);
}

void td_steer_turn(struct td_steer *steer, const struct td_seat *seat,
                   size_t turn)
{
    size_t repetition = turn / (2 * (size_t)steer->count);
    cpu_set_t one;
    int n, cpu;
    if (!steer->on)
        return;
    n = (int)(((size_t)steer->first + repetition) %
              (size_t)CPU_COUNT(&steer->allowed));
    cpu = nth_cpu(&steer->allowed, n);
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    if (!is_alone(seat) ||
        sched_setaffinity(td_worker_pid(seat->worker), sizeof one, &one) < 0)
        let_go(steer);
}
