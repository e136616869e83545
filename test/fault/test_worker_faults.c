/*
 * Whatever a worker does, its own invocation fails with the right code and
 * words, and the next worker goes on.
 */
#include "worker_fixture.h"

#include "base/clock.h"

/* One worker with this fault in its second batch; then a sound one. */
static void check_fault(struct fixture *f, const char *fault, int code,
                        const char *says)
{
    td_fields_set(&f->setup, "p.fault", fault);
    td_fields_set(&f->setup, "p.fault_batch", "2");
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 100));
    assert_int_equal(fixture_batch(f, 100), code);
    assert_failure(f, code, says);
    assert_non_null(strstr(f->err.msg, "during batch 2"));
    td_err_clear(&f->err);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_true(f->usage.maxrss_bytes != UINT64_MAX);
    fixture_renew(f);
    td_fields_set(&f->setup, "p.fault", "none");
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 100));
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(f->usage.exit_status, 0);
}

static void test_sound(void **state)
{
    struct fixture *f = *state;
    struct td_batch_request request = {1000, 3, 2, 50000};
    assert_ok(f, fixture_begin(f));
    assert_string_equal(td_fields_get(td_worker_hello(f->worker), "runtime"),
                        "null");
    assert_ok(f, td_worker_batch(f->worker, &request, &f->batch, &f->err));
    assert_int_equal(f->batch.count, 1000);
    assert_true(f->batch.warm >= 50);
    assert_true(f->batch.cpu_known);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(f->batch.at[i].end_ns - f->batch.at[i].start_ns, 3000);
    assert_string_equal(td_worker_answer(f->worker), "42");
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(f->usage.exit_status, 0);
    assert_int_equal(f->usage.signal, 0);
    /* A sanitized worker has its shadow memory too. */
    assert_true(f->usage.pss_bytes < 32 << 20);
}

#define FAULT(name, code, says)                                                \
    static void test_##name(void **state)                                      \
    {                                                                          \
        check_fault(*state, #name, code, says);                                \
    }
FAULT(exit, TD_EWORKER, "worker exited with status 3 during")
FAULT(kill, TD_EWORKER, "was killed by SIGKILL from outside")
FAULT(oom, TD_EWORKER, "was killed by SIGABRT")
FAULT(error, TD_EWORKER, ": Traceback (most recent call last):\n  line 1\nVa")
FAULT(flood, TD_EWORKER, "wrote more than 1048576 bytes on stdout and stderr")
FAULT(garbage, TD_EPROTOCOL, "garbage on the control channel")
FAULT(nonsense, TD_EPROTOCOL, "\"Hello, world!\"")
FAULT(endless, TD_EPROTOCOL, "more than 65536 bytes on the control channel")
FAULT(toomany, TD_EPROTOCOL, "claims 101 samples where 100 were asked for")
FAULT(extra, TD_EPROTOCOL, "stored more than the 100 samples")
FAULT(absent, TD_EPROTOCOL, "sample 100 of 100 starts before the batch began")
FAULT(early, TD_EPROTOCOL, "sample 1 of 100 starts before the batch began")
FAULT(late, TD_EPROTOCOL, "sample 100 of 100 ends after the batch was over")
FAULT(overlap, TD_EPROTOCOL, "starts before the previous one ended")
FAULT(backwards, TD_EPROTOCOL, "sample 1 of 100 ends before it starts")
FAULT(cold, TD_EPROTOCOL, "warmed up less than the 1 times")
FAULT(rush, TD_EPROTOCOL, "after it was asked to warm up for")
FAULT(wrong, TD_EANSWER, "wrong answer during batch 2: nonsense, expected 42")
FAULT(lie, TD_EANSWER, "wrong answer during batch 2: nonsense, expected 42")

static void test_crash(void **state)
{
    struct fixture *f = *state;
    td_fields_set(&f->setup, "p.fault", "crash");
    assert_ok(f, fixture_begin(f));
    assert_int_equal(fixture_batch(f, 10), TD_EWORKER);
    assert_failure(f, TD_EWORKER, "worker was killed by SIGABRT during batch");
    assert_string_equal(td_worker_last_words(f->worker),
                        "tandem-null: these are my last words\n");
    td_err_clear(&f->err);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(f->usage.exit_status, -1);
    assert_int_equal(f->usage.signal, 6);
    check_fault((fixture_renew(f), f), "crash", TD_EWORKER, "SIGABRT");
}

static void test_hang(void **state)
{
    struct fixture *f = *state;
    uint64_t begin_ns = td_clock_ns();
    f->limits.batch_ns = 200000000;
    check_fault(f, "hang", TD_ETIMEOUT, "did not answer within 0.2 s");
    assert_true(td_clock_ns() - begin_ns < 3000000000);
}

static void test_mute(void **state)
{
    check_fault(*state, "mute", TD_EPROTOCOL, "closed its control channel");
}

static void test_chatter(void **state)
{
    struct fixture *f = *state;
    td_fields_set(&f->setup, "p.fault", "chatter");
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 10));
    fixture_pause_ms(20);
    assert_int_not_equal(fixture_batch(f, 10), 0);
    assert_failure(f, TD_EPROTOCOL, "spoke out of turn before batch 2: done");
}

static void test_bad_hello(void **state)
{
    struct fixture *f = *state;
    td_strings_add(&f->launch.argv, "badhello");
    assert_int_equal(fixture_begin(f), TD_EPROTOCOL);
    assert_failure(f, TD_EPROTOCOL, "does not speak protocol 1 while starting");
}

static void test_setup_faults(void **state)
{
    static const char *const faults[][2] = {
        {"exit", "exited with status 3 during set-up"},
        {"hang", "did not answer within 0.3 s during set-up"},
        {"error", "reported an error during set-up: Traceback"}};
    struct fixture *f = *state;
    f->limits.start_ns = 300000000;
    td_fields_set(&f->setup, "p.fault_batch", "0");
    for (size_t i = 0; i < 3; i++) {
        td_fields_set(&f->setup, "p.fault", faults[i][0]);
        assert_int_not_equal(fixture_begin(f), 0);
        assert_failure(f, f->err.code, faults[i][1]);
        fixture_renew(f);
    }
}

static void test_slow_quit(void **state)
{
    struct fixture *f = *state;
    f->limits.quit_ns = 200000000;
    td_strings_add(&f->launch.argv, "slowquit");
    assert_ok(f, fixture_begin(f));
    assert_int_equal(td_worker_finish(f->worker, &f->usage, &f->err),
                     TD_ETIMEOUT);
    assert_failure(f, TD_ETIMEOUT,
                   "did not end within 0.2 s after it was told to quit");
    assert_int_equal(f->usage.signal, 9);
    assert_true(f->usage.hwm_bytes != UINT64_MAX);
}

static void test_figures(void **state)
{
    struct fixture *f = *state;
    const struct td_named_figure *figure;
    td_fields_set(&f->setup, "p.figures", "task_bytes:2700:B rate:5:1/s");
    td_fields_set(&f->setup, "invocation", "2");
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 10));
    assert_int_equal(td_worker_figures(f->worker)->count, 0);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(td_worker_figures(f->worker)->count, 2);
    figure = td_figures_get(td_worker_figures(f->worker), "task_bytes");
    assert_true(figure->value > 2726.9 && figure->value < 2727.1);
    assert_string_equal(figure->unit, "B");
}

static void test_figure_faults(void **state)
{
    static const struct {
        const char *fault;
        int code;
        const char *says;
    } faults[] = {
        {"figure_text", TD_EPROTOCOL, "as \"much\" after it was told to quit"},
        {"figure_nan", TD_EPROTOCOL, "figure speed as \"nan\""},
        {"figure_name", TD_EPROTOCOL, "the name \"Top speed\""},
        {"figure_unit", TD_EPROTOCOL, "figure speed in \"a b\""},
        {"figure_short", TD_EPROTOCOL, "a figure without a value"},
        {"figure_many", TD_EPROTOCOL, "n64 is one too many"},
        {"figure_verb", TD_EPROTOCOL, "\"done\" where \"figure\" was due"},
        {"figure_torn", TD_EPROTOCOL, "\"figure name=speed value=1\" where"},
        {"figure_error", TD_EWORKER, "told to quit: no figures today"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        td_fields_set(&f->setup, "p.fault", faults[i].fault);
        assert_ok(f, fixture_begin(f));
        assert_ok(f, fixture_batch(f, 10));
        assert_int_equal(td_worker_finish(f->worker, &f->usage, &f->err),
                         faults[i].code);
        assert_failure(f, faults[i].code, faults[i].says);
        fixture_renew(f);
    }
}

/* It costs no memory and no more than the time to end. */
static void test_endless_figures(void **state)
{
    struct fixture *f = *state;
    f->limits.quit_ns = 200000000;
    td_fields_set(&f->setup, "p.fault", "figure_endless");
    assert_ok(f, fixture_begin(f));
    assert_int_equal(td_worker_finish(f->worker, &f->usage, &f->err),
                     TD_ETIMEOUT);
    assert_failure(f, TD_ETIMEOUT, "did not end within 0.2 s");
}

static void test_not_a_program(void **state)
{
    struct fixture *f = *state;
    fixture_program(f, "no-such-program");
    assert_int_equal(fixture_begin(f), TD_EDEPENDENCY);
    assert_failure(f, TD_EDEPENDENCY, "No such file or directory");
    fixture_renew(f);
    fixture_program(f, "tandem-null");
    f->launch.cwd = td_xstrdup("/nonexistent/directory");
    assert_int_equal(fixture_begin(f), TD_EDEPENDENCY);
    assert_failure(f, TD_EDEPENDENCY, "cwd /nonexistent/directory");
    fixture_renew(f);
    fixture_program(f, "tandem-null");
    f->launch.cpus = td_xstrdup("0,x");
    assert_int_equal(fixture_begin(f), TD_EDEPENDENCY);
    assert_failure(f, TD_EDEPENDENCY, "cpus 0,x");
    fixture_renew(f);
    td_loop_set_libexec(f->loop, "/nonexistent");
    assert_int_not_equal(fixture_begin(f), 0);
    assert_failure(f, f->err.code, "/nonexistent/tandem-launch");
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(sound),
        CASE(exit),
        CASE(kill),
        CASE(oom),
        CASE(error),
        CASE(flood),
        CASE(garbage),
        CASE(nonsense),
        CASE(endless),
        CASE(toomany),
        CASE(extra),
        CASE(absent),
        CASE(early),
        CASE(late),
        CASE(overlap),
        CASE(backwards),
        CASE(cold),
        CASE(rush),
        CASE(wrong),
        CASE(lie),
        CASE(crash),
        CASE(hang),
        CASE(mute),
        CASE(chatter),
        CASE(bad_hello),
        CASE(slow_quit),
        CASE(setup_faults),
        CASE(not_a_program),
        CASE(figures),
        CASE(figure_faults),
        CASE(endless_figures),
    };
    return cmocka_run_group_tests_name("worker faults", tests, NULL, NULL);
}
