/*
 * The life of a server's process: its whole group is measured and ended,
 * whatever it does, and its output is read while something else blocks.
 */
#include "worker_fixture.h"

#include "base/clock.h"
#include "exec/aside.h"
#include "exec/server.h"

#include <signal.h>
#include <unistd.h>

static const uint64_t SECOND_NS = 1000000000;
static const uint64_t BRIEF_NS = 300000000;

static struct td_server *start(struct fixture *f, const char *script)
{
    struct td_server *server;
    uint64_t before_ns = td_clock_ns(), spawned_ns = 0;
    td_launch_release(&f->launch);
    f->launch.program = td_xstrdup("/bin/sh");
    td_strings_add(&f->launch.argv, "sh");
    td_strings_add(&f->launch.argv, "-c");
    td_strings_add(&f->launch.argv, script);
    td_launch_env_base(&f->launch);
    server = td_server_start(f->loop, &f->launch, &spawned_ns, &f->err);
    assert_non_null(server);
    assert_true(spawned_ns >= before_ns && spawned_ns <= td_clock_ns());
    return server;
}

/* Waits until the group has that many processes. */
static void await_processes(struct fixture *f, struct td_server *server,
                            uint32_t count, struct td_server_state *state)
{
    uint64_t end_ns = td_clock_ns() + 10 * SECOND_NS;
    do {
        assert_true(td_clock_ns() < end_ns);
        assert_ok(f, td_server_rest(server, 5000000, &f->err));
        td_server_state(server, state);
    } while (state->processes != count);
}

static void test_group(void **state)
{
    struct fixture *f = *state;
    struct td_server *server =
        start(f, "sleep 60 & sleep 60 & trap 'kill %1 %2; exit 0' TERM; "
                 "wait; wait");
    struct td_server_state all, glance;
    await_processes(f, server, 3, &all);
    assert_int_equal(all.threads, 3);
    assert_true(all.rss_bytes != UINT64_MAX && all.rss_bytes > 0);
    assert_true(all.hwm_bytes >= all.rss_bytes);
    td_server_glance(server, &glance);
    assert_int_equal(glance.processes, 3);
    assert_true(glance.rss_bytes == UINT64_MAX);
    assert_true(glance.cpu_ns >= all.cpu_ns);
    assert_ok(f, td_server_finish(server, 5 * SECOND_NS, &f->usage, &f->err));
    assert_int_equal(f->usage.exit_status, 0);
    assert_true(f->usage.hwm_bytes >= all.rss_bytes / 2);
    td_server_state(server, &all);
    assert_int_equal(all.processes, 0);
    assert_true(all.cpu_ns == UINT64_MAX);
    td_server_free(server);
}

/* Of the living by their clocks, of the dead that were waited for too. */
static void test_cpu(void **state)
{
    struct fixture *f = *state;
    struct td_server *server =
        start(f, "(i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done); "
                 "sleep 60 & sleep 60 & wait");
    struct td_server_state all;
    await_processes(f, server, 3, &all);
    assert_in_range(all.cpu_ns, 10000000, 10 * SECOND_NS);
    td_server_free(server);
}

static void test_ends_by_the_signal(void **state)
{
    struct fixture *f = *state;
    struct td_server *server = start(f, "exec sleep 60");
    int pid = td_server_pid(server);
    assert_ok(f, td_server_finish(server, 5 * SECOND_NS, &f->usage, &f->err));
    assert_int_equal(f->usage.signal, SIGTERM);
    assert_int_equal(kill(pid, 0), -1);
    td_server_free(server);
}

static void test_ends_badly(void **state)
{
    struct fixture *f = *state;
    struct td_server_state all;
    struct td_server *server =
        start(f, "trap 'echo sorry >&2; kill $!; exit 3' TERM; "
                 "sleep 60 & wait; wait");
    await_processes(f, server, 2, &all);
    td_server_finish(server, 5 * SECOND_NS, &f->usage, &f->err);
    assert_failure(f, TD_EWORKER, "server exited with status 3");
    assert_non_null(strstr(td_server_last_words(server), "sorry"));
    td_server_free(server);
}

static void test_does_not_end(void **state)
{
    struct fixture *f = *state;
    struct td_server_state all;
    struct td_server *server = start(f, "trap '' TERM; sleep 60; sleep 60");
    await_processes(f, server, 2, &all);
    td_server_finish(server, BRIEF_NS, &f->usage, &f->err);
    assert_failure(f, TD_EWORKER, "did not end within 0.3 s of SIGTERM");
    assert_int_equal(f->usage.signal, SIGKILL);
    td_server_state(server, &all);
    assert_int_equal(all.processes, 0);
    td_server_free(server);
}

static void test_dies(void **state)
{
    struct fixture *f = *state;
    struct td_server *server = start(f, "echo no more >&2; exit 7");
    uint64_t end_ns = td_clock_ns() + 10 * SECOND_NS;
    while (!td_server_rest(server, 200000, &f->err))
        assert_true(td_clock_ns() < end_ns);
    assert_failure(f, TD_EWORKER, "server exited with status 7");
    assert_string_equal(td_server_last_words(server), "no more\n");
    td_err_clear(&f->err);
    td_server_check(server, &f->err);
    assert_failure(f, TD_EWORKER, "server exited with status 7");
    td_err_clear(&f->err);
    td_server_finish(server, BRIEF_NS, &f->usage, &f->err);
    assert_failure(f, TD_EWORKER, "server exited with status 7");
    assert_int_equal(f->usage.exit_status, 7);
    td_server_free(server);
}

static void test_cannot_start(void **state)
{
    struct fixture *f = *state;
    uint64_t spawned_ns;
    td_launch_release(&f->launch);
    f->launch.program = td_xstrdup("/nonexistent/server");
    assert_null(td_server_start(f->loop, &f->launch, &spawned_ns, &f->err));
    assert_failure(f, TD_EDEPENDENCY, "cannot start /nonexistent/server");
    td_server_free(NULL);
}

/* Blocks until the file is there, or too long. */
static void await_file(void *path)
{
    uint64_t end_ns = td_clock_ns() + 10 * SECOND_NS;
    while (access(path, F_OK) && td_clock_ns() < end_ns)
        fixture_pause_ms(1);
}

/* More than a pipe holds must be read before the file can be written. */
static void test_output_is_read_meanwhile(void **state)
{
    struct fixture *f = *state;
    char dir[] = "/tmp/tandem-fault-XXXXXX";
    char *path, *script;
    struct td_server *server;
    struct td_aside *aside;
    assert_non_null(mkdtemp(dir));
    path = td_xasprintf("%s/done", dir);
    script =
        td_xasprintf("head -c 1000000 /dev/zero; : >%s; exec sleep 60", path);
    server = start(f, script);
    aside = td_aside_start(f->loop, await_file, path, &f->err);
    assert_non_null(aside);
    assert_int_equal(td_aside_wait(aside, td_clock_ns() + 20 * SECOND_NS), 0);
    td_aside_free(aside);
    assert_int_equal(access(path, F_OK), 0);
    td_server_free(server);
    unlink(path);
    rmdir(dir);
    free(path);
    free(script);
}

static void rest(void *ms)
{
    fixture_pause_ms(*(const long *)ms);
}

static void test_aside_in_parts(void **state)
{
    struct fixture *f = *state;
    long ms = 100;
    uint64_t begin_ns = td_clock_ns();
    struct td_aside *aside = td_aside_start(f->loop, rest, &ms, &f->err);
    assert_non_null(aside);
    assert_int_equal(td_aside_wait(aside, begin_ns + 10000000), TD_ETIMEOUT);
    assert_true(td_clock_ns() - begin_ns >= 10000000);
    td_aside_free(aside);
    assert_true(td_clock_ns() - begin_ns >= 100000000);
    td_aside_free(NULL);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_group),
        TEST(test_cpu),
        TEST(test_ends_by_the_signal),
        TEST(test_ends_badly),
        TEST(test_does_not_end),
        TEST(test_dies),
        TEST(test_cannot_start),
        TEST(test_output_is_read_meanwhile),
        TEST(test_aside_in_parts),
    };
    return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
