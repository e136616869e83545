/* Claimed ranges, verdicts, and the file that states them. */
#include "claims/claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct td_place here = {.file = "c.ini", .line = 4, .column = 11};

static struct td_range range_of(const char *text)
{
    struct td_err err = TD_ERR_INIT;
    struct td_range range;
    if (td_range_parse(&range, text, &here, &err))
        fail_msg("%s", err.msg);
    return range;
}

/* Equal but for rounding; infinities are themselves. */
static bool is(double a, double b)
{
    return isinf(a) || isinf(b) ? a >= b && a <= b
                                : fabs(a - b) <= 1e-9 * fabs(b);
}

static void test_ranges(void **state)
{
    static const struct {
        const char *text;
        double lower, upper;
        const char *unit;
    } of[] = {
        {"28x", 21, 35, "x"},
        {"10x-40x", 10, 40, "x"},
        {"10-40x", 10, 40, "x"},
        {"1.43x – 1.67x", 1.43, 1.67, "x"},
        {"within 1.25x", .8, 1.25, "x"},
        {"> 1x", 1, INFINITY, "x"},
        {"< 100 ms", -INFINITY, 1e8, "ns"},
        {"<90us", -INFINITY, 9e4, "ns"},
        {"1 s-3 s", 1e9, 3e9, "ns"},
        {"500 ms-1 s", 5e8, 1e9, "ns"},
        {"2 min", 9e10, 1.5e11, "ns"},
        {"200 MB-500 MB", 2e8, 5e8, "B"},
        {"4 KiB", 3072, 5120, "B"},
        {"> 5000 /s", 5000, INFINITY, "1/s"},
        {"48 lines", 36, 60, "lines"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct td_range range = range_of(of[i].text);
        if (!is(range.lower, of[i].lower) || !is(range.upper, of[i].upper) ||
            strcmp(range.unit, of[i].unit) != 0)
            fail_msg("%s: %g to %g %s", of[i].text, range.lower, range.upper,
                     range.unit);
    }
}

static void test_bad_ranges(void **state)
{
    static const struct {
        const char *text, *complaint;
    } of[] = {
        {"", "c.ini:4:11: claimed: expected a number"},
        {"fast", "c.ini:4:11: claimed: expected a number"},
        {"-3x", "c.ini:4:11: claimed: expected a number"},
        {"0x", "expected a number above 0"},
        {"28", "c.ini:4:13: claimed: expected a unit after the number"},
        {"40x-10x", "expected the smaller figure first"},
        {"1 s-3 MB", "expected the same kind of unit at both ends"},
        {"within .9x", "expected a ratio above 1"},
        {"within 2 s", "expected a ratio above 1"},
        {"> 1x 2x", "c.ini:4:16: claimed: expected the end"},
        {"1 sixteencharacters", "expected a unit of at most 15 letters"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_range range;
        assert_int_equal(td_range_parse(&range, of[i].text, &here, &err),
                         TD_EINPUT);
        if (!strstr(err.msg, of[i].complaint))
            fail_msg("%s\n  said: %s", of[i].text, err.msg);
    }
}

static enum td_claim_verdict judged(const char *claimed, double lower,
                                    double value, double upper)
{
    struct td_range range = range_of(claimed);
    struct td_figure figure = {value, lower, upper, true, true};
    return td_range_verdict(&range, figure, false);
}

static void test_verdicts(void **state)
{
    struct td_range range = range_of("10x-40x");
    struct td_figure alone = {20, NAN, NAN, true, false};
    struct td_figure none = {NAN, NAN, NAN, false, false};
    (void)state;
    assert_int_equal(judged("10x-40x", 10, 11, 12), TD_CLAIM_HOLDS);
    assert_int_equal(judged("10x-40x", 9.9, 11, 12), TD_CLAIM_INCONCLUSIVE);
    assert_int_equal(judged("10x-40x", 8, 9, 9.9), TD_CLAIM_DOES_NOT_HOLD);
    assert_int_equal(judged("10x-40x", 41, 50, 60), TD_CLAIM_DOES_NOT_HOLD);
    assert_int_equal(judged("10x-40x", 5, 20, 60), TD_CLAIM_INCONCLUSIVE);
    assert_int_equal(judged("> 1x", 1.01, 2, 3), TD_CLAIM_HOLDS);
    assert_int_equal(judged("> 1x", .9, 1.2, 3), TD_CLAIM_INCONCLUSIVE);
    assert_int_equal(judged("> 1x", .5, .6, .7), TD_CLAIM_DOES_NOT_HOLD);
    assert_int_equal(judged("> 1x", 2, 3, INFINITY), TD_CLAIM_HOLDS);
    assert_int_equal(td_range_verdict(&range, alone, false),
                     TD_CLAIM_INCONCLUSIVE);
    assert_int_equal(td_range_verdict(&range, alone, true), TD_CLAIM_HOLDS);
    assert_int_equal(td_range_verdict(&range, none, true),
                     TD_CLAIM_NOT_MEASURED);
}

static void test_meeting(void **state)
{
    struct td_range a = range_of("10x-40x"), b = range_of("5x-8x");
    struct td_range c = range_of("8x-12x"), d = range_of("10 s-40 s");
    (void)state;
    assert_false(td_ranges_meet(&a, &b));
    assert_true(td_ranges_meet(&a, &c));
    assert_true(td_ranges_meet(&b, &c));
    assert_false(td_ranges_meet(&a, &d));
}

static void parse(struct td_claims *out, const char *text,
                  const char *complaint)
{
    struct td_err err = TD_ERR_INIT;
    td_claims_parse(out, "c.ini", text, strlen(text), &err);
    if (complaint ? !strstr(err.msg, complaint) : err.code)
        fail_msg("%s\n  said: %s", text, err.msg);
}

#define SAID "[claim a]\nsource = 1\nsays = so\n"
#define RATIO "ratio(p[s].wall, cpython/go)"

static void test_file(void **state)
{
    struct td_claims claims;
    (void)state;
    parse(&claims,
          "; comment\n" SAID "claimed = 2x\nmeasure = " RATIO
          "\nnote = one\nnote_2 = two\n[claim a b c]\nsource = 2\nsays = so\n"
          "claimed = > 1x\nreason = none\ninvocations = 5\n",
          NULL);
    assert_int_equal(claims.count, 2);
    assert_null(claims.at[0].part);
    assert_string_equal(claims.at[0].note, "one two");
    assert_int_equal(claims.at[0].invocations, TD_CLAIM_INVOCATIONS);
    assert_string_equal(claims.at[1].id, "a");
    assert_string_equal(claims.at[1].part, "b c");
    assert_int_equal(claims.at[1].invocations, 5);
    assert_null(claims.at[1].expression);
    td_claims_release(&claims);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *complaint;
    } of[] = {
        {"[clam a]\n", "c.ini:1: unknown section [clam]"},
        {"[claim]\nsource = 1\n", "c.ini:1: [claim] needs an id"},
        {"[claim a]\nsays = so\n", "c.ini:1: [claim a] lacks the key source"},
        {SAID "claimed = 2x\n", "lacks the key measure, or a reason"},
        {SAID "claimed = 2y-3x\n reason = x\n",
         "c.ini:4:16: claimed: expected the same kind"},
        {SAID "claimed = 2x\nmeasure_2 = " RATIO "\nreason = x\n",
         "c.ini:5: unknown key \"measure_2\""},
        {SAID "claimed = 2x\nmeasure = geomean(" RATIO ",\n"
              "measure_2 =  ratoi(p[s].wall, cpython/go))\n",
         "c.ini:6:14: \"ratoi\" is no function; did you mean ratio?"},
        {SAID "claimed = 2x\nreason = x\ninvocations = 1\n",
         "c.ini:6: invocations: expected a whole number"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct td_claims claims;
        parse(&claims, of[i].text, of[i].complaint);
        td_claims_release(&claims);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),   cmocka_unit_test(test_bad_ranges),
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_meeting),
        cmocka_unit_test(test_file),     cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
