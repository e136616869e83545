/* One case by a user's words. */
#include "summary/case_pick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct td_case_summary small[] = {
    {.index = 0, .runtime = "cpython-3.11.2", .implementation = "trial"},
    {.index = 1, .runtime = "go-1.26.8", .implementation = "trial"},
    {.index = 2,
     .runtime = "cpython-3.11.2#2",
     .implementation = "trial",
     .is_twin = true},
    {.index = 3, .runtime = "cpython-3.11.2", .implementation = "sieve"},
};
static struct td_case_summary large[] = {
    {.index = 4, .runtime = "go-1.26.8", .implementation = "trial"},
};
static struct td_case_summary reference[] = {
    {.index = 5, .runtime = "go-1.26.8", .implementation = "trial"},
};
static struct td_group_summary groups[] = {
    {.workload = "primes", .set = "n=1000", .cases = small, .ncases = 4},
    {.workload = "primes", .set = "n=10000,k=2", .cases = large, .ncases = 1},
    {.workload = "primes",
     .set = "n=5000",
     .cases = reference,
     .ncases = 1,
     .is_reference = true},
};
static const struct td_summary summary = {
    .run_id = "RUN", .groups = groups, .ngroups = 3};

static int pick(const char *text, size_t *index, struct td_err *err)
{
    struct td_strings words = TD_STRINGS_INIT;
    struct td_picked picked;
    int rc;
    td_strings_split(&words, text, " ");
    rc = td_case_pick(&summary, &words, &picked, err);
    if (!rc)
        *index = groups[picked.group].cases[picked.c].index;
    td_strings_release(&words);
    return rc;
}

static void test_found(void **state)
{
    static const struct {
        const char *words;
        size_t index;
    } cases[] = {
        {"0", 0},
        {"4", 4},
        {"2", 2},
        {"5", 5},
        {"cpython trial", 0},
        {"n=1000 go", 1},
        {"primes[n=1000] go-1.26", 1},
        {"sieve", 3},
        {"k=2", 4},
        {"cpython-3.11.2#2", 2},
        {"n=5000", 5},
        {"primes n=1000 cpython-3.11.2 trial", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct td_err err = TD_ERR_INIT;
        size_t index = SIZE_MAX;
        if (pick(cases[i].words, &index, &err))
            fail_msg("%s: %s", cases[i].words, err.msg);
        if (index != cases[i].index)
            fail_msg("%s is case %zu", cases[i].words, index);
    }
}

static void test_not_found(void **state)
{
    static const char *const words[][2] = {
        {"cpython", "several cases of RUN fit \"cpython\""},
        {"trial go", "\n  4  primes n=10000,k=2 go-1.26.8 trial"},
        {"n=100", "no case of RUN fits \"n=100\""},
        {"go-1.2", "no case"},
        {"99", "no case"},
        {"n=1000 k=2", "no case"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct td_err err = TD_ERR_INIT;
        size_t index;
        assert_int_equal(pick(words[i][0], &index, &err), TD_EUSAGE);
        if (!strstr(err.msg, words[i][1]))
            fail_msg("%s: \"%s\" does not say \"%s\"", words[i][0], err.msg,
                     words[i][1]);
        assert_null(strstr(err.msg, "#2"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_not_found),
    };
    return cmocka_run_group_tests_name("case pick", tests, NULL, NULL);
}
