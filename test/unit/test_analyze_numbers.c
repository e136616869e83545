/* Many numbers in order, and numbers as text that reads back the same. */
#include "analyze/json_writer.h"
#include "analyze/sample_values.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Any finite double: all exponents, both signs. */
static double any_double(gsl_rng *rng)
{
    double value;
    do {
        uint64_t bits = (uint64_t)gsl_rng_get(rng) << 32 | gsl_rng_get(rng);
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

static void test_sort(void **state)
{
    static const size_t counts[] = {0, 1, 2, 255, 256, 257, 1000, 20000};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        size_t n = counts[c];
        double *x = test_malloc((n + 1) * sizeof *x);
        double *want = test_malloc((n + 1) * sizeof *want);
        for (size_t i = 0; i < n; i++)
            x[i] = c % 2 ? any_double(rng)
                         : (double)gsl_rng_uniform_int(rng, 100) - 50;
        memcpy(want, x, n * sizeof *x);
        qsort(want, n, sizeof *want, by_value);
        td_sort_ascending(x, n);
        for (size_t i = 0; i < n; i++)
            assert_true(x[i] == want[i]);
        test_free(x);
        test_free(want);
    }
    gsl_rng_free(rng);
}

static void test_all_alike(void **state)
{
    double x[1000];
    (void)state;
    for (size_t i = 0; i < 1000; i++)
        x[i] = 7;
    td_sort_ascending(x, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_true(x[i] == 7);
}

static void test_reals_read_back(void **state)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct td_buf text = TD_BUF_INIT;
        double value = any_double(rng);
        json_t *json = json_real(value);
        td_json_write(&text, json);
        assert_true(strtod(td_buf_str(&text), NULL) == value);
        json_decref(json);
        td_buf_release(&text);
    }
    gsl_rng_free(rng);
}

static void test_text(void **state)
{
    struct td_buf text = TD_BUF_INIT;
    json_t *json =
        json_pack("{s:f, s:[f, i, n, b], s:{}, s:[], s:s}", "b", 0.1, "a", 1e22,
                  3, 1, "empty", "none", "quote", "\"\n\303\251");
    (void)state;
    td_json_write(&text, json);
    assert_string_equal(td_buf_str(&text),
                        "{\"b\":0.1,\"a\":[1e+22,3,null,true],\"empty\":{},"
                        "\"none\":[],\"quote\":\"\\\"\\n\303\251\"}");
    json_decref(json);
    td_buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_all_alike),
        cmocka_unit_test(test_reals_read_back),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
