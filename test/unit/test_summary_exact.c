/* Order statistics of a sample file: from the buffer and by radix. */
#include "stat/interval.h"
#include "summary/exact.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROWS = 150000 };

struct fixture {
    char path[64];
    double *values; /* as the file's rows have them */
};

static struct td_sample row(uint32_t i)
{
    uint32_t mixed = i * 2654435761u;
    return (struct td_sample){
        .start_ns = i,
        .duration_ns = i % 7 ? 1000 + mixed % 90000 : (uint64_t)mixed << 20,
        .loops = i % 3 + 1,
    };
}

static int setup(void **state)
{
    static struct fixture f;
    struct td_samples to = TD_SAMPLES_INIT;
    struct td_err err = TD_ERR_INIT;
    int fd;
    strcpy(f.path, "/tmp/tandem-exact-XXXXXX");
    fd = mkstemp(f.path);
    if (fd < 0 || close(fd) || unlink(f.path))
        return -1;
    f.values = malloc(ROWS * sizeof *f.values);
    if (td_samples_open(&to, f.path, &err))
        return -1;
    for (uint32_t i = 0; i < ROWS; i++) {
        struct td_sample one = row(i);
        f.values[i] = td_sample_value(&one);
        if (td_samples_append(&to, &one, 1, &err))
            return -1;
    }
    *state = &f;
    return td_samples_close(&to, &err);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    free(f->values);
    return unlink(f->path);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* sorted[0..n): the values of the file's rows, each `times` times. */
static void assert_order(const struct td_rows *rows, const double *sorted,
                         uint64_t times)
{
    uint64_t n = rows->count, lower, upper;
    struct td_err err = TD_ERR_INIT;
    struct td_order order;
    assert_int_equal(td_rows_order(rows, .95, &order, &err), 0);
    assert_true(order.median ==
                (sorted[(n - 1) / 2 / times] + sorted[n / 2 / times]) / 2);
    assert_int_equal(order.p99.bounded,
                     td_quantile_ranks(n, .99, .95, &lower, &upper));
    if (!order.p99.bounded)
        return;
    assert_true(order.p99.value == sorted[((n * 99 + 99) / 100 - 1) / times]);
    assert_true(order.p99.lower == sorted[(lower - 1) / times]);
    assert_true(order.p99.upper == sorted[(upper - 1) / times]);
}

static void check(const struct fixture *f, uint64_t first, uint64_t count,
                  uint64_t times)
{
    struct td_rows rows = {.path = f->path};
    uint64_t n = count * times;
    const uint64_t ranks[] = {n - 1, 0, n / 2, n / 2, n / 3};
    double found[5], *sorted = malloc(count * sizeof *sorted);
    struct td_err err = TD_ERR_INIT;
    for (uint64_t i = 0; i < times; i++) {
        td_rows_add(&rows, first, count / 3);
        td_rows_add(&rows, first + count / 3, count - count / 3);
    }
    assert_int_equal(rows.nspans, times);
    memcpy(sorted, f->values + first, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_value);
    assert_int_equal(td_rows_select(&rows, ranks, 5, found, &err), 0);
    for (int i = 0; i < 5; i++)
        assert_true(found[i] == sorted[ranks[i] / times]);
    assert_order(&rows, sorted, times);
    free(sorted);
    td_rows_release(&rows);
}

/* From the buffer by selection, by radix, and by radix from the file. */
static void test_few_and_many(void **state)
{
    check(*state, 0, 1, 1);
    check(*state, 17, 1000, 1);
    check(*state, 5, 16384, 1);
    check(*state, 5, 16385, 1);
    check(*state, 0, ROWS, 1);
    check(*state, 0, TD_EXACT_BUFFER / 8, 8);
    check(*state, 0, TD_EXACT_BUFFER / 8 + 1, 8);
}

static void test_spans_apart(void **state)
{
    const struct fixture *f = *state;
    struct td_rows rows = {.path = f->path};
    const uint64_t middle = 10;
    double found, values[21];
    struct td_err err = TD_ERR_INIT;
    td_rows_add(&rows, 100, 10);
    td_rows_add(&rows, 500, 11);
    assert_int_equal(rows.nspans, 2);
    memcpy(values, f->values + 100, 10 * sizeof *values);
    memcpy(values + 10, f->values + 500, 11 * sizeof *values);
    assert_int_equal(td_rows_select(&rows, &middle, 1, &found, &err), 0);
    assert_true(found == td_median(values, 21));
    td_rows_release(&rows);
}

static void test_empty_and_missing(void **state)
{
    const struct fixture *f = *state;
    struct td_rows rows = {.path = f->path};
    struct td_err err = TD_ERR_INIT;
    struct td_order order;
    assert_int_equal(td_rows_order(&rows, .95, &order, &err), 0);
    assert_true(isnan(order.median) && !order.p99.known);
    td_rows_add(&rows, ROWS - 1, 2); /* one more than there are */
    assert_int_equal(td_rows_order(&rows, .95, &order, &err), TD_EINPUT);
    td_rows_release(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_and_many),
        cmocka_unit_test(test_spans_apart),
        cmocka_unit_test(test_empty_and_missing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
