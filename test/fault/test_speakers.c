/*
 * Any program that speaks the protocol is a runtime: a plain Python script
 * and a plain Node script run a workload through the exec driver.  A speaker
 * whose interpreter this machine has not is skipped.
 */
#include "worker_fixture.h"

#include "drivers/driver.h"

#include <unistd.h>

/* One of them reports how many batches it ran. */
static void check_figures(const struct td_figures *figures, const char *name)
{
    const struct td_named_figure *batches = td_figures_get(figures, "batches");
    if (strcmp(name, "python") != 0) {
        assert_int_equal(figures->count, 0);
        return;
    }
    assert_int_equal(figures->count, 1);
    assert_true(batches && batches->value == 2);
}

static void speak(struct fixture *f, const char *name)
{
    struct td_context context = {.loop = f->loop};
    struct td_workload workload;
    struct td_runtime runtime = {.driver = &td_driver_exec};
    struct td_case_spec spec = {&workload, NULL, &runtime, NULL};
    struct td_batch_request request = {3, 2, 1, 0};
    json_t *hashes = json_object();
    assert_ok(f, td_workload_load(&workload, "test/data/workloads", "speakers",
                                  &f->err));
    spec.implementation = td_workload_implementation(&workload, "trial");
    spec.entry = td_fields_get(&spec.implementation->entries, name);
    for (size_t i = 0; i < workload.nruntimes; i++)
        if (!strcmp(workload.runtimes[i].name, name))
            runtime.local = &workload.runtimes[i];
    td_launch_release(&f->launch);
    assert_ok(f, td_driver_exec.prepare(&context, &spec, &f->launch, hashes,
                                        &f->err));
    assert_int_equal(json_object_size(hashes), 2);
    td_fields_set(&f->setup, "entry", spec.entry);
    td_fields_set(&f->setup, "p.n", "20000");
    td_fields_set(&f->setup, "answer", "2262");
    assert_ok(f, fixture_begin(f));
    for (int i = 0; i < 2; i++)
        assert_ok(f, td_worker_batch(f->worker, &request, &f->batch, &f->err));
    assert_string_equal(td_worker_answer(f->worker), "2262");
    assert_int_equal(f->batch.warm, 1);
    assert_true(f->batch.cpu_known);
    assert_ok(f, td_worker_finish(f->worker, &f->usage, &f->err));
    check_figures(td_worker_figures(f->worker), name);
    fixture_renew(f);

    td_fields_set(&f->setup, "answer", "7");
    assert_ok(f, fixture_begin(f));
    assert_int_equal(fixture_batch(f, 1), TD_EANSWER);
    assert_failure(f, TD_EANSWER, "2262, expected 7");
    json_decref(hashes);
    td_workload_release(&workload);
}

static void need(const char *program)
{
    char *found = td_program_find(program, getenv("PATH"));
    if (!found)
        skip();
    free(found);
}

static void test_python(void **state)
{
    need("python3");
    speak(*state, "python");
}

static void test_node(void **state)
{
    need("node");
    speak(*state, "node");
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(test_##name, fixture_init, fixture_release)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(python),
        CASE(node),
    };
    return cmocka_run_group_tests_name("speakers", tests, NULL, NULL);
}
