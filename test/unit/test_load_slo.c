/* Objectives: what is understood, what is refused, how a trial is judged. */
#include "load/slo.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct td_slo parsed(const char *text)
{
    struct td_slo slo;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_slo_parse(&slo, text, &err), 0);
    return slo;
}

static void assert_condition(const struct td_slo_condition *condition,
                             enum td_slo_kind kind, double percentile,
                             double limit)
{
    assert_int_equal(condition->kind, kind);
    assert_true(fabs(condition->percentile - percentile) < 1e-9);
    assert_true(fabs(condition->limit - limit) < 1e-9 * (1 + limit));
}

static void test_conditions(void **state)
{
    struct td_slo slo = parsed("p99.9<100ms,errors<0.1%");
    (void)state;
    assert_int_equal(slo.count, 2);
    assert_condition(&slo.at[0], TD_SLO_QUANTILE, 99.9, 1e8);
    assert_condition(&slo.at[1], TD_SLO_ERRORS, 0, .001);
    slo = parsed(" p50 < 250 us ,\tmax<2s , mean<900ns, errors < 1 % ");
    assert_int_equal(slo.count, 4);
    assert_condition(&slo.at[0], TD_SLO_QUANTILE, 50, 250e3);
    assert_condition(&slo.at[1], TD_SLO_MAX, 0, 2e9);
    assert_condition(&slo.at[2], TD_SLO_MEAN, 0, 900);
    assert_condition(&slo.at[3], TD_SLO_ERRORS, 0, .01);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "p99.9<100ms,errors<0.1%"},
        {"  ", "empty"},
        {"p99", "p99.9<100ms"},
        {"p99<100ms,", "is no condition"},
        {"p99>100ms", "is no condition"},
        {"p99<=100ms", "found \"=100ms\""},
        {"error<1%", "did you mean \"errors\""},
        {"maxx<1s", "did you mean \"max\""},
        {"throughput<1s", "mean, max and errors"},
        {"p<1s", "mean, max and errors"},
        {"p0<1s", "between p0 and p100"},
        {"p100<1s", "between p0 and p100"},
        {"p9.9.9<1s", "between p0 and p100"},
        {"p99<100", "with its unit"},
        {"p99<100m", "with its unit"},
        {"p99<-1ms", "with its unit"},
        {"p99<0ms", "can never hold"},
        {"p99<1%", "with its unit"},
        {"errors<1", "percentage"},
        {"errors<1ms", "percentage"},
        {"errors<0%", "can never hold"},
        {"errors<101%", "holds always"},
        {"p99<1ms,p99<2ms", "stricter"},
        {"p1<1s,p2<1s,p3<1s,p4<1s,p5<1s,p6<1s,p7<1s,p8<1s,p9<1s", "more than"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct td_slo slo;
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(td_slo_parse(&slo, cases[i].text, &err), TD_EUSAGE);
        if (!strstr(err.msg, cases[i].said))
            fail_msg("\"%s\": %s", cases[i].text, err.msg);
    }
}

/* 10,000 requests in 10 s, one latency; the caller breaks something. */
static struct td_load_result trial(int64_t latency_ns)
{
    struct td_load_result result;
    td_load_result_init(&result);
    assert_int_equal(td_hist_init_default(&result.latency), 0);
    td_hist_record_n(&result.latency, latency_ns, 10000);
    result.sent = result.answered = 10000;
    result.measured_s = 10;
    result.requested_rate = result.achieved_rate = 1000;
    result.valid = true;
    return result;
}

static void assert_judged(const char *text, struct td_load_result result,
                          enum td_trial_outcome outcome, const char *said)
{
    struct td_slo slo = parsed(text);
    char why[64];
    assert_int_equal(td_slo_judge(&slo, &result, why, sizeof why), outcome);
    assert_string_equal(why, said);
    td_load_result_release(&result);
}

static void test_latencies_are_judged(void **state)
{
    struct td_load_result tail = trial(1000000);
    (void)state;
    td_hist_record_n(&tail.latency, 140000000, 20);
    assert_judged("p99.9<100ms", trial(1000000), TD_TRIAL_HELD, "");
    assert_judged("p99.9<100ms", tail, TD_TRIAL_BROKE, "p99.9 140 ms");
    assert_judged("p50<1us", trial(2000), TD_TRIAL_BROKE, "p50 2 us");
    assert_judged("mean<1ms", trial(900000), TD_TRIAL_HELD, "");
    assert_judged("mean<1ms", trial(1100000), TD_TRIAL_BROKE, "mean 1.1 ms");
    assert_judged("max<2s", trial(3000000000), TD_TRIAL_BROKE, "max 3 s");
}

static void test_failed_and_censored_are_errors(void **state)
{
    struct td_load_result failed = trial(1000), censored = trial(1000);
    (void)state;
    failed.answered -= 20;
    failed.failed[TD_LOAD_TIMEOUT] = 12;
    failed.failed[TD_LOAD_STATUS_5XX] = 8;
    censored.answered -= 20;
    censored.censored = 20;
    assert_judged("errors<0.1%", trial(1000), TD_TRIAL_HELD, "");
    assert_judged("errors<0.1%", failed, TD_TRIAL_BROKE, "errors 0.2 %");
    assert_judged("errors<0.1%", censored, TD_TRIAL_BROKE, "errors 0.2 %");
}

static void test_one_that_falls_behind_broke(void **state)
{
    struct td_load_result behind = trial(1000), fewer = trial(1000);
    struct td_load_result none = trial(1000);
    (void)state;
    behind.answered = 9800;
    behind.censored = 200;
    behind.achieved_rate = 980;
    /* A Poisson stream offered 3 % fewer, and all were answered. */
    fewer.sent = fewer.answered = 9700;
    fewer.achieved_rate = 970;
    none.answered = 0;
    none.censored = 10000;
    assert_judged("p99<1s", behind, TD_TRIAL_BROKE,
                  "980 of 1000 requests a second answered");
    assert_judged("p99<1s", fewer, TD_TRIAL_HELD, "");
    assert_judged("p99<1s", none, TD_TRIAL_BROKE, "nothing was answered");
}

static void test_a_late_generator_breaks_nothing(void **state)
{
    struct td_load_result late = trial(1000000000), stopped = trial(1000);
    struct td_load_result held = trial(1000);
    (void)state;
    late.valid = false;
    strcpy(late.invalid_reason, "send lag 3 ms");
    held.valid = false;
    stopped.stopped = true;
    assert_judged("p99<1ms", late, TD_TRIAL_INVALID, "send lag 3 ms");
    assert_judged("p99<1ms", held, TD_TRIAL_HELD, "");
    assert_judged("p99<1ms", stopped, TD_TRIAL_INVALID, "stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_latencies_are_judged),
        cmocka_unit_test(test_failed_and_censored_are_errors),
        cmocka_unit_test(test_one_that_falls_behind_broke),
        cmocka_unit_test(test_a_late_generator_breaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
