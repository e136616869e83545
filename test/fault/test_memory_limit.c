/*
 * A limit on a child's memory: by a control group where one can be made, by
 * RLIMIT_AS anywhere; which, is said; nothing is left of either.
 */
#include "worker_fixture.h"

#include "base/clock.h"
#include "base/files.h"
#include "exec/server.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const uint64_t SECOND_NS = 1000000000;
enum { MIB = 1 << 20, LIMIT = 64 * MIB };

/* A buffer of 200 MiB, all of it touched. */
#define GREEDY "dd if=/dev/zero of=/dev/null bs=209715200 count=1"

/* NULL with f->err set when it cannot be started. */
static struct td_server *try_start(struct fixture *f, const char *script,
                                   enum td_memory_by by)
{
    uint64_t spawned_ns;
    td_launch_release(&f->launch);
    f->launch.program = td_xstrdup("/bin/sh");
    td_strings_add(&f->launch.argv, "sh");
    td_strings_add(&f->launch.argv, "-c");
    td_strings_add(&f->launch.argv, script);
    td_launch_env_base(&f->launch);
    f->launch.memory_limit_bytes = LIMIT;
    f->launch.memory_by = by;
    return td_server_start(f->loop, &f->launch, &spawned_ns, &f->err);
}

static struct td_server *start(struct fixture *f, const char *script,
                               enum td_memory_by by)
{
    struct td_server *server = try_start(f, script, by);
    if (!server)
        fail_msg("%s", f->err.msg);
    return server;
}

static bool can_group(struct fixture *f)
{
    struct td_server *server = try_start(f, "exit 0", TD_MEMORY_CGROUP);
    bool can = server != NULL;
    td_server_free(server);
    if (!can) {
        assert_int_equal(f->err.code, TD_EDEPENDENCY);
        assert_non_null(strstr(f->err.msg, "by a control group"));
        print_message("skipped: %s\n", f->err.msg);
    }
    td_err_clear(&f->err);
    return can;
}

/* Waits for its end, which is no good one. */
static void await_end(struct fixture *f, struct td_server *server)
{
    uint64_t end_ns = td_clock_ns() + 20 * SECOND_NS;
    while (!td_server_rest(server, 5000000, &f->err))
        assert_true(td_clock_ns() < end_ns);
    assert_int_equal(f->err.code, TD_EWORKER);
}

/* The group that a process is in, as /proc names it; "" when it is none of
 * ours. */
static void read_group(int pid, char out[4096])
{
    char line[4096], path[64];
    FILE *file;
    snprintf(path, sizeof path, "/proc/%d/cgroup", pid);
    file = fopen(path, "r");
    assert_non_null(file);
    out[0] = '\0';
    while (fgets(line, sizeof line, file)) {
        char *slash = strchr(line, '/');
        line[strcspn(line, "\n")] = '\0';
        if (slash && strstr(slash, "/tandem-"))
            strcpy(out, slash);
    }
    fclose(file);
}

static bool group_exists(const char *group)
{
    static const char *const mounts[] = {
        "/sys/fs/cgroup/memory", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    for (size_t i = 0; i < 3; i++) {
        char *path = td_xasprintf("%s%s", mounts[i], group);
        bool exists = access(path, F_OK) == 0;
        free(path);
        if (exists)
            return true;
    }
    return false;
}

static void test_a_group_kills_who_takes_more(void **state)
{
    struct fixture *f = *state;
    struct td_server *server;
    if (!can_group(f))
        skip();
    server = start(f, "exec " GREEDY, TD_MEMORY_CGROUP);
    await_end(f, server);
    assert_non_null(strstr(f->err.msg, "out of the memory"));
    td_err_clear(&f->err);
    td_server_finish(server, SECOND_NS, &f->usage, &f->err);
    assert_int_equal(f->usage.signal, SIGKILL);
    assert_true(f->usage.oom_kills >= 1 && f->usage.oom_kills < 100);
    assert_in_range(f->usage.limited_peak_bytes, LIMIT / 2, LIMIT);
    td_server_free(server);
}

/* One that a child of the server's runs into, and what the server makes of
 * it is its own business. */
static void test_a_group_holds_the_children_too(void **state)
{
    struct fixture *f = *state;
    struct td_server *server;
    if (!can_group(f))
        skip();
    server = start(f, GREEDY "; echo status $? >&2; exit 5", TD_MEMORY_CGROUP);
    await_end(f, server);
    assert_non_null(strstr(td_server_last_words(server), "status 137"));
    td_err_clear(&f->err);
    td_server_finish(server, SECOND_NS, &f->usage, &f->err);
    assert_int_equal(f->usage.exit_status, 5);
    assert_true(f->usage.oom_kills >= 1 && f->usage.oom_kills < 100);
    td_server_free(server);
}

static void test_no_group_is_left(void **state)
{
    struct fixture *f = *state;
    struct td_server *server;
    char group[4096];
    if (!can_group(f))
        skip();
    server = start(f, "sleep 60 & exec sleep 60", TD_MEMORY_CGROUP);
    assert_int_equal(strncmp(td_server_memory_by(server), "cgroup-v", 8), 0);
    read_group(td_server_pid(server), group);
    assert_true(group[0]);
    if (!group_exists(group))
        print_message("control groups are not where they usually are\n");
    td_server_finish(server, SECOND_NS, &f->usage, &f->err);
    assert_true(f->usage.oom_kills == 0);
    td_server_free(server);
    assert_false(group_exists(group));
}

/* The launcher hears that its harness is gone by the end of the report
 * channel, the same way as by td_server_free without a finish. */
static void test_no_group_is_left_by_who_is_killed(void **state)
{
    struct fixture *f = *state;
    struct td_server *server;
    char group[4096];
    if (!can_group(f))
        skip();
    server = start(f, "trap '' TERM; sleep 60", TD_MEMORY_CGROUP);
    read_group(td_server_pid(server), group);
    assert_true(group[0]);
    td_server_free(server);
    assert_false(group_exists(group));
}

static void test_a_program_that_is_not_there_leaves_no_group(void **state)
{
    struct fixture *f = *state;
    uint64_t spawned_ns;
    fixture_program(f, "tandem-null");
    free(f->launch.program);
    f->launch.program = td_xstrdup("/nonexistent/server");
    f->launch.memory_limit_bytes = LIMIT;
    assert_null(td_server_start(f->loop, &f->launch, &spawned_ns, &f->err));
    assert_non_null(strstr(f->err.msg, "cannot start /nonexistent/server"));
}

static void test_addresses_are_limited(void **state)
{
    struct fixture *f = *state;
    struct td_server *server = start(f, "exec " GREEDY, TD_MEMORY_RLIMIT);
    assert_string_equal(td_server_memory_by(server), "rlimit-as");
    await_end(f, server);
    assert_non_null(strstr(td_server_last_words(server), "memory"));
    td_err_clear(&f->err);
    td_server_finish(server, SECOND_NS, &f->usage, &f->err);
    assert_true(f->usage.exit_status > 0);
    assert_true(f->usage.oom_kills == UINT64_MAX);
    assert_true(f->usage.limited_peak_bytes == UINT64_MAX);
    td_server_free(server);
}

static void test_one_of_them_is_always_there(void **state)
{
    struct fixture *f = *state;
    struct td_server *server = start(f, "exec " GREEDY, TD_MEMORY_ANY);
    assert_non_null(td_server_memory_by(server));
    await_end(f, server);
    td_server_free(server);
}

static void test_no_limit_is_none(void **state)
{
    struct fixture *f = *state;
    struct td_server *server;
    uint64_t spawned_ns;
    char group[4096];
    fixture_program(f, "sleep");
    free(f->launch.program);
    f->launch.program = td_xstrdup("/bin/sleep");
    td_strings_add(&f->launch.argv, "60");
    server = td_server_start(f->loop, &f->launch, &spawned_ns, &f->err);
    assert_non_null(server);
    assert_null(td_server_memory_by(server));
    read_group(td_server_pid(server), group);
    assert_string_equal(group, "");
    td_server_free(server);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_group_kills_who_takes_more),
        TEST(test_a_group_holds_the_children_too),
        TEST(test_no_group_is_left),
        TEST(test_no_group_is_left_by_who_is_killed),
        TEST(test_a_program_that_is_not_there_leaves_no_group),
        TEST(test_addresses_are_limited),
        TEST(test_one_of_them_is_always_there),
        TEST(test_no_limit_is_none),
    };
    return cmocka_run_group_tests_name("memory limit", tests, NULL, NULL);
}
