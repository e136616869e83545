/*
 * The search against simulated services whose rate is known.
 *
 * Coverage is counted over SEARCHES seeded searches a service.  The interval
 * promises 95 %; a run of 200 whose true coverage is 95 % shows less than
 * 90 % once in a thousand, so that is what is asserted.
 */
#include "load/search.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SEARCHES = 200 };

static const struct td_search_options usual = {
    .start = 1000, .highest = 1e6, .precision = .04, .repeats = 3, .most = 40};

/* The chance to hold is (1 - lapse) / (1 + (rate / knee)^(1 / spread)); a
 * spread of 0 is a step.  From one trial to the next the knee moves by
 * `drift` in ln(rate). */
struct service {
    double knee, spread, lapse, drift;
    double too_fast; /* for the generator; 0 = nothing is */
    gsl_rng *rng;
};

static enum td_trial_outcome serve(const struct service *service, double rate,
                                   size_t trial)
{
    double knee = log(service->knee) + service->drift * (double)trial;
    double above = log(rate) - knee, p = above < 0;
    if (service->too_fast > 0 && rate > service->too_fast)
        return TD_TRIAL_INVALID;
    if (service->spread > 0)
        p = 1 / (1 + exp(above / service->spread));
    return gsl_rng_uniform(service->rng) < p * (1 - service->lapse)
               ? TD_TRIAL_HELD
               : TD_TRIAL_BROKE;
}

static struct td_search_result search_for(const struct service *service,
                                          const struct td_search_options *o)
{
    struct td_search search;
    struct td_search_result result;
    double rate;
    td_search_init(&search, o);
    while ((rate = td_search_next(&search)) > 0) {
        assert_true(rate <= o->highest);
        assert_true(search.count < o->most);
        td_search_tell(&search, serve(service, rate, search.count));
    }
    td_search_result(&search, &result);
    assert_int_equal(result.trials, search.count);
    assert_true(search.count <= o->most);
    td_search_release(&search);
    return result;
}

/* What SEARCHES searches of one kind of service came to. */
struct tally {
    double covered, conclusive, confirmed, trials, half_width;
    double wrong; /* conclusive, and does not cover the knee */
    uint32_t most;
};

static struct tally repeat(struct service service, unsigned long seed)
{
    struct tally sum = {.covered = 0};
    service.rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(service.rng, seed);
    for (int i = 0; i < SEARCHES; i++) {
        struct td_search_result r;
        bool covers;
        service.knee = 100 * exp(7 * gsl_rng_uniform(service.rng));
        r = search_for(&service, &usual);
        covers = r.found && r.lower <= service.knee && service.knee <= r.upper;
        sum.covered += (double)covers / SEARCHES;
        sum.wrong += (double)(r.conclusive && !covers) / SEARCHES;
        sum.conclusive += (double)r.conclusive / SEARCHES;
        sum.confirmed += (double)(strcmp(r.why, "confirmed") == 0) / SEARCHES;
        sum.half_width += (sqrt(r.upper / r.lower) - 1) / SEARCHES;
        sum.trials += (double)r.trials / SEARCHES;
        sum.most = r.trials > sum.most ? r.trials : sum.most;
    }
    gsl_rng_free(service.rng);
    return sum;
}

static void test_a_sharp_knee(void **state)
{
    struct tally sum = repeat((struct service){.spread = 0}, 1);
    (void)state;
    assert_true(sum.covered >= .9);
    assert_true(sum.confirmed > .99);
    assert_true(sum.half_width <= .02);
    assert_true(sum.trials <= 20);
    assert_true(sum.most <= 25);
}

static void test_a_knee_as_wide_as_the_precision(void **state)
{
    struct tally sum = repeat((struct service){.spread = .01}, 2);
    (void)state;
    assert_true(sum.covered >= .9);
    assert_true(sum.confirmed >= .5);
    assert_true(sum.half_width <= .025);
    assert_true(sum.trials <= 36);
}

static void test_a_soft_knee(void **state)
{
    struct tally sum = repeat((struct service){.spread = .05}, 3);
    (void)state;
    assert_true(sum.covered >= .9);
    assert_true(sum.conclusive >= .95);
    assert_true(sum.half_width <= .1);
}

/* One trial in 20 is disturbed, however low the rate. */
static void test_disturbed_trials(void **state)
{
    struct tally sum = repeat((struct service){.lapse = .05}, 4);
    (void)state;
    assert_true(sum.covered >= .9);
    assert_true(sum.confirmed >= .7);
    assert_true(sum.trials <= 30);
}

/* A service that loses 1 % of its rate at each trial: what it sustained when
 * it began is not what it sustains now. */
static void test_drift_is_said(void **state)
{
    struct tally sum = repeat((struct service){.drift = -.01}, 5);
    (void)state;
    assert_true(sum.wrong <= .05);
    assert_true(sum.conclusive <= .05);
}

static void test_a_coin_contradicts_itself(void **state)
{
    struct tally sum = repeat((struct service){.spread = 50}, 6);
    (void)state;
    assert_true(sum.conclusive <= .1);
}

static void test_never_holds(void **state)
{
    struct service service = {.lapse = 1, .knee = 1000};
    struct td_search_result r;
    (void)state;
    service.rng = gsl_rng_alloc(gsl_rng_mt19937);
    r = search_for(&service, &usual);
    assert_false(r.found);
    assert_true(r.conclusive);
    assert_string_equal(r.why, "nothing held");
    assert_true(r.trials <= 14);
    assert_true(r.upper > 0 && r.upper < 2);
    assert_true(r.rate <= 0);
    gsl_rng_free(service.rng);
}

static void test_always_holds(void **state)
{
    struct service service = {.knee = 1e9};
    struct td_search_result r;
    (void)state;
    service.rng = gsl_rng_alloc(gsl_rng_mt19937);
    r = search_for(&service, &usual);
    assert_true(r.found && r.at_limit && r.conclusive);
    assert_string_equal(r.why, "highest");
    assert_true(fabs(r.rate - 1e6) < 1);
    assert_true(fabs(r.confirmed - 1e6) < 1);
    assert_true(isinf(r.upper));
    assert_true(r.lower <= r.rate && r.lower > .9e6);
    assert_true(r.trials <= 15);
    gsl_rng_free(service.rng);
}

static void test_the_generator_is_the_limit(void **state)
{
    struct service service = {.knee = 1e9, .too_fast = 50000};
    struct td_search_result r;
    (void)state;
    service.rng = gsl_rng_alloc(gsl_rng_mt19937);
    r = search_for(&service, &usual);
    assert_true(r.found && r.at_limit && r.conclusive);
    assert_string_equal(r.why, "generator");
    assert_true(r.rate <= 50000 && r.rate > 40000);
    assert_true(r.invalid >= 3 && r.invalid <= 9);
    service.too_fast = .001;
    r = search_for(&service, &usual);
    assert_false(r.found || r.conclusive);
    assert_string_equal(r.why, "nothing valid");
    gsl_rng_free(service.rng);
}

static void test_an_invalid_trial_is_tried_again(void **state)
{
    struct td_search search;
    double rate;
    (void)state;
    td_search_init(&search, &usual);
    rate = td_search_next(&search);
    assert_true(fabs(rate - 1000) < 1e-6);
    assert_true(fabs(td_search_next(&search) - rate) < 1e-9);
    td_search_tell(&search, TD_TRIAL_INVALID);
    assert_true(fabs(td_search_next(&search) - rate) < 1e-9);
    td_search_tell(&search, TD_TRIAL_HELD);
    rate = td_search_next(&search);
    assert_true(fabs(rate - 2000) < 40);
    assert_int_equal(search.count, 2);
    assert_int_equal(search.trials[0].outcome, TD_TRIAL_INVALID);
    assert_int_equal(search.trials[1].outcome, TD_TRIAL_HELD);
    td_search_release(&search);
}

/* One that has kept up with more was disturbed: it is no limit. */
static void test_a_disturbed_generator_is_no_limit(void **state)
{
    static const enum td_trial_outcome outcomes[] = {
        TD_TRIAL_HELD,    TD_TRIAL_BROKE,   TD_TRIAL_INVALID,
        TD_TRIAL_INVALID, TD_TRIAL_INVALID, TD_TRIAL_INVALID,
        TD_TRIAL_INVALID, TD_TRIAL_INVALID, TD_TRIAL_INVALID};
    struct td_search search;
    struct td_search_result result;
    (void)state;
    td_search_init(&search, &usual);
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        assert_true(td_search_next(&search) > 0);
        td_search_tell(&search, outcomes[i]);
    }
    assert_true(td_search_next(&search) > 1000);
    td_search_result(&search, &result);
    assert_false(result.at_limit);
    assert_int_equal(result.invalid, 7);
    assert_false(result.conclusive);
    assert_string_equal(result.why, "disturbed");
    td_search_release(&search);
}

static void test_a_few_trials_end_it(void **state)
{
    struct td_search_options few = usual;
    struct service service = {.knee = 12345};
    struct td_search_result r;
    (void)state;
    few.most = 8;
    service.rng = gsl_rng_alloc(gsl_rng_mt19937);
    r = search_for(&service, &few);
    assert_int_equal(r.trials, 8);
    assert_string_equal(r.why, "most");
    assert_true(r.lower < 12345 && r.upper > 12345);
    assert_true(r.upper / r.lower > 1.05);
    gsl_rng_free(service.rng);
}

static void test_senseless_options(void **state)
{
    struct td_search_options o = usual;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_search_check(&o, &err), 0);
    o.highest = 10;
    assert_int_equal(td_search_check(&o, &err), TD_EUSAGE);
    td_err_clear(&err);
    o = usual;
    o.precision = 0;
    assert_int_equal(td_search_check(&o, &err), TD_EUSAGE);
    td_err_clear(&err);
    o = usual;
    o.most = 5;
    assert_int_equal(td_search_check(&o, &err), TD_EUSAGE);
    assert_non_null(strstr(err.msg, "repeats"));
}

static void test_why_in_words(void **state)
{
    (void)state;
    assert_string_equal(td_search_why_words("most"),
                        "no more trials were allowed");
    assert_string_equal(td_search_why_words("other"), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sharp_knee),
        cmocka_unit_test(test_a_knee_as_wide_as_the_precision),
        cmocka_unit_test(test_a_soft_knee),
        cmocka_unit_test(test_disturbed_trials),
        cmocka_unit_test(test_drift_is_said),
        cmocka_unit_test(test_a_coin_contradicts_itself),
        cmocka_unit_test(test_never_holds),
        cmocka_unit_test(test_always_holds),
        cmocka_unit_test(test_the_generator_is_the_limit),
        cmocka_unit_test(test_an_invalid_trial_is_tried_again),
        cmocka_unit_test(test_a_disturbed_generator_is_no_limit),
        cmocka_unit_test(test_a_few_trials_end_it),
        cmocka_unit_test(test_senseless_options),
        cmocka_unit_test(test_why_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
