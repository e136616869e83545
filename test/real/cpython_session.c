#include "test/real/cpython_session.h"

#include "base/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void sure(int rc, const struct td_err *err)
{
    if (rc < 0)
        fail_msg("%d: %s", rc, err->msg);
}

int fixture_set_up(void **state)
{
    struct fixture *f = td_xcalloc(1, sizeof *f);
    struct td_err err = TD_ERR_INIT;
    char temporary[] = "/tmp/test_cpython.XXXXXX";
    char *self = td_self_dir();
    char *data =
        td_xasprintf("%s/test/data/cpython",
                     getenv("TANDEM_SOURCE") ? getenv("TANDEM_SOURCE") : ".");

    assert_non_null(mkdtemp(temporary));
    f->build = td_xstrdup(temporary);
    f->cache = td_xasprintf("%s/cache", temporary);
    f->libexec = td_xasprintf("%s/../libexec", self);
    f->sources = realpath(data, NULL);
    assert_non_null(f->sources);
    f->context.loop = td_loop_new(&err);
    assert_non_null(f->context.loop);
    f->context.build_dir = f->build;
    f->context.cache_dir = f->cache;
    f->context.libexec_dir = f->libexec;
    f->context.workloads_dir = f->sources;
    free(data);
    free(self);
    *state = f;
    return 0;
}

void run_program(struct fixture *f, const char *const *argv)
{
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_child_result result = {.exit_status = -1};
    struct td_err err = TD_ERR_INIT;

    launch.program = td_xstrdup(argv[0]);
    td_launch_env_base(&launch);
    for (size_t i = 0; argv[i]; i++)
        td_strings_add(&launch.argv, argv[i]);
    sure(td_child_run(f->context.loop, &launch, 60000000000ull, 4096, &result,
                      &err),
         &err);
    assert_int_equal(result.exit_status, 0);
    td_child_result_release(&result);
    td_launch_release(&launch);
}

int fixture_tear_down(void **state)
{
    struct fixture *f = *state;
    const char *const remove[] = {"/bin/rm", "-rf", f->build, NULL};
    run_program(f, remove);
    td_loop_free(f->context.loop);
    free(f->build);
    free(f->cache);
    free(f->libexec);
    free(f->sources);
    free(f);
    return 0;
}

void session_end(struct session *s)
{
    td_worker_free(s->worker);
    td_launch_release(&s->launch);
    json_decref(s->hashes);
}

int session_start(struct session *s, struct fixture *f,
                  const struct td_runtime *runtime, const char *entry,
                  const char *answer, const char *params, struct td_err *err)
{
    struct td_workload workload = {.dir = f->sources};
    struct td_case_spec spec = {
        .workload = &workload, .runtime = runtime, .entry = entry};
    struct td_worker_limits limits;
    struct td_fields setup = TD_FIELDS_INIT;
    char *line = td_xasprintf("setup entry=%s capacity=4096%s%s%s", entry,
                              answer ? " answer=" : "", answer ? answer : "",
                              params ? params : ""),
         *verb = NULL;
    uint64_t setup_ns;
    int rc;

    *s = (struct session){.launch = TD_LAUNCH_INIT, .hashes = json_object()};
    s->worker = td_worker_new();
    td_worker_limits_default(&limits);
    sure(td_fields_decode(line, &verb, &setup, err), err);
    rc = td_driver_cpython.prepare(&f->context, &spec, &s->launch, s->hashes,
                                   err);
    if (rc == 0)
        rc = td_worker_start(s->worker, f->context.loop, &s->launch, &limits,
                             err);
    if (rc == 0)
        rc = td_worker_setup(s->worker, &setup, &setup_ns, err);
    td_fields_release(&setup);
    free(verb);
    free(line);
    return rc;
}

bool get_runtime(struct fixture *f, const char *name, struct td_runtime *out)
{
    struct td_err err = TD_ERR_INIT;
    int rc;
    *out = (struct td_runtime){NULL};
    rc = td_driver_cpython.resolve(&f->context, name, out, &err);
    if (rc == TD_EDEPENDENCY) {
        print_message("skipped: %s\n", err.msg);
        return false;
    }
    sure(rc, &err);
    return true;
}

bool get_hosting(struct fixture *f, const char *path, const char *hosting,
                 struct td_runtime *out)
{
    char *name = td_xasprintf("cpython@%s:%s", path, hosting);
    bool there = get_runtime(f, name, out);
    free(name);
    return there;
}
