/* The arithmetic of the queueing origin, by hand and against theory. */
#include "load/origin_queue.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

static void make(struct td_queue *queue, size_t servers,
                 enum td_service_law law)
{
    const struct td_service service = {1 * MS, servers, law, 7};
    td_queue_init(queue, &service, 0);
}

static void test_one_server_by_hand(void **state)
{
    static const uint64_t arrive[] = {5 * MS, 5 * MS, 5500000, 20 * MS};
    static const uint64_t depart[] = {6 * MS, 7 * MS, 8 * MS, 21 * MS};
    struct td_queue queue;
    (void)state;
    make(&queue, 1, TD_SERVICE_CONSTANT);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(td_queue_arrive(&queue, arrive[i]), depart[i]);
    td_queue_release(&queue);
}

static void test_three_servers_by_hand(void **state)
{
    static const uint64_t depart[] = {1, 1, 1, 2, 2, 2, 3};
    struct td_queue queue;
    (void)state;
    make(&queue, 3, TD_SERVICE_CONSTANT);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(td_queue_arrive(&queue, 0), depart[i] * MS);
    assert_int_equal(td_queue_arrive(&queue, 10 * MS), 11 * MS);
    td_queue_release(&queue);
}

static void test_no_service_time(void **state)
{
    const struct td_service service = {0, 1, TD_SERVICE_EXPONENTIAL, 7};
    struct td_queue queue;
    (void)state;
    td_queue_init(&queue, &service, 0);
    for (uint64_t at = 1; at < 100; at++)
        assert_int_equal(td_queue_arrive(&queue, at), at);
    td_queue_release(&queue);
}

static void test_seed_decides_service_times(void **state)
{
    const struct td_service service = {1 * MS, 1, TD_SERVICE_EXPONENTIAL, 7};
    struct td_queue one, same, other;
    int differ = 0;
    (void)state;
    td_queue_init(&one, &service, 3);
    td_queue_init(&same, &service, 3);
    td_queue_init(&other, &service, 4);
    for (uint64_t at = 0; at < 100; at++) {
        uint64_t found = td_queue_arrive(&one, at);
        assert_int_equal(found, td_queue_arrive(&same, at));
        differ += found != td_queue_arrive(&other, at);
    }
    assert_true(differ > 90);
    td_queue_release(&one);
    td_queue_release(&same);
    td_queue_release(&other);
}

/* Mean time in the queue, in services, of a Poisson stream. */
static double mean_wait(size_t servers, enum td_service_law law, double rho)
{
    enum { ARRIVALS = 1000000 };
    struct td_queue queue;
    uint64_t seed = 1;
    double at_ns = 0, wait_ns = 0;
    make(&queue, servers, law);
    for (int i = 0; i < ARRIVALS; i++) {
        double uniform = ((double)next_random(&seed) + .5) / 0x1p31;
        uint64_t arrival_ns;
        at_ns += -log(uniform) * (double)MS / (rho * (double)servers);
        arrival_ns = (uint64_t)at_ns;
        wait_ns += (double)(td_queue_arrive(&queue, arrival_ns) - arrival_ns);
    }
    td_queue_release(&queue);
    return wait_ns / ARRIVALS / (double)MS - 1;
}

static void assert_within(double found, double expected, double share)
{
    if (fabs(found / expected - 1) > share)
        fail_msg("%g in place of %g", found, expected);
}

/* Pollaczek (1930), Khinchine (1932): W = rho (1 + c^2) / (2 (1 - rho)) with
 * c^2 the squared coefficient of variation of the service. */
static void test_pollaczek_khinchine(void **state)
{
    static const double rhos[] = {.3, .5, .7};
    (void)state;
    for (int i = 0; i < 3; i++) {
        double rho = rhos[i], constant = rho / (2 * (1 - rho));
        assert_within(mean_wait(1, TD_SERVICE_CONSTANT, rho), constant, .02);
        assert_within(mean_wait(1, TD_SERVICE_EXPONENTIAL, rho), 2 * constant,
                      .03);
    }
}

/* Erlang (1917): with two servers the chance to wait is 2 rho^2 / (1 + rho),
 * the mean wait that over 2 (1 - rho). */
static void test_erlang_c(void **state)
{
    double rho = .7;
    (void)state;
    assert_within(mean_wait(2, TD_SERVICE_EXPONENTIAL, rho),
                  2 * rho * rho / (1 + rho) / (2 * (1 - rho)), .03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_server_by_hand),
        cmocka_unit_test(test_three_servers_by_hand),
        cmocka_unit_test(test_no_service_time),
        cmocka_unit_test(test_seed_decides_service_times),
        cmocka_unit_test(test_pollaczek_khinchine),
        cmocka_unit_test(test_erlang_c),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
