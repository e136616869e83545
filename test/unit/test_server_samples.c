/* From requests to samples, and the verdict on what failed. */
#include "measure/load_samples.h"
#include "measure/seat_server.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct td_load_sample request(uint64_t intended_ns, uint64_t end_ns)
{
    return (struct td_load_sample){intended_ns, intended_ns, end_ns, 0};
}

static void requests_of_an_open_loop_may_overlap(void **state)
{
    struct td_load_sample at[] = {request(20, 35), request(0, 50),
                                  request(10, 30)};
    struct td_interval out[3];
    (void)state;
    assert_int_equal(td_samples_of_requests(at, 3, out), 3);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(out[i].start_ns, 10 * i);
    assert_int_equal(out[0].end_ns, 50);
    assert_int_equal(out[1].end_ns, 30);
    assert_int_equal(td_samples_of_requests(at, 0, out), 0);
}

/* Their sum is the time from the first answer to the last that counts. */
static void windows_lie_end_to_end(void **state)
{
    struct td_load_sample at[] = {request(0, 30), request(0, 10),
                                  request(5, 20), request(7, 90),
                                  request(9, 40), request(9, 60)};
    struct td_interval out[3];
    (void)state;
    assert_int_equal(td_samples_of_windows(at, 6, 2, out), 2);
    assert_int_equal(out[0].start_ns, 10);
    assert_int_equal(out[0].end_ns, 30);
    assert_int_equal(out[1].start_ns, 30);
    assert_int_equal(out[1].end_ns, 60);
    assert_int_equal(td_samples_of_windows(at, 2, 2, out), 0);
    assert_int_equal(td_samples_of_windows(at, 3, 2, out), 1);
    assert_int_equal(td_samples_of_windows(at, 0, 2, out), 0);
}

static int judged(struct td_load_result load, struct td_err *why)
{
    struct td_stint_result result = {.load = load};
    td_err_clear(why);
    return td_stint_judge(&result, why);
}

static void few_failures_are_counted_many_are_not_borne(void **state)
{
    struct td_load_result load = {.sent = 1000, .answered = 990};
    struct td_err why = TD_ERR_INIT;
    (void)state;
    load.failed[TD_LOAD_STATUS_5XX] = 10;
    assert_int_equal(judged(load, &why), 0);
    load.failed[TD_LOAD_STATUS_5XX] = 4;
    load.censored = 7;
    load.answered = 989;
    assert_int_equal(judged(load, &why), TD_EWORKER);
    assert_non_null(strstr(why.msg, "status 5xx: 4, no answer: 7"));
    assert_non_null(strstr(why.msg, "11 of 1000"));
    load = (struct td_load_result){.sent = 0};
    assert_int_equal(judged(load, &why), TD_EWORKER);
}

static void one_other_answer_is_a_wrong_one(void **state)
{
    struct td_load_result load = {.sent = 1000, .answered = 999};
    struct td_err why = TD_ERR_INIT;
    (void)state;
    load.failed[TD_LOAD_BODY] = 1;
    snprintf(load.first_failure, sizeof load.first_failure, "bytes differ");
    assert_int_equal(judged(load, &why), TD_EANSWER);
    assert_non_null(strstr(why.msg, "1 of 1000"));
    assert_non_null(strstr(why.msg, "bytes differ"));
}

static void a_result_is_written_whole(void **state)
{
    struct td_load_result load = {.sent = 12, .answered = 9, .censored = 1};
    json_t *json;
    (void)state;
    load.failed[TD_LOAD_RESET] = 2;
    load.valid = true;
    json = td_load_result_json(&load);
    assert_int_equal(td_json_u64(json, "sent", 0), 12);
    assert_int_equal(td_json_u64(json, "censored", 0), 1);
    assert_int_equal(json_object_size(json_object_get(json, "failed")), 1);
    assert_int_equal(td_json_u64(json_object_get(json, "failed"), "reset", 0),
                     2);
    assert_true(json_is_null(
        json_object_get(json_object_get(json, "latency_ns"), "p99")));
    assert_null(json_object_get(json, "invalid_reason"));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_an_open_loop_may_overlap),
        cmocka_unit_test(windows_lie_end_to_end),
        cmocka_unit_test(few_failures_are_counted_many_are_not_borne),
        cmocka_unit_test(one_other_answer_is_a_wrong_one),
        cmocka_unit_test(a_result_is_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
