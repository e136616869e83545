/*
 * The memory figures of workers of known size, from a harness that is larger
 * than both: what ru_maxrss alone gets wrong.
 */
#include "worker_fixture.h"

#include <math.h>
#include <stdio.h>
#include <sys/mman.h>

enum { MB = 1000000 };

static void check_size(struct fixture *f, uint64_t bytes, uint64_t own_bytes)
{
    double hwm, maxrss;
    td_fields_setf(&f->setup, "p.touch_bytes", "%llu",
                   (unsigned long long)bytes);
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 100));
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    hwm = (double)f->usage.hwm_bytes;
    maxrss = (double)f->usage.maxrss_bytes;
    print_message("%3.0f MB touched: VmHWM %.2f MB, ru_maxrss %.2f MB, PSS "
                  "%.2f MB\n",
                  (double)bytes / MB, hwm / MB, maxrss / MB,
                  (double)f->usage.pss_bytes / MB);
    assert_true(fabs(hwm / maxrss - 1) < 0.05);
    assert_true(f->usage.hwm_bytes >= bytes);
    assert_true(f->usage.hwm_bytes <= bytes + own_bytes);
    assert_true(f->usage.pss_bytes <= bytes + own_bytes);
    fixture_renew(f);
}

static void test_sizes(void **state)
{
    struct fixture *f = *state;
    void *held = mmap(NULL, 300 * MB, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(held != MAP_FAILED);
    memset(held, 1, 300 * MB);
    check_size(f, 200 * MB, 3 * MB);
    check_size(f, 2 * MB, 3 * MB);
    munmap(held, 300 * MB);
}

/* A full buffer is in the worker's resident set, and not in its figure. */
static void test_buffer_not_counted(void **state)
{
    struct fixture *f = *state;
    uint64_t small;
    td_fields_set(&f->setup, "p.latency_ns", "10");
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 1));
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    small = f->usage.hwm_bytes;
    fixture_renew(f);
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 65532));
    assert_ok(f, fixture_batch(f, 65532));
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_true(f->usage.maxrss_bytes >= small + MB);
    assert_true(f->usage.hwm_bytes < small + MB / 4);
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
