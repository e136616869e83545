/* When two servers say the same. */
#include "measure/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *answers(int status, const char *body)
{
    char bytes[] = "GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n";
    struct td_load_request request = {.bytes = bytes, .len = sizeof bytes - 1};
    struct td_answer answer = {status, TD_BUF_INIT};
    json_t *all = json_array();
    td_buf_adds(&answer.body, body);
    json_array_append_new(all, td_answers_entry(&request, &answer));
    td_answer_release(&answer);
    return all;
}

/* where NULL: they are the same, and have the same digest. */
static void check(json_t *own, json_t *others, const char *where)
{
    char a[TD_ANSWERS_DIGITS + 1], b[TD_ANSWERS_DIGITS + 1];
    struct td_buf found = TD_BUF_INIT;
    td_answers_digest(own, a);
    td_answers_digest(others, b);
    assert_int_equal(strlen(a), TD_ANSWERS_DIGITS);
    assert_int_equal(td_answers_differ(own, others, &found), where != NULL);
    assert_int_equal(strcmp(a, b) != 0, where != NULL);
    assert_string_equal(td_buf_str(&found), where ? where : "");
    td_buf_release(&found);
    json_decref(own);
    json_decref(others);
}

static void the_order_of_members_does_not_matter(void **state)
{
    (void)state;
    check(answers(200, "{\"a\": 1, \"b\": [true, null]}\n"),
          answers(200, "{\"b\":[true,null],\"a\":1.0}"), NULL);
    check(answers(200, "[{\"x\": 2.0}]"), answers(200, "[{\"x\": 2}]"), NULL);
    check(answers(204, ""), answers(204, ""), NULL);
}

static void a_difference_is_named(void **state)
{
    (void)state;
    check(answers(200, "{}"), answers(404, "{}"),
          "GET /users/1: status is 200 where others say 404");
    check(answers(200, "{\"u\": {\"name\": \"ann\"}}"),
          answers(200, "{\"u\": {\"name\": \"bob\"}}"),
          "GET /users/1: body.u.name is \"ann\" where others say \"bob\"");
    check(answers(200, "{\"l\": [1, 2]}"), answers(200, "{\"l\": [1, 2, 3]}"),
          "GET /users/1: body.l[2] is nothing where others say 3");
    check(answers(200, "{\"more\": 1}"), answers(200, "{}"),
          "GET /users/1: body.more is 1 where others say nothing");
    check(answers(200, "{\"n\": 1}"), answers(200, "{\"n\": \"1\"}"),
          "GET /users/1: body.n is 1 where others say \"1\"");
    check(answers(200, "{\"n\": 1.5}"), answers(200, "{\"n\": 1.25}"),
          "GET /users/1: body.n is 1.5 where others say 1.25");
}

static void what_is_no_json_is_compared_as_it_is(void **state)
{
    (void)state;
    check(answers(200, "<p>"), answers(200, "<p>"), NULL);
    check(answers(200, "<p>"), answers(200, "<p> "),
          "GET /users/1: body is \"<p>\" where others say \"<p> \"");
    check(answers(200, "\xff\xfe"), answers(200, "\xff\xfe"), NULL);
}

static void reading_is_told_from_writing(void **state)
{
    char get[] = "GET / HTTP/1.1\r\n\r\n", head[] = "HEAD / HTTP/1.1\r\n\r\n",
         post[] = "POST / HTTP/1.1\r\n\r\n";
    struct td_load_request at[] = {{.bytes = get, .len = sizeof get - 1},
                                   {.bytes = head, .len = sizeof head - 1},
                                   {.bytes = post, .len = sizeof post - 1}};
    struct td_load_requests requests = {at, 2};
    (void)state;
    assert_true(td_answers_only_read(&requests));
    requests.count = 3;
    assert_false(td_answers_only_read(&requests));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_members_does_not_matter),
        cmocka_unit_test(a_difference_is_named),
        cmocka_unit_test(what_is_no_json_is_compared_as_it_is),
        cmocka_unit_test(reading_is_told_from_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
