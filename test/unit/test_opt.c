#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/opt.h"

#include <string.h>

struct options {
    bool color, help;
    int64_t pairs;
    double confidence;
    char *out;
    struct td_strings runtimes;
    uint64_t budget_ns, memory_bytes;
    int format;
    double threshold;
    struct td_strings headers;
};

static const char *const formats[] = {"text", "md", "json", NULL};

#define AT(field) offsetof(struct options, field)
static const struct td_opt table[] = {
    {"color", TD_OPT_FLAG, AT(color), "yes", 0, 0, NULL, NULL, "use colour"},
    {"help", TD_OPT_FLAG, AT(help), NULL, 0, 0, NULL, NULL, "show this"},
    {"pairs", TD_OPT_INT, AT(pairs), "12", 1, 1000, NULL, "N",
     "pairs of invocations to measure at most, however long the run may take "
     "on a slow machine"},
    {"confidence", TD_OPT_DOUBLE, AT(confidence), "0.95", 0.5, 0.999, NULL,
     NULL, "confidence of intervals"},
    {"out", TD_OPT_STRING, AT(out), "results", 0, 0, NULL, "DIR",
     "where runs land"},
    {"runtime", TD_OPT_LIST, AT(runtimes), "cpython,go", 0, 0, NULL, "R,...",
     "runtimes to compare"},
    {"time-budget", TD_OPT_DURATION, AT(budget_ns), "2min", 0, 0, NULL, NULL,
     "stop after this time"},
    {"memory", TD_OPT_SIZE, AT(memory_bytes), NULL, 0, 0, NULL, NULL,
     "limit of a worker"},
    {"format", TD_OPT_CHOICE, AT(format), "text", 0, 0, formats, "F",
     "what tables look like"},
    {"threshold", TD_OPT_PERCENT, AT(threshold), "2%", 0, 0.5, NULL, NULL,
     "difference that matters"},
    {"header", TD_OPT_EACH, AT(headers), NULL, 0, 0, NULL, "TEXT",
     "text that may hold commas"},
    TD_OPT_END};

struct fixture {
    struct options options;
    struct td_strings positional;
    struct td_err err;
};

static int parse(struct fixture *f, int argc, const char **argv)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(td_opt_defaults(table, &f->options, &f->err), 0);
    return td_opt_parse(table, &f->options, argc, (char **)(uintptr_t)argv,
                        &f->positional, &f->err);
}
#define PARSE(f, ...)                                                          \
    parse(f, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *),           \
          (const char *[]){__VA_ARGS__})

static void release(struct fixture *f)
{
    td_opt_release(table, &f->options);
    td_strings_release(&f->positional);
}

static void percent_is_a_fraction(void **state)
{
    static const char *const bad[] = {"2", ".02", "x%", "-1%", "51%", "", "%"};
    struct fixture f;
    (void)state;
    assert_int_equal(PARSE(&f, "--threshold", "0.5%"), 0);
    assert_float_equal(f.options.threshold, .005, 1e-9);
    release(&f);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(PARSE(&f, "--threshold", bad[i]), TD_EUSAGE);
        assert_non_null(
            strstr(f.err.msg, "expected a percentage from 0% to 50%"));
        release(&f);
    }
}

static void each_use_adds_a_whole_value(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(PARSE(&f, "--header", "A: b, c", "--header= d "), 0);
    assert_int_equal(f.options.headers.count, 2);
    assert_string_equal(f.options.headers.at[0], "A: b, c");
    assert_string_equal(f.options.headers.at[1], " d ");
    assert_int_equal(td_opt_set(table, &f.options, "header", "e,f", "a.ini:1",
                                TD_EINPUT, &f.err),
                     0);
    assert_int_equal(f.options.headers.count, 1);
    assert_string_equal(f.options.headers.at[0], "e,f");
    release(&f);
}

static void defaults_fill_every_type(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(parse(&f, 0, NULL), 0);
    assert_true(f.options.color);
    assert_false(f.options.help);
    assert_int_equal(f.options.pairs, 12);
    assert_true(f.options.confidence > 0.94 && f.options.confidence < 0.96);
    assert_string_equal(f.options.out, "results");
    assert_int_equal(f.options.runtimes.count, 2);
    assert_int_equal(f.options.budget_ns, 120000000000u);
    assert_int_equal(f.options.memory_bytes, 0);
    release(&f);
}

static void command_line_sets_every_type(void **state)
{
    struct fixture f;
    (void)state;
    assert_int_equal(PARSE(&f, "primes", "--pairs", "3", "--confidence=0.9",
                           "--no-color", "--out=a=b", "--runtime", "go-1.22, x",
                           "--runtime=null", "--time-budget", "250ms",
                           "--memory=64MB", "--format", "json", "-h", "-", "--",
                           "--pairs"),
                     0);
    assert_false(f.options.color);
    assert_true(f.options.help);
    assert_int_equal(f.options.pairs, 3);
    assert_string_equal(f.options.out, "a=b");
    assert_int_equal(f.options.runtimes.count, 3);
    assert_string_equal(f.options.runtimes.at[1], "x");
    assert_string_equal(f.options.runtimes.at[2], "null");
    assert_int_equal(f.options.budget_ns, 250000000);
    assert_int_equal(f.options.memory_bytes, 64000000);
    assert_int_equal(f.options.format, 2);
    assert_int_equal(f.positional.count, 3);
    assert_string_equal(f.positional.at[0], "primes");
    assert_string_equal(f.positional.at[1], "-");
    assert_string_equal(f.positional.at[2], "--pairs");
    release(&f);
}

struct mistake {
    const char *words[2];
    const char *message;
};

static const struct mistake mistakes[] = {
    {{"--pair", "3"}, "unknown option --pair; did you mean --pairs?"},
    {{"--zzzzzz=1"}, "unknown option --zzzzzz; --help lists the options"},
    {{"--no-pairs"}, "unknown option --no-pairs; --help lists the options"},
    {{"-p"}, "unknown option -p; options begin with two dashes"},
    {{"--pairs"}, "--pairs needs a value: --pairs N"},
    {{"--pairs", "many"},
     "--pairs: expected a whole number from 1 to 1000, found \"many\""},
    {{"--pairs=0"},
     "--pairs: expected a whole number from 1 to 1000, found \"0\""},
    {{"--pairs=99999999999999999999"},
     "--pairs: expected a whole number from 1 to 1000, found "
     "\"99999999999999999999\""},
    {{"--confidence=nan"},
     "--confidence: expected a number from 0.5 to 0.999, found \"nan\""},
    {{"--color=maybe"}, "--color: expected yes or no, found \"maybe\""},
    {{"--time-budget", "5 weeks"},
     "--time-budget: expected a duration such as 250ms, 5s or 2min, found "
     "\"5 weeks\""},
    {{"--memory=-1"},
     "--memory: expected a size such as 64MB or 1GiB, found \"-1\""},
    {{"--format=html"},
     "--format: expected one of text, md, json, found \"html\""},
};

static void mistakes_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const struct mistake *m = &mistakes[i];
        struct fixture f;
        int words = m->words[1] ? 2 : 1;
        const char *argv[] = {m->words[0], m->words[1]};
        assert_int_equal(parse(&f, words, argv), TD_EUSAGE);
        assert_string_equal(f.err.msg, m->message);
        release(&f);
    }
}

static void files_say_where(void **state)
{
    struct options options = {0};
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_opt_set(table, &options, "runtime", "a, b c", "x.ini:3",
                                TD_EINPUT, &err),
                     0);
    assert_int_equal(options.runtimes.count, 3);
    assert_int_equal(
        td_opt_set(table, &options, "runtime", "c", "x.ini:4", TD_EINPUT, &err),
        0);
    assert_int_equal(options.runtimes.count, 1);
    assert_int_equal(
        td_opt_set(table, &options, "fromat", "md", "x.ini:5", TD_EINPUT, &err),
        TD_EINPUT);
    assert_string_equal(
        err.msg, "x.ini:5: unknown key \"fromat\"; did you mean format?");
    td_err_clear(&err);
    td_opt_set(table, &options, "pairs", "x", "x.ini:6", TD_EINPUT, &err);
    assert_string_equal(err.msg, "x.ini:6: pairs: expected a whole number from "
                                 "1 to 1000, found \"x\"");
    td_opt_release(table, &options);
}

static void durations_and_sizes(void **state)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } good[] = {
        {"1", 1000000000},      {"1.5s", 1500000000},  {"2 ms", 2000000},
        {"7us", 7000},          {"7µs", 7000},         {"9ns", 9},
        {"2min", 120000000000}, {"1h", 3600000000000}, {"0", 0}};
    static const char *const bad[] = {"",     "s",       "-1s",   "1.2.3s",
                                      "0x10", "nan",     "1sec ", ".",
                                      "inf",  "3000000h"};
    struct td_err err = TD_ERR_INIT;
    uint64_t value;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(td_parse_duration_ns(good[i].text, &value, &err), 0);
        assert_int_equal(value, good[i].ns);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        td_err_clear(&err);
        assert_int_equal(td_parse_duration_ns(bad[i], &value, &err), TD_EUSAGE);
    }
    td_err_clear(&err);
    assert_int_equal(td_parse_size_bytes("1GiB", &value, &err), 0);
    assert_int_equal(value, 1073741824);
    assert_int_equal(td_parse_size_bytes("1.5kB", &value, &err), 0);
    assert_int_equal(value, 1500);
    assert_int_equal(td_parse_size_bytes("1 mb", &value, &err), TD_EUSAGE);
}

static void help_is_folded_at_80_columns(void **state)
{
    struct td_buf out = TD_BUF_INIT;
    const char *line;
    (void)state;
    td_opt_help(table, &out);
    assert_non_null(strstr(out.data, "  --[no-]color"));
    assert_non_null(strstr(out.data, "what tables look like: text, md, json "
                                     "(default text)\n"));
    assert_non_null(strstr(out.data, "(default 12)"));
    for (line = out.data; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 80);
    td_buf_release(&out);
}

static void tables_check_themselves(void **state)
{
    struct td_opt twice[] = {table[0], table[0], TD_OPT_END};
    struct td_opt stop[] = {table[1], TD_OPT_END};
    struct td_opt number[] = {table[2], TD_OPT_END};
    struct td_opt name[] = {table[1], TD_OPT_END};
    struct options scratch = {0};
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_opt_check(table, &scratch, &err), 0);
    assert_int_equal(td_opt_check(twice, &scratch, &err), TD_EINTERNAL);
    td_err_clear(&err);
    stop[0].help = "ends in a full stop.";
    assert_int_equal(td_opt_check(stop, &scratch, &err), TD_EINTERNAL);
    td_err_clear(&err);
    number[0].def = "1001";
    assert_int_equal(td_opt_check(number, &scratch, &err), TD_EINTERNAL);
    td_err_clear(&err);
    name[0].name = "no-color";
    assert_int_equal(td_opt_check(name, &scratch, &err), TD_EINTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_fill_every_type),
        cmocka_unit_test(percent_is_a_fraction),
        cmocka_unit_test(each_use_adds_a_whole_value),
        cmocka_unit_test(command_line_sets_every_type),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(files_say_where),
        cmocka_unit_test(durations_and_sizes),
        cmocka_unit_test(help_is_folded_at_80_columns),
        cmocka_unit_test(tables_check_themselves),
    };
    return cmocka_run_group_tests_name("opt", tests, NULL, NULL);
}
