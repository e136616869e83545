#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void first_error_wins(void **state)
{
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_err_sys(&err, -ENOENT, "cannot open %s", "x"), -ENOENT);
    assert_int_equal(td_err_set(&err, TD_EUSAGE, "second"), -ENOENT);
    assert_string_equal(err.msg, "cannot open x: No such file or directory");
    td_err_prefix(&err, "workload %s", "w");
    assert_string_equal(err.msg,
                        "workload w: cannot open x: No such file or directory");
    td_err_clear(&err);
    assert_int_equal(err.code, 0);
}

static void long_errors_are_cut(void **state)
{
    struct td_err err = TD_ERR_INIT;
    char text[3000];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    td_err_set(&err, TD_EINPUT, "%s", text);
    td_err_prefix(&err, "%s", text);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
    assert_non_null(strstr(err.msg, "a: a"));
}

static void exit_codes_are_as_documented(void **state)
{
    static const int codes[][2] = {
        {0, 0},           {TD_ESLOWER, 1},     {TD_EUSAGE, 2},
        {TD_EINPUT, 2},   {TD_EANSWER, 3},     {TD_ENOISE, 4},
        {TD_EWORKER, 5},  {TD_EDEPENDENCY, 5}, {TD_EPROTOCOL, 5},
        {TD_ETIMEOUT, 5}, {TD_EINTERNAL, 6},   {-ENOSPC, 6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal(td_err_exit_code(codes[i][0]), codes[i][1]);
}

static void buffers_grow_and_shrink(void **state)
{
    struct td_buf buf = TD_BUF_INIT;
    char *text;
    (void)state;
    assert_string_equal(td_buf_str(&buf), "");
    for (int i = 0; i < 1000; i++)
        td_buf_addf(&buf, "%d,", i);
    assert_int_equal(buf.len, 3890);
    td_buf_consume(&buf, 3886);
    assert_string_equal(td_buf_str(&buf), "999,");
    td_buf_clear(&buf);
    td_buf_consume(&buf, 0);
    assert_string_equal(td_buf_str(&buf), "");
    td_buf_addc(&buf, 'x');
    text = td_buf_detach(&buf);
    assert_string_equal(text, "x");
    assert_null(buf.data);
    free(text);
    td_buf_release(&buf);
}

static void fields_survive_a_protocol_line(void **state)
{
    struct td_fields in = TD_FIELDS_INIT, out = TD_FIELDS_INIT;
    struct td_err err = TD_ERR_INIT;
    struct td_buf line = TD_BUF_INIT;
    char *verb;
    (void)state;
    td_fields_set(&in, "message", "a b\n=%\xc3\xa9\x01");
    td_fields_setf(&in, "n", "%d", 1);
    td_fields_set(&in, "n", "2");
    td_fields_set(&in, "empty", "");
    td_fields_encode(&line, "done", &in);
    assert_string_equal(td_buf_str(&line),
                        "done message=a%20b%0A%3D%25%C3%A9%01 n=2 empty=");
    assert_int_equal(td_fields_decode(line.data, &verb, &out, &err), 0);
    assert_string_equal(verb, "done");
    assert_int_equal(out.count, 3);
    assert_string_equal(td_fields_get(&out, "message"), "a b\n=%\xc3\xa9\x01");
    assert_null(td_fields_get(&out, "none"));
    free(verb);
    td_buf_release(&line);
    td_fields_release(&in);
    td_fields_release(&out);
}

static void bad_protocol_lines_are_refused(void **state)
{
    static const char *const bad[] = {
        "",     " ",      "Done",    "do1 a=b",  "do =b",
        "do a", "do a=%", "do a=%4", "do a=%zz", "do a=%00"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct td_fields out = TD_FIELDS_INIT;
        struct td_err err = TD_ERR_INIT;
        char *verb;
        assert_int_equal(td_fields_decode(bad[i], &verb, &out, &err),
                         TD_EPROTOCOL);
        assert_null(verb);
        td_fields_release(&out);
    }
}

static void numbers_are_whole(void **state)
{
    static const char *const bad[] = {"", "-1", "1x", " 1",
                                      "99999999999999999999"};
    struct td_fields f = TD_FIELDS_INIT;
    struct td_err err = TD_ERR_INIT;
    uint64_t value;
    (void)state;
    assert_int_equal(td_fields_u64(&f, "n", 5, &value, &err), 0);
    assert_int_equal(value, 5);
    td_fields_set(&f, "n", "18446744073709551615");
    assert_int_equal(td_fields_u64(&f, "n", 5, &value, &err), 0);
    assert_true(value == UINT64_MAX);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        td_fields_set(&f, "n", bad[i]);
        td_err_clear(&err);
        assert_int_equal(td_fields_u64(&f, "n", 5, &value, &err), TD_EPROTOCOL);
    }
    td_fields_release(&f);
}

static void nearest_name(void **state)
{
    struct td_strings names = TD_STRINGS_INIT;
    char far[100];
    (void)state;
    td_strings_split(&names, "primes, logparse,fanout", ", ");
    assert_int_equal(names.count, 3);
    assert_string_equal(td_strings_nearest(&names, "prime"), "primes");
    assert_string_equal(td_strings_nearest(&names, "logprase"), "logparse");
    assert_null(td_strings_nearest(&names, "json"));
    memset(far, 'x', sizeof far - 1);
    far[sizeof far - 1] = '\0';
    assert_null(td_strings_nearest(&names, far));
    td_strings_release(&names);
}

static void files_are_replaced_whole(void **state)
{
    char dir[] = "/tmp/tandem-test-XXXXXX", hex[TD_SHA256_HEX];
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *deep, *file;
    (void)state;
    assert_non_null(mkdtemp(dir));
    deep = td_xasprintf("%s/a/b", dir);
    file = td_xasprintf("%s/file", deep);
    assert_int_equal(td_dir_make(deep, &err), 0);
    assert_int_equal(td_file_write_atomic(file, "abc", 3, &err), 0);
    assert_int_equal(td_file_read(file, &text, &err), 0);
    assert_string_equal(td_buf_str(&text), "abc");
    assert_int_equal(td_file_sha256(file, hex, &err), 0);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
                             "b410ff61f20015ad");
    assert_true(td_file_write_atomic(deep, "abc", 3, &err) < 0);
    td_err_clear(&err);
    assert_int_equal(td_file_read("/tmp/no-such-file", &text, &err), -ENOENT);
    unlink(file);
    rmdir(deep);
    deep[strlen(deep) - 2] = '\0';
    rmdir(deep);
    assert_int_equal(rmdir(dir), 0); /* no temporary file is left */
    td_buf_release(&text);
    free(file);
    free(deep);
}

static void clock_moves_forward(void **state)
{
    uint64_t before = td_clock_ns();
    double pair = td_clock_pair_ns();
    (void)state;
    assert_true(td_clock_ns() > before);
    assert_true(pair > 0 && pair < 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_wins),
        cmocka_unit_test(long_errors_are_cut),
        cmocka_unit_test(exit_codes_are_as_documented),
        cmocka_unit_test(buffers_grow_and_shrink),
        cmocka_unit_test(fields_survive_a_protocol_line),
        cmocka_unit_test(bad_protocol_lines_are_refused),
        cmocka_unit_test(numbers_are_whole),
        cmocka_unit_test(nearest_name),
        cmocka_unit_test(files_are_replaced_whole),
        cmocka_unit_test(clock_moves_forward),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
