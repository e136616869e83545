/* Reading requests: what is read, and what each mistake is answered with. */
#include "analyze/query.h"
#include "analyze/query_fields.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int count_case(struct td_reader *reader, struct td_query *request,
                      void *context)
{
    size_t *count = context;
    (void)reader;
    assert_int_not_equal(request->kind, 0);
    ++*count;
    return 0;
}

/* The message of what must fail, with `out` released. */
static void assert_fails(const char *text, const char *message)
{
    struct td_err err = TD_ERR_INIT;
    struct td_reader reader;
    struct td_query request;
    size_t cases = 0;
    int rc;
    td_query_init(&request);
    td_reader_init(&reader, text, strlen(text), &err);
    rc = td_query_read(&reader, &request, count_case, &cases);
    if (!rc)
        rc = td_reader_finish(&reader);
    assert_int_equal(rc, TD_EINPUT);
    assert_string_equal(err.msg, message);
    td_query_release(&request);
}

static size_t read_well(const char *text, struct td_query *request)
{
    struct td_err err = TD_ERR_INIT;
    struct td_reader reader;
    size_t cases = 0;
    td_query_init(request);
    td_reader_init(&reader, text, strlen(text), &err);
    if (td_query_read(&reader, request, count_case, &cases) ||
        td_reader_finish(&reader))
        fail_msg("%s: %s", text, err.msg);
    return cases;
}

static void test_comparison(void **state)
{
    struct td_query request;
    const double *x;
    size_t n;
    (void)state;
    read_well(" {\"a\" : [[1,2.5 , 3e2],[4]],\n\t\"b\":[[0,-0],[12e-1]],"
              "\"seed\":18446744073709551615,\"paired\":true,"
              "\"confidence\":0.9,\"order\":\"sequential\","
              "\"first\":[\"b\",\"a\"],\"truncate\":false} \n",
              &request);
    assert_int_equal(request.kind, TD_QUERY_COMPARISON);
    assert_int_equal(td_invocations_count(&request.a), 2);
    x = td_invocation(&request.a, 0, &n);
    assert_int_equal(n, 3);
    assert_true(x[0] == 1 && x[1] == 2.5 && x[2] == 300);
    x = td_invocation(&request.b, 1, &n);
    assert_int_equal(n, 1);
    assert_true(x[0] == 1.2);
    assert_true(request.seed == UINT64_MAX && request.confidence == .9);
    assert_int_equal(request.order, TD_ORDER_SEQUENTIAL);
    assert_true(request.first.at[0] == 1 && request.first.at[1] == 0);
    assert_false(request.truncate);
    assert_true(request.threshold == .02);
    td_query_release(&request);
}

static void test_other_kinds(void **state)
{
    struct td_query request;
    (void)state;
    read_well("{\"series\":[-1,2],\"kind\":\"history\"}", &request);
    assert_int_equal(request.kind, TD_QUERY_SERIES);
    assert_int_equal(request.series_kind, TD_SERIES_HISTORY);
    td_query_release(&request);
    read_well("{\"samples\":[1]}", &request);
    assert_int_equal(request.kind, TD_QUERY_QUANTILES);
    assert_int_equal(request.quantiles.count, 4);
    td_query_release(&request);
    read_well("{\"npy\":\"a\\u00e9\\/b\",\"quantiles\":[0.25]}", &request);
    assert_string_equal(td_buf_str(&request.npy), "a\303\251/b");
    assert_int_equal(request.quantiles.count, 1);
    td_query_release(&request);
    read_well("{\"sizes\":[1,2],\"times\":[1,2]}", &request);
    assert_int_equal(request.kind, TD_QUERY_GROWTH);
    td_query_release(&request);
    assert_int_equal(read_well("{\"cases\":[{\"samples\":[1]},"
                               "{\"series\":[1],\"kind\":\"warmup\"}]}",
                               &request),
                     2);
    assert_int_equal(request.kind, TD_QUERY_CASES);
    td_query_release(&request);
    assert_int_equal(read_well("{\"cases\":[]}", &request), 0);
    td_query_release(&request);
}

/* The quick way and strtod's agree to the last bit. */
static void test_numbers_are_exact(void **state)
{
    static const char *const numbers[] = {
        "0.1",
        "1e22",
        "1e23",
        "123456789012345678",
        "9007199254740993",
        "9007199254740992e-22",
        "9007199254740993e-5",
        "1234567.0000000000000001",
        "1.7976931348623157e308",
        "4.9406564584124654e-324",
        "1e-400",
        "0.000000000000000000000000123",
        "123456.78901",
        "100000000000000000000000000000e-29",
        "3.0000e+2",
    };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct td_query request;
        char text[128];
        snprintf(text, sizeof text, "{\"samples\":[%s]}", numbers[i]);
        read_well(text, &request);
        if (request.samples.at[0] != strtod(numbers[i], NULL))
            fail_msg("%s read as %.17g", numbers[i], request.samples.at[0]);
        td_query_release(&request);
    }
}

static const struct {
    const char *text, *message;
} mistakes[] = {
    {"", "$: expected an object, found the end of the input (line 1, "
         "column 1)"},
    {"[]", "$: expected an object, found [ (line 1, column 1)"},
    {"{}", "$: expected \"a\" and \"b\", \"series\", \"samples\" or "
           "\"npy\", \"sizes\" and \"times\", or \"cases\""},
    {"{\"a\":[[1],[2,\n 3", "$.a[1]: expected \",\" or \"]\", found the "
                            "end of the input (line 2, column 3)"},
    {"{\"a\":[[1,NaN]]}", "$.a[0][1]: expected a finite number, 0 or "
                          "more, found NaN (line 1, column 10)"},
    {"{\"a\":[[1,-Infinity]]}",
     "$.a[0][1]: expected a finite number, 0 or more, found -Infinity "
     "(line 1, column 10)"},
    {"{\"a\":[[1e999]]}", "$.a[0][0]: expected a finite number, 0 or "
                          "more, found 1e999 (line 1, column 8)"},
    {"{\"a\":[[1,2],[-3]]}", "$.a[1][0]: expected a finite number, 0 or "
                             "more, found -3 (line 1, column 14)"},
    {"{\"a\":[[\"1\"]]}", "$.a[0][0]: expected a finite number, 0 or "
                          "more, found \"1\" (line 1, column 8)"},
    {"{\"a\":[1]}", "$.a[0]: expected an array of numbers, at least one, "
                    "found 1 (line 1, column 7)"},
    {"{\"a\":[[1],[]]}", "$.a[1]: expected an array of numbers, at least "
                         "one, found [ (line 1, column 11)"},
    {"{\"a\":[]}", "$.a: expected an array of invocations, at least one, "
                   "each an array of numbers, found [ (line 1, column 6)"},
    {"{\"a\":[[01]]}", "$.a[0][0]: expected a finite number, 0 or more, "
                       "found 01 (line 1, column 8)"},
    {"{\"a\":[[1.]]}", "$.a[0][0]: expected a finite number, 0 or more, "
                       "found 1. (line 1, column 8)"},
    {"{\"a\":[[1],]}", "$.a[1]: expected an array of numbers, at least "
                       "one, found ] (line 1, column 11)"},
    {"{\"a\":[[1]],\"a\":[[2]]}", "$.a: given twice"},
    {"{\"confidnce\":1}",
     "$.confidnce: no such field; did you mean \"confidence\"?"},
    {"{\"\\u001b[1m\":1}", "$.?[1m: no such field"},
    {"{\"\":1}", "$.\"\": no such field"},
    {"{\"confidence\":1}", "$.confidence: expected a number above 0 and "
                           "below 1, found 1 (line 1, column 15)"},
    {"{\"seed\":-1}", "$.seed: expected a whole number from 0 to 2^64 - "
                      "1, found -1 (line 1, column 9)"},
    {"{\"seed\":18446744073709551616}",
     "$.seed: expected a whole number from 0 to 2^64 - 1, found "
     "18446744073709551616 (line 1, column 9)"},
    {"{\"seed\":1.0}", "$.seed: expected a whole number from 0 to 2^64 - "
                       "1, found 1.0 (line 1, column 9)"},
    {"{\"paired\":truex}", "$.paired: expected true or false, found truex "
                           "(line 1, column 11)"},
    {"{\"order\":\"both\"}",
     "$.order: expected \"interleaved\" or \"sequential\", found \"both\" "
     "(line 1, column 10)"},
    {"{\"order\":\"\\ud800\"}",
     "$.order: expected \"interleaved\" or \"sequential\", found "
     "\"\\ud800\" (line 1, column 10)"},
    {"{\"a\":[[1],[2]],\"b\":[[1]]}",
     "$.b: holds 1, but \"a\" holds 2: paired data need as many invocations "
     "(or say \"paired\": false)"},
    {"{\"a\":[[1]],\"b\":[[1]],\"first\":[\"a\",\"b\"]}",
     "$.first: holds 2, but \"a\" holds 1: one turn a pair"},
    {"{\"a\":[[1]],\"b\":[[1]],\"paired\":false,\"first\":[\"a\"]}",
     "$.first: only paired data have a first turn"},
    {"{\"a\":[[1]]}", "$: a comparison needs \"b\" too"},
    {"{\"a\":[[1]],\"b\":[[1]],\"quantiles\":[0.5]}",
     "$.quantiles: a comparison has no such field"},
    {"{\"series\":[1],\"samples\":[1]}",
     "$.samples: a series has no such field"},
    {"{\"series\":[1]}", "$: a series needs \"kind\" too"},
    {"{\"series\":[1,2,-1],\"kind\":\"warmup\"}",
     "$.series[2]: expected a time, 0 or more, found -1"},
    {"{\"samples\":[1],\"npy\":\"x\"}",
     "$.npy: given besides \"samples\": one of the two"},
    {"{\"npy\":\"\"}", "$.npy: expected a file's name, found \"\""},
    {"{\"samples\":[1],\"quantiles\":[0.5,0]}",
     "$.quantiles[1]: expected a number above 0 and below 1, found 0 "
     "(line 1, column 33)"},
    {"{\"sizes\":[1,2],\"times\":[1]}",
     "$.times: holds 1, but \"sizes\" holds 2: one time a size and invocation"},
    {"{\"sizes\":[0]}", "$.sizes[0]: expected a finite number above 0, "
                        "found 0 (line 1, column 11)"},
    {"{\"cases\":[{\"samples\":[1]},{\"cases\":[]}]}",
     "$.cases[1].cases: a case cannot hold cases"},
    {"{\"cases\":[{\"samples\":[1]},{\"a\":[[1]],\"b\":[[null]]}]}",
     "$.cases[1].b[0][0]: expected a finite number, 0 or more, found null "
     "(line 1, column 44)"},
    {"{\"cases\":[{\"samples\":[1]},{\"a\":[[1]]}]}",
     "$.cases[1]: a comparison needs \"b\" too"},
    {"{\"cases\":[],\"seed\":1}",
     "$.seed: a request of many cases has no such field"},
    {"{\"samples\":[1]} x",
     "$: expected nothing more, found x (line 1, column 17)"},
    {"{\"samples\":[1}", "$.samples: expected \",\" or \"]\", found } "
                         "(line 1, column 14)"},
    {"{\"samples\":[1]", "$: expected \",\" or \"}\", found the end of the "
                         "input (line 1, column 15)"},
    {"{samples:[1]}", "$: expected a field's name in quotes, found samples "
                      "(line 1, column 2)"},
    {"{\"samples\" [1]}", "$: expected \":\", found [ (line 1, column 12)"},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        assert_fails(mistakes[i].text, mistakes[i].message);
}

/* Names are unique, there are bits enough, what is required belongs. */
static void test_table(void **state)
{
    size_t n = 0;
    (void)state;
    for (; td_query_fields[n].name; n++) {
        const struct td_query_field *field = &td_query_fields[n];
        assert_true(field->kinds != 0);
        assert_true(field->offset < sizeof(struct td_query));
        assert_true(strlen(field->name) < TD_READER_NAME);
        for (size_t i = 0; i < n; i++)
            assert_string_not_equal(field->name, td_query_fields[i].name);
    }
    assert_in_range(n, 1, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_other_kinds),
        cmocka_unit_test(test_numbers_are_exact),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
