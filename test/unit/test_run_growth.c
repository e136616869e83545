#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "summary/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 9, INVOCATIONS = 4, RUNTIMES = 2 };

/* A run of two runtimes whose times are known: one takes 1 µs and 10 ns a
 * piece, the other 2 ns a piece and 20 µs: they are equal at 2375. */
struct fixture {
    struct td_summary summary;
    json_t *manifest;
    double mean_ns[SIZES][RUNTIMES][INVOCATIONS];
};

static const double sizes[SIZES] = {1e6, 10, 30, 100, 300, 1e3, 3e3, 1e4, 1e5};

static double time_of(double size, int runtime)
{
    return runtime ? 20e3 + 2 * size : 1e3 + 10 * size;
}

static void make_case(struct fixture *f, size_t g, int r)
{
    struct td_case_summary *c = &f->summary.groups[g].cases[r];
    double mean = time_of(sizes[g], r);
    *c = (struct td_case_summary){
        .runtime = r ? "b" : "a",
        .implementation = "i",
        .base_runtime = r ? "a" : NULL,
        .base_implementation = r ? "i" : NULL,
        .mean_ns = {mean, .99 * mean, 1.01 * mean, true, true},
    };
    if (r) {
        double ratio = mean / time_of(sizes[g], 0);
        c->ratio =
            (struct td_figure){ratio, .99 * ratio, 1.01 * ratio, true, true};
    }
    for (int i = 0; i < INVOCATIONS; i++)
        f->mean_ns[g][r][i] = mean * (i % 2 ? 1.002 : .998);
    c->series.mean_ns = f->mean_ns[g][r];
    c->series.count = INVOCATIONS;
}

static void fixture_init(struct fixture *f)
{
    json_t *groups = json_array();
    memset(f, 0, sizeof *f);
    f->summary.confidence = .95;
    f->summary.ngroups = SIZES;
    f->summary.groups = td_xcalloc(SIZES, sizeof *f->summary.groups);
    for (size_t g = 0; g < SIZES; g++) {
        char *size = td_xasprintf("%.0f", sizes[g]);
        f->summary.groups[g] = (struct td_group_summary){
            .workload = "w",
            .cases = td_xcalloc(RUNTIMES, sizeof(struct td_case_summary)),
            .ncases = RUNTIMES};
        for (int r = 0; r < RUNTIMES; r++)
            make_case(f, g, r);
        json_array_append_new(groups, json_pack("{s:[s], s:{s:s}}", "sweeps",
                                                "n", "params", "n", size));
        free(size);
    }
    f->manifest = json_pack("{s:o}", "groups", groups);
}

static void fixture_release(struct fixture *f)
{
    for (size_t g = 0; g < SIZES; g++)
        free(f->summary.groups[g].cases);
    free(f->summary.groups);
    td_summary_growth_release(&f->summary);
    json_decref(f->manifest);
}

static void growth_of_each_runtime(void **state)
{
    struct fixture f;
    const struct td_run_growth *a, *b;
    (void)state;
    fixture_init(&f);
    td_summary_growth(&f.summary, f.manifest);
    assert_int_equal(f.summary.ngrowth, RUNTIMES);
    a = &f.summary.growth[0];
    b = &f.summary.growth[1];
    assert_string_equal(a->runtime, "a");
    assert_null(a->base_runtime);
    assert_int_equal(a->nsizes, SIZES);
    assert_true(a->sizes[0] == 10 && a->sizes[SIZES - 1] == 1e6);
    assert_true(a->fit.enough);
    assert_int_equal(a->fit.fits[0].model, TD_GROWTH_N);
    assert_true(fabs(a->fit.fits[0].a.value - 1e3) < 5);
    assert_true(fabs(a->fit.fits[0].c.value - 10) < .05);
    assert_true(fabs(b->fit.fits[0].a.value - 20e3) < 100);
    assert_true(fabs(b->fit.fits[0].c.value - 2) < .02);
    assert_true(b->crosses);
    assert_true(b->below == 1e3 && b->above == 3e3);
    fixture_release(&f);
}

static void what_has_no_figures_is_left_out(void **state)
{
    struct fixture f;
    (void)state;
    fixture_init(&f);
    for (size_t g = 0; g < SIZES; g++)
        f.summary.groups[g].cases[1].mean_ns.known = g < 2;
    f.summary.groups[3].cases[0].mean_ns.known = false;
    td_summary_growth(&f.summary, f.manifest);
    assert_int_equal(f.summary.ngrowth, 1);
    assert_int_equal(f.summary.growth[0].nsizes, SIZES - 1);
    assert_false(f.summary.growth[0].fit.enough);
    fixture_release(&f);
}

static void no_sweep_no_growth(void **state)
{
    struct fixture f;
    json_t *groups, *group, *json;
    size_t g;
    (void)state;
    fixture_init(&f);
    groups = json_object_get(f.manifest, "groups");
    json_array_foreach(groups, g, group) json_object_del(group, "sweeps");
    td_summary_growth(&f.summary, f.manifest);
    assert_int_equal(f.summary.ngrowth, 0);
    json = td_summary_growth_json(&f.summary);
    assert_int_equal(json_array_size(json), 0);
    json_decref(json);
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(growth_of_each_runtime),
        cmocka_unit_test(what_has_no_figures_is_left_out),
        cmocka_unit_test(no_sweep_no_growth),
    };
    return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
