/*
 * worker_fixture - a null worker for the fault tests: started, set up and
 * asked for batches in one line each.
 */
#ifndef TD_TEST_WORKER_FIXTURE_H
#define TD_TEST_WORKER_FIXTURE_H

#include "base/files.h"
#include "exec/launch.h"
#include "exec/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct fixture {
    struct td_loop *loop;
    struct td_launch launch;
    struct td_worker_limits limits;
    struct td_fields setup;
    struct td_worker *worker;
    struct td_batch batch;
    struct td_usage usage;
    struct td_err err;
};

/* A launch of PROGRAM of the libexec directory. */
static inline void fixture_program(struct fixture *f, const char *program)
{
    td_launch_release(&f->launch);
    f->launch.program =
        td_xasprintf("%s/%s", td_loop_libexec(f->loop), program);
    td_strings_add(&f->launch.argv, program);
    td_launch_env_base(&f->launch);
}

static inline int fixture_init(void **state)
{
    static const uint64_t second_ns = 1000000000;
    struct fixture *f = td_xcalloc(1, sizeof *f);
    f->loop = td_loop_new(&f->err);
    assert_non_null(f->loop);
    f->worker = td_worker_new();
    f->limits = (struct td_worker_limits){10 * second_ns, 10 * second_ns,
                                          10 * second_ns, 1 << 20};
    fixture_program(f, "tandem-null");
    td_strings_add(&f->launch.argv, "null-1");
    td_strings_add(&f->launch.argv, "1");
    td_fields_set(&f->setup, "workload", "test");
    td_fields_set(&f->setup, "entry", "constant");
    td_fields_set(&f->setup, "answer", "42");
    *state = f;
    return 0;
}

static inline int fixture_release(void **state)
{
    struct fixture *f = *state;
    td_worker_free(f->worker);
    td_launch_release(&f->launch);
    td_fields_release(&f->setup);
    td_loop_free(f->loop);
    free(f);
    return 0;
}

/* Sleeps on when a signal (SIGCHLD) arrives. */
static inline void fixture_pause_ms(long ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0)
        ;
}

/* 0, or the first failure of start and set-up. */
static inline int fixture_begin(struct fixture *f)
{
    uint64_t setup_ns;
    int rc =
        td_worker_start(f->worker, f->loop, &f->launch, &f->limits, &f->err);
    if (!rc)
        rc = td_worker_setup(f->worker, &f->setup, &setup_ns, &f->err);
    return rc;
}

static inline int fixture_batch(struct fixture *f, uint64_t count)
{
    const struct td_batch_request request = {count, 1, 1, 50000};
    return td_worker_batch(f->worker, &request, &f->batch, &f->err);
}

/* Throws the worker away and takes a new one. */
static inline void fixture_renew(struct fixture *f)
{
    td_worker_free(f->worker);
    f->worker = td_worker_new();
    td_err_clear(&f->err);
}

#define assert_ok(f, call)                                                     \
    do {                                                                       \
        if ((call) != 0)                                                       \
            fail_msg("%s: %s", #call, (f)->err.msg);                           \
    } while (0)

/* The recorded failure has this code and says this. */
#define assert_failure(f, want, says)                                          \
    do {                                                                       \
        assert_int_equal((f)->err.code, want);                                 \
        if (!strstr((f)->err.msg, says))                                       \
            fail_msg("\"%s\" does not say \"%s\"", (f)->err.msg, says);        \
    } while (0)

#endif
