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

static void check(const struct fixture *f, uint64_t first, uint64_t count)
{
    struct td_rows rows = {.path = f->path};
    const uint64_t ranks[] = {0, count / 2, count - 1};
    double found[3], *copy = malloc(count * sizeof *copy), median;
    struct td_err err = TD_ERR_INIT;
    td_rows_add(&rows, first, count / 3);
    td_rows_add(&rows, first + count / 3, count - count / 3);
    assert_int_equal(rows.nspans, 1);
    assert_int_equal(td_rows_select(&rows, ranks, 3, found, &err), 0);
    memcpy(copy, f->values + first, count * sizeof *copy);
    for (int i = 0; i < 3; i++)
        assert_true(found[i] == td_select(copy, count, ranks[i]));
    assert_int_equal(td_rows_median(&rows, &median, &err), 0);
    assert_true(median == td_median(copy, count));
    free(copy);
    td_rows_release(&rows);
}

static void test_few_and_many(void **state)
{
    check(*state, 0, 1);
    check(*state, 17, 1000);
    check(*state, 5, TD_EXACT_BUFFER);
    check(*state, 5, TD_EXACT_BUFFER + 1);
    check(*state, 0, ROWS);
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
    double median;
    assert_int_equal(td_rows_median(&rows, &median, &err), 0);
    assert_true(isnan(median));
    td_rows_add(&rows, ROWS - 1, 2); /* one more than there are */
    assert_int_equal(td_rows_median(&rows, &median, &err), TD_EINPUT);
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
