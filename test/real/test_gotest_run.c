/* The gotest driver with a real Go: run from the repository's root.  Asserts
 * answers and structure, never speed. */
#include "drivers/driver.h"

#include "base/clock.h"
#include "base/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What all tests share: a go, a cache of its own, and the tiny workload. */
struct bench {
    struct td_context context;
    struct td_runtime go;
    struct td_workload tiny;
    char cache[64];
    char *root;
    char *elsewhere; /* a directory with workloads and a module of its own */
};

static void remove_tree(const char *path)
{
    char *command = td_xasprintf("rm -rf '%s'", path);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", path);
    free(command);
}

static void choose_go(struct bench *bench)
{
    struct td_runtimes found = {0};
    struct td_err err = TD_ERR_INIT;
    td_driver_gotest.discover(&bench->context, &found, &err);
    for (size_t i = 0; i < found.count; i++) {
        struct td_runtime *runtime = &found.at[i];
        if (runtime->problem)
            print_message("%s: %s\n", runtime->name, runtime->problem);
        if (runtime->problem || bench->go.name)
            continue;
        bench->go = *runtime;
        *runtime = (struct td_runtime){0};
    }
    td_runtimes_release(&found);
}

static int set_up(void **state)
{
    struct bench *bench = td_xcalloc(1, sizeof *bench);
    struct td_err err = TD_ERR_INIT;
    strcpy(bench->cache, "/tmp/tandem-go-XXXXXX");
    assert_non_null(mkdtemp(bench->cache));
    bench->root = getcwd(NULL, 0);
    bench->elsewhere = td_xasprintf("%s/elsewhere", bench->cache);
    bench->context.loop = td_loop_new(&err);
    assert_non_null(bench->context.loop);
    bench->context.cache_dir = bench->cache;
    bench->context.source_dir = bench->root;
    bench->tiny.name = td_xstrdup("gotiny");
    bench->tiny.dir =
        td_xasprintf("%s/test/data/workloads/gotiny", bench->root);
    choose_go(bench);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    td_loop_free(bench->context.loop);
    td_runtime_release(&bench->go);
    td_workload_release(&bench->tiny);
    remove_tree(bench->cache);
    free(bench->root);
    free(bench->elsewhere);
    free(bench);
    return 0;
}

static struct bench *need_go(void **state)
{
    struct bench *bench = *state;
    if (!bench->go.name) {
        print_message("no usable Go on this machine\n");
        skip();
    }
    return bench;
}

static int prepare(struct bench *bench, const struct td_workload *workload,
                   const struct td_runtime *go, const char *entry,
                   struct td_launch *launch, json_t *hashes, struct td_err *err)
{
    const struct td_case_spec spec = {workload, NULL, go, entry};
    return td_driver_gotest.prepare(&bench->context, &spec, launch, hashes,
                                    err);
}

/* One worker's life with one batch; returns the first error. */
struct life {
    struct td_err err;
    struct td_batch batch;
    struct td_interval first, last;
    char answer[64];
    char last_words[4096];
    char version[32];
    struct td_usage usage;
};

static void converse(struct td_worker *worker, struct td_loop *loop,
                     const struct td_launch *launch, const char *expected,
                     struct life *life)
{
    const struct td_batch_request request = {50, 2, 3, 0};
    struct td_fields setup = TD_FIELDS_INIT;
    struct td_worker_limits limits;
    uint64_t setup_ns = 0;
    td_worker_limits_default(&limits);
    td_fields_set(&setup, "p.n", "100");
    if (expected)
        td_fields_set(&setup, "answer", expected);
    if (!td_worker_start(worker, loop, launch, &limits, &life->err) &&
        !td_worker_setup(worker, &setup, &setup_ns, &life->err) &&
        !td_worker_batch(worker, &request, &life->batch, &life->err)) {
        life->first = life->batch.at[0];
        life->last = life->batch.at[request.count - 1];
        snprintf(life->version, sizeof life->version, "%s",
                 td_fields_get(td_worker_hello(worker), "version"));
    }
    td_fields_release(&setup);
}

static void live(struct bench *bench, const struct td_runtime *go,
                 const char *entry, const char *expected, struct life *life)
{
    struct td_worker *worker = td_worker_new();
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_err ignored = TD_ERR_INIT;
    json_t *hashes = json_object();
    memset(life, 0, sizeof *life);
    if (prepare(bench, &bench->tiny, go, entry, &launch, hashes, &life->err))
        fail_msg("%s", life->err.msg);
    converse(worker, bench->context.loop, &launch, expected, life);
    snprintf(life->answer, sizeof life->answer, "%s", td_worker_answer(worker));
    td_worker_finish(worker, &life->usage, &ignored);
    snprintf(life->last_words, sizeof life->last_words, "%s",
             td_worker_last_words(worker));
    td_worker_free(worker);
    td_launch_release(&launch);
    json_decref(hashes);
}

static void a_benchmark_answers(void **state)
{
    static const char *const entries[] = {"BenchmarkSum",
                                          "BenchmarkNested/sum"};
    struct bench *bench = need_go(state);
    struct life life;
    for (size_t i = 0; i < 2; i++) {
        live(bench, &bench->go, entries[i], "5050", &life);
        assert_string_equal(life.err.msg, "");
        assert_int_equal(life.batch.count, 50);
        assert_int_equal(life.batch.warm, 3);
        assert_true(life.batch.cpu_known);
        assert_true(life.batch.gc_cycles != UINT64_MAX);
        assert_true(life.first.end_ns >= life.first.start_ns);
        assert_true(life.last.start_ns > life.first.end_ns);
        assert_string_equal(life.answer, "5050");
        assert_string_equal(life.version, bench->go.version);
        assert_int_equal(life.usage.exit_status, 0);
    }
}

static void failures_say_why(void **state)
{
    static const struct {
        const char *entry, *expected;
        int code;
        const char *says;
    } cases[] = {
        {"BenchmarkSum", "5051", TD_EANSWER, "5050"},
        {"BenchmarkCount", NULL, TD_EANSWER, "2"},
        {"BenchmarkPanic", NULL, TD_EWORKER, "assignment to entry in nil map"},
        {"BenchmarkPanic", NULL, TD_EWORKER, "gotiny_test.go"},
        {"BenchmarkError", NULL, TD_EWORKER, "made of cheese"},
    };
    struct bench *bench = need_go(state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct life life;
        live(bench, &bench->go, cases[i].entry, cases[i].expected, &life);
        assert_int_equal(life.err.code, cases[i].code);
        if (!strstr(life.err.msg, cases[i].says))
            fail_msg("%s: %s", cases[i].entry, life.err.msg);
    }
}

static void a_benchmark_that_fails_early_leaves_its_words(void **state)
{
    struct bench *bench = need_go(state);
    struct life life;
    live(bench, &bench->go, "BenchmarkUnready", NULL, &life);
    assert_int_equal(life.err.code, TD_EWORKER);
    assert_non_null(strstr(life.last_words, "no input to read"));
}

static void an_unknown_benchmark_is_named(void **state)
{
    struct bench *bench = need_go(state);
    struct td_launch launch = TD_LAUNCH_INIT;
    struct td_err err = TD_ERR_INIT;
    json_t *hashes = json_object();
    assert_int_equal(prepare(bench, &bench->tiny, &bench->go, "BenchmarkSun",
                             &launch, hashes, &err),
                     TD_EINPUT);
    assert_non_null(strstr(err.msg, "did you mean BenchmarkSum"));
    td_launch_release(&launch);
    json_decref(hashes);
}

/* The second time, a go command that cannot run is good enough. */
static void the_second_prepare_runs_no_go(void **state)
{
    struct bench *bench = need_go(state);
    char *go = bench->go.path;
    char *programs[2];
    size_t hashes_count[2];
    for (int i = 0; i < 2; i++) {
        struct td_launch launch = TD_LAUNCH_INIT;
        struct td_err err = TD_ERR_INIT;
        json_t *hashes = json_object();
        char nowhere[] = "/nonexistent/go";
        bench->go.path = i ? nowhere : go;
        if (prepare(bench, &bench->tiny, &bench->go, "BenchmarkSum", &launch,
                    hashes, &err))
            fail_msg("%s", err.msg);
        bench->go.path = go;
        programs[i] = td_xstrdup(launch.program);
        hashes_count[i] = json_object_size(hashes);
        assert_non_null(json_object_get(
            hashes, "test/data/workloads/gotiny/gotiny_test.go"));
        assert_non_null(
            json_object_get(hashes, "drivers/gotest/tandem/batch.go"));
        assert_non_null(json_object_get(hashes, launch.program));
        td_launch_release(&launch);
        json_decref(hashes);
    }
    assert_string_equal(programs[0], programs[1]);
    assert_int_equal(hashes_count[0], hashes_count[1]);
    free(programs[0]);
    free(programs[1]);
}

static void write_file(const char *dir, const char *name, const char *text)
{
    struct td_err err = TD_ERR_INIT;
    char *path = td_xasprintf("%s/%s", dir, name);
    assert_int_equal(td_dir_make(dir, &err), 0);
    assert_int_equal(td_file_write_atomic(path, text, strlen(text), &err), 0);
    free(path);
}

#define SOURCE                                                                 \
    "package own\n\nimport (\n\t\"testing\"\n\n"                               \
    "\t\"tandem/drivers/gotest/tandem\"\n)\n\n"                                \
    "func BenchmarkOwn(b *testing.B) {\n"                                      \
    "\ttandem.Run(b, func() int { return 1 %s })\n}\n"

static void write_own_module(struct bench *bench, const char *more)
{
    char *module = td_xasprintf("module own\n\ngo 1.22\n\n"
                                "require tandem v0.0.0\n\n"
                                "replace tandem => %s\n",
                                bench->root);
    char *source = td_xasprintf(SOURCE, more);
    write_file(bench->elsewhere, "go.mod", module);
    write_file(bench->elsewhere, "own_test.go", source);
    free(source);
    free(module);
}

/* Another module, three times: it compiles, its source is broken, and it is
 * what it was at first. */
static void a_changed_source_is_compiled_anew(void **state)
{
    static const char *const more[] = {"+ 1", "+ )", "+ 1"};
    struct bench *bench = need_go(state);
    struct td_workload own = {.name = td_xstrdup("own"),
                              .dir = td_xstrdup(bench->elsewhere)};
    for (int i = 0; i < 3; i++) {
        struct td_launch launch = TD_LAUNCH_INIT;
        struct td_err err = TD_ERR_INIT;
        json_t *hashes = json_object();
        int rc;
        write_own_module(bench, more[i]);
        rc = prepare(bench, &own, &bench->go, "BenchmarkOwn", &launch, hashes,
                     &err);
        if (i == 1) {
            assert_int_equal(rc, TD_EDEPENDENCY);
            assert_non_null(strstr(err.msg, "own_test.go:10:"));
            print_message("%s\n", err.msg);
        } else if (rc) {
            fail_msg("%s", err.msg);
        }
        td_launch_release(&launch);
        json_decref(hashes);
    }
    td_workload_release(&own);
}

static void a_missing_toolchain_is_explained(void **state)
{
    struct bench *bench = need_go(state);
    struct td_runtime runtime = {0};
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_driver_gotest.resolve(
                         &bench->context, "go@/nonexistent/go", &runtime, &err),
                     TD_EDEPENDENCY);
    assert_non_null(strstr(err.msg, "/nonexistent/go"));
    td_runtime_release(&runtime);
}

/* Needs the module proxy or a filled module cache. */
static void another_version_is_fetched(void **state)
{
    struct bench *bench = need_go(state);
    struct td_runtime old = {0};
    struct td_err err = TD_ERR_INIT;
    struct life life;
    if (td_driver_gotest.resolve(&bench->context, "go-1.22.12", &old, &err)) {
        print_message("%s\n", err.msg);
        assert_int_equal(err.code, TD_EDEPENDENCY);
        skip();
    }
    assert_string_equal(old.version, "1.22.12");
    live(bench, &old, "BenchmarkSum", "5050", &life);
    assert_string_equal(life.err.msg, "");
    assert_string_equal(life.version, "1.22.12");
    td_runtime_release(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_benchmark_answers),
        cmocka_unit_test(failures_say_why),
        cmocka_unit_test(a_benchmark_that_fails_early_leaves_its_words),
        cmocka_unit_test(an_unknown_benchmark_is_named),
        cmocka_unit_test(the_second_prepare_runs_no_go),
        cmocka_unit_test(a_changed_source_is_compiled_anew),
        cmocka_unit_test(a_missing_toolchain_is_explained),
        cmocka_unit_test(another_version_is_fetched),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
