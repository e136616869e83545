/*
 * What a child may not do to the harness nor the harness to its children:
 * descriptors, signals, orphans; and children without a channel.
 */
#include "worker_fixture.h"

#include "base/clock.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint64_t SECOND_NS = 1000000000;

static void test_descriptors(void **state)
{
    struct fixture *f = *state;
    int leaks[3], seen = 0;
    char path[64];
    DIR *dir;
    struct dirent *entry;
    for (int i = 0; i < 3; i++)
        leaks[i] = dup(0); /* without FD_CLOEXEC */
    assert_ok(f, fixture_begin(f));
    snprintf(path, sizeof path, "/proc/%d/fd", td_worker_pid(f->worker));
    dir = opendir(path);
    assert_non_null(dir);
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            seen |= 1 << atoi(entry->d_name);
    closedir(dir);
    assert_int_equal(seen, 0x1f); /* 0 to 4 and no other */
    for (int i = 0; i < 3; i++)
        close(leaks[i]);
}

static void test_environment(void **state)
{
    struct fixture *f = *state;
    struct td_child_result result;
    td_launch_release(&f->launch);
    f->launch.program = td_xstrdup("/usr/bin/env");
    td_fields_set(&f->launch.env, "ONLY", "this");
    assert_ok(f, td_child_run(f->loop, &f->launch, SECOND_NS, 4096, &result,
                              &f->err));
    assert_string_equal(td_buf_str(&result.out), "ONLY=this\n");
    assert_int_equal(result.exit_status, 0);
    td_child_result_release(&result);
}

static void test_pinning(void **state)
{
    struct fixture *f = *state;
    struct td_buf text = TD_BUF_INIT;
    char path[64];
    f->launch.cpus = td_xstrdup("0");
    assert_ok(f, fixture_begin(f));
    snprintf(path, sizeof path, "/proc/%d/status", td_worker_pid(f->worker));
    assert_ok(f, td_file_read(path, &text, &f->err));
    assert_non_null(strstr(text.data, "Cpus_allowed_list:\t0\n"));
    td_buf_release(&text);
}

/* How many processes carry this word in their environment. */
static int count_marked(const char *mark)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int count = 0;
    while ((entry = readdir(proc))) {
        struct td_buf text = TD_BUF_INIT;
        struct td_err ignored = TD_ERR_INIT;
        char path[300];
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        if (atoi(entry->d_name) > 0 && !td_file_read(path, &text, &ignored) &&
            text.len && memmem(text.data, text.len, mark, strlen(mark)))
            count++;
        td_buf_release(&text);
    }
    closedir(proc);
    return count;
}

static int wait_for_none(const char *mark, uint64_t patience_ns)
{
    uint64_t deadline_ns = td_clock_ns() + patience_ns;
    int left;
    while ((left = count_marked(mark)) && td_clock_ns() < deadline_ns)
        fixture_pause_ms(10);
    return left;
}

static void mark(struct fixture *f, char *word, size_t size)
{
    snprintf(word, size, "marked-%d-%llu", (int)getpid(),
             (unsigned long long)td_clock_ns());
    td_fields_set(&f->launch.env, "MARK", word);
    td_fields_set(&f->setup, "p.fault", "orphan");
}

/* In a process of its own, which is to be killed. */
static void be_harness(int tell)
{
    struct fixture *f;
    void *state = NULL;
    char word[64];
    fixture_init(&state);
    f = state;
    mark(f, word, sizeof word);
    if (fixture_begin(f) || fixture_batch(f, 1))
        _exit(1);
    (void)!write(tell, word, sizeof word);
    for (;;)
        pause();
}

static void test_harness_killed(void **state)
{
    char word[64];
    int ends[2];
    pid_t harness;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    harness = fork();
    if (harness == 0)
        be_harness(ends[1]);
    close(ends[1]);
    assert_int_equal(read(ends[0], word, sizeof word), sizeof word);
    close(ends[0]);
    /* launcher, worker, its child, and its child in another session */
    assert_int_equal(count_marked(word), 4);
    kill(harness, SIGKILL);
    waitpid(harness, NULL, 0);
    assert_int_equal(wait_for_none(word, 2 * SECOND_NS), 0);
}

static void test_nothing_left(void **state)
{
    struct fixture *f = *state;
    char word[64];
    mark(f, word, sizeof word);
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 1));
    assert_int_equal(count_marked(word), 4);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(count_marked(word), 0);
    fixture_renew(f);
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 1));
    fixture_renew(f); /* without a finish */
    assert_int_equal(count_marked(word), 0);
}

static void test_launcher_killed(void **state)
{
    struct fixture *f = *state;
    struct td_buf text = TD_BUF_INIT;
    char path[64];
    const char *parent;
    assert_ok(f, fixture_begin(f));
    snprintf(path, sizeof path, "/proc/%d/status", td_worker_pid(f->worker));
    assert_ok(f, td_file_read(path, &text, &f->err));
    parent = strstr(text.data, "PPid:");
    assert_non_null(parent);
    kill(atoi(parent + 5), SIGKILL);
    td_buf_release(&text);
    fixture_pause_ms(50);
    assert_int_not_equal(fixture_batch(f, 1), 0);
    assert_failure(f, TD_EWORKER, "its launcher with it before batch 1");
}

static void test_killed_between_batches(void **state)
{
    struct fixture *f = *state;
    assert_ok(f, fixture_begin(f));
    assert_ok(f, fixture_batch(f, 1));
    kill(td_worker_pid(f->worker), SIGKILL);
    fixture_pause_ms(50);
    assert_int_not_equal(fixture_batch(f, 1), 0);
    assert_failure(f, TD_EWORKER, "SIGKILL from outside");
    assert_non_null(strstr(f->err.msg, "before batch 2"));
}

static void test_interrupts(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(td_loop_interrupts(f->loop), 0);
    td_fields_set(&f->setup, "p.fault", "hang");
    td_fields_set(&f->setup, "p.fault_batch", "2");
    assert_ok(f, fixture_begin(f));
    raise(SIGINT);
    assert_ok(f, fixture_batch(f, 10));
    assert_int_equal(td_loop_interrupts(f->loop), 1);
    raise(SIGTERM);
    assert_int_equal(fixture_batch(f, 10), TD_EINTERRUPTED);
    assert_int_equal(td_loop_interrupts(f->loop), 2);
    assert_failure(f, TD_EINTERRUPTED, "was interrupted");
    td_err_clear(&f->err);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    assert_int_equal(f->usage.signal, SIGKILL);
}

static void count_tick(void *context)
{
    ++*(int *)context;
}

static void test_ticks(void **state)
{
    struct fixture *f = *state;
    int ticks = 0;
    td_fields_set(&f->setup, "p.latency_ns", "350000000");
    assert_ok(f, fixture_begin(f));
    td_loop_on_tick(f->loop, count_tick, &ticks);
    assert_ok(f, fixture_batch(f, 1));
    td_loop_on_tick(f->loop, NULL, NULL);
    assert_in_range(ticks, 3, 10);
}

static void command(struct fixture *f, const char *words)
{
    td_launch_release(&f->launch);
    td_err_clear(&f->err);
    td_strings_split(&f->launch.argv, words, " ");
    f->launch.program = td_xstrdup(f->launch.argv.at[0]);
    td_launch_env_base(&f->launch);
}

static void test_child(void **state)
{
    struct fixture *f = *state;
    struct td_child_result result;
    uint64_t begin_ns = td_clock_ns();
    command(f, "head -c 100000 /dev/zero");
    assert_ok(f, td_child_run(f->loop, &f->launch, 5 * SECOND_NS, 1000, &result,
                              &f->err));
    assert_int_equal(result.out.len, 1000);
    td_child_result_release(&result);
    command(f, "ls /no/such/file");
    f->launch.cwd = td_xstrdup("/");
    assert_ok(f, td_child_run(f->loop, &f->launch, 5 * SECOND_NS, 1000, &result,
                              &f->err));
    assert_int_equal(result.exit_status, 2);
    assert_non_null(strstr(result.err.data, "/no/such/file"));
    td_child_result_release(&result);
    command(f, "sleep 60");
    assert_int_equal(td_child_run(f->loop, &f->launch, SECOND_NS / 10, 1000,
                                  &result, &f->err),
                     TD_ETIMEOUT);
    assert_failure(f, TD_ETIMEOUT, "sleep did not end within 0.1 s");
    assert_int_equal(result.signal, SIGKILL);
    td_child_result_release(&result);
    command(f, "no-such-program");
    assert_int_equal(
        td_child_run(f->loop, &f->launch, SECOND_NS, 1000, &result, &f->err),
        TD_EDEPENDENCY);
    assert_failure(f, TD_EDEPENDENCY, "no-such-program: not found in PATH");
    td_child_result_release(&result);
    assert_true(td_clock_ns() - begin_ns < 5 * SECOND_NS);
}

static void test_service(void **state)
{
    struct fixture *f = *state;
    struct td_service *service;
    char *line = NULL;
    command(f, "yes ready");
    service =
        td_service_start(f->loop, &f->launch, 5 * SECOND_NS, &line, &f->err);
    assert_non_null(service);
    assert_string_equal(line, "ready");
    assert_ok(f, td_service_check(service, &f->err));
    td_service_free(service);
    free(line);
    command(f, "echo bye");
    service =
        td_service_start(f->loop, &f->launch, 5 * SECOND_NS, &line, &f->err);
    assert_non_null(service);
    free(line);
    fixture_pause_ms(50);
    assert_int_equal(td_service_check(service, &f->err), TD_EWORKER);
    assert_failure(f, TD_EWORKER, "service echo exited with status 0");
    td_service_free(service);
    command(f, "ls /no/such/file");
    assert_null(
        td_service_start(f->loop, &f->launch, 5 * SECOND_NS, &line, &f->err));
    assert_failure(f, TD_EWORKER, "exited with status 2: ");
    command(f, "sleep 60");
    assert_null(
        td_service_start(f->loop, &f->launch, SECOND_NS / 10, &line, &f->err));
    assert_failure(f, TD_ETIMEOUT, "said nothing within 0.1 s");
}

/* A service puts away what it made. */
static void test_service_ends(void **state)
{
    struct fixture *f = *state;
    struct td_service *service;
    char *line = NULL, dir[] = "/tmp/tandem-service-XXXXXX";
    uint64_t begin_ns = td_clock_ns();
    assert_non_null(mkdtemp(dir));
    command(f, "sh -c");
    td_strings_add(&f->launch.argv,
                   "trap 'rmdir \"$0\"; exit' TERM; echo made; "
                   "while :; do sleep .01; done");
    td_strings_add(&f->launch.argv, dir);
    service =
        td_service_start(f->loop, &f->launch, 5 * SECOND_NS, &line, &f->err);
    assert_non_null(service);
    free(line);
    td_service_free(service);
    assert_int_equal(access(dir, F_OK), -1);
    assert_true(td_clock_ns() - begin_ns < 4 * SECOND_NS);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_harness_killed),
        CASE(descriptors),
        CASE(environment),
        CASE(pinning),
        CASE(nothing_left),
        CASE(launcher_killed),
        CASE(killed_between_batches),
        CASE(interrupts),
        CASE(ticks),
        CASE(child),
        CASE(service),
        CASE(service_ends),
    };
    return cmocka_run_group_tests_name("children", tests, NULL, NULL);
}
