/*
 * The memory figures of workers of known size, from a harness that is larger
 * than both: what ru_maxrss alone gets wrong.
 */
#include "worker_fixture.h"

#include <math.h>
#include <stdio.h>
#include <sys/mman.h>

/* ru_maxrss is read from per-CPU counters, one for each kind of page, which
 * lag by up to 32 pages each (percpu_counter_batch); VmHWM is summed exactly.
 * Of 2 MB that can be more than 5 %. */
enum { MB = 1000000, LAG_BYTES = 2 * 32 * 4096 };

/* A worker that touches so many bytes, after `count` samples. */
static void measure(struct fixture *f, uint64_t bytes, uint64_t count)
{
    fixture_renew(f);
    td_fields_setf(&f->setup, "p.touch_bytes", "%llu",
                   (unsigned long long)bytes);
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, count));
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
}

static void check_size(struct fixture *f, uint64_t bytes, uint64_t bare_bytes)
{
    double hwm, maxrss, away;
    measure(f, bytes, 100);
    hwm = (double)f->usage.hwm_bytes;
    maxrss = (double)f->usage.maxrss_bytes;
    away = fabs(hwm - maxrss);
    print_message("%3.0f MB touched: VmHWM %.2f MB, ru_maxrss %.2f MB "
                  "(%.1f %% away), PSS %.2f MB\n",
                  (double)bytes / MB, hwm / MB, maxrss / MB,
                  100 * away / maxrss, (double)f->usage.pss_bytes / MB);
    assert_true(away < 0.05 * maxrss || away < LAG_BYTES);
    assert_true(fabs(hwm - (double)(bytes + bare_bytes)) < 0.05 * hwm);
    assert_in_range(f->usage.pss_bytes, bytes, f->usage.hwm_bytes + LAG_BYTES);
}

static void test_sizes(void **state)
{
    struct fixture *f = *state;
    uint64_t bare_bytes;
    void *held = mmap(NULL, 300 * MB, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(held != MAP_FAILED);
    memset(held, 1, 300 * MB);
    measure(f, 0, 100);
    bare_bytes = f->usage.hwm_bytes;
    check_size(f, 200 * MB, bare_bytes);
    check_size(f, 2 * MB, bare_bytes);
    munmap(held, 300 * MB);
}

/* A full buffer is in the worker's resident set, and not in its figure. */
static void test_buffer_not_counted(void **state)
{
    struct fixture *f = *state;
    uint64_t hwm_bytes, maxrss_bytes;
    td_fields_set(&f->setup, "p.latency_ns", "10");
    measure(f, 0, 1);
    hwm_bytes = f->usage.hwm_bytes;
    maxrss_bytes = f->usage.maxrss_bytes;
    measure(f, 0, 65532);
    assert_true(f->usage.maxrss_bytes > maxrss_bytes + MB - LAG_BYTES);
    assert_true(f->usage.hwm_bytes < hwm_bytes + LAG_BYTES);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sizes),
        CASE(buffer_not_counted),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
