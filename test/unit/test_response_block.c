/* The two ways to look at several bytes at once against one byte at a time:
 * every byte at every place, among plain ones and among others. */
#include "load/response_block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORD = 8 };

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c <= '~';
}

static bool is_lf(unsigned char c)
{
    return c == '\n';
}

static bool is_any(unsigned char c)
{
    (void)c;
    return true;
}

static bool is_name(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static uint64_t marks_of(const char *p, unsigned count, unsigned bits,
                         bool is(unsigned char c))
{
    uint64_t marks = 0;
    for (unsigned i = 0; i < count; i++)
        if (is((unsigned char)p[i]))
            marks |= UINT64_C(1) << (i * bits + bits - 1);
    return marks;
}

static unsigned name_of(const char *p, unsigned count)
{
    unsigned n = 0;
    while (n < count && is_name((unsigned char)p[n]))
        n++;
    return n;
}

static void check(const char *p)
{
    const struct td_marks word = td_word_marks(p), block = td_block_marks(p);
    unsigned first = 0;
    assert_int_equal(word.lf, marks_of(p, WORD, 8, is_lf));
    assert_int_equal(word.plain, marks_of(p, WORD, 8, is_plain));
    assert_int_equal(block.lf, marks_of(p, TD_BLOCK, TD_BLOCK_BITS, is_lf));
    assert_int_equal(block.plain,
                     marks_of(p, TD_BLOCK, TD_BLOCK_BITS, is_plain));
    assert_int_equal(td_word_name(p), name_of(p, WORD));
    assert_int_equal(td_block_name(p), name_of(p, TD_NAME_BLOCK));
    assert_int_equal(TD_BLOCK_ALL,
                     marks_of(p, TD_BLOCK, TD_BLOCK_BITS, is_any));
    while (block.plain && !is_plain((unsigned char)p[first]))
        first++;
    if (block.plain)
        assert_int_equal(td_block_first(block.plain), first);
}

static void test_every_byte_at_every_place(void **state)
{
    static const char among[] = "a-\n\x7f\x80\xff";
    char block[TD_BLOCK];
    (void)state;
    for (size_t i = 0; i < sizeof among - 1; i++)
        for (int at = 0; at < TD_BLOCK; at++)
            for (int byte = 0; byte < 256; byte++) {
                memset(block, among[i], sizeof block);
                block[at] = (char)byte;
                check(block);
            }
}

static void test_any_bytes(void **state)
{
    unsigned short seed[3] = {1, 2, 3};
    char block[TD_BLOCK];
    (void)state;
    for (int round = 0; round < 100000; round++) {
        for (int i = 0; i < TD_BLOCK; i++)
            block[i] = (char)(nrand48(seed) >> (round % 2 ? 8 : 9));
        check(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte_at_every_place),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
