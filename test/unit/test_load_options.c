/* Which words of `tandem load` fit together, and what is said where not. */
#include "cmd/load_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct parsed {
    struct td_load_options options;
    struct td_strings words, args;
    struct td_err err;
};

static int parse(struct parsed *p, const char *line)
{
    memset(p, 0, sizeof *p);
    td_strings_split(&p->words, line, " ");
    if (td_opt_defaults(td_load_option_table, &p->options, &p->err) ||
        td_opt_parse(td_load_option_table, &p->options, (int)p->words.count,
                     p->words.at, &p->args, &p->err))
        return p->err.code;
    return td_load_options_check(&p->options, (int)p->words.count, p->words.at,
                                 &p->err);
}

static void release(struct parsed *p)
{
    td_opt_release(td_load_option_table, &p->options);
    td_strings_release(&p->words);
    td_strings_release(&p->args);
}

static void test_table_is_sound(void **state)
{
    struct td_load_options scratch;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    memset(&scratch, 0, sizeof scratch);
    if (td_opt_check(td_load_option_table, &scratch, &err))
        fail_msg("%s", err.msg);
    td_opt_release(td_load_option_table, &scratch);
}

static const char *const good[] = {
    "--rate 100 URL",
    "--rate .5 --arrivals poisson --seed 7 URL",
    "--closed --connections 1 URL",
    "--closed --no-keepalive URL",
    "--rate 5 --requests mix --header A:b URL",
    "--find-max --slo p99<5ms URL",
    "--find-max --slo p99<5ms --precision 1% --start 5 --highest 5 URL",
    "--rate 9 --busy-poll --cpus 1 URL",
    "--rate 9 --method HEAD URL",
    /* Behind "--" nothing is an option. */
    "--rate 9 -- --closed",
};

static void test_what_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct parsed p;
        if (parse(&p, good[i]))
            fail_msg("%s: %s", good[i], p.err.msg);
        assert_int_equal(p.args.count, 1);
        release(&p);
    }
}

struct mistake {
    const char *line, *says;
};

static const struct mistake mistakes[] = {
    {"URL", "--rate N (so many a second), --closed"},
    {"--rate 5 --closed", "give one of them"},
    {"--closed --rate=5", "give one of them"},
    {"--rate 5 --find-max --slo p50<1s", "leave --rate out"},
    {"--closed --find-max --slo p50<1s", "--find-max tries rates"},
    {"--closed --arrivals constant", "--arrivals is about --rate"},
    {"--rate 5 --body a --body-file b", "give one of them"},
    {"--rate 5 --requests f --method PUT", "leave --method out"},
    {"--rate 5 --requests f --body x", "leave --body out"},
    {"--rate 5 --requests f --body-file x", "leave --body-file out"},
    {"--rate 5 --slo p50<1s", "objective of --find-max"},
    {"--find-max", "--slo 'p99<50ms,errors<0.1%'"},
    {"--rate 5 --precision 1%", "--precision is about --find-max"},
    {"--rate 5 --trials 9", "--trials is about --find-max"},
    {"--find-max --slo p50<1s --hlog x", "--find-max makes many"},
    {"--find-max --slo p50<1s --start 9 --highest 8", "above --highest 8"},
    {"--rate 5 --busy-poll", "say with --cpus which"},
    {"--rate 5 --threads 3 --connections 2", "3 threads for 2 connections"},
    {"--rate 5 --duration 0", "--duration: at least 1ms"},
    {"--rate 5 --timeout 0", "--timeout: at least 1ms"},
    {"--rate 5 --method HEAD --expect-body x", "without a body"},
    {"--rate 0", "--rate: expected a number from 0.001"},
    {"--rate -5", "--rate: expected a number"},
    {"--rate 5 --expect-status 99", "from 200 to 599"},
    {"--rates 5", "did you mean --rate?"},
    {"--rate 5 --arrivals posson", "one of constant, poisson"},
};

static void test_what_does_not_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct parsed p;
        assert_int_equal(parse(&p, mistakes[i].line), TD_EUSAGE);
        if (!strstr(p.err.msg, mistakes[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", mistakes[i].line,
                     p.err.msg, mistakes[i].says);
        release(&p);
    }
}

static void test_headers_keep_their_commas(void **state)
{
    char header[] = "--header", a[] = "Accept: text/html, text/plain",
         b[] = "X: 1";
    char *argv[] = {header, a, header, b, NULL};
    struct td_load_options options;
    struct td_strings args = TD_STRINGS_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    memset(&options, 0, sizeof options);
    assert_int_equal(
        td_opt_parse(td_load_option_table, &options, 4, argv, &args, &err), 0);
    assert_int_equal(options.headers.count, 2);
    assert_string_equal(options.headers.at[0], a);
    assert_string_equal(options.headers.at[1], b);
    td_opt_release(td_load_option_table, &options);
    td_strings_release(&args);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_sound),
        cmocka_unit_test(test_what_fits),
        cmocka_unit_test(test_what_does_not_fit),
        cmocka_unit_test(test_headers_keep_their_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
