/* Growth over a sweep against scipy's and numpy's values
 * (test/data/tail_oracle.py makes them). */
#include "stat/growth.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_N = 64 };

static double number(const json_t *from, const char *name)
{
    return json_number_value(json_object_get(from, name));
}

static size_t numbers(const json_t *from, const char *name, double *out)
{
    const json_t *list = json_object_get(from, name);
    size_t n = json_array_size(list);
    assert_in_range(n, 1, MAX_N);
    for (size_t i = 0; i < n; i++)
        out[i] = json_number_value(json_array_get(list, i));
    return n;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.12g is not %.12g", a, b);
}

/* A coefficient's lower end does not go below 0; held at 0 it has no
 * interval. */
static void assert_interval(struct td_figure found, double half, double least)
{
    double tolerance = 1e-6 * half + 1e-6;
    assert_int_equal(found.bounded, half > 0);
    if (!found.bounded)
        return;
    assert_near(found.upper, found.value + half, tolerance);
    assert_near(found.lower, fmax(found.value - half, least), tolerance);
}

static double at(const json_t *list, size_t i)
{
    return json_number_value(json_array_get(list, i));
}

static void assert_fits(const struct td_growth *found, const json_t *want)
{
    size_t i;
    json_t *one;
    assert_int_equal(json_array_size(want), TD_GROWTH_MODELS);
    json_array_foreach(want, i, one)
    {
        const struct td_growth_fit *fit = NULL;
        const char *name = json_string_value(json_object_get(one, "model"));
        for (size_t k = 0; k < TD_GROWTH_MODELS; k++)
            if (strcmp(td_growth_name(found->fits[k].model), name) == 0)
                fit = &found->fits[k];
        assert_non_null(fit);
        assert_near(fit->bic, number(one, "bic"), 1e-5);
        assert_near(fit->error, number(one, "error"), 1e-7);
        assert_near(fit->a.value, number(one, "a"),
                    1e-6 * number(one, "a") + 1e-6);
        assert_near(fit->c.value, number(one, "c"),
                    1e-6 * number(one, "c") + 1e-9);
        assert_interval(fit->a, at(json_object_get(one, "halves"), 0), 0);
        assert_interval(fit->c, at(json_object_get(one, "halves"), 1), 0);
    }
}

static void test_fits(void **state)
{
    json_error_t error;
    json_t *all = json_load_file("test/data/tail_oracle.json", 0, &error);
    json_t *cases = json_object_get(all, "growth"), *one;
    size_t i;
    (void)state;
    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, one)
    {
        double size[MAX_N], time[MAX_N], ends[MAX_N];
        size_t n = numbers(one, "size", size);
        struct td_growth found;
        numbers(one, "time", time);
        numbers(one, "interval", ends);
        assert_int_equal(td_growth_fit(size, time, n, .95, &found), 0);
        assert_near(found.exponent.value, number(one, "exponent"), 1e-9);
        assert_near(found.exponent.lower, ends[0], 1e-7);
        assert_near(found.exponent.upper, ends[1], 1e-7);
        assert_near(found.last_octave.value, number(one, "last_octave"), 1e-9);
        assert_interval(found.last_octave, number(one, "octave_half"),
                        -INFINITY);
        assert_int_equal(found.enough,
                         json_is_true(json_object_get(one, "enough")));
        assert_int_equal(found.plausible, (size_t)number(one, "plausible"));
        assert_fits(&found, json_object_get(one, "fits"));
        for (size_t k = 1; k < TD_GROWTH_MODELS; k++)
            assert_true(found.fits[k - 1].bic <= found.fits[k].bic);
    }
    json_decref(all);
}

/* Without noise the right model is the only plausible one. */
static void test_exact_data(void **state)
{
    double size[9], time[9];
    struct td_growth found;
    (void)state;
    for (int i = 0; i < 9; i++) {
        size[i] = 1000 << i;
        time[i] = 50 + 2 * size[i] * log2(size[i]);
    }
    assert_int_equal(td_growth_fit(size, time, 9, .95, &found), 0);
    assert_int_equal(found.plausible, 1);
    assert_int_equal(found.fits[0].model, TD_GROWTH_N_LOG);
    assert_near(found.fits[0].a.value, 50, 1e-5);
    assert_near(found.fits[0].c.value, 2, 1e-9);
    assert_true(isfinite(found.fits[0].bic));
    assert_true(found.last_octave.known && !found.last_octave.bounded);
}

static void test_too_little(void **state)
{
    const double size[] = {10, 10, 20, 20}, time[] = {1, 2, 3, 4};
    const double sizes[] = {10, 20, 30}, zero[] = {1, 0, 2};
    struct td_growth found;
    (void)state;
    assert_int_equal(td_growth_fit(size, time, 4, .95, &found), -1);
    assert_int_equal(td_growth_fit(size, time, 0, .95, &found), -1);
    assert_int_equal(td_growth_fit(sizes, zero, 3, .95, &found), -1);
    assert_int_equal(td_growth_fit(zero, sizes, 3, .95, &found), -1);
}

static struct td_figure between(double lower, double upper)
{
    return (struct td_figure){sqrt(lower * upper), lower, upper, true, true};
}

static void test_crossover(void **state)
{
    const double size[] = {10, 20, 40, 80};
    struct td_figure ratios[] = {between(.5, .6), between(.9, 1.1),
                                 between(1.2, 1.3), between(1.6, 1.8)};
    double below = 0, above = 0;
    (void)state;
    assert_true(td_crossover(size, ratios, 4, &below, &above));
    assert_true(below == 10 && above == 40);
    ratios[1] = between(.8, .9);
    assert_true(td_crossover(size, ratios, 4, &below, &above));
    assert_true(below == 20 && above == 40);
    assert_false(td_crossover(size, ratios, 2, &below, &above));
    assert_false(td_crossover(size, ratios + 2, 2, &below, &above));
    ratios[2].bounded = ratios[3].known = false;
    assert_false(td_crossover(size, ratios, 4, &below, &above));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_exact_data),
        cmocka_unit_test(test_too_little),
        cmocka_unit_test(test_crossover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
