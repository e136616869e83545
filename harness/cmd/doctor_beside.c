/* Trials with more than one CPU: what a busy neighbour costs, and a move. */
#include "base/clock.h"
#include "cmd/doctor.h"
#include "host/placement.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { PAIRS = 20 };

/* A thread that works while it is told to, on a CPU of its own. */
struct helper {
    struct td_work work;
    size_t cpu;
    sem_t begin;
    atomic_bool wanted, busy, quit;
    pthread_t thread;
};

static void pin(size_t cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void *help(void *arg)
{
    struct helper *helper = arg;
    pin(helper->cpu);
    while (sem_wait(&helper->begin) == 0 && !helper->quit) {
        helper->busy = true;
        while (helper->wanted)
            td_work_ns(&helper->work, 0.02);
        helper->busy = false;
    }
    return NULL;
}

static bool helper_start(struct helper *helper, const struct td_work *like,
                         size_t cpu)
{
    td_work_init_like(&helper->work, like);
    helper->cpu = cpu;
    helper->wanted = helper->busy = helper->quit = false;
    sem_init(&helper->begin, 0, 0);
    if (pthread_create(&helper->thread, NULL, help, helper) == 0)
        return true;
    sem_destroy(&helper->begin);
    td_work_release(&helper->work);
    return false;
}

static void helper_set(struct helper *helper, bool wanted)
{
    if (helper->wanted == wanted)
        return;
    helper->wanted = wanted;
    if (wanted)
        sem_post(&helper->begin);
    while (helper->busy != wanted)
        sched_yield();
}

static void helper_stop(struct helper *helper)
{
    helper_set(helper, false);
    helper->quit = true;
    sem_post(&helper->begin);
    pthread_join(helper->thread, NULL);
    sem_destroy(&helper->begin);
    td_work_release(&helper->work);
}

struct beside {
    struct td_work *work;
    struct helper helper;
};

static double turn_beside(void *arg, bool disturbed)
{
    struct beside *beside = arg;
    helper_set(&beside->helper, disturbed);
    td_work_ns(beside->work, 0.5);
    return td_work_ns(beside->work, 4);
}

static struct td_figure compare_beside(struct td_exam *exam, size_t cpu,
                                       size_t other)
{
    struct beside beside = {.work = &exam->work};
    struct td_figure figure = {0};
    pin(cpu);
    if (!helper_start(&beside.helper, &exam->work, other))
        return figure;
    figure = td_work_compare(turn_beside, &beside, PAIRS, exam->until_ns);
    helper_stop(&beside.helper);
    return figure;
}

struct move {
    struct td_work *work;
    size_t at[2];
    int now;
};

/* Both ways make the same system call; only one of them moves. */
static double turn_moved(void *arg, bool disturbed)
{
    struct move *move = arg;
    td_work_ns(move->work, 1);
    if (disturbed)
        move->now = !move->now;
    pin(move->at[move->now]);
    return td_work_ns(move->work, 1);
}

void td_trial_beside(struct td_exam *exam)
{
    struct td_neighbours near;
    struct move move = {.work = &exam->work};
    cpu_set_t before;
    td_placement_neighbours("", &near);
    if (sched_getaffinity(0, sizeof before, &before) < 0)
        return;
    if (near.sibling >= 0)
        exam->sibling =
            compare_beside(exam, (size_t)near.cpu, (size_t)near.sibling);
    if (near.other >= 0) {
        exam->neighbour =
            compare_beside(exam, (size_t)near.cpu, (size_t)near.other);
        move.at[0] = (size_t)near.cpu;
        move.at[1] = (size_t)near.other;
        pin(move.at[0]);
        exam->moved = td_work_compare(turn_moved, &move, PAIRS, exam->until_ns);
    }
    sched_setaffinity(0, sizeof before, &before);
}
