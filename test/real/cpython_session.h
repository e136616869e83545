/*
 * cpython_session - what the tests of the cpython driver share: a context of
 * its own in a temporary directory, and one worker with one entry set up.
 * A failure in here that is not returned fails the running test.
 */
#ifndef TD_TEST_REAL_CPYTHON_SESSION_H
#define TD_TEST_REAL_CPYTHON_SESSION_H

#include "drivers/driver.h"

struct fixture {
    struct td_context context;
    char *build, *cache, *libexec, *sources;
};

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

void sure(int rc, const struct td_err *err);
/* Runs a program to its end. */
void run_program(struct fixture *f, const char *const *argv);

/* false: not on this machine; the reason was printed. */
bool get_runtime(struct fixture *f, const char *name, struct td_runtime *out);
bool get_hosting(struct fixture *f, const char *path, const char *hosting,
                 struct td_runtime *out);

/* One worker with one entry set up. */
struct session {
    struct td_launch launch;
    struct td_worker *worker;
    json_t *hashes;
};

/* Prepares, starts and sets up.  params: " p.NAME=VALUE..." or NULL.  End the
 * session either way. */
int session_start(struct session *s, struct fixture *f,
                  const struct td_runtime *runtime, const char *entry,
                  const char *answer, const char *params, struct td_err *err);
void session_end(struct session *s);

#endif
