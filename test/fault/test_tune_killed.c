/*
 * tune killed at every system call it makes: prior values come back all the
 * same.  A child tunes (or restores) a made-up /sys under ptrace and is killed
 * at its n-th stop.  Stops are entries and exits of system calls in turn; the
 * next entry finds what the exit left, so only every other one is tried.
 */
#include "test/unit/tune_fixture.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { MOST_STOPS = 4000 };

typedef int act_fn(struct td_tune *, const char *, const char *,
                   struct td_err *);

static pid_t start(act_fn *act, const char *root)
{
    char *path = state_of(root);
    pid_t child = fork();
    if (child == 0) {
        struct td_tune tune = TD_TUNE_INIT;
        struct td_err err = TD_ERR_INIT;
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
            _exit(99);
        raise(SIGSTOP);
        _exit(act(&tune, root, path, &err) ? 1 : 0);
    }
    free(path);
    return child;
}

/* Lets the child make so many half system calls (entries and exits), then
 * kills it.  True: it had ended before, with 0. */
static bool run_until(act_fn *act, const char *root, int stops)
{
    pid_t child = start(act, root);
    int status;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
        skip();
    for (int i = 0; i < stops && WIFSTOPPED(status); i++) {
        assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
    }
    if (WIFSTOPPED(status)) {
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        return false;
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    return true;
}

static void restore_all(const char *root)
{
    struct td_tune tune = TD_TUNE_INIT;
    struct td_err err = TD_ERR_INIT;
    char *path = state_of(root);
    if (td_tune_restore(&tune, root, path, &err))
        fail_msg("%s", err.msg);
    td_tune_release(&tune);
    free(path);
    holds_prior(root);
    assert_false(td_probe_exists(root, STATE));
}

static void tune_all(const char *root)
{
    struct td_tune tune = TD_TUNE_INIT;
    struct td_err err = TD_ERR_INIT;
    char *path = state_of(root);
    assert_int_equal(td_tune_apply(&tune, root, path, &err), 0);
    assert_int_equal(td_tune_count(&tune, TD_TUNE_DONE), 6);
    td_tune_release(&tune);
    free(path);
}

static void test_killed_while_tuning(void **state)
{
    const char *root = *state;
    int stops = -1;
    while (stops < MOST_STOPS && !run_until(td_tune_apply, root, stops += 2))
        restore_all(root);
    restore_all(root);
    assert_in_range(stops, 50, MOST_STOPS - 1);
}

static void test_killed_while_restoring(void **state)
{
    const char *root = *state;
    int stops = -1;
    do {
        tune_all(root);
    } while (stops < MOST_STOPS &&
             !run_until(td_tune_restore, root, stops += 2) &&
             (restore_all(root), true));
    holds_prior(root);
    assert_in_range(stops, 50, MOST_STOPS - 1);
}

/* Not even a second tune in between loses the first values. */
static void test_tuned_again_after_a_kill(void **state)
{
    const char *root = *state;
    int stops = -1;
    for (bool ended = false; !ended; restore_all(root)) {
        struct td_tune tune = TD_TUNE_INIT;
        struct td_err err = TD_ERR_INIT;
        char *path = state_of(root);
        ended = run_until(td_tune_apply, root, stops += 2);
        td_tune_apply(&tune, root, path, &err);
        td_tune_release(&tune);
        free(path);
    }
    assert_in_range(stops, 50, MOST_STOPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(test_killed_while_tuning),
        IN_ROOT(test_killed_while_restoring),
        IN_ROOT(test_tuned_again_after_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
