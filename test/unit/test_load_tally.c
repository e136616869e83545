/*
 * The books of a load: what counts, what does not, and what they say when
 * they are added up.
 */
#include "load/load_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)
#define FROM (1000 * MS)
#define TO (3000 * MS)

static void open_books(struct td_load_tally *tally)
{
    td_load_tally_init(tally);
    tally->from_ns = FROM;
    tally->to_ns = TO;
}

static void answer(struct td_load_tally *tally, uint64_t intended_ns,
                   uint64_t sent_ns, uint64_t end_ns)
{
    struct td_load_sample sample = {intended_ns, sent_ns, end_ns, 0};
    td_load_tally_due(tally, intended_ns);
    td_load_tally_answered(tally, &sample);
}

static void only_the_measured_time_counts(void **state)
{
    struct td_load_tally tally;
    (void)state;
    open_books(&tally);
    answer(&tally, FROM - 1, FROM - 1, FROM + MS); /* arrives within */
    answer(&tally, FROM, FROM + MS, FROM + 3 * MS);
    answer(&tally, TO - 1, TO - 1, TO + MS); /* arrives after */
    answer(&tally, TO, TO, TO + MS);
    assert_int_equal(tally.sent, 2);
    assert_int_equal(tally.answered, 2);
    assert_int_equal(tally.arrived, 2);
    assert_int_equal(tally.latency.total, 2);
    assert_int_equal(tally.latency.max, 3 * MS);
    assert_int_equal(tally.service.max, 2 * MS);
    assert_int_equal(tally.pulse.answered, 4);
    td_load_tally_release(&tally);
}

static void failures_are_told_once(void **state)
{
    struct td_load_tally tally;
    (void)state;
    open_books(&tally);
    assert_false(td_load_tally_failed(&tally, TD_LOAD_RESET, FROM - 1, FROM));
    td_load_tally_due(&tally, FROM);
    td_load_tally_due(&tally, FROM);
    assert_true(
        td_load_tally_failed(&tally, TD_LOAD_TIMEOUT, FROM, FROM + 200 * MS));
    td_load_tally_explain(&tally, "%s", "no answer");
    assert_false(td_load_tally_failed(&tally, TD_LOAD_RESET, FROM, FROM + MS));
    assert_string_equal(tally.first_failure, "time-out: no answer");
    assert_int_equal(tally.failed[TD_LOAD_TIMEOUT], 1);
    assert_int_equal(tally.failed[TD_LOAD_RESET], 1);
    assert_int_equal(tally.latency.total, 1); /* the time-out, at its age */
    assert_int_equal(tally.latency.max, 200 * MS);
    td_load_tally_release(&tally);
}

static void a_long_reason_is_cut(void **state)
{
    struct td_load_tally tally;
    char text[600];
    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    open_books(&tally);
    td_load_tally_failed(&tally, TD_LOAD_BODY, FROM, FROM);
    td_load_tally_explain(&tally, "%s", text);
    td_load_tally_explain(&tally, "%s", text);
    assert_int_equal(strlen(tally.first_failure),
                     sizeof tally.first_failure - 1);
    td_load_tally_release(&tally);
}

static void the_censored_have_their_age(void **state)
{
    struct td_load_tally tally;
    (void)state;
    open_books(&tally);
    td_load_tally_due(&tally, FROM);
    td_load_tally_censored(&tally, FROM, FROM + 50 * MS, false);
    td_load_tally_censored(&tally, FROM + MS, FROM + 50 * MS, true);
    td_load_tally_censored(&tally, TO, TO + MS, true);
    assert_int_equal(tally.sent, 2);
    assert_int_equal(tally.censored, 2);
    assert_int_equal(tally.unsent, 1);
    assert_int_equal(tally.latency.total, 2);
    assert_int_equal(tally.service.total, 0);
    td_load_tally_release(&tally);
}

static void threads_add_up(void **state)
{
    struct td_load_tally a, b;
    const struct td_load_tally *const both[] = {&a, &b};
    struct td_load_plan plan = {.rate = 1000};
    struct td_load_result result;
    (void)state;
    open_books(&a);
    open_books(&b);
    answer(&a, FROM, FROM, FROM + MS);
    answer(&b, FROM + 1100 * MS, FROM + 1100 * MS, FROM + 1104 * MS);
    td_load_tally_due(&b, FROM + 10 * MS);
    td_load_tally_failed(&b, TD_LOAD_STATUS_5XX, FROM + 10 * MS,
                         FROM + 11 * MS);
    td_load_tally_due(&a, FROM + 5 * MS);
    td_load_tally_failed(&a, TD_LOAD_BODY, FROM + 5 * MS, FROM + 12 * MS);
    td_load_result_init(&result);
    td_load_merge(&result, &plan, both, 2);
    assert_int_equal(result.sent, 4);
    assert_int_equal(result.answered, 2);
    assert_int_equal(td_load_failed(&result), 2);
    assert_string_equal(result.first_failure,
                        td_load_failure_words[TD_LOAD_STATUS_5XX]);
    assert_float_equal(result.measured_s, 2, 1e-9);
    assert_float_equal(result.achieved_rate, 1, 1e-9);
    assert_int_equal(result.nseconds, 2);
    assert_int_equal(result.seconds[0].sent, 3);
    assert_int_equal(result.seconds[0].failed, 2);
    assert_int_equal(result.seconds[1].answered, 1);
    assert_int_equal(result.seconds[1].max_ns, 4 * MS);
    assert_true(result.valid);
    td_load_result_release(&result);
    td_load_tally_release(&a);
    td_load_tally_release(&b);
}

/* 1000 requests of that latency and lag, every hundredth of the second. */
static bool is_valid(uint64_t latency_ns, uint64_t lag_ns, uint64_t rare_lag_ns,
                     double cpu_share, bool busy_poll, const char *why)
{
    struct td_load_tally tally;
    const struct td_load_tally *const one[] = {&tally};
    struct td_load_plan plan = {.rate = 1000, .busy_poll = busy_poll};
    struct td_load_result result;
    bool valid;
    open_books(&tally);
    for (uint64_t k = 0; k < 1000; k++) {
        uint64_t lag = k % 50 ? lag_ns : rare_lag_ns;
        td_load_tally_lag(&tally, FROM + k * MS, FROM + k * MS + lag);
        answer(&tally, FROM + k * MS, FROM + k * MS + lag,
               FROM + k * MS + latency_ns);
    }
    tally.cpu_ns = (uint64_t)(cpu_share * (double)(TO - FROM));
    td_load_result_init(&result);
    td_load_merge(&result, &plan, one, 1);
    valid = result.valid;
    assert_int_equal(valid, result.invalid_reason[0] == 0);
    if (!strstr(result.invalid_reason, why))
        fail_msg("\"%s\" does not say \"%s\"", result.invalid_reason, why);
    td_load_result_release(&result);
    td_load_tally_release(&tally);
    return valid;
}

static void lateness_of_its_own_makes_it_invalid(void **state)
{
    (void)state;
    assert_true(is_valid(MS, MS / 20, MS / 20, .5, false, ""));
    assert_true(is_valid(MS, MS / 5, MS / 5, .5, false, ""));
    assert_true(is_valid(900 * MS, 5 * MS, 50 * MS, .5, false, ""));
    assert_false(is_valid(MS, MS / 2, MS / 2, .5, false, "p50"));
    assert_false(is_valid(10 * MS, 2 * MS, 2 * MS, .5, false, "p50"));
    assert_false(is_valid(10 * MS, MS / 20, 2 * MS, .5, false, "p99"));
    assert_false(is_valid(MS, MS / 20, MS / 20, .97, false, "97 %"));
    assert_true(is_valid(MS, MS / 20, MS / 20, .97, true, ""));
}

static void a_load_that_never_began_is_invalid(void **state)
{
    struct td_load_tally tally;
    const struct td_load_tally *const one[] = {&tally};
    struct td_load_plan plan = {.rate = 1000};
    struct td_load_result result;
    (void)state;
    open_books(&tally);
    tally.to_ns = FROM - MS;
    td_load_result_init(&result);
    td_load_merge(&result, &plan, one, 1);
    assert_false(result.valid);
    assert_int_equal(result.nseconds, 0);
    td_load_result_release(&result);
    td_load_tally_release(&tally);
}

static void pulses_are_handed_over_once(void **state)
{
    struct td_load_tally tally;
    struct td_load_pulse shown;
    (void)state;
    open_books(&tally);
    td_load_pulse_init(&shown);
    answer(&tally, FROM, FROM, FROM + MS);
    td_load_tally_failed(&tally, TD_LOAD_RESET, FROM, FROM + MS);
    for (int i = 0; i < 2; i++) {
        td_load_pulse_move(&shown, &tally.pulse);
        assert_int_equal(shown.answered, 1);
        assert_int_equal(shown.failed, 1);
        assert_int_equal(shown.latency.total, 1);
        assert_int_equal(tally.pulse.answered, 0);
    }
    td_load_pulse_release(&shown);
    td_load_tally_release(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_measured_time_counts),
        cmocka_unit_test(failures_are_told_once),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(the_censored_have_their_age),
        cmocka_unit_test(threads_add_up),
        cmocka_unit_test(lateness_of_its_own_makes_it_invalid),
        cmocka_unit_test(a_load_that_never_began_is_invalid),
        cmocka_unit_test(pulses_are_handed_over_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
