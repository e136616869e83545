/* The self-test: are its truths true, and does it notice a lie? */
#include "selftest/targets.h"
#include "selftest/trials.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gsl_rng *seeded(unsigned long seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    return rng;
}

static double mean(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static void assert_near(double a, double b, double distance)
{
    if (!(fabs(a - b) <= distance))
        fail_msg("%.9g is not %.9g", a, b);
}

/* The ratio of expected times is s: over 20,000 invocations a side. */
static void test_true_ratios(void **state)
{
    struct td_sizes sizes = {
        .pairs = 20000, .iterations = 10, .ratio = 1.1, .sigma = .03};
    gsl_rng *rng = seeded(1);
    const struct td_generator *one;
    (void)state;
    for (size_t k = 0; (one = td_generator_at(k)); k++) {
        struct td_times times;
        td_generator_draw(one, &sizes, rng, &times);
        assert_near(mean(times.above_mean, sizes.pairs) /
                        mean(times.below_mean, sizes.pairs),
                    1.1, .0015);
        assert_near(mean(times.above, 200000), mean(times.above_mean, 20000),
                    1e-9);
        td_times_release(&times);
    }
    assert_int_equal(strcmp(td_generator_name(td_generator_at(0)), "G1"), 0);
    assert_null(td_generator_find("G6"));
    gsl_rng_free(rng);
}

/* Variance of the log ratios of pairs. */
static double variance_of_pairs(const char *generator, struct td_sizes sizes)
{
    gsl_rng *rng = seeded(2);
    struct td_times times;
    double sum = 0;
    td_generator_draw(td_generator_find(generator), &sizes, rng, &times);
    for (size_t i = 0; i < sizes.pairs; i++)
        sum += pow(log(times.above_mean[i] / times.below_mean[i]), 2);
    td_times_release(&times);
    gsl_rng_free(rng);
    return sum / (double)sizes.pairs;
}

static void test_spreads(void **state)
{
    struct td_sizes sizes = {
        .pairs = 20000, .iterations = 10, .ratio = 1, .sigma = .03};
    double turns = variance_of_pairs("G4", sizes);
    (void)state;
    assert_near(sqrt(variance_of_pairs("normal", sizes)), .03, .0005);
    assert_near(turns, 2 * (.01 * .01 + .02 * .02 / 10), 1e-5);
    /* The drift falls out of pairs measured in turns, and only there. */
    sizes.turns = TD_TURNS_SEQUENTIAL;
    assert_near(variance_of_pairs("G4", sizes), turns + 2 * .03 * .03, 2e-4);
}

static void test_steps(void **state)
{
    struct td_series nights = {TD_SHAPE_NIGHTS, 4000, 2000, .5};
    struct td_series times = {TD_SHAPE_FLAT, 4000, 2000, .5};
    double x[4000];
    gsl_rng *rng = seeded(3);
    (void)state;
    td_series_draw(&nights, rng, x);
    assert_near(mean(x, 2000), 0, .002);
    assert_near(mean(x + 2000, 2000), .5, .002);
    td_series_draw(&times, rng, x);
    assert_near(mean(x, 2000), 1.5, .004);
    assert_near(mean(x + 2000, 2000), 1, .004);
    gsl_rng_free(rng);
}

/* Some share of samples lies below the true quantile. */
static void test_tails(void **state)
{
    enum { N = 100000 };
    double *x = malloc(N * sizeof *x);
    gsl_rng *rng = seeded(4);
    (void)state;
    for (enum td_tail tail = TD_TAIL_LOGNORMAL; tail <= TD_TAIL_PARETO;
         tail++) {
        double truth = td_tail_quantile(tail, .99);
        size_t below = 0;
        td_tail_draw(tail, N, rng, x);
        for (size_t i = 0; i < N; i++)
            below += x[i] <= truth;
        assert_near((double)below / N, .99, .001);
    }
    gsl_rng_free(rng);
    free(x);
}

static bool one_in_four(const struct td_scenario *scenario, gsl_rng *rng,
                        struct td_tally *tally)
{
    (void)scenario;
    (void)rng;
    tally->pairs += 1;
    return (int)tally->pairs % 4 == 0;
}

static struct td_result quarter(double at_least, double at_most, bool targeted)
{
    struct td_check check = {"quarter", "a quarter", one_in_four, true,
                             targeted,  at_least,    at_most};
    struct td_scenario scenario = {.check = &check, .name = "any"};
    return td_scenario_measure(&scenario, 20, 1);
}

/* Bounds: scipy.stats.beta.ppf(.025, 5, 16), .isf(.025, 6, 15). */
static void test_a_share_and_its_bounds(void **state)
{
    struct td_result result = quarter(.25, .25, true);
    (void)state;
    assert_int_equal(result.held, 5);
    assert_near(result.share, .25, 0);
    assert_near(result.lower, 0.08657146910143461, 1e-9);
    assert_near(result.upper, 0.49104587170795755, 1e-9);
    assert_near(result.pairs, 1, 0);
    assert_true(result.met);
}

static bool always(const struct td_scenario *scenario, gsl_rng *rng,
                   struct td_tally *tally)
{
    (void)scenario;
    (void)rng;
    (void)tally;
    return true;
}

/* Where GSL's own inverse of the beta distribution gives no number. */
static bool nearly_always(const struct td_scenario *scenario, gsl_rng *rng,
                          struct td_tally *tally)
{
    (void)scenario;
    (void)rng;
    tally->pairs += 1;
    return tally->pairs > 88;
}

static void test_bounds_of_1912_of_2000(void **state)
{
    struct td_check check = {"nearly", "nearly", nearly_always, true, true,
                             .9,       1};
    struct td_scenario scenario = {.check = &check, .name = "any"};
    struct td_result result = td_scenario_measure(&scenario, 2000, 1);
    (void)state;
    assert_int_equal(result.held, 1912);
    assert_near(result.lower, 0.9460695383023412, 1e-9);
    assert_near(result.upper, 0.964563755353241, 1e-9);
}

static void test_certainty_has_bounds(void **state)
{
    struct td_check check = {"always", "always", always, false, true, 1, 1};
    struct td_scenario scenario = {.check = &check, .name = "any"};
    struct td_result result = td_scenario_measure(&scenario, 2000, 1);
    (void)state;
    assert_near(result.upper, 1, 1e-12);
    assert_near(result.lower, pow(.025, 1 / 2000.), 1e-9);
    assert_true(isnan(result.pairs));
    assert_true(result.met);
}

/* The share itself has to be within, not merely its bounds. */
static void test_a_miss_is_a_miss(void **state)
{
    (void)state;
    assert_false(quarter(.26, 1, true).met);
    assert_false(quarter(0, .24, true).met);
    assert_true(quarter(.26, 1, false).met);
}

static void test_the_table_is_sound(void **state)
{
    size_t n = td_targets_count();
    (void)state;
    assert_null(td_targets[n].check);
    for (size_t i = 0; i < n; i++) {
        const struct td_scenario *one = &td_targets[i];
        assert_true(one->check->targeted);
        assert_true(one->check->at_least <= one->check->at_most);
        if (one->generator)
            assert_non_null(td_generator_find(one->generator));
        for (size_t k = 0; k < i; k++)
            assert_false(strcmp(td_targets[k].check->id, one->check->id) == 0 &&
                         strcmp(td_targets[k].name, one->name) == 0);
    }
}

/* A few repetitions of everything: chance may have its part (2.5 standard
 * deviations where it is greatest), but not where it has none. */
static void test_promises_are_within_reach(void **state)
{
    (void)state;
    for (size_t i = 0; td_targets[i].check; i++) {
        const struct td_scenario *one = &td_targets[i];
        double chance = one->check->at_least < 1 ? .25 : 0;
        struct td_result result = td_scenario_measure(one, 20, 1);
        if (result.share < one->check->at_least - chance ||
            result.share > one->check->at_most + chance)
            fail_msg("%s, %s: %g", one->check->title, one->name, result.share);
    }
}

static void test_the_same_seed_gives_the_same(void **state)
{
    struct td_result a = td_scenario_measure(&td_targets[0], 50, 7);
    struct td_result b = td_scenario_measure(&td_targets[0], 50, 7);
    struct td_result c = td_scenario_measure(&td_targets[0], 50, 8);
    (void)state;
    assert_memory_equal(&a.half_width, &b.half_width, sizeof a.half_width);
    assert_int_equal(a.held, b.held);
    assert_true(a.half_width != c.half_width);
}

static void test_choices(void **state)
{
    struct td_choice choice = {.generator = NULL};
    struct td_chosen chosen;
    (void)state;
    td_targets_choose(&choice, &chosen);
    assert_int_equal(chosen.count, 5);
    assert_string_equal(chosen.scenarios[4].name, "G5, 15 pairs");
    assert_int_equal(chosen.scenarios[4].sizes.iterations, 10);
    assert_true(chosen.scenarios[4].check->targeted);
    choice = (struct td_choice){"G1", 20, 10, .01, false};
    td_targets_choose(&choice, &chosen);
    assert_int_equal(chosen.count, 2);
    assert_true(chosen.scenarios[1].check->trial == td_try_noticed);
    choice.pairs = 21;
    td_targets_choose(&choice, &chosen);
    assert_int_equal(chosen.count, 1);
}

/* Targets are for what they were promised of. */
static void test_choices_without_a_target(void **state)
{
    struct td_choice few = {"G2", 9, 0, 0, false};
    struct td_choice short_ones = {"G2", 20, 9, 0, false};
    struct td_choice adaptive = {"G2", 0, 0, 0, true};
    struct td_chosen chosen;
    (void)state;
    td_targets_choose(&few, &chosen);
    assert_false(chosen.scenarios[0].check->targeted);
    td_targets_choose(&short_ones, &chosen);
    assert_false(chosen.scenarios[0].check->targeted);
    td_targets_choose(&adaptive, &chosen);
    assert_true(chosen.scenarios[0].check->targeted);
    assert_int_equal(chosen.scenarios[0].sizes.pairs, 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_true_ratios),
        cmocka_unit_test(test_spreads),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_tails),
        cmocka_unit_test(test_a_share_and_its_bounds),
        cmocka_unit_test(test_bounds_of_1912_of_2000),
        cmocka_unit_test(test_certainty_has_bounds),
        cmocka_unit_test(test_a_miss_is_a_miss),
        cmocka_unit_test(test_the_table_is_sound),
        cmocka_unit_test(test_promises_are_within_reach),
        cmocka_unit_test(test_the_same_seed_gives_the_same),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_choices_without_a_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
