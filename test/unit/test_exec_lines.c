/* Bytes to lines, and foreign text made fit to be shown. */
#include "exec/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int add(struct td_lines *lines, const char *text, struct td_err *err)
{
    return td_lines_add(lines, text, strlen(text), err);
}

static void expect_line(struct td_lines *lines, const char *text)
{
    char *line = td_lines_take(lines);
    assert_non_null(line);
    assert_string_equal(line, text);
    free(line);
}

static void test_split(void **state)
{
    struct td_lines lines = {TD_BUF_INIT};
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_false(td_lines_ready(&lines));
    assert_null(td_lines_take(&lines));
    assert_int_equal(add(&lines, "one", &err), 0);
    assert_false(td_lines_ready(&lines));
    assert_int_equal(add(&lines, " 1\ntwo\n\nthr", &err), 0);
    expect_line(&lines, "one 1");
    expect_line(&lines, "two");
    expect_line(&lines, "");
    assert_false(td_lines_ready(&lines));
    assert_int_equal(add(&lines, "ee\n", &err), 0);
    expect_line(&lines, "three");
    assert_null(td_lines_take(&lines));
    td_lines_release(&lines);
}

static void test_length(void **state)
{
    struct td_lines lines = {TD_BUF_INIT};
    struct td_err err = TD_ERR_INIT;
    char *text = td_xmalloc(TD_LINE_MAX + 1);
    (void)state;
    memset(text, 'a', TD_LINE_MAX);
    text[TD_LINE_MAX] = '\n';
    assert_int_equal(td_lines_add(&lines, text, TD_LINE_MAX + 1, &err), 0);
    assert_int_equal(td_lines_add(&lines, text, TD_LINE_MAX, &err), 0);
    assert_int_equal(add(&lines, "a", &err), TD_EPROTOCOL);
    assert_non_null(strstr(err.msg, "more than 65536 bytes"));
    td_lines_release(&lines);
    free(text);
}

static void test_garbage(void **state)
{
    static const char *const bad[] = {"\x01", "a\tb\n", "done\r\n", "\x7f"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_lines lines = {TD_BUF_INIT};
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(add(&lines, "good\n", &err), 0);
        assert_int_equal(add(&lines, bad[i], &err), TD_EPROTOCOL);
        expect_line(&lines, "good");
        td_lines_release(&lines);
    }
}

static void test_nul_is_garbage(void **state)
{
    struct td_lines lines = {TD_BUF_INIT};
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_lines_add(&lines, "a\0\xff\n", 4, &err), TD_EPROTOCOL);
    assert_string_equal(err.msg, "wrote garbage on the control channel: "
                                 "\"a\\x00\\xff\\x0a\"");
    td_lines_release(&lines);
}

static void test_quote_is_bounded(void **state)
{
    struct td_buf out = TD_BUF_INIT;
    char text[200];
    (void)state;
    memset(text, 'q', sizeof text);
    td_quote(&out, text, sizeof text);
    assert_int_equal(out.len, 60 + 2 + strlen("…"));
    td_buf_release(&out);
}

static void test_tail(void **state)
{
    struct td_buf tail = TD_BUF_INIT;
    char block[3 * TD_TAIL_BYTES];
    (void)state;
    td_tail_add(&tail, "first", 5);
    memset(block, 'x', sizeof block);
    td_tail_add(&tail, block, sizeof block);
    td_tail_add(&tail, "last", 4);
    assert_int_equal(tail.len, TD_TAIL_BYTES);
    assert_null(strstr(tail.data, "first"));
    assert_string_equal(tail.data + TD_TAIL_BYTES - 5, "xlast");
    td_buf_release(&tail);
}

static void test_clean(void **state)
{
    static const char *const cases[][2] = {
        {"plain\ttext\n", "plain\ttext\n"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xf0\x9f\x90\x8d", "\xf0\x9f\x90\x8d"},
        {"\x1b[31m\r", "?[31m?"},
        {"\xff\xc3", "??"},
        {"\xc0\x80", "??"},            /* overlong */
        {"\xed\xa0\x80", "???"},       /* a surrogate */
        {"\xf4\x90\x80\x80", "????"}}; /* beyond U+10FFFF */
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = td_xstrdup(cases[i][0]);
        bool clean = strcmp(cases[i][0], cases[i][1]) == 0;
        assert_int_equal(td_text_is_clean(text), clean);
        td_text_clean(text, strlen(text));
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_nul_is_garbage),
        cmocka_unit_test(test_quote_is_bounded),
        cmocka_unit_test(test_tail),
        cmocka_unit_test(test_clean),
    };
    return cmocka_run_group_tests_name("exec lines", tests, NULL, NULL);
}
