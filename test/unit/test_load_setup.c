/* What plan and which requests follow from the options of `tandem load`. */
#include "base/files.h"
#include "cmd/load_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define URL "http://127.0.0.1:8080/"
#define S UINT64_C(1000000000)

struct made {
    struct td_load_options options;
    struct td_load_setup setup;
    struct td_strings words, args;
    struct td_err err;
};

/* line: words apart by '|'; the last is the URL. */
static int make(struct made *made, const char *line)
{
    memset(made, 0, sizeof *made);
    td_strings_split(&made->words, line, "|");
    if (td_opt_defaults(td_load_option_table, &made->options, &made->err) ||
        td_opt_parse(td_load_option_table, &made->options,
                     (int)made->words.count, made->words.at, &made->args,
                     &made->err))
        fail_msg("%s", made->err.msg);
    return td_load_setup_make(&made->setup, &made->options, made->args.at[0],
                              &made->err);
}

static void release(struct made *made)
{
    td_load_setup_release(&made->setup);
    td_opt_release(td_load_option_table, &made->options);
    td_strings_release(&made->words);
    td_strings_release(&made->args);
}

static const struct td_load_request *only_request(const struct made *made)
{
    if (made->err.code)
        fail_msg("%s", made->err.msg);
    assert_int_equal(made->setup.requests.count, 1);
    return made->setup.requests.at;
}

static void test_plan(void **state)
{
    struct made made;
    const struct td_load_plan *plan = &made.setup.plan;
    (void)state;
    make(&made, "--rate|250|--arrivals|poisson|--connections|8|--threads|2|"
                "--duration|3s|--warmup|500ms|--timeout|4s|--seed|9|"
                "--no-keepalive|" URL "users");
    assert_non_null(
        strstr(only_request(&made)->bytes, "GET /users HTTP/1.1\r\n"));
    assert_non_null(
        strstr(only_request(&made)->bytes, "\r\nConnection: close\r\n"));
    assert_true(plan->rate > 249 && plan->rate < 251);
    assert_int_equal(plan->arrivals, TD_ARRIVALS_POISSON);
    assert_int_equal(plan->connections, 8);
    assert_int_equal(plan->threads, 2);
    assert_int_equal(plan->duration_ns, 3 * S);
    assert_int_equal(plan->warmup_ns, S / 2);
    assert_int_equal(plan->timeout_ns, 4 * S);
    assert_int_equal(plan->drain_ns, 4 * S);
    assert_int_equal(plan->seed, 9);
    assert_false(plan->keepalive);
    release(&made);
    make(&made, "--closed|" URL);
    assert_true(plan->rate <= 0);
    assert_true(plan->keepalive);
    release(&made);
}

static void test_body_and_headers(void **state)
{
    struct made made;
    (void)state;
    make(&made, "--closed|--method|PUT|--body|a,b|--header|A: x, y|" URL);
    assert_string_equal(only_request(&made)->bytes,
                        "PUT / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                        "User-Agent: tandem\r\nA: x, y\r\n"
                        "Content-Length: 3\r\n\r\na,b");
    release(&made);
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char *path = td_xasprintf("%s/%s", dir, name);
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_file_write_atomic(path, text, strlen(text), &err), 0);
    free(path);
}

static void test_files(void **state)
{
    const char *dir = *state;
    char *line = td_xasprintf("--closed|--method|POST|--body-file|%s/body|"
                              "--expect-status|201|--expect-body|%s/body|" URL,
                              dir, dir);
    struct made made;
    const struct td_load_request *request;
    write_file(dir, "body", "hello");
    make(&made, line);
    request = only_request(&made);
    assert_non_null(strstr(request->bytes, "\r\n\r\nhello"));
    assert_int_equal(request->expect_status, 201);
    assert_int_equal(request->expect_body_len, 5);
    assert_memory_equal(request->expect_body, "hello", 5);
    release(&made);
    free(line);
}

/* What a line of the mix says itself goes before the options. */
static void test_mix_expectations(void **state)
{
    const char *dir = *state;
    char *line = td_xasprintf("--closed|--requests|%s/mix|--expect-status|204|"
                              "--expect-body|%s/body|" URL,
                              dir, dir);
    struct made made;
    const struct td_load_request *at;
    write_file(dir, "body", "all");
    write_file(dir, "own", "own");
    write_file(dir, "mix",
               "GET /a\nGET /b expect=404 expect-file=own\nHEAD /c\n");
    if (make(&made, line))
        fail_msg("%s", made.err.msg);
    at = made.setup.requests.at;
    assert_int_equal(made.setup.requests.count, 3);
    assert_int_equal(at[0].expect_status, 204);
    assert_string_equal(at[0].expect_body, "all");
    assert_int_equal(at[1].expect_status, 404);
    assert_string_equal(at[1].expect_body, "own");
    assert_int_equal(at[2].expect_status, 204);
    assert_null(at[2].expect_body);
    release(&made);
    free(line);
}

struct mistake {
    const char *line, *says;
    int code;
};

static const struct mistake mistakes[] = {
    {"--closed|--body-file|/nonexistent/b|" URL, "--body-file", TD_EUSAGE},
    {"--closed|--expect-body|/nonexistent/b|" URL, "--expect-body", TD_EUSAGE},
    {"--closed|--requests|/nonexistent/m|" URL, "cannot open", TD_EINPUT},
    {"--closed|--requests|m|" URL "x", "leave \"/x\" out", TD_EUSAGE},
    {"--closed|--hlog|/nonexistent/x|" URL, "--hlog /nonexistent/x", TD_EUSAGE},
    {"--closed|--hgrm|/nonexistent/x|" URL, "--hgrm /nonexistent/x", TD_EUSAGE},
    {"--closed|--cpus|x|" URL, "--cpus x: expected CPUs", TD_EUSAGE},
    {"--closed|ftp://127.0.0.1/", "ftp://127.0.0.1/", TD_EUSAGE},
    {"--closed|--method|PSOT|" URL, "did you mean POST?", TD_EUSAGE},
    {"--find-max|--slo|p99>5ms|" URL, "p99>5ms", TD_EUSAGE},
};

static void test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct made made;
        assert_int_equal(make(&made, mistakes[i].line), mistakes[i].code);
        if (!strstr(made.err.msg, mistakes[i].says))
            fail_msg("\"%s\" does not say \"%s\"", made.err.msg,
                     mistakes[i].says);
        release(&made);
    }
}

/* Answers that come later than twice the limit cannot change the verdict. */
static void test_drain_of_a_trial(void **state)
{
    static const struct {
        const char *slo;
        uint64_t timeout_ns, want_ns;
    } cases[] = {
        {"p99<100ms", 10 * S, S},   {"p99<3s,errors<1%", 10 * S, 6 * S},
        {"p99<8s", 10 * S, 10 * S}, {"errors<1%", 10 * S, 10 * S},
        {"max<1ms", S / 2, S / 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct td_slo slo;
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(td_slo_parse(&slo, cases[i].slo, &err), 0);
        assert_int_equal(td_load_trial_drain_ns(&slo, cases[i].timeout_ns),
                         cases[i].want_ns);
    }
}

static int make_dir(void **state)
{
    char dir[] = "/tmp/tandem-setup-XXXXXX";
    *state = mkdtemp(dir) ? td_xstrdup(dir) : NULL;
    return *state ? 0 : -1;
}

static int remove_dir(void **state)
{
    static const char *const names[] = {"body", "own", "mix"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = td_xasprintf("%s/%s", (char *)*state, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_body_and_headers),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_mix_expectations),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_drain_of_a_trial),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
