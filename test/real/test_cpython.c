/*
 * The cpython driver with real interpreters: answers and structure, never
 * speed.  Interpreters and hostings that this machine has not are skipped.
 */
#include "test/real/cpython_session.h"

#include "base/files.h"
#include "drivers/cpython/cpython.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char SYSTEM_PYTHON[] = "/usr/bin/python3";
static const char *const HOSTINGS[] = {"static", "shared", "stock"};
enum { HOSTING_COUNT = 3 };

/* A batch of an entry that is expected to work, in a worker of its own. */
static void expect_answer(struct fixture *f, const struct td_runtime *runtime,
                          const char *entry, const char *given,
                          const char *params, const char *answer)
{
    struct session s;
    struct td_err err = TD_ERR_INIT;
    struct td_batch_request request = {.count = 5, .loops = 3, .warm = 2};
    struct td_batch batch;
    struct td_usage usage;

    sure(session_start(&s, f, runtime, entry, given, params, &err), &err);
    for (int i = 0; i < 2; i++) {
        sure(td_worker_batch(s.worker, &request, &batch, &err), &err);
        assert_int_equal(batch.count, 5);
        assert_true(batch.warm >= 2);
        assert_true(batch.cpu_known);
        assert_string_equal(td_worker_answer(s.worker), answer);
    }
    sure(td_worker_finish(s.worker, &usage, &err), &err);
    assert_int_equal(usage.exit_status, 0);
    session_end(&s);
}

/* The same, to fail with `code` and to say `text`. */
static void expect_failure(struct fixture *f, const char *entry,
                           const char *given, const char *params, int code,
                           const char *text)
{
    struct td_runtime runtime;
    struct session s;
    struct td_err err = TD_ERR_INIT;
    struct td_batch_request request = {.count = 4, .loops = 10};
    struct td_batch batch;
    int rc;

    assert_true(get_hosting(f, SYSTEM_PYTHON, "stock", &runtime));
    rc = session_start(&s, f, &runtime, entry, given, params, &err);
    if (rc == 0)
        rc = td_worker_batch(s.worker, &request, &batch, &err);
    if (rc != code || !strstr(err.msg, text))
        fail_msg("%s: expected %d and \"%s\", got %d: %s", entry, code, text,
                 rc, err.msg);
    session_end(&s);
    td_runtime_release(&runtime);
}

static void check_runtime(struct fixture *f, const struct td_runtime *runtime)
{
    struct session s;
    struct td_err err = TD_ERR_INIT;
    const struct td_fields *hello;

    sure(session_start(&s, f, runtime, "operations.py:primes", "25", " p.n=100",
                       &err),
         &err);
    hello = td_worker_hello(s.worker);
    assert_string_equal(td_fields_get(hello, "runtime"), "cpython");
    assert_string_equal(td_fields_get(hello, "version"), runtime->version);
    assert_string_equal(td_fields_get(hello, "hosting"), runtime->hosting);
    assert_string_equal(td_fields_get(hello, "executable"), runtime->path);
    assert_string_equal(td_fields_get(hello, "prefix"),
                        td_cpython_fact(runtime->build, "prefix"));
    assert_string_equal(td_fields_get(hello, "gil"),
                        td_cpython_is_free_threaded(runtime->build) ? "0"
                                                                    : "1");
    assert_true(json_object_size(s.hashes) >= 4);
    session_end(&s);
    expect_answer(f, runtime, "operations.py:primes", "25", " p.n=100", "25");
    expect_answer(f, runtime, "operations.py:primes", NULL, " p.n=100", "25");
}

static void system_python_works_in_every_hosting(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < HOSTING_COUNT; i++) {
        struct td_runtime runtime;
        if (get_hosting(f, SYSTEM_PYTHON, HOSTINGS[i], &runtime)) {
            check_runtime(f, &runtime);
            td_runtime_release(&runtime);
        }
    }
}

static void every_interpreter_works(void **state)
{
    struct fixture *f = *state;
    struct td_runtimes found = {NULL, 0};
    struct td_err err = TD_ERR_INIT;
    size_t usable = 0;

    sure(td_driver_cpython.discover(&f->context, &found, &err), &err);
    for (size_t i = 0; i < found.count; i++) {
        const struct td_runtime *one = &found.at[i];
        struct td_runtime other;
        if (one->problem) {
            print_message("%s: %s\n", one->name, one->problem);
            continue;
        }
        usable++;
        assert_int_equal(strcmp(one->hosting, "shared") == 0,
                         td_cpython_fact(one->build, "library") != NULL);
        check_runtime(f, one);
        if (get_hosting(f, one->path, "stock", &other))
            check_runtime(f, &other);
        td_runtime_release(&other);
    }
    assert_true(usable > 0);
    td_runtimes_release(&found);
}

static void virtual_environment_is_used(void **state)
{
    struct fixture *f = *state;
    char *venv = td_xasprintf("%s/venv", f->build);
    char *python = td_xasprintf("%s/bin/python", venv), *answer;
    const char *const make[] = {SYSTEM_PYTHON,   "-m", "venv",
                                "--without-pip", venv, NULL};
    const char *const install[] = {
        python, "-c",
        "import sysconfig, pathlib\n"
        "to = pathlib.Path(sysconfig.get_path('purelib'))\n"
        "(to / 'tandem_test_package.py').write_text('VALUE = 7')",
        NULL};
    struct td_runtime runtime;

    run_program(f, make);
    run_program(f, install);
    answer = td_xasprintf("%s %s 7", venv, python);
    for (int i = 0; i < HOSTING_COUNT; i++) {
        if (!get_hosting(f, python, HOSTINGS[i], &runtime))
            continue;
        expect_answer(f, &runtime, "operations.py:environment", NULL, NULL,
                      answer);
        td_runtime_release(&runtime);
    }
    assert_true(get_runtime(f, "cpython", &runtime));
    assert_string_equal(runtime.path, python);
    td_runtime_release(&runtime);
    free(answer);
    free(python);
    free(venv);
}

static void parameters_have_the_types_asked_for(void **state)
{
    struct fixture *f = *state;
    struct td_runtime runtime;
    assert_true(get_hosting(f, SYSTEM_PYTHON, "stock", &runtime));
    expect_answer(f, &runtime, "operations.py:types", NULL,
                  " p.whole=1 p.text=2 p.real=3 p.other=4 p.unused=5",
                  "int str float int é%\n");
    expect_answer(f, &runtime, "operations.py:fresh_objects", "forty-two", NULL,
                  "forty-two");
    td_runtime_release(&runtime);
}

static void every_answer_is_compared(void **state)
{
    struct fixture *f = *state;
    expect_failure(f, "operations.py:primes", "24", " p.n=100", TD_EANSWER,
                   "25");
    expect_failure(f, "operations.py:changes", "1", " p.at=17", TD_EANSWER,
                   "2");
    expect_failure(f, "operations.py:changes", NULL, " p.at=39", TD_EANSWER,
                   "2");
    expect_failure(f, "operations.py:nearly", "1", NULL, TD_EANSWER, "1.0");
}

static void failures_arrive_in_words(void **state)
{
    struct fixture *f = *state;
    expect_failure(f, "operations.py:raises", NULL, NULL, TD_EWORKER,
                   "in operation\n    raise RuntimeError(\"kaputt\")");
    expect_failure(f, "operations.py:leaves", NULL, NULL, TD_EWORKER,
                   "SystemExit: 3");
    expect_failure(f, "operations.py:exhausts", NULL, NULL, TD_EWORKER,
                   "MemoryError");
    expect_failure(f, "operations.py:too_long", NULL, NULL, TD_EWORKER,
                   "digest");
    expect_failure(f, "operations.py:no_operation", NULL, NULL, TD_EWORKER,
                   "callable");
    expect_failure(f, "operations.py:nothing", NULL, NULL, TD_EWORKER,
                   "has no attribute 'nothing'");
    expect_failure(f, "operations.py:primes", NULL, NULL, TD_EWORKER,
                   "missing 1 required positional argument: 'n'");
    expect_failure(f, "broken.py:any", NULL, NULL, TD_EWORKER,
                   "No module named 'no_such_module_anywhere'");
    expect_failure(f, "absent.py:any", NULL, NULL, TD_EINPUT, "absent.py");
    expect_failure(f, "operations", NULL, NULL, TD_EINPUT, "FILE.py:FUNCTION");
}

static long resident_pages(int pid)
{
    char path[64];
    long size = 0, resident = 0;
    FILE *file;
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
    fclose(file);
    return resident;
}

static void grouped_results_do_not_leak(void **state)
{
    struct fixture *f = *state;
    struct td_runtime runtime;
    struct session s;
    struct td_err err = TD_ERR_INIT;
    struct td_batch_request request = {.count = 1000, .loops = 10};
    struct td_batch batch;
    long before;

    assert_true(get_hosting(f, SYSTEM_PYTHON, "stock", &runtime));
    sure(session_start(&s, f, &runtime, "operations.py:lists", NULL, " p.n=50",
                       &err),
         &err);
    sure(td_worker_batch(s.worker, &request, &batch, &err), &err);
    before = resident_pages(td_worker_pid(s.worker));
    for (int i = 0; i < 10; i++)
        sure(td_worker_batch(s.worker, &request, &batch, &err), &err);
    /* One object kept of each ten thousand calls would be 15 pages. */
    assert_in_range(resident_pages(td_worker_pid(s.worker)), 1, before + 8);
    session_end(&s);
    td_runtime_release(&runtime);
}

static void collections_are_counted(struct fixture *f,
                                    const struct td_runtime *runtime, int times)
{
    char *params = td_xasprintf(" p.times=%d", times);
    struct session s;
    struct td_err err = TD_ERR_INIT;
    struct td_batch_request request = {.count = 4, .loops = 2, .warm = 3};
    struct td_batch batch;

    sure(session_start(&s, f, runtime, "operations.py:collects", NULL, params,
                       &err),
         &err);
    for (int i = 0; i < 2; i++) {
        sure(td_worker_batch(s.worker, &request, &batch, &err), &err);
        assert_int_equal(batch.gc_cycles, 8 * times);
    }
    session_end(&s);
    free(params);
}

static void collections_are_counted_in_every_hosting(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < HOSTING_COUNT; i++) {
        struct td_runtime runtime;
        if (get_hosting(f, SYSTEM_PYTHON, HOSTINGS[i], &runtime)) {
            collections_are_counted(f, &runtime, 0);
            collections_are_counted(f, &runtime, 1);
            td_runtime_release(&runtime);
        }
    }
}

static void what_cannot_be_used_says_why(void **state)
{
    struct fixture *f = *state;
    struct td_runtime runtime = {NULL};
    struct td_err err = TD_ERR_INIT;
    char *shim = td_xasprintf("cpython@%s/python3", f->build);
    static const char script[] = "#!/bin/sh\necho no\n";

    sure(td_file_write_atomic(shim + strlen("cpython@"), script,
                              sizeof script - 1, &err),
         &err);
    assert_int_equal(
        td_driver_cpython.resolve(&f->context, shim, &runtime, &err),
        TD_EDEPENDENCY);
    assert_non_null(strstr(err.msg, "script"));
    td_err_clear(&err);
    assert_int_equal(
        td_driver_cpython.resolve(&f->context, "cpython-2.1", &runtime, &err),
        TD_EUSAGE);
    td_err_clear(&err);
    assert_int_equal(
        td_driver_cpython.resolve(&f->context, "go-1.22", &runtime, &err),
        TD_EUSAGE);
    td_err_clear(&err);
    assert_int_equal(
        td_driver_cpython.resolve(&f->context, "cpython:fast", &runtime, &err),
        TD_EUSAGE);
    free(shim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(system_python_works_in_every_hosting),
        cmocka_unit_test(every_interpreter_works),
        cmocka_unit_test(parameters_have_the_types_asked_for),
        cmocka_unit_test(every_answer_is_compared),
        cmocka_unit_test(failures_arrive_in_words),
        cmocka_unit_test(grouped_results_do_not_leak),
        cmocka_unit_test(collections_are_counted_in_every_hosting),
        cmocka_unit_test(what_cannot_be_used_says_why),
        cmocka_unit_test(virtual_environment_is_used),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
